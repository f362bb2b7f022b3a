"""One ruler for mixed columns: how far two rows lie apart, measured in the train table's own ranks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.schema import Column
from synthwright.data.table import Table

__all__ = ["Points", "Ruler"]

_STEP = 2.0**-16  # coordinates are multiples of it, so float32 sums over up to 100 columns are exact and ties are ties
_KNOTS = 4_096  # ranks are then off by at most 1/4096, a fraction of any distance that matters
_TAIL = 0.5  # how far beyond the ends of train a value can lie: one absurd cell moves a distance by this much at most
_MISSING = -1.0  # below every value: at least half a range from any, at no distance from another missing cell


@dataclass(frozen=True, eq=False)
class Points:
    """Rows on a ruler, one column after another: ``numbers`` float32 (p, n), ``levels`` unsigned integers (q, n)."""

    numbers: np.ndarray
    levels: np.ndarray

    def __len__(self) -> int:
        return int(self.numbers.shape[1])

    def take(self, rows: np.ndarray | slice) -> Points:
        """The points at these positions."""
        return Points(np.ascontiguousarray(self.numbers[:, rows]), np.ascontiguousarray(self.levels[:, rows]))

    def vectors(self, sizes: Sequence[int]) -> np.ndarray:
        """The points as float32 (n, p + sum(sizes)): coordinates, then one-hot levels of ``sizes[i]`` columns each.

        One-hot cells are sqrt(1/2), so two different levels are at Euclidean distance 1.
        """
        hot = np.zeros((len(self), sum(sizes)), dtype=np.float32)
        start = 0
        for codes, size in zip(self.levels, sizes, strict=True):
            # intp: codes are uint8 where they can, and a position beyond 255 would wrap around in silence.
            hot[np.arange(len(self)), start + np.minimum(codes.astype(np.intp), size - 1)] = np.sqrt(0.5)
            start += size
        return np.concatenate([self.numbers.T, hot], axis=1)


@dataclass(frozen=True, eq=False)
class Ruler:
    """Gower's distance (1971) on ranks: the sum over columns of |rank difference|, or of 0 and 1 for levels.

    Fitted on train alone, so every comparison uses the same ruler. Rank 0 is train's smallest value, 1 its largest;
    a value that many rows share gets their middle rank. Scale, skew and outliers of a column do not matter.
    """

    columns: tuple[Column, ...]
    knots: tuple[tuple[np.ndarray, np.ndarray], ...]

    @classmethod
    def of(cls, train: Table) -> Ruler:
        """The ruler of this table's modelled columns; identifiers and free text have no place on it."""
        columns = tuple(column for column in train.schema if column.is_modelled)
        return cls(columns, tuple(_ranks(train.numbers(column.name)) for column in columns if column.is_numeric))

    @property
    def level_sizes(self) -> tuple[int, ...]:
        """How many codes each level column has: missing, the categories, and any other value."""
        return tuple(len(categories_of(column)) + 2 for column in self.columns if column.is_discrete)

    def place(self, table: Table) -> Points:
        """The rows of `table` on this ruler."""
        names = [column.name for column in self.columns if column.is_numeric]
        numbers = [_place(table.numbers(name), *knots) for name, knots in zip(names, self.knots, strict=True)]
        levels = [table.levels(column.name) + 1 for column in self.columns if column.is_discrete]
        largest = max(self.level_sizes, default=0)
        stored = np.uint8 if largest <= 2**8 else np.uint16 if largest <= 2**16 else np.uint32
        shape = (0, len(table))
        return Points(
            np.stack(numbers) if numbers else np.zeros(shape, np.float32),
            np.stack(levels).astype(stored) if levels else np.zeros(shape, np.uint8),
        )


def _ranks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Values in ascending order and the middle rank of each in [0, 1]; thinned to at most `_KNOTS` of them."""
    present = values[np.isfinite(values)]
    distinct, counts = np.unique(present, return_counts=True)
    if len(distinct) == 0:
        return np.zeros(1), np.full(1, 0.5)
    ranks = (np.cumsum(counts) - counts / 2) / len(present)
    if len(distinct) > 1:  # the ends are 0 and 1 exactly, whatever their counts
        ranks = (ranks - ranks[0]) / (ranks[-1] - ranks[0])
    if len(distinct) > _KNOTS:
        cuts = np.searchsorted(ranks, np.linspace(0.0, 1.0, _KNOTS))
        kept = np.unique(np.concatenate([cuts, np.flatnonzero(counts > len(present) / _KNOTS)]))
        distinct, ranks = distinct[kept], ranks[kept]
    return distinct, ranks


def _place(values: np.ndarray, distinct: np.ndarray, ranks: np.ndarray) -> np.ndarray:
    low, high = float(distinct[0]), float(distinct[-1])
    span = high - low if high > low else max(abs(high), 1.0)
    beyond = np.clip((values - high) / span, 0.0, _TAIL) - np.clip((low - values) / span, 0.0, _TAIL)
    placed = np.round((np.interp(values, distinct, ranks) + beyond) / _STEP) * _STEP
    return np.where(np.isnan(values), _MISSING, placed).astype(np.float32)
