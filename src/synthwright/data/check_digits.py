"""Check digits: which rule a set of codes obeys, and codes filled so that they obey it.

A rule is recognised by testing it. A code that obeys none has one in ten chances (less for most rules) to pass by luck,
so 8 different codes that all do are a false alarm once in 10**8 columns, for each of the few rules of their length.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

__all__ = ["SCHEMES", "Scheme", "obeyed"]

LONGEST = 64  # characters, groups and all
FEWEST = 8  # different codes before a rule is believed in
_PASSING = 0.99  # of the codes: a few are mistyped
_ALPHABET = string.digits + string.ascii_uppercase
_BLANKS = "- ./"  # between the groups of a code
Numbers = np.ndarray  # (codes, places) of ints: digits, then letters from 10 on


@dataclass(frozen=True, slots=True)
class Scheme:
    """A rule for codes of `lengths` places: `check` are its places, counted from the end if negative.

    `fill` gives the symbols for them, (codes, checks), where -1 says that these places have none: then the digit before
    the check is another one (`slack`).
    """

    name: str
    lengths: frozenset[int]
    check: tuple[int, ...]
    fill: Callable[[Numbers], Numbers]
    letters: str = string.digits  # that may stand at the other places
    slack: bool = False

    def places(self, length: int) -> tuple[int, ...]:
        """The places of the check symbols."""
        return tuple(place % length for place in self.check)

    def holds(self, codes: Numbers) -> np.ndarray:
        """True for the codes that obey the rule."""
        return np.asarray((self.fill(codes) == codes[:, list(self.places(codes.shape[1]))]).all(axis=1))


def obeyed(texts: list[str]) -> tuple[Scheme, tuple[int, ...]] | None:
    """The rule that `texts` (different ones, of one length) obey and the places that it counts; ``None`` if none.

    Dashes, blanks and points that all texts have at the same place are looked through.
    """
    if len(texts) < FEWEST or len({len(text) for text in texts}) > 1 or not 8 <= len(texts[0]) <= LONGEST:
        return None
    letters = np.array(texts).view("U1").reshape(len(texts), -1)
    counted = tuple(
        at
        for at in range(letters.shape[1])
        if not (letters[0, at] in _BLANKS and (letters[:, at] == letters[0, at]).all())
    )
    codes = values_of(letters[:, list(counted)])
    for scheme in SCHEMES.values():
        if len(counted) not in scheme.lengths:
            continue
        others = np.delete(codes, list(scheme.places(len(counted))), axis=1)
        allowed = [_ALPHABET.index(letter) for letter in scheme.letters]
        known = (codes >= 0).all(axis=1) & np.isin(others, allowed).all(axis=1)
        if known.mean() < _PASSING or len(np.unique(others[known], axis=0)) < FEWEST:
            continue
        if scheme.holds(codes[known]).sum() >= _PASSING * len(texts):
            return scheme, counted
    return None


def values_of(letters: np.ndarray) -> Numbers:
    """Single characters as numbers: digits, letters from 10 on, -1 for anything else."""
    points = np.ascontiguousarray(letters).view(np.uint32).reshape(letters.shape).astype(np.int64)
    digits, capitals = points - ord("0"), points - ord("A")
    values = np.where((digits >= 0) & (digits < 10), digits, -1)
    return np.where((capitals >= 0) & (capitals < 26), capitals + 10, values)


def letters_for(values: Numbers) -> np.ndarray:
    """Numbers as characters: the inverse of `values_of`."""
    return np.asarray(np.array(list(_ALPHABET))[values])


def _weighted(codes: Numbers, weights: list[int]) -> np.ndarray:
    return np.asarray(codes[:, : len(weights)] @ np.array(weights, dtype=np.int64))


def _luhn(codes: Numbers) -> Numbers:
    """ISO/IEC 7812-1: every second digit from the right doubled, the digits of all added up."""
    doubled = codes[:, -2::-1].copy()
    doubled[:, ::2] = doubled[:, ::2] * 2 - 9 * (doubled[:, ::2] > 4)
    return np.asarray((-doubled.sum(axis=1) % 10)[:, None])


def _gs1(codes: Numbers) -> Numbers:
    """GS1 General Specifications 7.9: weights 3 and 1 from the right."""
    turned = codes[:, -2::-1]
    return np.asarray((-(3 * turned[:, ::2].sum(axis=1) + turned[:, 1::2].sum(axis=1)) % 10)[:, None])


def _isbn(codes: Numbers) -> Numbers:
    """ISO 2108 before 2007 and ISO 3297: weights down to 2, modulo 11; ten is written X."""
    length = codes.shape[1]
    check = -_weighted(codes, list(range(length, 1, -1))) % 11
    return np.where(check == 10, _ALPHABET.index("X"), check)[:, None]


def _iban(codes: Numbers) -> Numbers:
    """ISO 13616: the account, the country, then 00, as one number modulo 97, taken from 98."""
    rest = np.zeros(len(codes), dtype=np.int64)
    for column in (*codes[:, 4:].T, codes[:, 0], codes[:, 1]):
        rest = (rest * np.where(column > 9, 100, 10) + column) % 97
    check = 98 - rest * 100 % 97
    return np.column_stack([check // 10, check % 10])


_VIN_VALUES = np.array([*range(10), 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 0, 7, 0, 9, 2, 3, 4, 5, 6, 7, 8, 9])
_VIN_WEIGHTS = np.array([8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2])


def _vin(codes: Numbers) -> Numbers:
    """49 CFR 565.15(c): letters have values, places weights, modulo 11; ten is written X."""
    check = _VIN_VALUES[codes] @ _VIN_WEIGHTS % 11
    return np.where(check == 10, _ALPHABET.index("X"), check)[:, None]


def _pure(codes: Numbers) -> Numbers:
    """ISO 7064, MOD 11,10: German tax numbers, Croatian OIB."""
    state = np.full(len(codes), 10)
    for column in codes[:, :-1].T:
        total = (state + column) % 10
        state = 2 * np.where(total == 0, 10, total) % 11
    return ((11 - state) % 10)[:, None]


def _turn(first: int, second: int) -> int:
    """The product in the dihedral group of order 10."""
    turned = (first + second) % 5 if first < 5 else (first - second) % 5
    return turned + 5 * ((first < 5) != (second < 5))


_TURNS = np.array([[_turn(first, second) for second in range(10)] for first in range(10)])
_SHIFT = np.array([1, 5, 7, 6, 2, 8, 3, 0, 9, 4])


def _verhoeff(codes: Numbers) -> Numbers:
    """Verhoeff (1969): products in the dihedral group, digits permuted by their place; Aadhaar numbers."""
    state = np.zeros(len(codes), dtype=np.int64)
    moved = np.arange(10)
    for column in codes[:, -2::-1].T:
        moved = _SHIFT[moved]
        state = _TURNS[state, moved[column]]
    return np.asarray(np.argmax(_TURNS[state] == 0, axis=1)[:, None])


def _nhs(codes: Numbers) -> Numbers:
    """NHS numbers: weights 10 to 2, taken from 11; where that is 10 there is no such number."""
    check = 11 - _weighted(codes, list(range(10, 1, -1))) % 11
    return np.where(check == 11, 0, np.where(check == 10, -1, check))[:, None]


def _bsn(codes: Numbers) -> Numbers:
    """Dutch citizen service numbers: weights 9 to 2, then -1, a multiple of 11."""
    check = _weighted(codes, list(range(9, 1, -1))) % 11
    return np.where(check == 10, -1, check)[:, None]


def _cpf(codes: Numbers) -> Numbers:
    """Brazilian CPF: two digits, each modulo 11, ten written 0."""
    first = -_weighted(codes, list(range(10, 1, -1))) % 11 % 10
    second = -(_weighted(codes, list(range(11, 2, -1))) + 2 * first) % 11 % 10
    return np.column_stack([first, second])


def _dni(codes: Numbers) -> Numbers:
    """Spanish DNI: a letter for the number modulo 23."""
    number = _weighted(codes, [10**power for power in range(7, -1, -1)])
    letters = np.array([_ALPHABET.index(letter) for letter in "TRWAGMYFPDXBNJZSQVHLCKE"])
    return np.asarray(letters[number % 23][:, None])


def _pesel(codes: Numbers) -> Numbers:
    """Polish PESEL: weights 1, 3, 7, 9, taken from 10."""
    return (-_weighted(codes, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3]) % 10)[:, None]


def _aba(codes: Numbers) -> Numbers:
    """Routing numbers of US banks: weights 3, 7, 1, a multiple of 10."""
    return (-_weighted(codes, [3, 7, 1, 3, 7, 1, 3, 7]) % 10)[:, None]


_VIN_LETTERS = "".join(letter for letter in _ALPHABET if letter not in "IOQ")
SCHEMES = {
    scheme.name: scheme
    for scheme in (
        Scheme("iban", frozenset(range(15, 35)), (2, 3), _iban, _ALPHABET),
        Scheme("vin", frozenset({17}), (8,), _vin, _VIN_LETTERS),
        Scheme("dni", frozenset({9}), (-1,), _dni),
        Scheme("gs1", frozenset({8, 12, 13, 14, 18}), (-1,), _gs1),
        Scheme("nhs", frozenset({10}), (-1,), _nhs, slack=True),
        Scheme("isbn", frozenset({8, 10}), (-1,), _isbn),
        Scheme("cpf", frozenset({11}), (-2, -1), _cpf),
        Scheme("pesel", frozenset({11}), (-1,), _pesel),
        Scheme("mod 11,10", frozenset({11}), (-1,), _pure),
        Scheme("verhoeff", frozenset({12}), (-1,), _verhoeff),
        Scheme("bsn", frozenset({9}), (-1,), _bsn, slack=True),
        Scheme("aba", frozenset({9}), (-1,), _aba),
        Scheme("luhn", frozenset(range(8, 20)), (-1,), _luhn),
    )
}
"""Name to rule: the strictest first where two have the same length (ISBN is as NHS, but with X)."""
