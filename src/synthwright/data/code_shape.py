"""The shape of codes: which characters stand at each place."""

from __future__ import annotations

import re
import string
from collections import Counter

__all__ = ["email_shape", "shape_of"]

_HEX = "0123456789abcdef"
_CLASSES = (string.digits, string.ascii_lowercase, string.ascii_uppercase)
_UUID = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}")
_LONGEST = 64  # places of a code; longer ones are cut


def email_shape(texts: list[str]) -> tuple[str, ...]:
    """The shape of made-up e-mail addresses, at the domain that is nobody's (RFC 2606); empty if these are none."""
    if not all(text.count("@") == 1 and "." in text.partition("@")[2] for text in texts):
        return ()
    return (*(string.ascii_lowercase,) * 4, *(string.digits,) * 6, *"@example.com")


def shape_of(texts: list[str]) -> tuple[str, ...]:
    """One string of allowed characters per place, for the commonest length; a single character is one all texts share.

    Places that differ are widened to whole classes (digits, hexadecimal digits, small or capital letters), so that no
    shape tells who was there.
    """
    if all(_UUID.fullmatch(text) for text in texts):
        return _uuid(texts)
    length = Counter(min(len(text), _LONGEST) for text in texts).most_common(1)[0][0]
    of_length = [text for text in texts if len(text) == length] or texts
    letters = {letter for text in texts for letter in text}
    hexadecimal = next((kind for kind in (_HEX, _HEX.upper()) if letters - set("-:{}") <= set(kind)), "")
    shape = []
    for place in range(length):
        seen = {text[place] for text in of_length}
        everywhere = len(seen) == 1 and len(of_length) == len(texts)
        shape.append(seen.pop() if everywhere else _widened(seen, hexadecimal))
    return tuple(shape) if any(len(place) > 1 for place in shape) else (*shape, string.digits)


def _widened(seen: set[str], hexadecimal: str) -> str:
    if hexadecimal and seen <= set(hexadecimal) and not seen <= set(string.digits):
        return hexadecimal
    wide = "".join(kind for kind in _CLASSES if seen & set(kind))
    return wide or string.ascii_lowercase


def _uuid(texts: list[str]) -> tuple[str, ...]:
    capital = any(letter in "ABCDEF" for text in texts for letter in text)
    digits = _HEX.upper() if capital else _HEX
    shape = [digits] * 36
    for place in (8, 13, 18, 23):
        shape[place] = "-"
    shape[14], shape[19] = "4", "89AB" if capital else "89ab"  # version 4, variant 1: drawn at random (RFC 9562)
    return tuple(shape)
