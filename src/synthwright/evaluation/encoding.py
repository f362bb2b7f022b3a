"""Values to cells: fine cells for one column, at most 16 for pairs; every edge comes from train alone.

A missing value has cell 0 of its own; a label that train never showed has the last cell of its own. Points that train
repeats often are cells of their own (atoms), so that a synthetic value just beside a point mass is not taken for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.codes import Cells, Encoder
from synthwright.data.schema import Column
from synthwright.data.table import Table

__all__ = ["PAIR_CELLS", "Coded", "ColumnCells", "fit_cells"]

PAIR_CELLS = 16  # per column, with missing and unseen: a pair's code fits 8 bits and with its block 16
FINE_LABELS = 4092  # most frequent labels with a cell of their own
QUANTILES = 2048  # a step of the distribution function is below 1/2048
HEAVY = 1024  # values with a larger share of train than 1/1024 are atoms
ROWS_PER_PAIR_CELL = 5  # expected count below which cells of a pair measure noise


@dataclass(frozen=True, eq=False)
class Coded:
    """One table as cells: `fine` (uint16) and `pair` (uint8) codes per column, and the jackknife block of each row.

    `sizes[b]` is the number of rows in block b.
    """

    fine: Mapping[str, np.ndarray]
    pair: Mapping[str, np.ndarray]
    block: np.ndarray
    sizes: np.ndarray

    def __len__(self) -> int:
        return len(self.block)

    @property
    def blocks(self) -> int:
        """The number of jackknife blocks."""
        return len(self.sizes)


@dataclass(frozen=True, eq=False)
class ColumnCells:
    """The cells of one column.

    Fine cell 0 is missing. Numeric columns: cell ``1 + i`` holds ``edges[i-1] <= value < edges[i]``. Discrete columns:
    the cells of `levels`, most frequent label first, one cell for train's labels beyond the first 4,092, and last one
    for labels train does not have. `pair_of` maps fine cells to pair cells.
    """

    column: Column
    edges: np.ndarray | None
    levels: Cells | None
    pair_of: np.ndarray

    def __len__(self) -> int:
        return len(self.pair_of)

    @property
    def unseen(self) -> int | None:
        """The fine cell of labels that train does not have; ``None`` for numeric columns, which have ends instead."""
        return None if self.levels is None else len(self) - 1

    @property
    def label_counts(self) -> np.ndarray:
        """How many labels of train each fine cell stands for; of a discrete column."""
        labels = np.ones(len(self))
        labels[[0, -1]] = 0
        if self.levels is not None and self.levels.rest is not None:
            labels[-2] = len(self.levels.rest)
        return labels

    def encode(self, table: Table) -> np.ndarray:
        """The fine cell of each row as uint16."""
        if self.levels is not None:
            return self.levels.encode(table).astype(np.uint16)
        assert self.edges is not None  # noqa: S101  # a column has edges or levels, by construction
        return _numeric_cells(self.edges, table.numbers(self.column.name))


def fit_cells(column: Column, train: Table) -> ColumnCells:
    """The cells of `column`, learnt from `train` alone."""
    budget = pair_budget(len(train))
    if column.is_numeric:
        values = train.numbers(column.name)
        edges = _edges(values[np.isfinite(values)])
        mass = np.bincount(_numeric_cells(edges, values), minlength=len(edges) + 2)
        return ColumnCells(column, edges, None, _merge_line(mass, budget))
    (levels,) = Encoder.of(train.select([column.name]), max_cells=FINE_LABELS + 1).cells
    return ColumnCells(column, None, levels, levels.coarse(budget + 1).astype(np.uint8))


def pair_budget(rows: int) -> int:
    """How many pair cells a column's values get: at most 13, fewer where pairs would hold under 5 rows a cell."""
    return int(np.clip(np.sqrt(rows / ROWS_PER_PAIR_CELL), 3, PAIR_CELLS - 3))


def _edges(present: np.ndarray) -> np.ndarray:
    """Cell boundaries: around every value if train has few, else quantiles and the two sides of heavy values."""
    distinct, counts = np.unique(present, return_counts=True)
    if len(distinct) <= QUANTILES:
        return _around(distinct)
    ranks = np.searchsorted(np.cumsum(counts), np.linspace(0, len(present), QUANTILES + 1)[1:-1])
    heavy = distinct[counts * HEAVY > len(present)]
    return np.unique(np.concatenate([distinct[ranks], _around(heavy), distinct[:1], _around(distinct[-1:])]))


def _around(values: np.ndarray) -> np.ndarray:
    return np.unique(np.concatenate([values, np.nextafter(values, np.inf)]))


def _numeric_cells(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    cells = np.searchsorted(edges, values, side="right") + 1
    return np.where(np.isnan(values), 0, cells).astype(np.uint16)


def _merge_line(mass: np.ndarray, budget: int) -> np.ndarray:
    """Pair cells of numeric fine cells: neighbours merged to about equal mass of train."""
    pair_of = np.zeros(len(mass), dtype=np.uint8)
    values = mass[1:]
    filled = np.flatnonzero(values)
    if len(filled) == 0:
        pair_of[1:] = 1
        return pair_of
    if len(filled) <= budget:  # every value of train gets a cell; what lies between goes to the value below
        pair_of[1:] = np.clip(np.searchsorted(filled, np.arange(len(values)), side="right"), 1, len(filled))
        return pair_of
    middle = (np.cumsum(values) - values / 2) / values.sum()
    groups = np.minimum((middle * budget).astype(np.int64), budget - 1)
    pair_of[1:] = 1 + np.unique(groups, return_inverse=True)[1]
    return pair_of
