"""How strongly two columns hang together, as figures: Cramer's V of their cells, rank correlation of their values."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.threads import one_thread

__all__ = ["agreement", "cramers_v", "cramers_vs", "rank_correlations"]


def cramers_v(counts: np.ndarray, part: str) -> Figure:
    """Bias-corrected Cramer's V (Bergsma 2013, eq. 7-9) of counts (blocks, k, l): 0 independent, 1 determined.

    V = sqrt(max(0, phi2 - (k-1)(l-1)/(n-1)) / min(k' - 1, l' - 1)), with phi2 the mean squared contingency of the
    non-empty rows and columns and k' = k - (k-1)^2/(n-1).
    """
    return cramers_vs(counts[None], part)[0]


def cramers_vs(counts: np.ndarray, part: str) -> list[Figure]:
    """`cramers_v` of many tables of the same rows at once, (tables, blocks, k, l)."""
    tables, blocks = counts.shape[:2]
    rows = int(counts[:1].sum())
    if rows < 2:
        return [Figure(0.0, {part: np.zeros(blocks)}) for _ in range(tables)]
    share = counts.sum(axis=1) / rows
    a, b = share.sum(axis=2), share.sum(axis=1)
    k, l_ = np.count_nonzero(a, axis=1), np.count_nonzero(b, axis=1)
    fewest = np.minimum(k - (k - 1) ** 2 / (rows - 1), l_ - (l_ - 1) ** 2 / (rows - 1)) - 1
    some = (np.minimum(k, l_) >= 2) & (fewest > 0)  # else one value only, or fewer rows than cells: nothing is left
    expected = a[:, :, None] * b[:, None, :]
    ratio = np.divide(share**2, expected, out=np.zeros_like(share), where=expected > 0)
    by_a = np.divide(ratio.sum(axis=2), a, out=np.zeros_like(a), where=a > 0)
    by_b = np.divide(ratio.sum(axis=1), b, out=np.zeros_like(b), where=b > 0)
    gradient = 2 * np.divide(share, expected, out=np.zeros_like(share), where=expected > 0)
    gradient -= by_a[:, :, None] + by_b[:, None, :]
    divisor = np.where(some, fewest, 1.0)
    square = (ratio.sum(axis=(1, 2)) - 1 - (k - 1) * (l_ - 1) / (rows - 1)) / divisor
    moves = linear_moves(counts.reshape(tables, blocks, -1), gradient.reshape(tables, -1)) / divisor[:, None]
    value = np.sqrt(np.clip(square, 0.0, 1.0))
    # The square root has no slope at 0. With y ~ N(0, s), sd(sqrt(max(0, y))) = .48 sqrt(s): the slope at y = s.
    noise = np.array([Figure(0.0, {part: one}).error for one in moves])
    slope = some / (2 * np.sqrt(np.maximum(np.maximum(square, noise), 1e-12)))
    return [Figure(float(value[at]) if some[at] else 0.0, {part: moves[at] * slope[at]}) for at in range(tables)]


def rank_correlations(comparison: Comparison, part: Part, names: tuple[str, ...]) -> dict[tuple[str, str], Figure]:
    """For each pair of numeric columns the correlation of their ranks in train (Spearman's, on one ruler).

    A value's rank is the share of train below it plus half the share in its cell, so no single row weighs more than
    1/n. Rows in which either value is missing do not count for a pair; a pair without spread has no correlation.
    """
    blocks = _sums(comparison, part, names)
    whole = blocks.sum(axis=0)
    value, left = _pearson(whole[None])[0], _pearson(whole[None] - blocks)
    count = len(blocks)
    moves = (count - 1) / count * (left.mean(axis=0) - left) if count > 1 else np.zeros_like(left)
    return {
        (names[i], names[j]): Figure(float(value[i, j]), {part: moves[:, i, j]})
        for i in range(len(names))
        for j in range(i + 1, len(names))
        if np.isfinite(value[i, j]) and np.all(np.isfinite(moves[:, i, j]))
    }


def agreement(real: list[Figure], other: list[Figure]) -> Figure:
    """The correlation of two lists of figures over the same pairs of columns."""
    x, y = np.array([one.value for one in real]), np.array([one.value for one in other])
    dx, dy = x - x.mean(), y - y.mean()
    sx, sy = float(np.sqrt(dx @ dx)), float(np.sqrt(dy @ dy))
    if min(sx, sy) < 1e-12:
        return Figure(0.0, {})
    value = float(np.clip(dx @ dy / (sx * sy), -1, 1))
    to_x, to_y = dy / (sx * sy) - value * dx / sx**2, dx / (sx * sy) - value * dy / sy**2
    total = Figure(0.0, {})
    for slopes, figures in ((to_x, real), (to_y, other)):
        for slope, figure in zip(slopes, figures, strict=True):
            total = total + figure.times(float(slope))
    return Figure(value, total.moves)


def _sums(comparison: Comparison, part: Part, names: tuple[str, ...]) -> np.ndarray:
    """Per block and pair of columns, over rows that have both: n, x, y, xx, yy, xy; (blocks, 6, d, d)."""
    codes = comparison.codes(part)
    scores = [_rank_of_cell(comparison, name) for name in names]
    sums = np.zeros((codes.blocks, 6, len(names), len(names)))
    with one_thread():  # small products: more threads wait longer than they work, and sum in another order
        for rows, ends in codes.grouped_rows():
            cells = [codes.fine.column(name)[rows] for name in names]
            every = np.stack([cell > 0 for cell in cells]).astype(np.float64)
            ranks = np.stack([score[cell] for score, cell in zip(scores, cells, strict=True)]) * every
            for block, (start, end) in enumerate(pairwise(ends)):
                here, x = every[:, start:end], ranks[:, start:end]
                count, first, square = here @ here.T, x @ here.T, x**2 @ here.T
                sums[block] += np.stack([count, first, first.T, square, square.T, x @ x.T])
    return sums


def _rank_of_cell(comparison: Comparison, name: str) -> np.ndarray:
    def ranks() -> np.ndarray:
        counts = comparison.counts("train", name).sum(axis=0).astype(np.float64)
        counts[0] = 0.0
        total = max(counts.sum(), 1.0)
        return np.asarray((np.cumsum(counts) - counts / 2) / total - 0.5)

    return comparison.keep(("rank of cell", name), ranks)


def _pearson(sums: np.ndarray) -> np.ndarray:
    """Correlations (many, d, d) from pairwise sums (many, 6, d, d): n, x, y, xx, yy, xy."""
    n, x, y, xx, yy, xy = np.moveaxis(sums, 1, 0)
    spread = (n * xx - x * x).clip(0) * (n * yy - y * y).clip(0)
    enough = (n >= 3) & (spread > 1e-18 * n**4)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(enough, (n * xy - x * y) / np.sqrt(spread), np.nan).clip(-1, 1)
