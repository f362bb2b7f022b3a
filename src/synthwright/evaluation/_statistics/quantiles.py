"""Quantiles of distances and of their ratios, inside intervals."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measurement import Estimate

__all__ = ["distance_ratio", "quantile_error", "quantile_estimate"]


def distance_ratio(distance: np.ndarray) -> np.ndarray:
    """The distance to the nearest row over that to the second nearest, (n,) from (n, 2); 1 where both are 0."""
    first, second = distance[:, 0], distance[:, 1]
    return np.asarray(np.divide(first, second, out=np.ones(len(first)), where=second > 0), dtype=np.float64)


def quantile_estimate(
    comparison: Comparison, part: Part, rows: np.ndarray, values: np.ndarray, level: float
) -> Estimate:
    """The quantile of `values`, of the rows at `rows` of `part`, inside Woodruff's interval (1952).

    The share of values below the quantile has an ordinary interval, groups whole; its ends are read off the values.
    """
    value = float(np.quantile(values, level))
    half = _share_below(comparison, part, rows, values, level).half_width()
    low, high = np.quantile(values, [max(0.0, level - half), min(1.0, level + half)])
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def quantile_error(comparison: Comparison, part: Part, rows: np.ndarray, values: np.ndarray, level: float) -> float:
    """The standard error of the share of values below the quantile."""
    return _share_below(comparison, part, rows, values, level).error


def _share_below(comparison: Comparison, part: Part, rows: np.ndarray, values: np.ndarray, level: float) -> Figure:
    # Values tied at the quantile are on both sides of it: ranked at random they would spread as if they were not tied.
    rank = np.empty(len(values))
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    below = (rank < level * len(values)).astype(np.float64)
    return Figure(level, {part: row_moves(comparison, part, rows, (below - below.mean()) / len(values))})
