"""Text from files that anyone may have written, made fit to be shown."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

__all__ = ["clean", "clean_text"]

# What XML can't hold, lone surrogates, and marks that turn the direction of the text around them.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)


def clean_text(text: str) -> str:
    """`text` with every character that is invalid in XML, or changes the writing direction, replaced by U+FFFD."""
    return _UNFIT.sub("\ufffd", text)


def clean(value: Any) -> Any:
    """`value` (JSON types) with all its texts cleaned, keys too; numbers that are not finite are ``None``."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        return {clean_text(str(key)): clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean(item) for item in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
