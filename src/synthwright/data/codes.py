"""Tables as small integers: cells fitted on train only, one column-major matrix per part, and back to values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.columns import categories_of, positions_in
from synthwright.data.schema import Column, Scalar, Schema
from synthwright.data.table import Table

__all__ = ["Cells", "Codes", "Encoder"]

_LARGEST = 65_534  # cells, so that missing and unseen still fit into uint16
_DIRECT = 1 << 20  # whole numbers this close together are coded by a table instead of a search


@dataclass(frozen=True, eq=False)
class Codes:
    """A table's modelled columns as codes: ``matrix[row, column]`` in Fortran order, uint8 where it suffices.

    Code 0 is missing, the last (``sizes[column] - 1``) any value that train does not have; numeric columns leave it
    empty, since values beyond train's range belong to its end cells.
    """

    names: tuple[str, ...]
    matrix: np.ndarray
    sizes: tuple[int, ...]

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def column(self, name: str) -> np.ndarray:
        """The codes of one column: a view, not a copy."""
        return np.asarray(self.matrix[:, self.names.index(name)])

    def merged(self, lookups: Sequence[np.ndarray]) -> Codes:
        """The codes after ``lookups[column][code]``, one per column, as `Encoder.coarse` gives them."""
        sizes = tuple(int(lookup.max()) + 1 for lookup in lookups)
        matrix = np.empty(self.matrix.shape, dtype=_width(sizes), order="F")
        for at, lookup in enumerate(lookups):
            matrix[:, at] = lookup.astype(matrix.dtype)[self.matrix[:, at]]
        return Codes(self.names, matrix, sizes)


@dataclass(frozen=True, eq=False)
class Cells:
    """The cells of one column and how many train rows fell into each (missing first, unseen last).

    Numeric: cell i holds values in ``(upper[i - 1], upper[i]]``, the ends open; `low` and `high` are the extremes
    train has in it. Discrete: cell i is ``levels[i]``, most frequent first; `rest` is True if the last cell stands for
    all levels beyond the limit.
    """

    column: Column
    counts: np.ndarray
    upper: np.ndarray | None = None
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    levels: pa.Array | None = None
    rest: pa.Array | None = None

    @property
    def size(self) -> int:
        """Codes in all: missing, cells, unseen."""
        return len(self.counts)

    def encode(self, table: Table) -> np.ndarray:
        """The code of each row."""
        if self.upper is not None:
            return _numeric_codes(table.numbers(self.column.name), self.upper, whole=self.column.kind == "integer")
        values, levels = table.data[self.column.name], self.levels if self.levels is not None else pa.array([])
        codes = positions_in(values, levels) + 1
        if self.rest is not None:  # the cell after the levels is shared by train's rarer ones, the next is for others
            seen = positions_in(values, self.rest) < len(self.rest)
            codes = np.where((codes == len(levels) + 1) & ~seen, len(levels) + 2, codes)
        return np.asarray(codes)

    def coarse(self, cells: int) -> np.ndarray:
        """Code to coarse code with at most `cells` cells besides missing and unseen.

        Numeric cells join their neighbours to about equal train mass; of discrete ones the most frequent stay alone and
        the others join.
        """
        inner = self.counts[1:-1]
        if len(inner) <= cells:
            joined = np.arange(len(inner))
        elif self.upper is None:
            joined = np.minimum(np.arange(len(inner)), cells - 1)
        else:
            before = np.cumsum(inner) - inner / 2
            joined = np.minimum((before * cells / max(1, inner.sum())).astype(np.int64), cells - 1)
            joined = np.unique(joined, return_inverse=True)[1]
        return np.concatenate([[0], joined + 1, [joined.max(initial=-1) + 2]]).astype(np.uint16)

    def decode(self, codes: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """Model values (see `Table.of`): evenly within numeric cells; levels that may not be emitted become missing."""
        inner = np.clip(codes.astype(np.int64) - 1, 0, max(0, self.size - 3))
        gone = (codes == 0) | (codes == self.size - 1)
        if self.low is not None and self.high is not None:
            if len(self.low) == 0:
                return np.full(len(codes), np.nan)
            return np.where(gone, np.nan, self.low[inner] + uniforms * (self.high[inner] - self.low[inner]))
        allowed = {value: at for at, value in enumerate(categories_of(self.column))}
        levels: list[Scalar] = self.levels.to_pylist() if self.levels is not None else []
        back = np.array([*(allowed.get(level, -1) for level in levels), -1], dtype=np.int32)
        return np.where(gone, np.int32(-1), back[np.minimum(inner, len(levels))]).astype(np.int32)


@dataclass(frozen=True, eq=False)
class Encoder:
    """The cells of all modelled columns of train."""

    schema: Schema
    cells: tuple[Cells, ...]

    @classmethod
    def of(cls, train: Table, *, max_cells: int = 4096) -> Self:
        """Cells by the quantiles (numeric) and levels (discrete) of `train`, at most `max_cells` per column."""
        limit = min(max_cells, _LARGEST)
        made = [
            _numeric_cells(column, train.numbers(column.name), limit)
            if column.is_numeric
            else _discrete_cells(column, train.data[column.name], limit)
            for column in train.schema
            if column.is_modelled
        ]
        return cls(train.schema, tuple(made))

    @property
    def names(self) -> tuple[str, ...]:
        """The modelled columns, in schema order."""
        return tuple(cells.column.name for cells in self.cells)

    def encode(self, table: Table) -> Codes:
        """The codes of `table`, which has train's modelled columns."""
        sizes = tuple(cells.size for cells in self.cells)
        matrix = np.empty((len(table), len(sizes)), dtype=_width(sizes), order="F")
        for at, cells in enumerate(self.cells):
            matrix[:, at] = cells.encode(table)
        return Codes(self.names, matrix, sizes)

    def coarse(self, cells: int) -> tuple[np.ndarray, ...]:
        """One lookup per column for `Codes.merged`, to at most `cells` cells besides missing and unseen."""
        return tuple(column.coarse(cells) for column in self.cells)

    def decode(self, codes: Codes, uniforms: np.ndarray) -> Table:
        """A table of the modelled columns: `uniforms` (rows x columns, in [0, 1)) place each value in its cell."""
        values = {
            cells.column.name: cells.decode(codes.matrix[:, at], uniforms[:, at]) for at, cells in enumerate(self.cells)
        }
        return Table.of(self.schema.select(self.names), values)


def _width(sizes: Sequence[int]) -> type[np.uint8 | np.uint16]:
    return np.uint8 if max(sizes, default=0) <= 256 else np.uint16


def _numeric_cells(column: Column, numbers: np.ndarray, limit: int) -> Cells:
    present = np.sort(numbers[np.isfinite(numbers)])
    missing = len(numbers) - len(present)
    if len(present) == 0:
        empty = np.zeros(0)
        return Cells(column, np.array([missing, 0]), upper=empty, low=empty, high=empty)
    starts = np.flatnonzero(np.concatenate([[True], present[1:] != present[:-1]]))
    if len(starts) <= limit:
        upper = present[starts]
    else:
        ranks = (np.arange(1, limit + 1) * len(present)) // limit - 1
        upper = np.unique(present[ranks])
    after = np.searchsorted(present, upper, side="right")
    before = np.concatenate([[0], after[:-1]])
    counts = np.concatenate([[missing], after - before, [0]])
    return Cells(column, counts, upper=upper, low=present[before], high=present[after - 1])


def _numeric_codes(numbers: np.ndarray, upper: np.ndarray, *, whole: bool) -> np.ndarray:
    """1 + the first cell whose upper end is not below the value; 0 for missing."""
    missing = np.isnan(numbers)
    if len(upper) == 0:
        return np.where(missing, 0, 1)
    width = upper[-1] - upper[0]
    if whole and width < _DIRECT:
        table = np.searchsorted(upper[:-1], np.arange(upper[0], upper[-1] + 1)) + 1
        at = np.clip(np.where(missing, upper[0], np.ceil(numbers)), upper[0], upper[-1]) - upper[0]
        return np.where(missing, 0, table[at.astype(np.int64)])
    return np.where(missing, 0, np.searchsorted(upper[:-1], numbers) + 1)


def _discrete_cells(column: Column, values: pa.ChunkedArray, limit: int) -> Cells:
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
    counted = pc.value_counts(plain.drop_null())
    names, sizes = counted.field("values"), np.asarray(counted.field("counts").to_numpy(), dtype=np.int64)
    by_name = np.argsort(
        np.asarray(pc.sort_indices(names.cast(pa.string()) if pa.types.is_boolean(names.type) else names))
    )
    order = np.lexsort((by_name, -sizes))
    kept, others = order[:limit], order[limit:]
    if len(others):
        kept, others = order[: limit - 1], order[limit - 1 :]
    counts = [values.null_count, *sizes[kept], *([sizes[others].sum()] if len(others) else []), 0]
    return Cells(
        column,
        np.array(counts, dtype=np.int64),
        levels=names.take(pa.array(kept)),
        rest=names.take(pa.array(others)) if len(others) else None,
    )
