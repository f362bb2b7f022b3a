"""Columns as learners take them: numbers and category codes, or one-hot and standardised; fitted on train only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column
from synthwright.data.table import Table

__all__ = ["LARGEST_CODE", "Features"]

LARGEST_CODE = 249  # scikit-learn's histogram trees take at most 255 codes; rarer levels share the last one
_HOT = 50  # levels with a one-hot column of their own: rarer ones carry under 2 % of the rows each
_LUCK = 0.5  # standard errors of a share of one half: what a choice by luck may move, and no test would see
_MANY = 30  # rows: a level with that many is not there by luck
_TAIL = 0.001  # numbers are drawn in to these quantiles of train before scaling: one absurd cell moves no model


@dataclass(frozen=True, eq=False)
class Features:
    """The encoding of some columns of a train table.

    `codes` gives float64 (n, d) with NaN where missing: numbers as they are, levels as codes (see `categorical`).
    `expanded` turns such a matrix into float64 (n, e) without NaN for linear models.
    """

    columns: tuple[Column, ...]
    recode: tuple[np.ndarray | None, ...]
    center: np.ndarray
    scale: np.ndarray
    ends: np.ndarray
    hot: tuple[np.ndarray | None, ...]
    gaps: tuple[bool, ...]

    @classmethod
    def of(cls, train: Table, names: Sequence[str]) -> Features:
        """The encoding of the columns `names` of `train`."""
        columns = tuple(train.schema[name] for name in names)
        recode = tuple(_recode(train.levels(c.name), len(categories_of(c))) if c.is_discrete else None for c in columns)
        matrix = _codes(columns, recode, train)
        ends, center, scale = _scaling(matrix, columns)
        hot = tuple(_frequent(matrix[:, at]) if c.is_discrete else None for at, c in enumerate(columns))
        gaps = tuple(bool(np.isnan(matrix[:, at]).any()) for at in range(len(columns)))
        return cls(columns, recode, center, scale, ends, hot, gaps)

    @property
    def categorical(self) -> tuple[int, ...]:
        """Positions of the columns that hold codes of levels."""
        return tuple(at for at, column in enumerate(self.columns) if column.is_discrete)

    def codes(self, table: Table) -> np.ndarray:
        """The rows of `table`; infinite numbers count as missing, for no learner takes them."""
        return _codes(self.columns, self.recode, table)

    def expanded(self, codes: np.ndarray) -> np.ndarray:
        """One-hot columns of the frequent levels; numbers drawn in, standardised, 0 where missing, with a flag."""
        made: list[np.ndarray] = []
        for at, hot in enumerate(self.hot):
            values = codes[:, at]
            if hot is not None:
                made.extend((values == level).astype(np.float64) for level in hot)
                continue
            drawn = (np.clip(values, *self.ends[:, at]) - self.center[at]) / self.scale[at]
            made.append(np.nan_to_num(drawn))
            if self.gaps[at]:
                made.append(np.isnan(values).astype(np.float64))
        return np.stack(made, axis=1) if made else np.zeros((len(codes), 0))


def _codes(columns: tuple[Column, ...], recode: tuple[np.ndarray | None, ...], table: Table) -> np.ndarray:
    matrix = np.empty((len(table), len(columns)))
    for at, (column, new) in enumerate(zip(columns, recode, strict=True)):
        if new is None:
            values = table.numbers(column.name)
            matrix[:, at] = np.where(np.isfinite(values), values, np.nan)
        else:
            matrix[:, at] = new[table.levels(column.name)]
    return matrix


def _recode(levels: np.ndarray, categories: int) -> np.ndarray:
    """A code for each level and for "any other value"; the last entry, which level -1 reads, is missing (NaN)."""
    counts = np.bincount(levels[levels >= 0], minlength=categories + 1)[:categories]
    code, last = np.arange(categories), min(categories, LARGEST_CODE)
    asked = _fewest(counts)
    few = counts < (asked if asked > MINIMUM_ROWS or categories > LARGEST_CODE else 0)
    if categories > LARGEST_CODE:
        code[np.argsort(-counts, kind="stable")] = np.minimum(np.arange(categories), last)
    return np.concatenate([np.where(few, last, code), [last, np.nan]])


def _fewest(counts: np.ndarray) -> int:
    """The rows a level needs for a code of its own, so that fresh rows hold the others as often as these ones.

    Of many levels about equally frequent, those with enough rows to be listed are those with luck: without one of its
    rows a level with just enough would not be listed, and that is what a fresh row sees (leave-one-out, as Good 1953).
    More rows are asked for until that share is lost in the noise.
    """
    noise = _LUCK * np.sqrt(counts.sum())
    asked = range(MINIMUM_ROWS, _MANY)
    return next((rows for rows in asked if rows * np.count_nonzero(counts == rows) <= noise), _MANY)


def _scaling(matrix: np.ndarray, columns: tuple[Column, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    ends, center, scale = np.zeros((2, len(columns))), np.zeros(len(columns)), np.ones(len(columns))
    for at, column in enumerate(columns):
        present = matrix[~np.isnan(matrix[:, at]), at]
        if column.is_discrete or len(present) == 0:
            continue
        # No value between two of train's: half-way to one absurd cell would be absurd, too.
        ends[0, at] = np.quantile(present, _TAIL, method="higher")
        ends[1, at] = np.quantile(present, 1 - _TAIL, method="lower")
        if ends[0, at] >= ends[1, at]:  # nearly constant: its few other values are all there is to learn from
            ends[:, at] = present.min(), present.max()
        size = float(np.abs(ends[:, at]).max()) or 1.0  # taken out, so that squares of 1e300 do not overflow
        drawn = np.clip(present, *ends[:, at]) / size
        center[at], scale[at] = drawn.mean() * size, drawn.std() * size or 1.0
    return ends, center, scale


def _frequent(codes: np.ndarray) -> np.ndarray:
    """The most frequent codes, at most `_HOT`, in ascending order."""
    values, counts = np.unique(codes[~np.isnan(codes)], return_counts=True)
    return np.sort(values[np.argsort(-counts, kind="stable")[:_HOT]])
