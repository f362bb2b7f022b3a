"""One column's distribution as counts over protected cells or categories, and draws from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.grid import Grid
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.generators.densities import log_volume

__all__ = ["Margin"]


@dataclass(frozen=True, eq=False)
class Margin:
    """Counts of missing (first) and of every cell; `grid` is ``None`` for a discrete column."""

    counts: np.ndarray
    grid: Grid | None

    @classmethod
    def of(cls, table: Table, column: Column, *, cells: int = 256) -> Self:
        """Count the cells of `column`; values that may not be emitted (rare categories) are left out.

        Numbers that are no point masses fall into about `cells` intervals.
        """
        if column.is_numeric:
            values = table.numbers(column.name)
            grid = Grid.of(column, values, cells=cells)
            return cls(np.bincount(grid.encode(values) + 1, minlength=len(grid) + 1), grid)
        codes, size = table.levels(column.name), len(categories_of(column))
        return cls(np.bincount(codes[codes < size] + 1, minlength=size + 1), None)

    def encode(self, values: np.ndarray) -> np.ndarray:
        """The cell of each model value (see `Table.model_values`); -1 missing, one past the last if unknown."""
        return (values if self.grid is None else self.grid.encode(values)).astype(np.int64)

    def log_likelihood(self, values: np.ndarray) -> np.ndarray:
        """The logarithm of each model value's probability; of its density where there is no grid of values."""
        shares = np.append(self.counts / max(1, self.counts.sum()), 0.0)[self.encode(values) + 1]
        with np.errstate(divide="ignore"):
            told = np.log(shares)
        return np.asarray(told if self.grid is None else told - log_volume(self.grid, values))

    def draw(self, n: int, rng: np.random.Generator) -> np.ndarray:
        """`n` values as `Table.of` takes them; the first k never depend on n."""
        uniforms = rng.random((n, 2))
        total = self.counts.sum()
        if total == 0:  # a column of which nothing may be said is missing throughout
            codes = np.full(n, -1)
        else:
            codes = np.searchsorted(np.cumsum(self.counts), uniforms[:, 0] * total, side="right") - 1
        return codes.astype(np.int32) if self.grid is None else self.grid.decode(codes, uniforms[:, 1])

    def state(self) -> dict[str, Any]:
        """The counts and cells as JSON types."""
        return {"counts": self.counts.tolist(), "grid": None if self.grid is None else self.grid.state()}

    @classmethod
    def from_state(cls, column: Column, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the column."""
        try:
            counts = np.asarray(state["counts"], dtype=np.int64)
            grid = None if state["grid"] is None else Grid.from_state(state["grid"])
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise BadInput(f"The saved margin of column {shorten(column.name)!r} can't be read.") from error
        cells = len(grid) if grid is not None else len(categories_of(column))
        if (grid is None) != column.is_discrete or counts.shape != (cells + 1,) or not _sound(counts):
            raise BadInput(f"The saved margin of column {shorten(column.name)!r} does not fit its schema.")
        return cls(counts, grid)


def _sound(counts: np.ndarray) -> bool:
    """Counts of rows: none negative, together exact as a float."""
    return bool(counts.min() >= 0 and counts.astype(np.float64).sum() < 2**53)
