"""How much of train's mass in some cells another table keeps.

Train is taken as given: which of its cells are rare, and how much they hold, is what is asked about, so intervals speak
of the other tables' rows alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.evaluation._counts.distances import rounded_slope, total_variation_ratio
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves

__all__ = ["Kept", "kept_share"]


@dataclass(frozen=True, eq=False)
class Kept:
    """Of the train mass `whole` in some cells of a table, what the other table lacks: the sum of max(0, p - q)."""

    whole: float
    lost: Figure

    @classmethod
    def of(cls, real: np.ndarray, other: np.ndarray, part: str, cells: np.ndarray, rows: int | None = None) -> Self:
        """From counts (blocks, all cells) of train (`real`) and `part`, over the cells where `cells` is true.

        With `rows` the loss is brought to a table of so many rows: what noise takes from fresh rows shrinks with it.
        """
        n, m = max(int(real.sum()), 1), max(int(other.sum()), 1)
        p, q = real.sum(axis=0) / n, other.sum(axis=0) / m
        pooled = (p * n + q * m) / (n + m)
        ratio = 1.0
        if rows is not None:
            ours, theirs = (np.column_stack([one[:, cells], one[:, ~cells].sum(axis=1)]) for one in (real, other))
            ratio = total_variation_ratio(ours, theirs, rows)
        # max(0, x) = (|x| + x) / 2: the first half is noise that depends on the sizes, the second is not.
        slope = 0.5 * (ratio * rounded_slope(p - q, np.sqrt(pooled * (1 - pooled).clip(0) / m)) + 1)
        value = float((0.5 * (ratio * np.abs(p - q) + (p - q)))[cells].sum())
        return cls(float(p[cells].sum()), Figure(value, {part: linear_moves(other, np.where(cells, -slope, 0.0))}))


def kept_share(several: Sequence[Kept]) -> Figure:
    """The share of the train mass of all tables together that is kept, 0 to 1."""
    lost = several[0].lost
    for one in several[1:]:
        lost = lost + one.lost
    return Figure.sure(1.0) - lost.times(1 / sum(one.whole for one in several))
