"""Checks that several parts of training make of what people give."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthwright.errors import UsageError, shorten

__all__ = ["positive"]


def positive(value: Any, name: str) -> int:
    """`value` as a whole number of 1 or more.

    Raises
    ------
    UsageError
        It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise UsageError(f"{name} is no whole number of 1 or more.", evidence=f"It is {shorten(repr(value))}.")
    return int(value)
