"""Intervals and chances for small counts, where a normal approximation says too little."""

from __future__ import annotations

from dataclasses import replace

from synthwright.evaluation.intervals import clopper_pearson
from synthwright.evaluation.measurement import Estimate

__all__ = ["difference", "poisson", "scaled_difference", "upper_tail"]


def poisson(count: float, confidence: float = 0.95) -> Estimate:
    """The mean of a Poisson count inside Garwood's exact interval (1936); fractions of counts are interpolated."""
    from scipy.special import gammaincinv

    tail = (1 - confidence) / 2
    low = 0.0 if count <= 0 else float(gammaincinv(count, tail))
    return Estimate(count, min(low, count), max(count, float(gammaincinv(count + 1, 1 - tail))))


def difference(first: int, second: int, trials: int, also: Estimate) -> Estimate:
    """``also`` widened to what the counts allow: ``(first - second) / trials`` by the method of variance recovery.

    Newcombe (1998, method 10) with Clopper-Pearson limits; it keeps a width where both counts are 0.
    """
    one, two = clopper_pearson(first, trials), clopper_pearson(second, trials)
    low, high = _recovered(one, two)
    return replace(also, low=max(-1.0, min(also.low, low)), high=min(1.0, max(also.high, high)))


def scaled_difference(first: Estimate, second: Estimate) -> Estimate:
    """The difference of two independent estimates inside the interval recovered from theirs (Zou & Donner 2008)."""
    low, high = _recovered(first, second)
    return Estimate(first.value - second.value, low, high)


def upper_tail(successes: int, trials: int, share: float) -> float:
    """The chance of at least `successes` of `trials` where each succeeds with chance `share` (exact binomial)."""
    from scipy.special import betainc

    return 1.0 if successes == 0 else float(betainc(successes, trials - successes + 1, share))


def _recovered(one: Estimate, two: Estimate) -> tuple[float, float]:
    gap = one.value - two.value
    low = gap - ((one.value - one.low) ** 2 + (two.high - two.value) ** 2) ** 0.5
    return low, gap + ((one.high - one.value) ** 2 + (two.value - two.low) ** 2) ** 0.5
