"""A set of codes that keeps clear of known ones: all those with one remainder that none of the known ones has."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from synthwright.data.code_shape import letters_of
from synthwright.data.hashing import mix
from synthwright.data.permutation import permuted

__all__ = ["Space", "clear_remainder", "spaces_beside"]

_BITS = 62  # of the numbered places: they and their products stay within uint64
_ROOM = 1 << 40  # codes: more rows than anybody draws


@dataclass(frozen=True, slots=True)
class Space:
    """Codes of one shape: `places` are the characters allowed at each, one character where it is fixed.

    The last places (up to 62 bits) are digits of a number, which is `remainder` modulo `modulus`; places before them
    are free.
    """

    places: tuple[str, ...]
    modulus: int
    remainder: int

    @property
    def numbered(self) -> tuple[int, ...]:
        """The places that make up the number, from the right."""
        chosen, size = [], 1
        for place in reversed(range(len(self.places))):
            radix = len(self.places[place])
            if radix > 1 and size * radix <= 1 << _BITS:
                chosen.append(place)
                size *= radix
            elif radix > 1:
                break
        return tuple(chosen)

    @property
    def size(self) -> int:
        """How many numbers there are."""
        size = 1
        for place in self.numbered:
            size *= len(self.places[place])
        return size

    @property
    def capacity(self) -> int:
        """How many codes there are to give out."""
        return max(0, (self.size - 1 - self.remainder) // self.modulus + 1)

    def numbers(self, texts: list[str]) -> np.ndarray:
        """The numbers (uint64) of those `texts` that are of this shape; the others can't be given out anyway."""
        points = letters_of(texts, len(self.places))
        fits = np.ones(len(points), dtype=bool)
        for place, letters in enumerate(self.places):
            fits &= np.isin(points[:, place], [ord(letter) for letter in letters])
        points, values, weight = points[fits], np.zeros(int(fits.sum()), dtype=np.uint64), 1
        for place in self.numbered:
            order = np.argsort([ord(letter) for letter in self.places[place]])
            known = np.array([ord(letter) for letter in self.places[place]])[order]
            values += order[np.searchsorted(known, points[:, place])].astype(np.uint64) * np.uint64(weight)
            weight *= len(self.places[place])
        return values

    def codes(self, rows: np.ndarray, key: int) -> pa.Array:
        """The code of each row number (uint64, below `capacity`)."""
        numbers = np.uint64(self.remainder) + np.uint64(self.modulus) * permuted(rows, self.capacity, key)
        letters = np.empty((len(rows), len(self.places)), dtype="U1")
        numbered = self.numbered
        for place in numbered:
            radix = np.uint64(len(self.places[place]))
            letters[:, place] = np.array(list(self.places[place]))[(numbers % radix).astype(np.int64)]
            numbers //= radix
        for place in set(range(len(self.places))) - set(numbered):
            free = mix(mix(rows + np.uint64(key % 2**62)) + np.uint64(place)) % np.uint64(len(self.places[place]))
            letters[:, place] = np.array(list(self.places[place]))[free.astype(np.int64)]
        return pa.array(np.ascontiguousarray(letters).view(f"U{len(self.places)}").ravel())


def spaces_beside(known: list[str], shape: tuple[str, ...]) -> tuple[Space, ...]:
    """Spaces of this shape, then of ever longer ones until there is room for everybody; none has a known code."""
    spaces: list[Space] = []
    room = 0
    while room < _ROOM and (not spaces or len(spaces[-1].places) < len(shape) + 40):
        space = Space(shape, *clear_remainder(np.unique(Space(shape, 1, 0).numbers(known))))
        spaces.append(space)
        room += space.capacity
        last = max((place for place, letters in enumerate(shape) if len(letters) > 1), default=len(shape) - 1)
        shape = (*shape[: last + 1], shape[last] if len(shape[last]) > 1 else "0123456789", *shape[last + 1 :])
    return tuple(space for space in spaces if space.capacity > 0)


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
