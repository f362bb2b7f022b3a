"""verdicts.csv: the file that reviewers fill in, fit to be opened in any spreadsheet."""

from __future__ import annotations

import pyarrow as pa

from synthwright.data.writing import csv_text
from synthwright.review.sheet import Sheet

__all__ = ["COLUMNS", "blank_form"]

COLUMNS = ("row", "verdict", "comment", "reviewer", "sheet")
_MARK = "\ufeff"  # without it Excel takes UTF-8 for the alphabet of its country


def blank_form(sheet: Sheet) -> str:
    """One line per row of the sheet: its number, room for verdict and comment, and the row itself to the right.

    Texts (names of columns, too) that a spreadsheet would run as a formula have ``'`` before them; numbers are left as
    they are, negative ones, too.
    """
    rows = len(sheet.table)
    empty = pa.array([""] * rows)
    filled = [pa.array(range(1, rows + 1)), empty, empty, empty, pa.array([sheet.key.sheet] * rows)]
    taken = {name.casefold() for name in COLUMNS}
    names = [f"{name} (data)" if name.strip().casefold() in taken else name for name in sheet.table.names]
    data = pa.Table.from_arrays([*filled, *sheet.table.data.columns], names=[*COLUMNS, *names])
    return _MARK + csv_text(data, spreadsheet_safe=True)
