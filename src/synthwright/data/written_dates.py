"""Dates as people write them: 31.12.2024, 12/31/2024 11:59 PM, 31-Dec-24, December 31, 2024."""

from __future__ import annotations

import itertools
import re

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.errors import BadInput

__all__ = ["checked_format", "date_forms", "read_dates", "write_dates"]

_DAYS = (
    *(f"%d{sign}%m{sign}%{year}" for sign in "./-" for year in "Yy"),
    *(f"%m{sign}%d{sign}%{year}" for sign in "/-" for year in "Yy"),
    *(f"%Y{sign}%m{sign}%d" for sign in "./"),
    *(f"%d{sign}%{month}{sign}%{year}" for sign in "- " for month in "bB" for year in "Yy"),
    *(f"%{month} %d{comma} %Y" for month in "bB" for comma in (",", "")),
)
_CLOCKS = (
    "",
    *(f"{gap}%H:%M{second}" for gap in (" ", "T", ", ") for second in ("", ":%S")),
    *(f"{gap}%I:%M{second}{space}%p" for gap in (" ", ", ") for second in ("", ":%S") for space in (" ", "")),
)
_LOOK = (
    r"^(?:\d{1,4}[-./ ](?:\d{1,2}|[A-Za-z]{3,9})[-./ ]\d{2,4}|[A-Za-z]{3,9} \d{1,2},? \d{4})"
    r"(?:(?:T|,? )\d{1,2}:\d{2}(?::\d{2})?(?: ?[AaPp][Mm])?)?$"
)
_FIRST = 32  # cells that rule out most forms before whole columns are read
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_PARTS = re.compile(r"%-?[dmYyHIMSpPbB]|[^%]+")


def date_forms(cells: pa.ChunkedArray, least: float) -> list[str]:
    """The forms that read at least this share of `cells` (none missing) so that writing gives the same text again.

    Two forms are left where day and month can't be told apart. ``%-d`` is a day without leading zero, ``%P`` am or pm
    in small letters; all else as in ``strftime``.
    """
    if not _share(pc.match_substring_regex(cells, _LOOK)) >= least:
        return []
    few = cells.slice(0, _FIRST)
    right = []
    for day, clock in itertools.product(_DAYS, _CLOCKS):
        if not _share(pc.is_valid(_parsed(few, day + clock))) >= min(least, 0.9):
            continue
        right += [form for form in _spellings(day, clock) if _share(_kept(few, form)) >= min(least, 0.9)]
    return [form for form in right if _share(_kept(cells, form)) >= least]


def read_dates(cells: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    """Dates (date32 if `form` has no clock, else timestamps in seconds); cells of another form become missing."""
    cells = pc.if_else(_kept(cells, form), cells, pa.scalar(None, cells.type))
    moments = _parsed(cells, form)
    return moments if "%M" in form else moments.cast(pa.date32())


def write_dates(dates: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    """`dates` as text of this form."""
    local = pc.local_timestamp(dates) if pa.types.is_timestamp(dates.type) and dates.type.tz else dates
    parts = [_part(local, part) for part in _PARTS.findall(form)]
    return pc.binary_join_element_wise(*parts, "") if len(parts) > 1 else parts[0]


def checked_format(form: str) -> str:
    """`form`, if it says how dates are written; raises `BadInput` otherwise."""
    parts = _PARTS.findall(form)
    known = {part.replace("-", "") for part in parts if part.startswith("%")}
    whole = "".join(parts) == form and {"%d"} <= known and known & {"%m", "%b", "%B"} and known & {"%Y", "%y"}
    if not whole or ("%I" in known) != bool(known & {"%p", "%P"}):
        raise BadInput(
            f"{form[:60]!r} is no form of dates.",
            evidence="Known: %d %m %b %B %Y %y %H %I %M %S %p, with a - for no leading zero (%-d).",
            remedy='Write it as in "%d/%m/%Y" or "%m/%d/%Y %I:%M %p".',
        )
    return form


def _spellings(day: str, clock: str) -> list[str]:
    """`day` and `clock` with and without leading zeros, and with am and pm in small letters."""
    days = (day, day.replace("%d", "%-d").replace("%m", "%-m"))
    clocks = {clock, clock.replace("%H", "%-H").replace("%I", "%-I")}
    clocks |= {one.replace("%p", "%P") for one in clocks}
    return [one + other for one in days for other in sorted(clocks)]


def _parsed(cells: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    plain = form.replace("%-", "%").replace("%P", "%p")
    return pc.strptime(cells, format=plain, unit="s", error_is_null=True)


def _kept(cells: pa.ChunkedArray, form: str) -> pa.ChunkedArray:
    """True for cells that are written again just as they were."""
    again = write_dates(_parsed(cells, form), form)
    return pc.fill_null(pc.equal(again, cells.cast(again.type)), False)


def _share(yes: pa.ChunkedArray) -> float:
    return float(pc.mean(yes.cast(pa.float64())).as_py() or 0.0)


def _part(dates: pa.ChunkedArray, part: str) -> pa.ChunkedArray | pa.Scalar:
    if not part.startswith("%"):
        return pa.scalar(part)
    code = part[-1]
    if code in "bB":
        names = pa.array(_MONTHS if code == "B" else [name[:3] for name in _MONTHS])
        return names.take(pc.subtract(pc.month(dates), 1).combine_chunks())
    if code in "pP":
        late = pc.greater_equal(pc.hour(dates), 12)
        return pc.if_else(late, "PM", "AM") if code == "p" else pc.if_else(late, "pm", "am")
    number = {
        "d": pc.day,
        "m": pc.month,
        "Y": pc.year,
        "y": lambda value: _modulo(pc.year(value), 100),
        "H": pc.hour,
        "I": lambda value: pc.add(_modulo(pc.add(pc.hour(value), 11), 12), 1),
        "M": pc.minute,
        "S": pc.second,
    }[code](dates)
    text = number.cast(pa.string())
    return text if part.startswith("%-") else pc.utf8_lpad(text, width=4 if code == "Y" else 2, padding="0")


def _modulo(value: pa.ChunkedArray, by: int) -> pa.ChunkedArray:
    return pc.subtract(value, pc.multiply(pc.divide(value, by), by))
