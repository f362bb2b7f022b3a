"""The page that reviewers read: every row with all its values, boxes to tick on paper, and how to hand verdicts in."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from synthwright.data.writing import as_text
from synthwright.errors import shorten
from synthwright.provenance.text import clean_text
from synthwright.report.page import template
from synthwright.review.sheet import Sheet

__all__ = ["review_sheet"]

_TABLE = 8  # columns that fit beside one another on paper; wider rows are shown as cards
_SHORT = 28  # characters that fit into a cell of such a table
_LONGEST = 1_500  # characters of a cell on the page; the CSV has all of them
_WIDE = 60  # characters from which on a value on a card gets a line of its own


@dataclass(frozen=True, slots=True)
class _Cell:
    name: str
    text: str
    missing: bool
    number: bool
    wide: bool
    more: int


def review_sheet(sheet: Sheet) -> str:
    """One HTML page: no script, no request, nothing that tells planted rows from others."""
    names = [clean_text(shorten(name, 80)) for name in sheet.table.names]
    columns = [_cells(sheet, name, shown) for name, shown in zip(sheet.table.names, names, strict=True)]
    longest = max((len(cell.text) for column in columns for cell in column), default=0)
    return template("review.html.j2").render(
        name=shorten(sheet.name, 80),
        purpose=clean_text(shorten(sheet.purpose, 600)),
        sheet=sheet.key.sheet,
        count=len(sheet.table),
        planted=bool(sheet.planted),
        good=bool(sheet.good),
        as_table=len(names) <= _TABLE and longest <= _SHORT,
        columns=[(name, column[0].number if column else False) for name, column in zip(names, columns, strict=True)],
        rows=list(enumerate(zip(*columns, strict=True), start=1)),
    )


def _cells(sheet: Sheet, name: str, shown: str) -> list[_Cell]:
    column = sheet.table.data[name]
    number = pa.types.is_integer(column.type) or pa.types.is_floating(column.type) or pa.types.is_decimal(column.type)
    texts = [None if text is None else clean_text(text) for text in as_text(column).to_pylist()]
    return [
        _Cell(
            shown,
            "missing" if text is None else text[:_LONGEST],
            missing=text is None,
            number=number,
            wide=text is not None and len(text) > _WIDE,
            more=max(0, len(text or "") - _LONGEST),
        )
        for text in texts
    ]
