"""The shape of codes: which characters stand at each place."""

from __future__ import annotations

import re
import string
from collections import Counter

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS

__all__ = ["LONGEST", "email_shape", "is_ulid", "is_uuid", "letters_of", "shape_of", "uuid_shape"]

LONGEST = 64  # places of a made-up code; longer ones are cut
_HEX = "0123456789abcdef"
_CLASSES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_ULID = re.compile(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")


def letters_of(texts: list[str], length: int) -> np.ndarray:
    """The code points of those `texts` that have `length` characters: uint32, one row each."""
    fitting = [text for text in texts if len(text) == length]
    return np.array(fitting, dtype=f"U{length}").view(np.uint32).reshape(len(fitting), length)


def email_shape(texts: list[str]) -> tuple[str, ...]:
    """The shape of made-up e-mail addresses, at the domain that is nobody's (RFC 2606); empty if these are none."""
    if not all(text.count("@") == 1 and "." in text.partition("@")[2] for text in texts):
        return ()
    return (*(string.ascii_lowercase,) * 4, *(string.digits,) * 6, *"@example.com")


def shape_of(texts: list[str], *, integers: bool = False) -> tuple[str, ...]:
    """One string of allowed characters per place, for the commonest length; a single character is one all texts share.

    Places that differ are widened to whole classes (digits, hexadecimal digits, small or capital letters), but for
    first places where few characters stand and 5 rows have each; so that no shape tells who was there.
    `integers` do not begin with zero and stay within 64 bits.
    """
    length = Counter(len(text) for text in texts if len(text) <= LONGEST).most_common(1) or [(LONGEST, 0)]
    cut = [text[: length[0][0]] for text in texts]
    points = letters_of(cut, length[0][0])
    if integers:
        return _begun(_digits(length[0][0]), points)
    hexadecimal = next((kind for kind in (_HEX, _HEX.upper()) if _all_in(points, f"{kind}-:{{}}")), "")
    shape = []
    for place in range(length[0][0]):
        seen = {chr(point) for point in np.unique(points[:, place])}
        everywhere = len(seen) == 1 and all(text[place : place + 1] in seen for text in texts)
        shape.append(seen.pop() if everywhere else _widened(seen, hexadecimal))
    return _begun(tuple(shape), points) if any(len(place) > 1 for place in shape) else (*shape, string.digits)


def _begun(shape: tuple[str, ...], points: np.ndarray) -> tuple[str, ...]:
    """`shape` with only the seen characters at its first places, as long as 5 rows have each and half do not occur.

    Numbers of cards begin with few digits, of branches with few letters.
    """
    narrowed = list(shape)
    for place, allowed in enumerate(shape):
        seen, counts = np.unique(points[:, place], return_counts=True)
        letters = {chr(point) for point in seen} & set(allowed)
        if len(allowed) > 1 and (counts.min() < MINIMUM_ROWS or len(letters) > len(allowed) // 2):
            break
        narrowed[place] = "".join(letter for letter in allowed if letter in letters) or allowed
    return tuple(narrowed)


def _digits(length: int) -> tuple[str, ...]:
    if length >= 19:  # 8,999,999,999,999,999,999 fits into 64 bits with a sign
        return ("12345678", *(string.digits,) * 18)
    return ("123456789", *(string.digits,) * (length - 1))


def _all_in(points: np.ndarray, letters: str) -> bool:
    return bool(np.isin(np.unique(points), [ord(letter) for letter in letters]).all())


def _widened(seen: set[str], hexadecimal: str) -> str:
    if hexadecimal and seen <= set(hexadecimal) and not seen <= set(string.digits):
        return hexadecimal
    return "".join(kind for kind in _CLASSES if seen & set(kind)) or string.ascii_lowercase


def is_uuid(texts: list[str]) -> bool:
    """True where all of them are UUIDs."""
    return all(_UUID.fullmatch(text) for text in texts)


def uuid_shape(texts: list[str]) -> tuple[tuple[str, ...], str]:
    """The shape of UUIDs of the version and case of `texts`, and the version: 4, random, where they have several."""
    capital = any(letter in "ABCDEF" for text in texts[:1000] for letter in text)
    versions = {text[14] for text in texts}
    version = versions.pop() if len(versions) == 1 and versions <= set("12345678") else "4"
    digits = _HEX.upper() if capital else _HEX
    shape = [digits] * 36
    for place in (8, 13, 18, 23):
        shape[place] = "-"
    shape[14], shape[19] = version, "89AB" if capital else "89ab"  # variant 1 (RFC 9562)
    return tuple(shape), version


def is_ulid(texts: list[str]) -> bool:
    """True where all of them are ULIDs: 26 digits of Crockford's base 32, the first below 8."""
    return all(_ULID.fullmatch(text) for text in texts)
