"""How much of train's mass in some cells another table keeps.

Train is taken as given: which of its cells are rare, and how much they hold, is what is asked about, so intervals speak
of the other tables' rows alone. Counts of rare cells are small, and what is kept of a cell stops at what train holds.
With few rows in a cell both the loss is large and their own spread looks small, so intervals that go by these rows are
too short. Each cell's variance is therefore that of the loss of a Poisson count, exactly, at the rate that train and
the other table show together; blocks of both say how cells, and rows of a group, move together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.evaluation._counts.distances import total_variation_ratio
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves

__all__ = ["Kept", "kept_share", "loss_variance"]


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
        ratio = 1.0
        if rows is not None:
            ours, theirs = (np.column_stack([one[:, cells], one[:, ~cells].sum(axis=1)]) for one in (real, other))
            ratio = total_variation_ratio(ours, theirs, rows)
        # max(0, x) = (|x| + x) / 2: the first half is noise that depends on the sizes, the second is not.
        value = float((0.5 * (ratio * np.abs(p - q) + (p - q)))[cells].sum())
        both = m * (p + q)[cells]  # rows that train would have among m, and those that there are
        slope = np.zeros(len(p))
        slope[cells] = np.sqrt(loss_variance(m * p[cells], both / 2, ratio) / np.maximum(both, 1))
        moves = {
            part: linear_moves(other, -slope),
            f"{part}, as in train": linear_moves(real, -slope) * np.sqrt(n / m),
        }
        return cls(float(p[cells].sum()), Figure(value, moves))


def loss_variance(wanted: np.ndarray, mean: np.ndarray, ratio: float = 1.0) -> np.ndarray:
    """The variance of ``(ratio |x| + x) / 2``, x being `wanted` less a Poisson count with this `mean`.

    That is ``ratio max(0, x) + (1 - ratio) x / 2``; moments of the first come from the distribution function alone.
    """
    from scipy.special import pdtr

    last = np.floor(wanted)
    up_to = [np.where(last >= less, pdtr(np.maximum(last - less, 0), mean), 0.0) for less in range(3)]
    first = wanted * up_to[0] - mean * up_to[1]
    second = wanted**2 * up_to[0] - 2 * wanted * mean * up_to[1] + mean**2 * up_to[2] + mean * up_to[1]
    own = second - first**2
    shared = second - first * (wanted - mean)  # the covariance with x: max(0, x) x is the square of max(0, x)
    return np.asarray(np.maximum(ratio**2 * own + ratio * (1 - ratio) * shared + (1 - ratio) ** 2 / 4 * mean, 0.0))


def kept_share(several: Sequence[Kept]) -> Figure:
    """The share of the train mass of all tables together that is kept, 0 to 1."""
    lost = several[0].lost
    for one in several[1:]:
        lost = lost + one.lost
    return Figure.sure(1.0) - lost.times(1 / sum(one.whole for one in several))
