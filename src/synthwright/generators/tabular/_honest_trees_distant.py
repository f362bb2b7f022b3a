"""Columns told by their distance from an earlier number, where the fitted chain has any, as weighing sees them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.data.grid import Grid
from synthwright.generators.densities import log_volume
from synthwright.generators.tabular._honest_trees_cells import Cells
from synthwright.generators.tabular._honest_trees_column import ColumnModel
from synthwright.generators.tabular._honest_trees_offset import Offset
from synthwright.generators.tabular._honest_trees_shares import Reached

__all__ = ["Distant"]


@dataclass(frozen=True, eq=False)
class Distant:
    """States from `first` on stand for cells of the offset's grid; `own` is the grid of the column's values."""

    first: int
    offset: Offset
    own: Grid

    @classmethod
    def of(cls, cells: Cells, model: ColumnModel) -> Self | None:
        """What the column's model says of distances; ``None`` where it knows none."""
        if model.offset is None or cells.grid is None:
            return None
        return cls(cells.size + 1 + len(model.copies), model.offset, cells.grid)

    @property
    def base(self) -> str:
        """The column that the distance is from."""
        return self.offset.base

    @property
    def grid(self) -> Grid:
        """The cells of the distance."""
        return self.offset.grid

    def values(self, drawn: np.ndarray, base: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """The values of these states, where the other column has the values `base`."""
        return self.offset.values(self.own, base, np.maximum(drawn - self.first, 0), uniforms)

    def states(self, base: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first and last state that may give a value from `low` to `high`; the last before the first for none."""
        # np.fmax and np.fmin: a missing base gives the ends of the grid, and is sorted out below.
        near, far = np.fmax(low - base, self.grid.low[0]), np.fmin(high - base, self.grid.high[-1])
        inside = np.isfinite(base) & (near <= far)
        begin, end = self.grid.encode(np.where(inside, near, 0.0)), self.grid.encode(np.where(inside, far, 0.0))
        begin = np.where(self.grid.high[begin] < near, begin + 1, begin)
        end = np.where(self.grid.low[end] > far, end - 1, end)
        return self.first + np.where(inside, begin, 1), self.first + np.where(inside, end, 0)

    def chance(self, reached: Reached, base: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """The probability of a value from `low` to `high` by way of a distance, cells at the ends by their part."""
        begin, end = self.states(base, low, high)
        some = begin <= end
        begin, end = np.where(some, begin, self.first), np.where(some, end, self.first)
        whole = reached.plain(begin, end)
        first = reached.plain(begin, begin) * (1 - self._part(begin, low - base, high - base))
        last = reached.plain(end, end) * (1 - self._part(end, low - base, high - base))
        return np.where(some, np.maximum(whole - first - np.where(end > begin, last, 0.0), 0.0), 0.0)

    def density(self, reached: Reached, base: np.ndarray, values: np.ndarray) -> np.ndarray:
        """The probability (density without a grid) of exactly these values by way of a distance."""
        distance = values - base
        cell = self.first + np.maximum(self.grid.encode(distance), 0)
        told = reached.plain(cell, cell) * np.exp(-log_volume(self.grid, distance))
        return np.where(np.isfinite(distance), told, 0.0)

    def _part(self, state: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Which part of the state's cell lies between the distances `low` and `high`."""
        at, step = state - self.first, self.grid.step or 0.0
        left, right = np.maximum(self.grid.low[at], low), np.minimum(self.grid.high[at], high)
        width = self.grid.high[at] - self.grid.low[at] + step
        return np.where(width > 0, np.clip((right - left + step) / np.where(width > 0, width, 1.0), 0.0, 1.0), 1.0)
