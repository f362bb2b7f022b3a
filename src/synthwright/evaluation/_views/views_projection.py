"""Train, holdout and synthetic rows on two principal components of train, as counts over one grid."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation._views.views_rows import some_rows
from synthwright.evaluation.comparison import Comparison

__all__ = ["projection_view"]

SAMPLE = 20_000  # rows per panel: plenty for 40 x 40 cells
MOST_LEVELS = 10  # indicator columns per discrete column; further levels have all of them 0
MOST_FEATURES = 400
REACH = 1.5  # numbers count as at most this many scales from the median: outliers rule no axis
FRAME = 0.002  # share of train rows outside each side of the frame


def projection_view(comparison: Comparison, context: Context) -> dict[str, Any] | None:
    """Counts of equally many rows per part over a grid on train's first two principal components.

    Cells below 5 are blank in every panel, so that the panels can be compared; ``outside`` is the share of a part's
    rows beyond the frame. Numbers are taken from their median in units of their 5 % to 95 % range, levels are
    indicators over sqrt(2). ``None`` where the data have fewer than two directions or too few rows to show any.
    """
    parts = {"train": comparison.train, "synthetic": comparison.synthetic}
    if comparison.holdout is not None:
        parts["holdout"] = comparison.holdout
    rows = min(SAMPLE, *(len(part) for part in parts.values()))
    if rows < 20 * MINIMUM_ROWS:
        return None
    some = {name: some_rows(part, rows, context.at("projection", name)) for name, part in parts.items()}
    features = _Features(some["train"])
    train = features.of(some["train"])
    if train.shape[1] < 2:
        return None
    centre = train.mean(axis=0)
    variances, directions = np.linalg.eigh((train - centre).T @ (train - centre) / rows)
    if variances[-2] <= 1e-9:
        return None
    axes = directions[:, [-1, -2]]
    axes = axes * np.where(axes[np.abs(axes).argmax(axis=0), [0, 1]] < 0, -1.0, 1.0)  # eigenvectors have no sign
    points = {name: (features.of(part) - centre) @ axes for name, part in some.items()}
    frame = np.quantile(points["train"], [FRAME, 1 - FRAME], axis=0)
    frame = frame + np.array([[-0.04], [0.04]]) * np.maximum(frame[1] - frame[0], 1e-9)
    side = int(np.clip(np.sqrt(rows / 6), 8, 40))
    return {
        "side": side,
        "rows": rows,
        "explained": [round(float(variances[at] / variances.sum()), 4) for at in (-1, -2)],
        "panels": {name: _panel(where, frame, side) for name, where in points.items()},
    }


def _panel(points: np.ndarray, frame: np.ndarray, side: int) -> dict[str, Any]:
    cells = np.floor((points - frame[0]) / (frame[1] - frame[0]) * side).astype(np.int64)
    inside = np.all((cells >= 0) & (cells < side), axis=1)
    flat = cells[inside, 1] * side + cells[inside, 0]
    counts = np.bincount(flat, minlength=side * side)
    shown = [count if count >= MINIMUM_ROWS else None for count in counts.tolist()]
    return {"counts": shown, "outside": round(1 - float(inside.mean()), 4)}


class _Features:
    """Scaled numbers and indicators, fitted on train."""

    def __init__(self, train: Table) -> None:
        self._numeric: list[tuple[str, float, float]] = []
        self._levels: list[tuple[str, np.ndarray]] = []
        width = 0
        for column in train.schema:
            if width < MOST_FEATURES:
                width += self._add(train, column)

    def _add(self, train: Table, column: Column) -> int:
        if column.is_numeric:
            values = train.numbers(column.name)
            present = values[np.isfinite(values)]
            if len(present) == 0:
                return 0
            low, middle, high = np.quantile(present, [0.05, 0.5, 0.95])
            scale = float(high - low) or 3.3 * float(present.std())  # the same range, were they normal
            if scale > 0:
                self._numeric.append((column.name, float(middle), scale))
            return int(scale > 0)
        if column.is_discrete:
            levels = train.levels(column.name)
            counts = np.bincount(levels[levels >= 0], minlength=1)
            kept = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
            kept = kept[counts[kept] >= MINIMUM_ROWS]
            self._levels.append((column.name, kept))
            return len(kept)
        return 0

    def of(self, table: Table) -> np.ndarray:
        """(rows, features) as float64; a missing number lies at the median."""
        columns = [
            np.clip(np.nan_to_num((table.numbers(name) - middle) / scale, nan=0.0), -REACH, REACH)
            for name, middle, scale in self._numeric
        ]
        for name, kept in self._levels:
            levels = table.levels(name)
            columns += [(levels == level) / np.sqrt(2) for level in kept]
        return np.column_stack(columns) if columns else np.empty((len(table), 0))
