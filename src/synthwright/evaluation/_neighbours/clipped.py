"""The exact null of clipped coverage, and how many rows drawn from the real distribution would score as much."""

from __future__ import annotations

import numpy as np

__all__ = ["equivalent_share", "expected_filling", "tied_before"]

_MOST = 64  # times the rows there are: beyond, a filled ball no longer says how many rows filled it


def expected_filling(others: int, real: int, k: int) -> float:
    """``E[min(C, k)] / k``, C being how many of `others` fresh rows lie in a ball that reaches to the k-th real row.

    The ball of one of `real` rows holds a share of the distribution that is Beta(k, real - k), so C is beta-binomial
    (Salvy et al. 2025): ``E[min(C, k)] = k - sum_{c<k} (k - c) P(C = c)``.
    """
    from scipy.special import betaln, gammaln

    if others == 0:
        return 0.0
    c = np.arange(min(k, others + 1))
    chosen = gammaln(others + 1) - gammaln(c + 1) - gammaln(others - c + 1)
    chance = np.exp(chosen + betaln(c + k, others - c + real - k) - betaln(k, real - k))
    return float(1 - ((k - c) * chance).sum() / k)


def equivalent_share(filling: float, others: int, real: int, k: int) -> tuple[float, float]:
    """The share of `others` that, drawn from the real distribution, would fill balls as much, and its slope.

    1 for fresh rows on average; 1 - b where b of the rows lie nowhere near a real one (Salvy et al. 2025).
    """
    low, high = 0, _MOST * others
    if filling >= expected_filling(high, real, k):
        return float(_MOST), 0.0
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if expected_filling(middle, real, k) <= filling else (low, middle)
    below, above = expected_filling(low, real, k), expected_filling(high, real, k)
    slope = 1 / (above - below)
    return (low + (filling - below) * slope) / others, slope / others


def tied_before(needed: np.ndarray, ties: np.ndarray, tied: np.ndarray, k: int) -> np.ndarray:
    """``P(T >= j)`` for j = 1 .. k, (rows, k): T of `tied` rows come before the `needed`-th of `ties` real ones.

    All lie at one distance and are ordered at random, so T is negative hypergeometric.
    """
    from scipy.special import gammaln

    t = np.arange(k)[None]
    needed, ties, tied = (np.asarray(one, dtype=np.float64)[:, None] for one in (needed, ties, tied))

    def chosen(n: np.ndarray, r: np.ndarray) -> np.ndarray:
        return np.asarray(gammaln(n + 1) - gammaln(r + 1) - gammaln(n - r + 1))

    left = np.maximum(tied - t, 0)
    logs = chosen(t + needed - 1, t) + chosen(left + ties - needed, left) - chosen(ties + tied, tied)
    chance = np.where(t <= tied, np.exp(logs), 0.0)
    return np.asarray(np.clip(1 - np.cumsum(chance, axis=1), 0.0, 1.0))
