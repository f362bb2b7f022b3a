"""Protected cells of a numeric column: point masses and intervals, none of which speaks of fewer than k rows.

A model that keeps counts over these cells keeps no value that only one person has: atoms are values shared by at least
`k` rows, intervals hold at least `k` rows and end beside their outermost values, never on one that fewer than `k` rows
have (unless the column's grid has no other point there), and the range ends at the k-th extremes.
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

        With too few values for any of these there is one cell over the column's bounds: nothing finer is safe.
        """
        present = np.sort(values[np.isfinite(values)])
        if len(present) == 0:
            return cls(np.zeros(1), np.zeros(1), column.step)
        distinct, counts = np.unique(present, return_counts=True)
        heavy = counts >= max(k, len(present) / (4 * cells))
        low, high = _cells(distinct, counts, heavy, target=max(k, len(present) // cells), k=k, step=column.step)
        while len(low):
            grid = cls(low, high, column.step)
            enough = np.bincount(grid.encode(present), minlength=len(grid)) >= k
            if enough.all():
                return grid
            low, high = low[enough], high[enough]  # beside an atom, the atom may be nearer to some of a cell's rows
        ends = column.bounds or (0.0, 0.0)
        return cls(np.array([ends[0]], dtype=np.float64), np.array([ends[1]], dtype=np.float64), column.step)

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
        ordered = low.ndim == 1 and low.shape == high.shape and len(low) > 0 and np.all(np.isfinite([low, high]))
        if not (ordered and np.all(low <= high) and np.all(high[:-1] <= low[1:]) and (step is None or step > 0)):
            raise BadInput("A saved grid has cells that are not in order.")
        return cls(low, high, step)


def _cells(
    distinct: np.ndarray, counts: np.ndarray, heavy: np.ndarray, *, target: int, k: int, step: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Ends of all cells: each heavy value alone, runs of light values cut into intervals of about `target` rows."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], (~heavy).astype(np.int8), [0]])))
    lows, highs = [distinct[heavy]], [distinct[heavy]]
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        run = _intervals(counts[start:stop], target=target, k=k)
        if len(run):
            low, high = _ends(distinct, counts, start + run[:, 0], start + run[:, 1], k=k, step=step)
            lows.append(low)
            highs.append(high)
    low, high = np.concatenate(lows), np.concatenate(highs)
    order = np.argsort(low, kind="stable")
    return low[order], high[order]


def _intervals(counts: np.ndarray, *, target: int, k: int) -> np.ndarray:
    """First and last position of each interval of a run of light values, (intervals, 2), inside its k-th extremes."""
    mass = np.cumsum(counts)
    if mass[-1] < k:
        return np.zeros((0, 2), dtype=np.int64)  # too few rows to speak of: they go to the neighbouring cell
    pieces = max(1, int(mass[-1] // target))
    cuts = np.unique(np.searchsorted(mass, mass[-1] * np.arange(1, pieces) / pieces, side="left") + 1)
    kept: list[tuple[int, int]] = []
    for left, right in pairwise([0, *cuts[cuts < len(counts)].tolist(), len(counts)]):
        if counts[left:right].sum() >= k:
            kept.append((left, right))
        elif kept:
            kept[-1] = (kept[-1][0], right)
    first, last = int(np.searchsorted(mass, k)), int(np.searchsorted(mass, mass[-1] - k + 1))
    ends = [(max(left, first), min(right - 1, last)) for left, right in kept]
    return np.array([(left, right) for left, right in ends if left <= right], dtype=np.int64).reshape(-1, 2)


def _ends(
    distinct: np.ndarray, counts: np.ndarray, left: np.ndarray, right: np.ndarray, *, k: int, step: float | None
) -> tuple[np.ndarray, np.ndarray]:
    """Where the intervals from ``distinct[left]`` to ``distinct[right]`` begin and end: a little outside their values.

    The distance is .45 of the typical spacing inside, or of the gap to the next value if that is smaller, rounded to
    two digits: so no cell reaches into a gap or another cell, and no end tells a value exactly.
    """
    gaps = np.concatenate([[np.inf], np.diff(distinct), [np.inf]])
    inside = (distinct[right] - distinct[left]) / np.maximum(right - left, 1)
    nearest = np.minimum(gaps[left], gaps[right + 1])  # one value alone: what is typical elsewhere says nothing of it
    inside = np.where(inside > 0, inside, np.where(np.isfinite(nearest), nearest, 0.0))
    ends = []
    for at, gap, sign in ((left, gaps[left], -1.0), (right, gaps[right + 1], 1.0)):
        beside = np.where(counts[at] >= k, 0.0, 0.45 * np.minimum(inside, gap))
        tiny = np.where(beside > 0, beside, 1.0)
        scale = 10.0 ** np.clip(np.ceil(-np.log10(tiny)) + 1, -200, 200)
        rounded = np.round((distinct[at] + sign * beside) * scale) / scale
        end = np.where(beside > 0, rounded, distinct[at])
        if step is not None:  # inwards to the grid, which never passes the value itself
            points = end / step
            whole = np.floor(points + 1e-6) if sign > 0 else np.ceil(points - 1e-6)
            end = distinct[at] + np.round(whole - distinct[at] / step) * step
        ends.append(end)
    return ends[0], ends[1]
