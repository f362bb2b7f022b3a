"""How much each row resembles the one before it: rank correlations of neighbours."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation.measurement import Estimate

__all__ = ["centred", "neighbours", "rank_correlation"]


def neighbours(values: np.ndarray) -> Estimate:
    """The rank correlation of each row with the one before it; Fisher's interval for independent pairs."""
    known = values[~np.isnan(values)]
    if len(known) < 10 or float(np.ptp(known)) == 0:
        return Estimate(0.0, -1.0, 1.0)
    value = rank_correlation(known[:-1], known[1:])
    z, half = np.arctanh(min(max(value, -0.999999), 0.999999)), normal(0.95) / np.sqrt(len(known) - 4)
    return Estimate(value, min(value, float(np.tanh(z - half))), max(value, float(np.tanh(z + half))))


def rank_correlation(one: np.ndarray, two: np.ndarray) -> float:
    """Spearman's correlation of two columns without gaps; 0 where one does not vary."""
    ranks = [_ranks(values) for values in (one, two)]
    if min(float(ranks[0].std()), float(ranks[1].std())) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Mean ranks: equal values share one."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[at])


def centred(outcome: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`outcome` less the mean of its group; rows without a group are unknown."""
    used = (codes >= 0) & ~np.isnan(outcome)
    counts = np.bincount(codes[used])
    means = np.bincount(codes[used], weights=outcome[used]) / np.maximum(counts, 1)
    made = np.full(len(outcome), np.nan)
    made[used] = outcome[used] - means[codes[used]]
    return made
