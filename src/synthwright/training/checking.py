"""Checks that several parts of training make of what people give."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthwright.errors import UsageError, shorten

__all__ = ["positive", "within"]


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


def within(value: Any, name: str, low: float, high: float, *, remedy: str = "") -> float:
    """`value` as a finite number from `low` to `high`.

    Raises
    ------
    UsageError
        It is none.
    """
    number = isinstance(value, int | float | np.number) and not isinstance(value, bool)
    if not number or not low <= value <= high or not np.isfinite(value):
        wanted = f"from {low:g} to {high:g}" if np.isfinite(high) else f"of at least {low:g}"
        raise UsageError(f"{name} is no number {wanted}.", evidence=f"It is {shorten(repr(value))}.", remedy=remedy)
    return float(value)
