"""The mass of train's labels that appear in another table at all, and what fresh rows would show."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import jackknife_moves, linear_moves

__all__ = ["appearing", "appearing_fresh"]


def appearing(real: np.ndarray, other: np.ndarray, part: str) -> Figure:
    """The share of the rows of train (`real`, (blocks, labels)) whose label `part` has at least once."""
    share = real.sum(axis=0) / real.sum()
    there = (other.sum(axis=0) > 0).astype(np.float64)
    moves = {
        "train": linear_moves(real, there),
        part: jackknife_moves(lambda counts: (counts > 0) @ share, other),
    }
    return Figure(float(share @ there), moves)


def appearing_fresh(real: np.ndarray, synthetic: np.ndarray) -> Figure:
    """What `appearing` is expected to be for as many fresh rows as `synthetic` has, from train's own rows.

    A train row's label appears unless none of m other rows has it. Over all choices among train's n rows, c of which
    have the label, that is 1 - C(n - c, m) / C(n - 1, m): unbiased (Hurlbert 1971). Where m is more than there are
    others, n - 1 others are chosen, and what so many rows of the synthetic table lack to all of them is added. A
    holdout would add little, and labels of its own.
    """
    counts = real.sum(axis=0)
    total, made = int(counts.sum()), int(synthetic.sum())
    rows = min(made, total - 1)

    def found(these: np.ndarray) -> np.ndarray:
        return np.asarray(these / total * _chance(these - 1, total - 1, rows))

    slope = (found(counts + 1) - found(np.maximum(counts - 1, 0))) / 2 * total
    fresh = Figure(float(found(counts).sum()), {"train": linear_moves(real, slope)})
    if rows == made:
        return fresh
    return fresh + (appearing(real, synthetic, "synthetic") - _thinned(real, synthetic, rows))


def _thinned(real: np.ndarray, synthetic: np.ndarray, rows: int) -> Figure:
    """`appearing` for `rows` rows chosen from the synthetic ones."""
    share, counts = real.sum(axis=0) / real.sum(), synthetic.sum(axis=0)
    total = int(counts.sum())
    chance = _chance(counts, total, rows)
    slope = (_chance(counts + 1, total, rows) - _chance(np.maximum(counts - 1, 0), total, rows)) / 2 * total
    moves = {"train": linear_moves(real, chance), "synthetic": linear_moves(synthetic, share * slope)}
    return Figure(float(share @ chance), moves)


def _chance(counts: np.ndarray, total: int, rows: int) -> np.ndarray:
    """The chance that `rows` rows chosen from `total` have at least one of `counts`: 1 - C(t - c, r) / C(t, r)."""
    from scipy.special import gammaln

    c = np.clip(counts, 0, total)
    without = total - c
    log = gammaln(without + 1) - gammaln(np.maximum(without - rows, 0) + 1) - gammaln(total + 1)
    log = np.minimum(log + gammaln(total - rows + 1), 0.0)
    return np.asarray(np.where(c == 0, 0.0, np.where(without >= rows, -np.expm1(log), 1.0)))
