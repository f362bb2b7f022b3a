"""Codes by pattern: masks such as ``##-??`` and a small part of regular expressions, drawn column by column.

A pattern is a row of places; each place has options (one character, or the words of a group) and may be left empty
where the expression says so. Nothing is compiled or run: what can't be read is refused with its position.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from math import prod

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.distributions import Distribution
from synthwright.data.permutation import permuted
from synthwright.errors import BadInput, shorten
from synthwright.seeding import Streams

__all__ = ["CodePattern"]

_MASK = {"#": string.digits, "?": string.ascii_uppercase, "*": string.ascii_uppercase + string.digits}
_CLASSES = {"d": string.digits, "w": string.ascii_letters + string.digits + "_", "s": " "}
_LONGEST = 200  # places of one code
_MOST_CODES = 2**62  # the permutation's numbers stay within uint64


@dataclass(frozen=True, slots=True)
class Place:
    """What may stand at one place. Places of one repetition share a group; `least` to `most` of them are filled."""

    options: tuple[str, ...]
    group: int = -1  # its length is drawn once; -1: always filled
    at: int = 0  # position within the repetition
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class CodePattern:
    """A pattern, place by place."""

    text: str
    places: tuple[Place, ...]

    @classmethod
    def of(cls, distribution: Distribution) -> CodePattern:
        """The pattern of a distribution of the family `pattern`.

        Raises
        ------
        BadInput
            It can't be read, can't be met, or can't be unique and of varying length at once.
        """
        mask = distribution.get("mask")
        pattern = _of_mask(mask) if mask is not None else _Reader(distribution.get("regex")).pattern()
        if not pattern.places or len(pattern.places) > _LONGEST:
            raise BadInput(
                f"The pattern {shorten(pattern.text)!r} makes {len(pattern.places)} characters.",
                remedy=f"Write one of 1 to {_LONGEST}.",
            )
        varies = any(place.group >= 0 or len({len(one) for one in place.options}) > 1 for place in pattern.places)
        if distribution.get("unique") and varies:
            raise BadInput(
                f"The pattern {shorten(pattern.text)!r} has codes of several lengths, which can't be kept unique.",
                remedy="Give every part a fixed length, such as {4}.",
            )
        return pattern

    @property
    def size(self) -> int:
        """How many codes of fixed length there are."""
        return prod(len(place.options) for place in self.places)

    def draw(self, streams: Streams, n: int) -> pa.Array:
        """`n` codes, each drawn on its own; the first k never depend on n."""
        parts: list[pa.Array] = []
        lengths: dict[int, np.ndarray] = {}
        for at, place in enumerate(self.places):
            codes = streams.at("place", at).rng().integers(0, len(place.options), n, dtype=np.int32)
            gone = None
            if place.group >= 0:
                if place.group not in lengths:
                    drawn = streams.at("length", place.group).rng()
                    lengths[place.group] = drawn.integers(place.least, place.most + 1, n, dtype=np.int32)
                gone = lengths[place.group] <= place.at
            parts.append(_picked(place, codes, gone))
        return _together(parts, n)

    def unique(self, rows: np.ndarray, key: int) -> pa.Array:
        """The code of each row number: no two rows share one.

        Raises
        ------
        BadInput
            There are fewer codes than rows.
        """
        size = min(self.size, _MOST_CODES)
        if len(rows) and int(rows[-1]) >= size:
            raise BadInput(
                f"The pattern {shorten(self.text)!r} has {self.size:,} codes, too few for more than {size:,} rows.",
                remedy="Make it longer, draw fewer rows, or leave out `unique`.",
            )
        numbers, parts = permuted(rows, size, key), []
        for place in reversed(self.places):
            radix = np.uint64(len(place.options))
            parts.append(_picked(place, (numbers % radix).astype(np.int32), None))
            numbers //= radix
        return _together(parts[::-1], len(rows))


def _together(parts: list[pa.Array], n: int) -> pa.Array:
    whole = pa.nulls(n, pa.string()).fill_null("")  # so that literals alone make n codes too
    return pc.binary_join_element_wise(whole, *parts, "")


def _picked(place: Place, codes: np.ndarray, gone: np.ndarray | None) -> pa.Array:
    if len(place.options) == 1 and gone is None:
        return pa.scalar(place.options[0])
    options = pa.array([*place.options, ""])
    return options.take(pa.array(codes if gone is None else np.where(gone, len(place.options), codes)))


def _of_mask(mask: str) -> CodePattern:
    places, escaped = [], False
    for letter in mask:
        if letter == "\\" and not escaped:
            escaped = True
            continue
        places.append(Place(tuple(_MASK.get(letter, letter)) if not escaped else (letter,)))
        escaped = False
    return CodePattern(mask, tuple(places))


class _Reader:
    """One pass over a regular expression of literals, classes, groups of words and fixed or bounded repetitions."""

    def __init__(self, text: str) -> None:
        self.text, self.at, self.groups = text, 0, 0

    def pattern(self) -> CodePattern:
        places: list[Place] = []
        if self.text.startswith("^"):
            self.at = 1
        while self.at < len(self.text):
            if self.text[self.at] == "$" and self.at == len(self.text) - 1:
                break
            options = self.atom()
            least, most = self.repeated()
            if len(places) + most > _LONGEST:
                raise self.wrong(f"the code grows beyond {_LONGEST} characters", "Repeat less.")
            if least == most:
                places.extend([Place(options)] * most)
            else:
                places.extend(Place(options, self.groups, at, least, most) for at in range(most))
                self.groups += 1
        return CodePattern(self.text, tuple(places))

    def wrong(self, what: str, remedy: str) -> BadInput:
        return BadInput(f"Pattern {shorten(self.text, 120)!r}, position {self.at + 1}: {what}.", remedy=remedy)

    def atom(self) -> tuple[str, ...]:
        letter = self.text[self.at]
        self.at += 1
        if letter == "[":
            return self.letters()
        if letter == "(":
            return self.words()
        if letter == "\\":
            return self.escaped()
        if letter in "*+?{}|)^$.]":
            self.at -= 1
            remedy = (
                "Use literals, [A-Z], \\d, \\w, (one|other), {4}, {2,5} and ?; write \\ before a sign that is meant."
            )
            raise self.wrong(f"{letter!r} can't stand here", remedy)
        return (letter,)

    def escaped(self) -> tuple[str, ...]:
        if self.at >= len(self.text):
            raise self.wrong("the pattern ends after a backslash", "Write \\\\ for a backslash.")
        letter = self.text[self.at]
        self.at += 1
        if letter.isalnum() and letter not in _CLASSES:
            raise self.wrong(f"\\{letter} is not known", "Known: \\d, \\w, \\s.")
        return tuple(_CLASSES.get(letter, letter))

    def letters(self) -> tuple[str, ...]:
        found: list[str] = []
        while True:
            if self.at >= len(self.text):
                raise self.wrong("`]` is missing", "Close the class.")
            letter = self.text[self.at]
            self.at += 1
            if letter == "]":
                break
            if letter == "^" and not found:
                raise self.wrong("a class of all but some characters has no list", "List those that may stand there.")
            options = self.escaped() if letter == "\\" else (letter,)
            if (
                len(options) == 1
                and self.text[self.at : self.at + 1] == "-"
                and self.text[self.at + 1 : self.at + 2] not in {"", "]"}
            ):
                last = self.text[self.at + 1]
                self.at += 2
                if not 0 <= ord(last) - ord(options[0]) < 1_000:
                    raise self.wrong(f"the range {options[0]}-{last} is empty or too long", "Write [A-Z].")
                options = tuple(chr(code) for code in range(ord(options[0]), ord(last) + 1))
            found.extend(options)
        if not found:
            raise self.wrong("the class is empty: no character can stand here", "List at least one.")
        return tuple(dict.fromkeys(found))

    def words(self) -> tuple[str, ...]:
        end = self.text.find(")", self.at)
        inner = self.text[self.at : end] if end >= 0 else ""
        if end < 0 or any(sign in inner for sign in "([{\\?*+"):
            raise self.wrong("a group holds plain words", "Write (DE|AT|CH).")
        self.at = end + 1
        return tuple(dict.fromkeys(inner.split("|")))

    def repeated(self) -> tuple[int, int]:
        if self.text[self.at : self.at + 1] == "?":
            self.at += 1
            return 0, 1
        if self.text[self.at : self.at + 1] != "{":
            return 1, 1
        end = self.text.find("}", self.at)
        inner = self.text[self.at + 1 : end] if end >= 0 else ""
        ends = inner.split(",")
        if not 1 <= len(ends) <= 2 or not all(one.isascii() and one.isdigit() and len(one) <= 4 for one in ends):
            raise self.wrong("this is no repetition", "Write {4} or {2,5}; a repetition without an end can't be drawn.")
        least, most = int(ends[0]), int(ends[-1])
        if least > most or most == 0:
            raise self.wrong(f"no code can have {inner} of them", "Write the smaller number first.")
        self.at = end + 1
        return least, most
