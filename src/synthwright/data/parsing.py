"""A column of text as numbers or dates, however people wrote them: `text_cells` for plain ones, then written forms."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.frames import WRITTEN
from synthwright.data.text_cells import (
    MARKERS,
    SHARE_OF_DATES,
    Parsed,
    lost_dates,
    marks_missing,
    parse_dates,
    parse_numbers,
    spread,
)
from synthwright.data.written_dates import date_forms, read_dates
from synthwright.data.written_numbers import number_form

__all__ = ["dates_as", "parse_cells", "parse_texts", "parse_written"]


def parse_cells(cells: pa.ChunkedArray, *, comma: bool = False) -> Parsed:
    """The cells of a text file: numbers if every one is a number (or a marker for missing), dates, else the text."""
    return parse_numbers(cells, comma=comma) or parse_dates(cells) or parse_written(cells, comma=comma)


def parse_texts(texts: pa.ChunkedArray) -> Parsed:
    """A text column of a data frame: as `parse_cells`, but plain digits stay text, for they could be codes."""
    return parse_dates(texts) or parse_written(texts)


def parse_written(cells: pa.ChunkedArray, *, comma: bool = False) -> Parsed:
    """Numbers such as ``$1,234.50``, ``12 %`` and ``1.234,56``, dates such as ``31.12.2024``; else the text as it is.

    `comma`: a comma may be the decimal sign, and stands for it where ``1,234`` could be either.
    """
    present = cells.drop_null()
    if len(present) == 0:
        return Parsed(cells)
    some = spread(present)
    return _numbers(cells, some, comma=comma) or _dates(cells, some) or Parsed(cells)


def dates_as(cells: pa.ChunkedArray, form: str) -> Parsed:
    """Dates of one declared form; cells of another form are missing, and the note counts them."""
    dates = read_dates(cells, form)
    lost = dates.null_count - cells.null_count
    return Parsed(dates, lost_dates(lost), form)


def _numbers(cells: pa.ChunkedArray, some: pa.ChunkedArray, *, comma: bool) -> Parsed | None:
    shown = [cell.strip() for cell in some.to_pylist() if cell.strip().lower() not in MARKERS]
    form = number_form(shown, comma=comma)
    if form is None:
        return None
    cells = pc.utf8_trim_whitespace(cells.cast(pa.string()))
    fits = pc.match_substring_regex(cells, form.pattern)
    others = pc.unique(cells.filter(pc.invert(fits))).to_pylist()
    if any(other.lower() not in MARKERS for other in others):
        return None
    plain = form.read(pc.if_else(fits, cells, pa.scalar(None, cells.type)))
    decimals = pc.utf8_length(pc.replace_substring_regex(plain, r"^[^.]*\.?", ""))
    ends = pc.min_max(decimals).as_py()
    form = form.with_decimals(ends["max"] if ends["min"] == ends["max"] else None)
    try:
        values = plain.cast(pa.float64() if ends["max"] else pa.int64())
    except pa.ArrowInvalid:
        return None
    gone = int(pc.sum(pc.invert(fits)).as_py() or 0)
    notes = [form.told, *([marks_missing(gone, others)] if gone else [])]
    return Parsed(values, "; ".join(notes), WRITTEN + form.to_text())


def _dates(cells: pa.ChunkedArray, some: pa.ChunkedArray) -> Parsed | None:
    found = date_forms(some, SHARE_OF_DATES)
    if len({form.replace("%-", "%") for form in found}) > 1:
        told = f"dates, but day and month can't be told apart: write `format: {found[0]!r}` or `format: {found[1]!r}`"
        return Parsed(cells, f"{told} and `kind: datetime` in the schema")
    if not found:
        return None
    dates = read_dates(cells, found[0])
    lost = dates.null_count - cells.null_count
    if lost > (1 - SHARE_OF_DATES) * (len(cells) - cells.null_count):
        return None
    note = "; ".join(part for part in (f"written as {found[0]}", lost_dates(lost)) if part)
    return Parsed(dates, note, found[0])
