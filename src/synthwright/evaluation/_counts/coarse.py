"""Few cells per column, for questions about many cells at once: conditionals, triples, rare strata."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.data.cells import coarser
from synthwright.errors import shorten
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["COARSE_CELLS", "Coarse", "coarse_codes", "coarse_counts", "coarse_of"]

COARSE_CELLS = 6  # for values, besides missing and unseen: 36 strata of two columns, 216 of three


@dataclass(frozen=True, eq=False)
class Coarse:
    """The coarse cells of one column: ``group[pair code]`` is that of each pair cell, `names` what they are called.

    At most 6 of about equal train mass (or train's most frequent labels). Code 0 is missing; of discrete columns the
    last one is any label that train does not have. Labels are named, numbers are told by the percentiles of train that
    a cell spans: values may be one person's.
    """

    group: np.ndarray
    names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.names)


def coarse_of(comparison: Comparison, name: str) -> Coarse:
    """The coarse cells of the column `name`."""
    return comparison.keep(("coarse", name), lambda: _make(comparison, name))


def coarse_counts(comparison: Comparison, part: Part, first: str, second: str) -> np.ndarray:
    """Counts of the coarse cells of two columns per jackknife block, (blocks, k1, k2)."""
    comparison.pair_counts(part)  # all pairs in one pass, kept for every metric
    counts = comparison.counts(part, first, second)
    one, two = (_indicator(comparison, name) for name in (first, second))
    return np.asarray(one.T @ counts[:, : len(one), : len(two)].astype(np.float64) @ two)


def coarse_codes(comparison: Comparison, part: Part, rows: np.ndarray | None = None) -> np.ndarray:
    """The coarse cell of each row, or of `rows`, in each compared column, (columns, rows) uint8."""
    codes = comparison.codes(part)
    fine = codes.fine.matrix if rows is None else codes.fine.matrix[rows]
    cells = np.empty((len(comparison.columns), len(fine)), dtype=np.uint8)
    for at, name in enumerate(comparison.columns):
        group = coarse_of(comparison, name).group.astype(np.uint8)
        np.take(group[codes.joins[at]], fine[:, at], out=cells[at])
    return cells


def _make(comparison: Comparison, name: str) -> Coarse:
    cells, join = comparison.cells(name), comparison.codes("train").joins[comparison.columns.index(name)]
    group = coarser(np.bincount(join, weights=cells.counts), COARSE_CELLS, ordered=cells.edges is not None)
    of_fine = group[join]
    if cells.edges is not None:
        mass = np.bincount(of_fine, weights=cells.counts)[1:]
        ends = np.round(100 * np.cumsum(mass) / max(mass.sum(), 1)).astype(int).tolist()
        spans = (f"{low} to {high} %" for low, high in zip([0, *ends[:-1]], ends, strict=True))
        return Coarse(group, ("missing", *spans))
    sizes = np.bincount(of_fine)
    levels = [] if cells.levels is None else cells.levels.to_pylist()
    alone = {int(of_fine[at]): shorten(str(one)) for at, one in enumerate(levels, 1) if sizes[of_fine[at]] == 1}
    labels = (alone.get(at, "other labels") for at in range(1, len(sizes) - 1))
    return Coarse(group, ("missing", *labels, "new labels"))


def _indicator(comparison: Comparison, name: str) -> np.ndarray:
    """1.0 where a pair cell (row) is in a coarse one (column)."""
    coarse = coarse_of(comparison, name)
    return comparison.keep(("coarse indicator", name), lambda: np.eye(len(coarse))[coarse.group])
