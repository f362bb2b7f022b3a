"""Intervals and chances for small counts, where a normal approximation says too little."""

from __future__ import annotations

from bisect import bisect_left

import numpy as np

from synthwright.evaluation.measurement import Estimate

__all__ = ["detectable_excess", "hit_rate", "poisson", "scaled_difference", "upper_tail"]


def poisson(count: float, confidence: float = 0.95) -> Estimate:
    """The mean of a Poisson count inside Garwood's exact interval (1936); fractions of counts are interpolated."""
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if count <= 0 else float(gammaincinv(count, tail))
    return Estimate(count, min(low, count), max(count, float(gammaincinv(count + 1, 1 - tail))))


def hit_rate(hits: np.ndarray, scale: float) -> Estimate:
    """How many synthetic rows are expected to hit a set of records, times `scale`; ``hits[r]`` of them hit record r.

    A record hit often is one event, not many: the count is divided by the mean number of rows per hit, weighted by
    hits, before its Poisson interval is taken.
    """
    total = int(hits.sum())
    clump = float((hits**2).sum() / total) if total else 1.0
    count = poisson(total / clump)
    return Estimate(total * scale, count.low * clump * scale, max(total, count.high * clump) * scale)


def detectable_excess(chance: Estimate, rows: int, power: float = 0.95) -> float:
    """The least excess of copied rows of `rows`, each of another record, that would be seen with this `power`.

    Seen: the interval of the difference to `chance` (the share that honest rows hit) excludes 0. 1 where not even
    copies throughout would be.
    """
    from scipy.special import gammaincinv

    def seen(count: int) -> bool:
        one = poisson(count)
        share = Estimate(count / rows, one.low / rows, one.high / rows)
        return scaled_difference(share, chance).low > 0

    least = bisect_left(range(rows + 1), True, key=seen)
    # A Poisson count with this mean reaches the least one that is seen with the power asked for.
    return min(1.0, float(gammaincinv(least, power)) / rows - chance.value) if least <= rows else 1.0


def scaled_difference(first: Estimate, second: Estimate) -> Estimate:
    """The difference of two independent estimates inside the interval recovered from theirs (Zou & Donner 2008)."""
    low, high = _recovered(first, second)
    return Estimate(first.value - second.value, low, high)


def upper_tail(successes: float, trials: float, share: float) -> float:
    """The chance of at least `successes` of `trials` where each succeeds with chance `share` (exact binomial)."""
    from scipy.special import betainc

    return 1.0 if successes == 0 else float(betainc(successes, trials - successes + 1, share))


def _recovered(one: Estimate, two: Estimate) -> tuple[float, float]:
    gap = one.value - two.value
    low = gap - ((one.value - one.low) ** 2 + (two.high - two.value) ** 2) ** 0.5
    return low, gap + ((one.high - one.value) ** 2 + (two.value - two.low) ** 2) ** 0.5
