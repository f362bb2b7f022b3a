"""Which part of each cell a range or a set of values allows, and values inside that part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.grid import Grid
from synthwright.data.predicates import OneOf, Predicate, Range
from synthwright.generators.tabular._honest_trees_cells import Cells

__all__ = ["Allowed"]


@dataclass(frozen=True, eq=False)
class Allowed:
    """`fraction` (cells and missing) of each cell may come out; `low` and `high` end the parts of a number's cells.

    `listed` are the values that may come out of a number's cells where single ones are asked for.
    """

    cells: Cells
    fraction: np.ndarray
    low: np.ndarray | None = None
    high: np.ndarray | None = None
    listed: np.ndarray | None = None
    predicate: Predicate | None = None

    @classmethod
    def of(cls, cells: Cells, predicate: Predicate | None, *, there: bool) -> Self:
        """What `predicate` allows of the column's cells; not missing, where the value has to be `there`."""
        gone = predicate is None or (isinstance(predicate, OneOf) and None in predicate.values)
        missing = float(gone and not there)
        if cells.grid is None:
            fraction = np.ones(cells.size)
            if isinstance(predicate, OneOf):
                fraction = np.array([float(level in predicate.values) for level in categories_of(cells.column)])
            return cls(cells, np.append(fraction, missing))
        grid = cells.grid
        if isinstance(predicate, OneOf):
            listed = np.array(sorted(float(value) for value in predicate.values if value is not None))
            inside = (listed[:, None] >= grid.low) & (listed[:, None] <= grid.high)
            return cls(
                cells, np.append(inside.sum(axis=0) / _points(grid, grid.low, grid.high), missing), listed=listed
            )
        low = grid.low if not isinstance(predicate, Range) else np.maximum(grid.low, predicate.low)
        high = grid.high if not isinstance(predicate, Range) else np.minimum(grid.high, predicate.high)
        part = np.where(low <= high, _part(grid, low, high), 0.0)
        return cls(cells, np.append(part, missing), low, np.maximum(low, high), None, predicate)

    @property
    def ends(self) -> tuple[float, float]:
        """Between which numbers a value has to lie."""
        if isinstance(self.predicate, Range):
            return self.predicate.low, self.predicate.high
        if self.listed is None:
            return -np.inf, np.inf
        return (float(self.listed[0]), float(self.listed[-1])) if len(self.listed) else (np.inf, -np.inf)

    def holds(self, values: np.ndarray) -> np.ndarray:
        """True for the numbers that are allowed, in a cell of the column's own or not."""
        missing = np.isnan(values) & (self.fraction[-1] > 0)
        if self.listed is not None:
            return np.asarray(np.isin(values, self.listed) | missing)
        low, high = self.ends
        with np.errstate(invalid="ignore"):
            return np.asarray(((values >= low) & (values <= high)) | missing)

    def decode(self, cells: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """A model value in the allowed part of each cell."""
        codes = np.where(cells >= self.cells.size, -1, cells)
        if self.cells.grid is None:
            return codes.astype(np.int32)
        if self.listed is not None and len(self.listed) == 0:
            return np.full(len(codes), np.nan)
        if self.listed is not None:
            first = np.searchsorted(self.listed, self.cells.grid.low)
            count = np.searchsorted(self.listed, self.cells.grid.high, side="right") - first
            at = first[codes] + (uniforms * count[codes]).astype(np.int64)
            return np.where(codes < 0, np.nan, self.listed[np.minimum(at, len(self.listed) - 1)])
        if self.low is None or self.high is None:
            return self.cells.grid.decode(codes, uniforms)
        return Grid(self.low, self.high, self.cells.grid.step).decode(codes, uniforms)


def _part(grid: Grid, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Which part of each cell lies between `low` and `high`."""
    if grid.step is not None:
        return np.asarray(_points(grid, low, high) / _points(grid, grid.low, grid.high))
    width = grid.high - grid.low
    return np.where(width > 0, (high - low) / np.where(width > 0, width, 1.0), 1.0)


def _points(grid: Grid, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """How many values of the grid lie between the ends; without a grid, any value of an interval has no probability."""
    if grid.step is not None:
        return np.asarray(np.round((high - low) / grid.step) + 1.0)
    return np.where(high > low, np.inf, 1.0)
