"""Values to cells: fine cells for one column, at most 16 for pairs; every edge comes from train alone.

A missing value has cell 0 of its own; a label that train never showed has the last cell of its own. Points that train
repeats often are cells of their own (atoms), so that a synthetic value just beside a point mass is not taken for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.schema import Column
from synthwright.data.table import Table

__all__ = ["PAIR_CELLS", "Codes", "Encoder", "fit_encoder"]

PAIR_CELLS = 16  # per column, with missing and unseen: a pair's code fits 8 bits and with its block 16
FINE_LABELS = 4092  # most frequent labels with a cell of their own
QUANTILES = 2048  # a step of the distribution function is below 1/2048
HEAVY = 1024  # values with a larger share of train than 1/1024 are atoms
ROWS_PER_PAIR_CELL = 5  # expected count below which cells of a pair measure noise


@dataclass(frozen=True, eq=False)
class Codes:
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
class Encoder:
    """The cells of one column.

    Fine cell 0 is missing. Numeric columns: cell ``1 + i`` holds ``edges[i-1] <= value < edges[i]``. Discrete columns:
    cell ``1 + i`` is ``labels[i]``; then come one cell for train's rarer labels and one for labels train does not have.
    `pair_of` maps fine cells to pair cells.
    """

    column: Column
    edges: np.ndarray | None
    labels: pa.Array | None
    rare: pa.Array | None
    pair_of: np.ndarray

    @property
    def cells(self) -> int:
        """The number of fine cells."""
        return len(self.pair_of)

    @property
    def pair_cells(self) -> int:
        """The number of pair cells."""
        return int(self.pair_of.max()) + 1

    @property
    def unseen(self) -> int | None:
        """The fine cell of labels that train does not have; ``None`` for numeric columns, which have ends instead."""
        return None if self.labels is None else self.cells - 1

    def encode(self, table: Table) -> np.ndarray:
        """The fine cell of each row as uint16."""
        if self.edges is not None:
            return _numeric_cells(self.edges, table.numbers(self.column.name))
        assert self.labels is not None  # noqa: S101  # an encoder has edges or labels, by construction
        return _label_cells(self.labels, self.rare, table.data[self.column.name])


def fit_encoder(column: Column, train: Table) -> Encoder:
    """The cells of `column`, learnt from `train` alone."""
    budget = pair_budget(len(train))
    if column.is_numeric:
        values = train.numbers(column.name)
        edges = _edges(values[np.isfinite(values)])
        mass = np.bincount(_numeric_cells(edges, values), minlength=len(edges) + 2)
        return Encoder(column, edges, None, None, _merge_line(mass, budget))
    values = _plain(train.data[column.name])
    counted = pc.value_counts(values.drop_null())
    labels, counts = counted.field("values"), np.asarray(counted.field("counts"))
    # Ties are broken by the label itself, so the order of rows does not matter.
    place = np.empty(len(labels), dtype=np.int64)
    place[np.asarray(pc.sort_indices(labels.cast(pa.string())))] = np.arange(len(labels))
    order = np.lexsort((place, -counts))
    own, rest = order[:FINE_LABELS], order[FINE_LABELS:]
    pair_of = np.zeros(len(own) + 3, dtype=np.uint8)
    top = min(len(own), budget)
    pair_of[1 : len(own) + 1] = np.minimum(np.arange(1, len(own) + 1), top + 1)
    pair_of[len(own) + 1] = top + 1  # rarer labels: together
    pair_of[len(own) + 2] = top + 2  # unseen labels: apart
    return Encoder(column, None, labels.take(pa.array(own)), labels.take(pa.array(rest)), pair_of)


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


def _plain(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Labels without dictionary; NaN counts as missing."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_floating(values.type):
        values = pc.if_else(pc.is_nan(values), pa.scalar(None, type=values.type), values)
    return values


def _label_cells(labels: pa.Array, rare: pa.Array | None, values: pa.ChunkedArray) -> np.ndarray:
    plain = _plain(values)
    if plain.type != labels.type:  # stored otherwise than train stores it: compare as text
        plain, labels = plain.cast(pa.string()), labels.cast(pa.string())
        rare = None if rare is None else rare.cast(pa.string())
    coded = plain.combine_chunks().dictionary_encode() if len(plain) else pa.array([], plain.type).dictionary_encode()
    own = np.asarray(pc.fill_null(pc.index_in(coded.dictionary, value_set=labels), -1).to_numpy(zero_copy_only=False))
    cell = np.where(own >= 0, own + 1, len(labels) + 2)
    if rare is not None and len(rare):
        seen = np.asarray(pc.is_in(coded.dictionary, value_set=rare).to_numpy(zero_copy_only=False))
        cell = np.where((own < 0) & seen, len(labels) + 1, cell)
    positions = np.asarray(pc.fill_null(coded.indices, len(cell)).to_numpy(zero_copy_only=False))
    return np.asarray(np.append(cell, 0)[positions], dtype=np.uint16)
