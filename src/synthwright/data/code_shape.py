"""The shape of codes: which characters stand at each place."""

from __future__ import annotations

import re
import string
from collections import Counter

import numpy as np

__all__ = ["LONGEST", "email_shape", "letters_of", "shape_of"]

LONGEST = 64  # places of a made-up code; longer ones are cut
_HEX = "0123456789abcdef"
_CLASSES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")


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

    Places that differ are widened to whole classes (digits, hexadecimal digits, small or capital letters), so that no
    shape tells who was there. `integers` do not begin with zero and stay within 64 bits.
    """
    if all(_UUID.fullmatch(text) for text in texts):
        return _uuid(texts)
    length = Counter(len(text) for text in texts if len(text) <= LONGEST).most_common(1) or [(LONGEST, 0)]
    cut = [text[: length[0][0]] for text in texts]
    if integers:
        return _digits(length[0][0])
    points = letters_of(cut, length[0][0])
    hexadecimal = next((kind for kind in (_HEX, _HEX.upper()) if _all_in(points, f"{kind}-:{{}}")), "")
    shape = []
    for place in range(length[0][0]):
        seen = {chr(point) for point in np.unique(points[:, place])}
        everywhere = len(seen) == 1 and all(text[place : place + 1] in seen for text in texts)
        shape.append(seen.pop() if everywhere else _widened(seen, hexadecimal))
    return tuple(shape) if any(len(place) > 1 for place in shape) else (*shape, string.digits)


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


def _uuid(texts: list[str]) -> tuple[str, ...]:
    capital = any(letter in "ABCDEF" for text in texts[:1000] for letter in text)
    digits = _HEX.upper() if capital else _HEX
    shape = [digits] * 36
    for place in (8, 13, 18, 23):
        shape[place] = "-"
    shape[14], shape[19] = "4", "89AB" if capital else "89ab"  # version 4, variant 1: drawn at random (RFC 9562)
    return tuple(shape)
