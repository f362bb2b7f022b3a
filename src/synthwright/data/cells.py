"""The cells of one column, learnt on train: values to codes, codes back to values, many cells to few."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.columns import categories_of, positions_in
from synthwright.data.schema import Column, Scalar
from synthwright.data.table import Table

__all__ = ["Cells", "coarser"]


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one column; `counts` has how many train rows fell into each.

    Code 0 is missing. Numeric columns: code ``1 + i`` holds ``edges[i-1] <= value < edges[i]``; the first and the last
    hold what lies beyond train's range. Values that train repeats often have a cell of their own (atoms), so that a
    value just beside a point mass is not taken for it. `low` and `high` are train's extremes in each cell, for a cell
    without train rows its ends.

    Discrete columns: code ``1 + i`` is ``levels[i]``, most frequent first, then one code for train's levels beyond the
    limit (`rest`), and the last code for any value that train does not have.
    """

    column: Column
    counts: np.ndarray
    edges: np.ndarray | None = None
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    levels: pa.Array | None = None
    rest: pa.Array | None = None

    @classmethod
    def of(cls, train: Table, name: str, *, most: int) -> Self:
        """The cells of the column `name`: at most ``most + 2`` codes."""
        column = train.schema[name]
        if column.is_numeric:
            return cls._of_numbers(column, train.numbers(name), most)
        return cls._of_levels(column, train.data[name], most)

    def __len__(self) -> int:
        """How many codes there are."""
        return len(self.counts)

    @property
    def unseen(self) -> int | None:
        """The code of labels that train does not have; ``None`` for numeric columns, which have ends instead."""
        return len(self) - 1 if self.edges is None else None

    @property
    def label_counts(self) -> np.ndarray:
        """How many labels of train each code stands for; of a discrete column."""
        labels = np.ones(len(self))
        labels[[0, -1]] = 0
        if self.rest is not None:
            labels[-2] = len(self.rest)
        return labels

    def encode(self, table: Table) -> np.ndarray:
        """The code of each row as uint16."""
        name = self.column.name
        if self.edges is not None:
            values = table.numbers(name)
            codes = np.searchsorted(self.edges, values, side="right") + 1
            return np.where(np.isnan(values), 0, codes).astype(np.uint16)
        values, levels = table.data[name], self.levels if self.levels is not None else pa.array([])
        codes = positions_in(values, levels) + 1
        if self.rest is not None:  # the code after the levels is shared by train's rarer ones, the next is for others
            seen = positions_in(values, self.rest) < len(self.rest)
            codes = np.where((codes == len(levels) + 1) & ~seen, len(levels) + 2, codes)
        return np.asarray(codes.astype(np.uint16))

    def decode(self, codes: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """Model values (see `Table.of`): evenly within numeric cells; levels that may not be emitted become missing."""
        if self.low is not None and self.high is not None:
            low, high = self.low[codes], self.high[codes]
            return np.asarray(np.where(low < high, low + uniforms * (high - low), low))
        allowed = {value: at for at, value in enumerate(categories_of(self.column))}
        levels: list[Scalar] = self.levels.to_pylist() if self.levels is not None else []
        back = np.full(len(self), -1, dtype=np.int32)
        back[1 : len(levels) + 1] = [allowed.get(level, -1) for level in levels]
        return np.asarray(back[codes])

    def coarse(self, cells: int) -> np.ndarray:
        """For each code one of at most `cells` coarse ones besides 0, missing, and (of labels) a last one for unseen.

        Numeric cells join their neighbours to about equal train mass; of discrete ones the most frequent stay alone and
        the others join.
        """
        return coarser(self.counts, cells, ordered=self.edges is not None)

    @classmethod
    def _of_numbers(cls, column: Column, values: np.ndarray, most: int) -> Self:
        present = values[np.isfinite(values)]
        distinct, counts = np.unique(present, return_counts=True)
        edges = _edges(distinct, counts, most)
        first = np.searchsorted(distinct, np.append(edges, np.inf))  # distinct values below each edge, then all
        mass = np.diff(np.concatenate([[0], np.cumsum(counts)])[first], prepend=0)
        mass[0] += np.count_nonzero(values == -np.inf)
        mass[-1] += np.count_nonzero(values == np.inf)
        below = np.nextafter(edges, -np.inf)
        starts, ends = np.concatenate([below[:1], edges]), np.concatenate([below, edges[-1:]])
        if len(edges) == 0:
            starts = ends = np.full(1, np.nan)
        filled = np.diff(first, prepend=0) > 0
        starts[filled], ends[filled] = distinct[np.append(0, first)[:-1][filled]], distinct[first[filled] - 1]
        missing = np.full(1, np.nan)
        return cls(
            column,
            np.concatenate([[np.count_nonzero(np.isnan(values))], mass]),
            edges=edges,
            low=np.concatenate([missing, starts]),
            high=np.concatenate([missing, ends]),
        )

    @classmethod
    def _of_levels(cls, column: Column, values: pa.ChunkedArray, most: int) -> Self:
        plain = decoded(values)
        counted = pc.value_counts(plain.drop_null())
        names, sizes = counted.field("values"), np.asarray(counted.field("counts").to_numpy(), dtype=np.int64)
        comparable = names.cast(pa.string()) if pa.types.is_boolean(names.type) else names
        by_name = np.argsort(np.asarray(pc.sort_indices(comparable)))
        order = np.lexsort((by_name, -sizes))
        kept = order if len(order) <= most else order[: most - 1]
        others = order[len(kept) :]
        rest = [sizes[others].sum()] if len(others) else []
        return cls(
            column,
            np.array([values.null_count, *sizes[kept], *rest, 0], dtype=np.int64),
            levels=names.take(pa.array(kept)),
            rest=names.take(pa.array(others)) if len(others) else None,
        )


def coarser(mass: np.ndarray, cells: int, *, ordered: bool) -> np.ndarray:
    """For each code, with this train mass, one of at most `cells` coarse ones, as `Cells.coarse` says.

    `ordered` is true for numeric columns. What it gives can be made coarser again.
    """
    if ordered:
        groups = _joined(mass[1:], cells)
    else:
        kept = np.minimum(np.arange(len(mass) - 2), cells - 1)
        groups = np.append(kept + 1, kept.max(initial=-1) + 2)
    return np.concatenate([[0], groups]).astype(np.uint16)


def _edges(distinct: np.ndarray, counts: np.ndarray, most: int) -> np.ndarray:
    """Cell boundaries: around every value if train has few, else quantiles and the two sides of heavy values.

    Half of the cells go to the quantiles: with 4,096 a step of the distribution function is below 1/2048, and values
    with a larger share than 1/1024 are heavy.
    """
    if len(distinct) <= most // 2:
        return _around(distinct)
    rows = int(counts.sum())
    ranks = np.searchsorted(np.cumsum(counts), np.linspace(0, rows, most // 2 + 1)[1:-1])
    heavy = distinct[counts * (most // 4) > rows]
    return np.unique(np.concatenate([distinct[ranks], _around(heavy), distinct[:1], _around(distinct[-1:])]))


def _around(values: np.ndarray) -> np.ndarray:
    return np.unique(np.concatenate([values, np.nextafter(values, np.inf)]))


def _joined(mass: np.ndarray, cells: int) -> np.ndarray:
    """Coarse cells from 1 of numeric cells with this train mass: neighbours merged to about equal mass."""
    filled = np.flatnonzero(mass)
    if len(filled) == 0:
        return np.ones(len(mass), dtype=np.int64)
    if len(filled) <= cells:  # every value of train gets a cell; what lies between goes to the value below
        return np.clip(np.searchsorted(filled, np.arange(len(mass)), side="right"), 1, len(filled))
    middle = (np.cumsum(mass) - mass / 2) / mass.sum()
    groups = np.minimum((middle * cells).astype(np.int64), cells - 1)
    return 1 + np.unique(groups, return_inverse=True)[1]
