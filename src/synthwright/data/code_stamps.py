"""Dates and times inside codes: found by whether all codes hold valid ones, made up within their range of years."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS

__all__ = ["FORMS", "Stamp", "stamps_in", "time_stamp"]

_HEX = "0123456789abcdef"
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALPHABETS = {"uuid": _HEX, "UUID": _HEX.upper(), "ulid": _CROCKFORD}
_YEARS = (1900, 2099)  # what eight digits are taken for a date in: 7 in 10,000 of all numbers are
_FEWEST = 10  # different codes; six digits are a date by luck in 4 of 100, ten times over in 1 of 10**14
FORMS = ("%Y%m%d", "%d%m%Y", "%m%d%Y", "%Y-%m-%d", "%y%m%d", "%Y")
"""Ways in which codes hold dates, tried in this order; ``%Y`` only where no other digit stands beside it."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Places `at` hold a time of `form`: number `first` to ``first + size - 1`` of its days, years or milliseconds."""

    at: tuple[int, ...]
    form: str
    first: int
    size: int

    def letters(self, numbers: np.ndarray) -> np.ndarray:
        """Characters (rows, places) of the numbers counted from `first`."""
        if self.form in _ALPHABETS:
            alphabet = _ALPHABETS[self.form]
            base, left = np.uint64(len(alphabet)), numbers.astype(np.uint64) + np.uint64(self.first)
            made = np.empty((len(numbers), len(self.at)), dtype="U1")
            for place in reversed(range(len(self.at))):
                made[:, place] = np.array(list(alphabet))[(left % base).astype(np.int64)]
                left //= base
            return made
        texts = _texts(self.form, self.first, self.size)
        return texts[numbers.astype(np.int64)].view("U1").reshape(len(numbers), -1)

    def position(self, text: str) -> int:
        """The number of what these places show, counted from `first`; -1 outside."""
        if self.form in _ALPHABETS:
            number = _number(text, _ALPHABETS[self.form])
        else:
            day = _day(text, self.form)
            number = -1 if day is None else (day.year if self.form == "%Y" else day.toordinal())
        return number - self.first if self.first <= number < self.first + self.size else -1

    def moved(self, after: int) -> Stamp:
        """The same after one more place behind the place `after`."""
        return replace(self, at=tuple(place + (place > after) for place in self.at))

    @property
    def is_sound(self) -> bool:
        """True where it can be made up: patterns come from schema files and models of anyone."""
        timed = self.form in _ALPHABETS
        if not timed and self.form not in FORMS:
            return False
        width = {"uuid": 12, "UUID": 12, "ulid": 10}.get(self.form) or len(_written(dt.date(2000, 1, 1), self.form))
        most = 2**48 if timed else (dt.date.max.toordinal() if self.form != "%Y" else 9999)
        return len(self.at) == width and self.first > 0 and self.size > 0 and self.first + self.size - 1 <= most


@lru_cache(maxsize=32)
def _texts(form: str, first: int, size: int) -> np.ndarray:
    if form == "%Y":
        return np.array([f"{year:04d}" for year in range(first, first + size)])
    return np.array([_written(dt.date.fromordinal(day), form) for day in range(first, first + size)])


def _written(day: dt.date, form: str) -> str:
    return (
        form.replace("%Y", f"{day.year:04d}")
        .replace("%y", f"{day.year % 100:02d}")
        .replace("%m", f"{day.month:02d}")
        .replace("%d", f"{day.day:02d}")
    )


def stamps_in(texts: list[str], length: int, taken: frozenset[int]) -> list[Stamp]:
    """The dates in those `texts` that have `length` characters, outside the places `taken`: in all of them.

    Their range is that of whole years around all but the 4 first and last ones.
    """
    fitting = [text for text in texts if len(text) == length]
    if len(set(fitting)) < _FEWEST:
        return []
    found: list[Stamp] = []
    for form in FORMS:
        width = len(_written(dt.date(2000, 1, 1), form))
        for start in range(length - width + 1):
            at = tuple(range(start, start + width))
            if not taken.isdisjoint(at) or any(not set(one.at).isdisjoint(at) for one in found):
                continue
            stamp = _stamp(fitting, form, at)
            if stamp is not None:
                found.append(stamp)
    return found


def _stamp(texts: list[str], form: str, at: tuple[int, ...]) -> Stamp | None:
    start, stop = at[0], at[-1] + 1
    if form == "%Y" and any(
        text[max(0, start - 1) : start].isdigit() or text[stop : stop + 1].isdigit() for text in texts[:_FEWEST]
    ):
        return None
    days = []
    for text in texts:
        day = _day(text[start:stop], form)
        if day is None:
            return None
        days.append(day)
    if len(set(days)) < 2:
        return None
    days.sort()
    low, high = days[min(MINIMUM_ROWS - 1, len(days) // 2)], days[max(-MINIMUM_ROWS, -(len(days) // 2) - 1)]
    if form == "%Y":
        return Stamp(at, form, low.year, high.year - low.year + 1)
    first, last = dt.date(low.year, 1, 1).toordinal(), dt.date(high.year, 12, 31).toordinal()
    return Stamp(at, form, first, last - first + 1)


def _day(text: str, form: str) -> dt.date | None:
    """The date that `text` is in `form`, between 1900 and 2099."""
    places = {"%Y": 4, "%y": 2, "%m": 2, "%d": 2}
    parts, at, rest = dict[str, int](), 0, form
    while rest:
        if rest[:2] in places:
            piece = text[at : at + places[rest[:2]]]
            if not (piece.isascii() and piece.isdigit()):
                return None
            parts[rest[:2]], at, rest = int(piece), at + places[rest[:2]], rest[2:]
        elif text[at] == rest[0]:
            at, rest = at + 1, rest[1:]
        else:
            return None
    year = parts.get("%Y", 2000 + parts.get("%y", 0))
    month, day = parts.get("%m", 1), parts.get("%d", 1)
    if not (_YEARS[0] <= year <= _YEARS[1] and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return dt.date(year, month, day)


def time_stamp(form: str, at: tuple[int, ...], texts: list[str]) -> Stamp | None:
    """The range of the milliseconds at the places `at` of UUIDs (version 7) or ULIDs, to whole years.

    ``None`` where they lie beyond the years that such codes are made in.
    """
    ordered = sorted(_number("".join(text[place] for place in at), _ALPHABETS[form]) for text in texts)
    middle = len(ordered) // 2
    ends = ordered[min(MINIMUM_ROWS - 1, middle)], ordered[max(-MINIMUM_ROWS, -middle - 1)]
    if not 0 < ends[0] <= ends[1] < 4_102_444_800_000:  # the year 2100
        return None
    years = [dt.datetime.fromtimestamp(end / 1000, dt.UTC).year for end in ends]
    first, last = (int(dt.datetime(year, 1, 1, tzinfo=dt.UTC).timestamp() * 1000) for year in (years[0], years[1] + 1))
    return Stamp(at, form, max(1, first), last - max(1, first))


def _number(text: str, alphabet: str) -> int:
    """The number that `text` is with the digits of `alphabet`; -1 if it is none."""
    number = 0
    for letter in text:
        digit = alphabet.find(letter)
        if digit < 0:
            return -1
        number = number * len(alphabet) + digit
    return number
