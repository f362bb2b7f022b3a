"""Tests of independence in tables of counts, and Holm's correction over many of them."""

from __future__ import annotations

import numpy as np

__all__ = ["holm", "independence", "share_of_noise"]


def independence(counts: np.ndarray, design: float = 1.0) -> float:
    """The p-value of Pearson's chi-squared for rows and columns of `counts` (k, l) being independent.

    Mean and variance over all tables with the same margins are known exactly (Dawson 1954), so a gamma distribution
    with both is used in place of the chi-squared one, whose variance is wrong where cells are sparse. `design` is by
    how much rows that belong together inflate the variance of a share (see `share_of_noise`); 1 for separate rows.
    """
    from scipy.special import gammaincc

    table = counts[counts.any(axis=1)][:, counts.any(axis=0)].astype(np.float64)
    total = float(table.sum())
    if min(table.shape, default=0) < 2 or total < 4:
        return 1.0
    a, b = table.sum(axis=1), table.sum(axis=0)
    squared = total * (float((table**2 / np.outer(a, b)).sum()) - 1) / max(design, 1.0)
    mean = total / (total - 1) * (len(a) - 1) * (len(b) - 1)
    (v1, w1), (v2, w2) = _dawson(a, total), _dawson(b, total)
    variance = 2 * total / (total - 3) * (v1 - w1) * (v2 - w2) + total**2 / (total - 1) * w1 * w2
    if variance <= 0:  # margins of ones allow a single value
        return 1.0
    return float(gammaincc(mean**2 / variance, squared * mean / variance))


def share_of_noise(counts: np.ndarray) -> float:
    """By how much the shares of cells vary more between blocks (blocks, cells) than those of separate rows would.

    The mean design effect (Kish 1965; Rao & Scott 1981, first order), at least 1.
    """
    blocks, rows = len(counts), counts.sum(axis=1, keepdims=True)
    share = counts.sum(axis=0) / max(int(rows.sum()), 1)
    expected = float((share * (1 - share)).sum() * rows.sum())
    if blocks < 2 or expected <= 0:
        return 1.0
    return max(1.0, float(((counts - rows * share) ** 2).sum()) * blocks / (blocks - 1) / expected)


def holm(chances: np.ndarray) -> np.ndarray:
    """P-values after Holm's step-down correction (1979): rejecting below alpha errs anywhere with chance alpha."""
    order = np.argsort(chances, kind="stable")
    corrected = np.empty(len(chances))
    corrected[order] = np.minimum(np.maximum.accumulate(chances[order] * np.arange(len(chances), 0, -1)), 1.0)
    return corrected


def _dawson(margin: np.ndarray, total: float) -> tuple[float, float]:
    k = len(margin)
    spread = (float((total / margin).sum()) - k**2) / (total - 2)
    return (k - 1) * (total - k) / (total - 1), spread
