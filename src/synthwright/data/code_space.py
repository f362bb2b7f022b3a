"""A set of codes that keeps clear of known ones: all those with one remainder that none of the known ones has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from synthwright.data.check_digits import SCHEMES, letters_for, values_of
from synthwright.data.code_shape import letters_of
from synthwright.data.code_stamps import Stamp
from synthwright.data.hashing import mix
from synthwright.data.permutation import permuted

__all__ = ["Space", "clear_remainder", "spaces_beside", "spaces_within"]

_BITS = 62  # of the numbered places: they and their products stay within uint64
_ROOM = 1 << 40  # codes: more rows than anybody draws
_REMAINDERS = 256  # of one modulus that are given out, where codes can't grow longer
_ENOUGH = 50  # codes for each known one, where they can't grow longer


@dataclass(frozen=True, eq=True)
class Space:
    """Codes of one shape: `places` are the characters allowed at each, one character where it is fixed.

    `stamps` are places that hold dates instead; `check` names the rule of the check digits (`check_digits`), which
    counts the places `counted`. The last places (up to 62 bits) are digits of a number, which is `remainder` modulo
    `modulus`; places before them are free.
    """

    places: tuple[str, ...]
    modulus: int
    remainder: int
    stamps: tuple[Stamp, ...] = ()
    check: str = ""
    counted: tuple[int, ...] = ()

    @cached_property
    def wheels(self) -> tuple[tuple[int, int | Stamp], ...]:
        """How many values each place or stamp has, and which it is, from the left; fixed places are no wheels."""
        stamped = {place for stamp in self.stamps for place in stamp.at}
        made = {*stamped, *self.checks, *self.slack}
        single: list[tuple[int, int, int | Stamp]] = [
            (at, len(letters), at) for at, letters in enumerate(self.places) if at not in made and len(letters) > 1
        ]
        single += [(stamp.at[0], stamp.size, stamp) for stamp in self.stamps]
        return tuple((size, which) for _, size, which in sorted(single, key=lambda wheel: wheel[0]))

    @property
    def checks(self) -> tuple[int, ...]:
        """The places of check digits."""
        if not self.check:
            return ()
        return tuple(self.counted[place] for place in SCHEMES[self.check].places(len(self.counted)))

    @property
    def slack(self) -> tuple[int, ...]:
        """The place that is moved on where no check digit fits: the one before it."""
        if not self.check or not SCHEMES[self.check].slack:
            return ()
        return (self.counted[-2],)

    @cached_property
    def numbered(self) -> tuple[tuple[int, int | Stamp], ...]:
        """The wheels that make up the number, from the right."""
        chosen, size = [], 1
        for radix, which in reversed(self.wheels):
            if size * radix > 1 << _BITS:
                break
            chosen.append((radix, which))
            size *= radix
        return tuple(chosen)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        size = 1
        for radix, _ in self.numbered:
            size *= radix
        return size

    @property
    def capacity(self) -> int:
        """How many codes there are to give out."""
        return max(0, (self.size - 1 - self.remainder) // self.modulus + 1)

    def numbers(self, texts: list[str]) -> np.ndarray:
        """The numbers (uint64) of those `texts` that are of this shape; the others can't be given out anyway."""
        points = letters_of(texts, len(self.places))
        fits = np.ones(len(points), dtype=bool)
        moved = {*self.checks, *self.slack, *(place for stamp in self.stamps for place in stamp.at)}
        for place, letters in enumerate(self.places):
            if place not in moved:
                fits &= np.isin(points[:, place], [ord(letter) for letter in letters])
        points = points[fits]
        kept, values, weight = np.ones(len(points), dtype=bool), np.zeros(len(points), dtype=np.uint64), 1
        for radix, which in self.numbered:
            order = self._positions(points, which)
            kept &= order >= 0
            values += np.maximum(order, 0).astype(np.uint64) * np.uint64(weight)
            weight *= radix
        return np.asarray(values[kept])

    def codes(self, rows: np.ndarray, key: int) -> pa.Array:
        """The code of each row number (uint64, below `capacity`)."""
        numbers = np.uint64(self.remainder) + np.uint64(self.modulus) * permuted(rows, self.capacity, key)
        letters = np.empty((len(rows), len(self.places)), dtype="U1")
        for place, allowed in enumerate(self.places):
            letters[:, place] = allowed[0]
        for radix, which in self.numbered:
            self._write(letters, which, numbers % np.uint64(radix))
            numbers //= np.uint64(radix)
        for radix, which in self.wheels[: len(self.wheels) - len(self.numbered)]:
            at = which if isinstance(which, int) else which.at[0]
            free = mix(mix(rows + np.uint64(key % 2**62)) + np.uint64(at)) % np.uint64(radix)
            self._write(letters, which, free)
        if self.check:
            self._checked(letters, mix(rows + np.uint64(key % 2**62)))
        return pa.array(np.ascontiguousarray(letters).view(f"U{len(self.places)}").ravel())

    def _positions(self, points: np.ndarray, which: int | Stamp) -> np.ndarray:
        """The digit of a wheel in each code; -1 where it shows something else."""
        if isinstance(which, int):
            known = np.array([ord(letter) for letter in self.places[which]])
            order = np.argsort(known)
            return np.asarray(order[np.searchsorted(known[order], points[:, which])])
        shown = np.ascontiguousarray(points[:, list(which.at)]).view(f"U{len(which.at)}").ravel()
        texts, at = np.unique(shown, return_inverse=True)
        return np.array([which.position(str(text)) for text in texts], dtype=np.int64).reshape(-1)[at]

    def _write(self, letters: np.ndarray, which: int | Stamp, digits: np.ndarray) -> None:
        if isinstance(which, int):
            letters[:, which] = np.array(list(self.places[which]))[digits.astype(np.int64)]
        else:
            letters[:, list(which.at)] = which.letters(digits)

    def _checked(self, letters: np.ndarray, drawn: np.ndarray) -> None:
        """Fill in the check digits; where there is none for a code, its slack digit moves on until there is."""
        scheme = SCHEMES[self.check]
        left, checks = np.arange(len(letters)), list(self.checks)
        for turn in range(10 if self.slack else 1):
            for place in self.slack:
                digit = (drawn[left] + np.uint64(turn)) % np.uint64(10)
                letters[left, place] = letters_for(digit.astype(np.int64))
            found = scheme.fill(values_of(letters[left][:, list(self.counted)]))
            good = (found >= 0).all(axis=1)
            letters[left[good][:, None], checks] = letters_for(found[good])
            left = left[~good]


def spaces_beside(known: list[str], shape: tuple[str, ...], stamps: tuple[Stamp, ...] = ()) -> tuple[Space, ...]:
    """Spaces of this shape, then of ever longer ones until there is room for everybody; none has a known code."""
    spaces: list[Space] = []
    room = 0
    while room < _ROOM and (not spaces or len(spaces[-1].places) < len(shape) + 40):
        modulus, remainder = clear_remainder(np.unique(Space(shape, 1, 0, stamps).numbers(known)))
        space = Space(shape, modulus, remainder, stamps)
        spaces.append(space)
        room += space.capacity
        stamped = {place for stamp in stamps for place in stamp.at}
        varied = (place for place, letters in enumerate(shape) if len(letters) > 1 and place not in stamped)
        last = max(varied, default=len(shape) - 1)
        shape = (*shape[: last + 1], shape[last] if len(shape[last]) > 1 else "0123456789", *shape[last + 1 :])
        stamps = tuple(stamp.moved(last) for stamp in stamps)
    return tuple(space for space in spaces if space.capacity > 0)


def spaces_within(known: list[str], space: Space) -> tuple[Space, ...]:
    """Spaces of exactly this shape, with as many free remainders of one modulus as give room for 50 times the known.

    Codes with check digits can't grow longer. What is given out and what is not still tells of no single code.
    """
    taken = np.unique(space.numbers(known))
    modulus, best = max(2, len(taken) // 12), tuple[Space, ...]()
    while modulus <= max(2, min(space.size, 2**31)):
        free = np.setdiff1d(np.arange(modulus, dtype=np.uint64), taken % np.uint64(modulus))
        chosen = free[:: max(1, len(free) // _REMAINDERS)][:_REMAINDERS]
        found = tuple(
            Space(space.places, modulus, int(one), space.stamps, space.check, space.counted) for one in chosen
        )
        if _room(found) > _room(best):
            best = found
        if _room(best) >= min(_ROOM, _ENOUGH * len(known)) or modulus > 20 * len(taken) + 100:
            break
        modulus += modulus // 4 + 1
    return best


def _room(spaces: tuple[Space, ...]) -> int:
    return sum(space.capacity for space in spaces)


def clear_remainder(taken: np.ndarray) -> tuple[int, int]:
    """A modulus, and a remainder that none of the numbers `taken` (uint64) has.

    The smallest modulus tried, from a twelfth of the taken numbers up, for which a remainder is free.
    """
    modulus = _prime_from(max(2, len(taken) // 12))
    while True:
        used = np.unique(taken % np.uint64(modulus))
        if len(used) < modulus:  # sure to happen once the modulus exceeds how many are taken
            free = np.setdiff1d(np.arange(modulus, dtype=np.uint64), used, assume_unique=True)
            return modulus, int(free[len(free) // 2])
        modulus = _prime_from(modulus + modulus // 8 + 1)


def _prime_from(number: int) -> int:
    while any(number % divisor == 0 for divisor in range(2, int(number**0.5) + 1)):
        number += 1
    return number
