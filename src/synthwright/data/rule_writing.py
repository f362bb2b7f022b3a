"""From columns and values to the text of a rule: what the parser of rules reads back as the same column and value."""

from __future__ import annotations

import re

from synthwright.data.rule_text import KEYWORDS
from synthwright.data.schema import Scalar

__all__ = ["column_text", "literal_text", "number_text", "terms_text"]

_CALLED = {"matches", "unique", "one_hot", "combinations"}  # words with a meaning of their own before a bracket or text
_WORD = re.compile(r"[^\W\d]\w*")


def column_text(name: str) -> str:
    """The column `name` as a rule spells it: in backticks where it is no plain word."""
    if _WORD.fullmatch(name) and name not in KEYWORDS | _CALLED:
        return name
    return f"`{name.replace('`', '``')}`"


def literal_text(value: Scalar) -> str:
    """A value as a rule spells it: a quoted text, a number, or ``true`` and ``false``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"'{value.replace(chr(39), chr(39) * 2)}'"
    return number_text(float(value))


def number_text(value: float) -> str:
    """A number as a rule spells it, read back as the same float64."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def terms_text(terms: list[str]) -> str:
    """The terms of one side of a sum, joined by ``+``; ``0`` where there are none."""
    return " + ".join(terms) or "0"
