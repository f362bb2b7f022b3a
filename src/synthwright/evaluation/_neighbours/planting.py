"""Limits of detection: the smallest share of copied rows that a figure would have shown, found by planting copies.

A figure that is a mean over rows is planted by exchanging single rows' values: what the row gives now for what it would
give had it been copied. Both are known without measuring again. Planted are unseen real rows, not the synthetic ones,
so that the limit does not depend on what was found.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from synthwright.seeding import Streams

__all__ = ["POWER", "Seen", "smallest_share"]

Seen = Callable[[np.ndarray, np.ndarray], np.ndarray]  # means and their variances, of several plantings -> noticed?

POWER = 0.95
_DRAWS = 100  # plantings: a power of 95 % is known to 2 points
_STEPS = 12  # of bisection: the share is known to a thousandth of its logarithm's range


def smallest_share(
    honest: np.ndarray,
    copied: np.ndarray,
    *,
    rows: int,
    hit: Callable[[float], float],
    seen: Seen,
    noise: float,
    least: float,
    streams: Streams,
) -> float:
    """The least share of copied synthetic rows that is seen in 95 of 100 plantings; 1 where none is.

    `honest` and `copied`, (n,), are what rows give as they are and copied. A planting draws `rows` of them with
    replacement and exchanges each with the chance ``hit(share)``; the mean moves further by normal `noise` (a standard
    error) that comes from elsewhere. ``seen(means, variances)``, of the plantings, says which are noticed. `least` is
    the share of a single row.
    """
    from scipy.special import bdtrik

    rng = streams.at("planting").rng()
    drawn = rng.integers(0, len(honest), (_DRAWS, rows))
    base, gain = honest[drawn], copied[drawn] - honest[drawn]
    squares = np.cumsum(copied[drawn] ** 2 - base**2, axis=1)
    gains = np.cumsum(gain, axis=1)
    start, start_squares = base.mean(axis=1), (base**2).mean(axis=1)
    luck, shift = rng.random(_DRAWS), noise * rng.normal(size=_DRAWS)
    at = np.arange(_DRAWS)

    def power(share: float) -> float:
        chance = min(1.0, hit(share))
        # The number of rows hit, from the same luck at every share: a larger share never hits fewer.
        count = np.full(_DRAWS, float(rows)) if chance >= 1 else np.ceil(np.nan_to_num(bdtrik(luck, rows, chance)))
        count = np.clip(count, 0, rows).astype(np.int64)
        any_hit, last = count > 0, np.maximum(count - 1, 0)
        mean = start + np.where(any_hit, gains[at, last], 0.0) / rows
        square = start_squares + np.where(any_hit, squares[at, last], 0.0) / rows
        return float(seen(mean + shift, np.maximum(square - mean**2, 0.0) / rows).mean())

    if power(1.0) < POWER:
        return 1.0
    low, high = np.log(min(least, 1.0)), 0.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if power(float(np.exp(middle))) >= POWER else (middle, high)
    return float(np.exp(high))
