"""Plain numbers and ISO dates in columns of text. No cell is guessed alone; columns convert whole."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = [
    "MARKERS",
    "SHARE_OF_DATES",
    "Parsed",
    "is_text",
    "lost_dates",
    "marks_missing",
    "parse_dates",
    "parse_numbers",
    "spread",
]

MARKERS = (
    "na",
    "n/a",
    "#n/a",
    "#na",
    "<na>",
    "nan",
    "-nan",
    "null",
    "none",
    "nil",
    "?",
    "-",
    "--",
    ".",
    "unknown",
    "missing",
)
_SAMPLE = 2_000  # cells decide whether a column is worth converting as a whole
_NUMBER = r"^\s*-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"
_COMMA_NUMBER = r"^\s*-?\d+(,\d+)?\s*$"
_INFINITE = r"^\s*[+-]?(inf|infinity)\s*$"
_PADDED = r"^\s*-?0\d"
_DATE = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
_TIME = r"([01]\d|2[0-3])(:[0-5]\d(:[0-5]\d(\.\d{1,9})?)?)?"
_ISO = rf"^{_DATE}([T ]{_TIME}(Z|[+-]\d{{2}}(:?\d{{2}})?)?)?$"
_MOST_FIXED = 9  # decimals that are kept with their trailing zeros
SHARE_OF_DATES = 0.999  # of the cells must be dates: a few slips are survived, text does not become dates


@dataclass(frozen=True, slots=True)
class Parsed:
    """A converted column, what a reader should know about it, and the text form it had (see `frames.with_texts`)."""

    values: pa.ChunkedArray
    note: str = ""
    text: str = ""


def is_text(kind: pa.DataType) -> bool:
    """True for Arrow's types of text."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def parse_numbers(cells: pa.ChunkedArray, *, comma: bool = False, padded: bool = False) -> Parsed | None:
    """int64 or float64 where every cell is a number or a marker such as NA; ``None`` for any other column.

    Numbers with leading zeros (zip codes), with a plus sign (telephone numbers) or too long for an integer are text
    (unless `padded`, for columns declared to be numbers). `comma`: a comma may be the decimal sign.
    """
    present = cells.drop_null()
    if len(present) == 0:
        return None
    decimal_comma = comma and _all_match(spread(present), _COMMA_NUMBER, or_markers=True) and _any(present, ",")
    pattern = _COMMA_NUMBER if decimal_comma else _NUMBER
    if not _all_match(spread(present), f"{pattern}|(?i){_INFINITE}", or_markers=True):
        return None
    note = ""
    if decimal_comma or not _all_finite_numbers(cells):
        numeric = pc.match_substring_regex(cells, f"{pattern}|(?i){_INFINITE}")
        others = pc.unique(cells.filter(pc.invert(numeric))).to_pylist()
        marks = [other for other in others if other.strip().lower() in MARKERS]
        if len(marks) < len(others) or not pc.any(numeric).as_py():
            return None
        if marks:
            gone = int(pc.sum(pc.invert(numeric)).as_py())
            note = marks_missing(gone, marks)
            cells = pc.if_else(numeric, cells, pa.scalar(None, cells.type))
        cells = pc.utf8_trim_whitespace(cells)
    if not padded and pc.any(pc.match_substring_regex(cells, _PADDED)).as_py():
        return None
    if decimal_comma:
        cells = pc.replace_substring(cells, ",", ".")
        note = "; ".join(part for part in ("the decimal sign is a comma", note) if part)
    return _converted(cells, note)


def _all_finite_numbers(cells: pa.ChunkedArray) -> bool:
    """True if Arrow reads every cell as a finite number, none with a plus sign: the quick answer for clean columns."""
    try:
        numbers = cells.cast(pa.float64())
    except pa.ArrowInvalid:
        return False
    return bool(pc.all(pc.is_finite(numbers)).as_py() and not pc.any(pc.starts_with(cells, "+")).as_py())


def _converted(cells: pa.ChunkedArray, note: str) -> Parsed | None:
    for kind in (pa.int64(), pa.uint64()):
        try:
            return Parsed(cells.cast(kind), note)
        except pa.ArrowInvalid:
            continue
    if not pc.any(pc.match_substring_regex(cells, r"[.eEiI]")).as_py():
        return None  # more than 19 digits: a code, not a quantity, and no number type holds it exactly
    return Parsed(cells.cast(pa.float64()), note, _fixed(cells))


def _fixed(cells: pa.ChunkedArray) -> str:
    """``"fixed:2"`` if every number is written with two decimals, and so on; otherwise nothing."""
    first = next((cell for chunk in cells.chunks for cell in chunk.drop_null().slice(0, 1).to_pylist()), "")
    decimals = len(first.partition(".")[2])
    if not 1 <= decimals <= _MOST_FIXED or not first[-decimals:].isdigit():
        return ""
    uniform = pc.all(pc.match_substring_regex(cells, rf"^-?\d{{1,15}}\.\d{{{decimals}}}$")).as_py()
    return f"fixed:{decimals}" if uniform else ""


def parse_dates(cells: pa.ChunkedArray) -> Parsed | None:
    """date32, or timestamps (UTC where the text has offsets), if 99.9 % of the cells are ISO 8601; else ``None``.

    The unit is the coarsest that holds every cell. Cells that are no dates become missing, and the note counts them.
    """
    present = cells.drop_null()
    if len(present) == 0 or not _mostly_match(spread(present), _ISO, 0.9):
        return None
    iso = pc.match_substring_regex(cells, _ISO)
    dated = pc.if_else(iso, cells, pa.scalar(None, cells.type))
    if pc.sum(iso).as_py() < SHARE_OF_DATES * len(present):
        return None
    values = _first_cast(dated)
    if values is None:
        dated = _calendar_only(dated)
        values = _first_cast(dated)
    lost = len(present) - (len(dated) - dated.null_count)
    if values is None or lost > (1 - SHARE_OF_DATES) * len(present):
        return None
    return Parsed(values, lost_dates(lost), _form(dated))


def _first_cast(cells: pa.ChunkedArray) -> pa.ChunkedArray | None:
    kinds = [pa.date32(), *(pa.timestamp(unit) for unit in ("s", "ms", "us", "ns"))]
    for kind in [*kinds, *(pa.timestamp(unit, tz="UTC") for unit in ("s", "ms", "us", "ns"))]:
        try:
            return cells.cast(kind)
        except pa.ArrowInvalid:
            continue
    return None


def _calendar_only(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """`cells` without days that no calendar has, such as 30 February."""
    days = pc.unique(pc.utf8_slice_codeunits(cells, 0, 10)).drop_null()
    impossible = []
    for day in days.to_pylist():
        try:
            np.datetime64(day)
        except ValueError:
            impossible.append(day)
    wrong = pc.is_in(pc.utf8_slice_codeunits(cells, 0, 10), value_set=pa.array(impossible, pa.string()))
    return pc.if_else(wrong, pa.scalar(None, cells.type), cells)


def _form(cells: pa.ChunkedArray) -> str:
    """How the text was written, for writing it so again: separator and zone as in the first cell."""
    first = next((cell for chunk in cells.chunks for cell in chunk.drop_null().slice(0, 1).to_pylist()), "")
    zone = re.search(r"(Z|[+-]\d{2}:?\d{2})$", first[10:])
    return ("T" if "T" in first else " ") + (zone[0] if zone else "")


def spread(cells: pa.ChunkedArray | pa.Array, most: int = _SAMPLE) -> pa.ChunkedArray | pa.Array:
    """At most `most` of the cells, from the first to the last and evenly far apart."""
    if len(cells) <= most:
        return cells
    return cells.take(pa.array(np.linspace(0, len(cells) - 1, most).astype(np.int64)))


def lost_dates(cells: int) -> str:
    """The note on cells of a column of dates that are none; empty without any."""
    return f"{cells:,} cells that are no dates are taken as missing" if cells else ""


def marks_missing(cells: int, marks: list[str]) -> str:
    """The note on cells of a column of numbers that hold `marks` for missing."""
    return f"{cells:,} cells with {', '.join(repr(mark) for mark in sorted(marks)[:4])} are taken as missing"


def _all_match(cells: pa.ChunkedArray, pattern: str, *, or_markers: bool = False) -> bool:
    matched = pc.match_substring_regex(cells, pattern)
    if pc.all(matched).as_py():
        return True
    others = pc.unique(cells.filter(pc.invert(matched))).to_pylist() if or_markers else [""]
    return or_markers and all(other.strip().lower() in MARKERS for other in others)


def _mostly_match(cells: pa.ChunkedArray, pattern: str, share: float) -> bool:
    return bool(pc.sum(pc.match_substring_regex(cells, pattern)).as_py() >= share * len(cells))


def _any(cells: pa.ChunkedArray, text: str) -> bool:
    return bool(pc.any(pc.match_substring(cells, text)).as_py())
