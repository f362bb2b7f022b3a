"""Row numbers as spreadsheets give them back: 7, 7.0, "row 7", or the seventh of January 1900."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

__all__ = ["row_numbers"]

_PLAIN = re.compile(r"(?:row|no\.?|nr\.?|#)?\s*0*(\d{1,7})(?:[.,]0+)?\.?", re.IGNORECASE)
_DATE = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?(?:\s*[AaPp][Mm])?")
_LEAP = date(1900, 2, 28)  # spreadsheets believe in the 29th of February 1900 and count one too many from then on


def row_numbers(texts: Sequence[str], most: int) -> list[int | None]:
    """The row of 1 to `most` that each text stands for; ``None`` for what is none."""
    stripped = [text.strip() for text in texts]
    dates = [match for text in stripped if (match := _DATE.fullmatch(text)) is not None]
    # 1/2/1900 is the first or the second month: a 13 anywhere in first place tells.
    day_first = any(match[2] == "/" and int(match[1]) > 12 for match in dates)
    found = (_number(text, day_first=day_first) for text in stripped)
    return [number if number is not None and 1 <= number <= most else None for number in found]


def _number(text: str, *, day_first: bool) -> int | None:
    if plain := _PLAIN.fullmatch(text):
        return int(plain[1])
    written = _DATE.fullmatch(text)
    return None if written is None else _serial(written, day_first=day_first)


def _serial(written: re.Match[str], *, day_first: bool) -> int | None:
    """The number that a spreadsheet shows as this date."""
    first, mark, second, third = int(written[1]), written[2], int(written[3]), int(written[4])
    if len(written[1]) == 4:
        year, month, day = first, second, third
    else:
        year = third if len(written[4]) == 4 else 1900 + third
        month, day = (second, first) if day_first or mark == "." else (first, second)
    try:
        when = date(year, month, day)
    except ValueError:
        return None
    return (when - date(1899, 12, 31)).days + (when > _LEAP)
