"""The mean of a figure over several synthetic tables, inside an interval for other rows and other tables."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.intervals import student
from synthwright.evaluation.measurement import Estimate

__all__ = ["chance_of", "over_tables"]


def over_tables(figures: Sequence[Figure]) -> tuple[Estimate, float]:
    """The mean figure inside an interval for other test rows and other tables, and its standard error.

    Few tables say little about how tables differ: the quantiles of resampling 6 of them cover 87 % of normal luck
    instead of 95. Student's quantile is taken instead, with the degrees of freedom that Satterthwaite (1946) gives the
    sum of both variances. Of one table the interval is for other rows alone.
    """
    middle, error, freedom = _spread(figures)
    if len(figures) == 1:
        return middle.estimate(), error
    half = student(0.95, freedom) * error
    return Estimate(middle.value, middle.value - half, middle.value + half), error


def chance_of(figures: Sequence[Figure]) -> float:
    """The chance that the mean figure lies as far from 0 as it does, or farther, if it is 0 (Student, two-sided).

    It is .05 where the interval of `over_tables` just reaches 0.
    """
    from scipy.special import stdtr

    middle, error, freedom = _spread(figures)
    if error == 0:
        return float(middle.value == 0)
    return float(2 * stdtr(freedom, -abs(middle.value) / error))


def _spread(figures: Sequence[Figure]) -> tuple[Figure, float, int]:
    """The mean figure, its standard error for other rows and other tables, and the degrees of freedom of that."""
    middle = mean(figures)
    if len(figures) == 1:
        return middle, middle.error, max(middle.degrees, 1)
    tables = float(np.var([figure.value for figure in figures], ddof=1)) / len(figures)
    rows, freedom = middle.variance, len(figures) - 1
    error = math.sqrt(rows + tables)
    if error > 0:
        weights = rows**2 / max(middle.degrees, 1) + tables**2 / freedom
        freedom = max(freedom, int((rows + tables) ** 2 / weights))
    return middle, error, freedom
