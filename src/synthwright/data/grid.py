"""Protected cells of a numeric column: point masses and intervals, none of which speaks of fewer than k rows.

A model that keeps counts over these cells keeps no value that only one person has: atoms are values shared by at least
`k` rows, intervals hold at least `k` rows and end between values, and the ends of the range are the k-th extremes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Self

import numpy as np

from synthwright.data.schema import Column
from synthwright.errors import BadInput

__all__ = ["MINIMUM_ROWS", "Grid"]

MINIMUM_ROWS = 5  # cells smaller than 5 are blanked wherever statistics are published; models and reports follow


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells in ascending order: ``low[i] <= value <= high[i]``; an atom has ``low == high``.

    Cells do not overlap; values between two cells, or beyond the ends, belong to the nearest one.
    """

    low: np.ndarray
    high: np.ndarray
    step: float | None

    @classmethod
    def of(cls, column: Column, values: np.ndarray, *, cells: int = 256, k: int = MINIMUM_ROWS) -> Self:
        """Cells for `values` (float64, NaN missing): atoms first, the rest in about `cells` intervals of equal mass.

        With fewer than `k` values present there is one cell over the whole (rounded) range: nothing finer is safe.
        """
        present = np.sort(values[np.isfinite(values)])
        if len(present) == 0:
            return cls(np.zeros(1), np.zeros(1), column.step)
        distinct, counts = np.unique(present, return_counts=True)
        heavy = counts >= max(k, len(present) / (4 * cells))
        low, high = _intervals(distinct, counts, heavy, target=max(k, len(present) // cells), k=k)
        if len(low) == 0:
            ends = present[[min(k - 1, len(present) - 1), max(len(present) - k, 0)]]
            return cls(np.array([ends.min()]), np.array([ends.max()]), column.step)
        return cls(low, high, column.step)

    def __len__(self) -> int:
        return len(self.low)

    def encode(self, values: np.ndarray) -> np.ndarray:
        """The cell of each value as int32; -1 for missing."""
        missing = ~np.isfinite(values)
        filled = np.where(missing, 0.0, values)
        after = np.clip(np.searchsorted(self.low, filled, side="right") - 1, 0, len(self) - 1)
        following = np.minimum(after + 1, len(self) - 1)
        nearer = (self.low[following] - filled) < (filled - self.high[after])
        codes = np.where(nearer, following, after)
        return np.where(missing, -1, codes).astype(np.int32)

    def decode(self, codes: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """A value in each cell, even over its grid points by `uniforms` in [0, 1); NaN for code -1."""
        at = np.maximum(codes, 0)
        low, width = self.low[at], self.high[at] - self.low[at]
        if self.step is None:
            values = low + uniforms * width
        else:
            points = np.round(width / self.step) + 1.0
            values = low + np.floor(uniforms * points) * self.step
        return np.where(codes < 0, np.nan, values)

    def state(self) -> dict[str, Any]:
        """The cells as JSON types."""
        return {"low": self.low.tolist(), "high": self.high.tolist(), "step": self.step}

    @classmethod
    def from_state(cls, state: Mapping[str, Any]) -> Self:
        """Read back `state`; raises `BadInput` unless the cells are finite, ordered and apart."""
        try:
            low, high = np.asarray(state["low"], dtype=np.float64), np.asarray(state["high"], dtype=np.float64)
            step = None if state["step"] is None else float(state["step"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput("A saved grid can't be read.", evidence=str(error)) from error
        ordered = low.ndim == 1 and low.shape == high.shape and len(low) > 0 and np.all(np.isfinite(low))
        if not (ordered and np.all(low <= high) and np.all(high[:-1] <= low[1:]) and (step is None or step > 0)):
            raise BadInput("A saved grid has cells that are not in order.")
        return cls(low, high, step)


def _intervals(
    distinct: np.ndarray, counts: np.ndarray, heavy: np.ndarray, *, target: int, k: int
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of all cells: each heavy value alone, runs of light values cut into intervals of about `target` rows."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~heavy).astype(np.int8), [0]])))
    lows, highs = [distinct[heavy]], [distinct[heavy]]
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        mass = np.cumsum(counts[start:stop])
        if mass[-1] < k:
            continue  # too few rows to speak of: they go to the neighbouring cell
        pieces = max(1, int(mass[-1] // target))
        cuts = np.unique(np.searchsorted(mass, mass[-1] * np.arange(1, pieces) / pieces, side="left") + 1)
        bounds = [0, *cuts[cuts < stop - start].tolist(), stop - start]
        values, weights = distinct[start:stop], counts[start:stop]
        kept: list[tuple[int, int]] = []
        for left, right in pairwise(bounds):
            if weights[left:right].sum() >= k:
                kept.append((left, right))
            elif kept:
                kept[-1] = (kept[-1][0], right)
        # The ends are the k-th extremes of the run, so no cell ends at the value of a single person.
        first, last = int(np.searchsorted(mass, k)), int(np.searchsorted(mass, mass[-1] - k + 1))
        ends = [(max(left, first), min(right - 1, last)) for left, right in kept]
        sound = [(left, right) for left, right in ends if left <= right]
        lows.append(np.array([values[left] for left, _ in sound]))
        highs.append(np.array([values[right] for _, right in sound]))
    low, high = np.concatenate(lows), np.concatenate(highs)
    order = np.argsort(low, kind="stable")
    return low[order], high[order]
