"""The ratio of two figures inside Fieller's interval."""

from __future__ import annotations

import math

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import student
from synthwright.evaluation.measurement import Estimate

__all__ = ["ratio"]


def ratio(top: Figure, bottom: Figure, confidence: float = 0.95) -> Estimate | None:
    """``top / bottom`` inside the interval of Fieller (1954), or None where `bottom` may be 0: that bounds no ratio.

    The interval holds every r for which ``top - r * bottom`` is not surely other than 0. That difference is as normal
    as the figures are, the ratio is not: intervals of so many standard errors of it are too narrow below and too wide
    above. Rows that the figures share are accounted for.
    """
    apart = top - bottom
    degrees = min((one.degrees for one in (top, bottom) if one.degrees), default=0)
    spread = student(confidence, degrees) ** 2 if degrees else 0.0
    together = (top.variance + bottom.variance - apart.variance) / 2
    square = bottom.value**2 - spread * bottom.variance
    if square <= 0:
        return None
    middle = top.value * bottom.value - spread * together
    inner = middle**2 - square * (top.value**2 - spread * top.variance)
    value, half = top.value / bottom.value, math.sqrt(max(inner, 0.0)) / square
    return Estimate(value, min(value, middle / square - half), max(value, middle / square + half))
