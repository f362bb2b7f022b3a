"""Confidence intervals for shares, quantiles, and what jackknife blocks contribute to a function of counts."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from synthwright.evaluation.measurement import Estimate

__all__ = [
    "clopper_pearson",
    "difference_of_shares",
    "effective_wilson",
    "jackknife_moves",
    "linear_moves",
    "normal",
    "student",
    "wilson",
]


def wilson(successes: float, trials: float, confidence: float = 0.95) -> Estimate:
    """The share ``successes / trials`` inside Wilson's score interval (1927); of nothing, 0.5 in 0 to 1.

    Examples
    --------
    >>> wilson(8, 10)
    Estimate(value=0.8, low=0.490..., high=0.943...)
    """
    if trials == 0:
        return Estimate(0.5, 0.0, 1.0)
    z = normal(confidence)
    share, spread = successes / trials, z * z / trials
    middle = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * np.sqrt(share * (1 - share) / trials + spread / (4 * trials))
    return Estimate(share, max(0.0, min(share, float(middle - half))), min(1.0, max(share, float(middle + half))))


def effective_wilson(
    share: float, error: float, rows: int, confidence: float = 0.95, *, at_most: bool = False
) -> Estimate:
    """A share with this standard error inside Wilson's interval for as many independent trials as have that error.

    Near 0 and 1 shares are skewed, and an interval of so many standard errors to either side falls short there. Where
    no row differs from the others the error is unknown: then there are `rows` trials (with `at_most`, never more).
    """
    inner = share * (1 - share)
    trials = inner / error**2 if error > 0 and inner > 0 else float(rows)
    trials = min(trials, rows) if at_most else trials
    found = wilson(share * trials, trials, confidence)
    return Estimate(share, min(share, found.low), max(share, found.high))


def clopper_pearson(successes: float, trials: float, confidence: float = 0.95) -> Estimate:
    """The share inside the exact interval of Clopper & Pearson (1934): it covers at least `confidence`, always.

    Fractions are effective numbers, as Korn & Graubard (1998) put those of a weighted sample in.
    """
    from scipy.special import betaincinv

    if trials == 0:
        return Estimate(0.5, 0.0, 1.0)
    tail = (1 - confidence) / 2
    low = 0.0 if successes == 0 else float(betaincinv(successes, trials - successes + 1, tail))
    high = 1.0 if successes == trials else float(betaincinv(successes + 1, trials - successes, 1 - tail))
    return Estimate(successes / trials, low, high)


def difference_of_shares(a: int, n: int, b: int, m: int, confidence: float = 0.95) -> Estimate:
    """``a / n - b / m`` inside Newcombe's hybrid score interval (1998, method 10); both must have rows."""
    first, second = wilson(a, n, confidence), wilson(b, m, confidence)
    value = first.value - second.value
    down = np.hypot(first.value - first.low, second.high - second.value)
    up = np.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, float(value - down), float(value + up))


@cache
def student(confidence: float, degrees: int) -> float:
    """The two-sided quantile of Student's distribution."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, (1 + confidence) / 2))


@cache
def normal(confidence: float) -> float:
    """The two-sided quantile of the normal distribution: 1.96 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri((1 + confidence) / 2))


def linear_moves(counts: np.ndarray, gradient: np.ndarray) -> np.ndarray:
    """What each block contributes to a function of the cell shares with this `gradient` (infinitesimal jackknife).

    `counts` is (..., blocks, cells), `gradient` (..., cells), one for each table; blocks may differ in size.
    """
    sizes = counts.sum(axis=-1)
    rows = np.maximum(sizes.sum(axis=-1, keepdims=True), 1)
    projected = (counts @ gradient[..., None])[..., 0]
    return np.asarray((projected - sizes * (projected.sum(axis=-1, keepdims=True) / rows)) / rows)


def jackknife_moves(statistic: Callable[[np.ndarray], np.ndarray], counts: np.ndarray) -> np.ndarray:
    """What each block contributes to any statistic of the counts, by leaving the block out (delete-a-block jackknife).

    `statistic` maps counts (many, ...) to values (many,) and is called once with all B leave-one-out tables.
    """
    blocks = len(counts)
    if blocks < 2:
        return np.zeros(blocks)
    left = statistic(counts.sum(axis=0)[None] - counts)
    return np.asarray((blocks - 1) / blocks * (left.mean() - left))
