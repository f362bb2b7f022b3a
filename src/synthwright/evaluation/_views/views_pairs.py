"""How far each pair of columns is from train, on shared coarse cells, for a heat map."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation._views.views_rows import some_rows
from synthwright.evaluation.comparison import Comparison

__all__ = ["MAX_PAIR_COLUMNS", "pair_view"]

MAX_PAIR_COLUMNS = 60  # 1,770 pairs: as much as a map can show
CELLS = 16
SAMPLE = 50_000  # rows per part; the sampling error of a distance over 256 cells is then below 0.02


def pair_view(comparison: Comparison, context: Context) -> dict[str, Any] | None:
    """Total variation distance from train of every pair of columns, for synthetic and holdout rows of equal number.

    ``excess`` is the difference of the two (lower triangle, row by row): what the synthetic rows add to the distance
    that unseen real rows of the same number show; without a holdout it is the distance itself. ``None`` below two
    columns or without rows.
    """
    columns = _chosen(comparison)
    parts = [comparison.train, comparison.synthetic, *([] if comparison.holdout is None else [comparison.holdout])]
    if len(columns) < 2 or min(len(part) for part in parts) == 0:
        return None
    rows = min(SAMPLE, *(len(part) for part in parts[1:]))
    train, *others = [
        _codes(some_rows(part, SAMPLE if at == 0 else rows, context.at("pairs", at)), columns, comparison.train)
        for at, part in enumerate(parts)
    ]
    distances = [_distances(train, other) for other in others]
    excess = distances[0] if comparison.holdout is None else distances[0] - distances[1]
    return {
        "columns": [column.name for column in columns],
        "of": sum(column.is_modelled for column in comparison.schema),
        "rows": rows,
        "ceiling": comparison.holdout is not None,
        "distance": [round(float(value), 4) for value in distances[0]],
        "excess": [round(float(value), 4) for value in excess],
    }


def _chosen(comparison: Comparison) -> list[Column]:
    """The target and the first other modelled columns, in schema order."""
    modelled = [column for column in comparison.schema if column.is_modelled]
    target = [column for column in modelled if column.role == "target"]
    others = [column for column in modelled if column.role != "target"]
    kept = {column.name for column in [*target, *others][:MAX_PAIR_COLUMNS]}
    return [column for column in modelled if column.name in kept]


def _codes(table: Table, columns: list[Column], train: Table) -> np.ndarray:
    """(columns, rows) of cells 0 .. 16; the last one is for missing values."""
    return np.stack([_coarse(table, column, train) for column in columns])


def _coarse(table: Table, column: Column, train: Table) -> np.ndarray:
    if column.is_numeric:
        known, values = train.numbers(column.name), table.numbers(column.name)
        known = known[np.isfinite(known)]
        cuts = np.unique(np.quantile(known, np.arange(1, CELLS) / CELLS)) if len(known) else np.empty(0)
        return np.where(np.isfinite(values), np.searchsorted(cuts, values, side="left"), CELLS).astype(np.int16)
    known, levels = train.levels(column.name), table.levels(column.name)
    counts = np.bincount(known[known >= 0], minlength=1)
    places = np.full(max(len(counts), len(column.categories or (0, 1)) + 1), CELLS - 1, dtype=np.int16)
    kept = np.argsort(-counts, kind="stable")[: CELLS - 1]
    places[kept] = np.arange(len(kept))
    return np.where(levels < 0, CELLS, places[np.minimum(levels, len(places) - 1)]).astype(np.int16)


def _distances(train: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Total variation distance of every pair (i > j), row by row."""
    wide = CELLS + 1
    found = []
    for i in range(1, len(train)):
        left, right = train[i].astype(np.int32) * wide, other[i].astype(np.int32) * wide
        for j in range(i):
            a = np.bincount(left + train[j], minlength=wide * wide) / train.shape[1]
            b = np.bincount(right + other[j], minlength=wide * wide) / other.shape[1]
            found.append(np.abs(a - b).sum() / 2)
    return np.array(found)
