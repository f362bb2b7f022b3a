"""Whole numbers of rows: shared out in proportion, or put where there are fewest."""

from __future__ import annotations

import numpy as np

__all__ = ["in_proportion", "levelled"]


def in_proportion(total: int, weights: np.ndarray) -> np.ndarray:
    """`total` rows shared out by `weights`, exactly: whole shares first, then the largest remainders (Hamilton 1792).

    Of equal remainders the first comes first; where all weights are 0, nobody gets anything.
    """
    mass = float(weights.sum())
    if mass <= 0:
        return np.zeros(len(weights), dtype=np.int64)
    shares = total * (np.asarray(weights, dtype=np.float64) / mass)
    whole = np.floor(shares + 1e-9).astype(np.int64)  # 3 * (1 / 3) is 1, however it is computed
    spare = total - int(whole.sum())
    order = np.argsort(-(shares - whole), kind="stable")
    whole[order[:spare]] += 1
    return whole


def levelled(total: int, counts: np.ndarray) -> np.ndarray:
    """How many of `total` rows each gets so that `counts` come out as even as they can: the smallest are filled first.

    Afterwards those that got any differ by one row at most, and none is larger than one that got nothing by more.
    """
    if len(counts) == 0:
        return np.zeros(0, dtype=np.int64)
    order = np.argsort(counts, kind="stable")
    rising = counts[order].astype(np.int64)
    below = np.concatenate([[0], np.cumsum(rising)[:-1]])
    # Rows that it takes to bring all that are smaller up to each.
    needed = np.arange(len(rising)) * rising - below
    filled = int(np.count_nonzero(needed <= total))
    level, spare = divmod(total + int(rising[:filled].sum()), filled)
    added = np.zeros(len(rising), dtype=np.int64)
    added[:filled] = level - rising[:filled]
    added[:spare] += 1
    back = np.empty(len(rising), dtype=np.int64)
    back[order] = added
    return back
