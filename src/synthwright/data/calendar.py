"""Calendar units: names, lengths, and dates as ISO text and back."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from synthwright.data.schema import Unit

__all__ = ["NANOSECONDS", "NUMPY_UNITS", "from_iso", "instant", "iso_text"]

NANOSECONDS: dict[Unit, int] = {
    "day": 86_400_000_000_000,
    "hour": 3_600_000_000_000,
    "minute": 60_000_000_000,
    "second": 1_000_000_000,
    "millisecond": 1_000_000,
    "microsecond": 1_000,
    "nanosecond": 1,
}
NUMPY_UNITS: dict[Unit, str] = {
    "day": "D",
    "hour": "h",
    "minute": "m",
    "second": "s",
    "millisecond": "ms",
    "microsecond": "us",
    "nanosecond": "ns",
}
_ISO = re.compile(r"-?\d{4,6}-\d{2}-\d{2}([T ]\d{2}(:\d{2}(:\d{2}(\.\d{1,9})?)?)?)?Z?")


def instant(ticks: float, unit: Unit | None) -> Any:
    """`ticks` units since 1970 as a NumPy datetime of that unit."""
    return np.int64(ticks).astype(f"datetime64[{NUMPY_UNITS[unit or 'second']}]")


def iso_text(ticks: float, unit: Unit | None) -> str:
    """`ticks` units since 1970 as ISO 8601, as fine as the unit."""
    return str(instant(ticks, unit))


def from_iso(text: str, unit: Unit) -> float:
    """Units since 1970 of an ISO 8601 date or time without offset, rounded down; raises ValueError for other text."""
    if not _ISO.fullmatch(text):
        raise ValueError(f"{text!r} is no date such as 2024-05-31 or 2024-05-31T18:00")
    fine = np.datetime64(text.rstrip("Z"))
    return float(fine.astype(f"datetime64[{NUMPY_UNITS[unit]}]").astype(np.int64))
