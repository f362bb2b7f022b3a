"""How far the ball of each real row reaches, and how rows exactly on its edge count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._neighbours.clipped import tied_before
from synthwright.matching.nearest import Tell, distance_blocks
from synthwright.matching.ruler import Points

__all__ = ["Reach", "reach_of"]


@dataclass(frozen=True, eq=False)
class Reach:
    """For each real row: the distance to its k-th neighbour, how many of the k lie on it, and how many rows do.

    `held` is how many balls hold each row of the points, of equals the expected number. Equal distances are ordered at
    random. So copies of a value that real rows share count as real rows do.
    """

    radius: np.ndarray
    needed: np.ndarray
    ties: np.ndarray
    k: int
    held: np.ndarray

    def chance(self, tied: np.ndarray, block: slice) -> np.ndarray:
        """The chance that one of `tied` other rows, all at the radius, comes before the k-th real one.

        Of ``ties + tied`` rows the first ``needed`` are all real with chance
        ``prod_j (ties - j) / (ties + tied - j)``.
        """
        missed = np.ones(len(tied))
        for j in range(self.k):
            left = np.maximum(self.ties[block] - j, 0)
            missed *= np.where(j < self.needed[block], left / np.maximum(left + tied, 1), 1.0)
        return 1 - missed

    def filling(self, inside: np.ndarray, tied: np.ndarray, block: slice) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The expected ``min(C, k) / k``, what it loses without a row inside, and without one on the edge.

        C counts the `inside` rows and those of the `tied` ones that come before the k-th real row.
        """
        k = self.k
        full, less = np.minimum(inside, k) / k, (inside <= k) / k
        tied_less = np.zeros(len(inside))
        at = np.flatnonzero((tied > 0) & (inside <= k))
        if len(at):
            needed, ties = self.needed[block][at], self.ties[block][at]
            before = tied_before(needed, ties, tied[at], k)
            fewer = tied_before(needed, ties, tied[at] - 1, k)
            room = k - inside[at]
            counted = np.arange(1, k + 1)[None] <= room[:, None]
            extra = (before * counted).sum(axis=1) / k
            full[at] += extra
            tied_less[at] = extra - (fewer * counted).sum(axis=1) / k
            # Without a row inside there is one more place: it is lost unless one more row on the edge comes in.
            next_in = np.where(
                room < k, np.take_along_axis(before, np.minimum(room, k - 1)[:, None], axis=1)[:, 0], 0.0
            )
            less[at] = (1 - next_in) / k
        return full, less, tied_less

    @property
    def weight(self) -> np.ndarray:
        """The expected share of other rows at the radius that come before the k-th real row, in random order."""
        return np.asarray(self.needed / (self.ties + 1))

    @property
    def own_weight(self) -> np.ndarray:
        """The share of real rows at the radius that are among the k nearest."""
        return np.asarray(self.needed / self.ties)

    def capped(self, *, own: bool) -> tuple[np.ndarray, np.ndarray]:
        """Radii no larger than the median one, and what rows exactly on them count (`own`: real rows).

        Salvy et al. (2025): a few rows far out would else have balls that hold everything. Equal radii are ordered by
        the share of rows on the edge that lie within.
        """
        weight = self.weight
        middle = np.lexsort((weight, self.radius))[(len(weight) - 1) // 2]
        median, least = self.radius[middle], weight[middle]
        mine = self.own_weight if own else weight
        at_median = mine * np.minimum(1.0, least / weight)
        edge = np.where(self.radius < median, mine, np.where(self.radius == median, at_median, least))
        return np.minimum(self.radius, median), edge


def reach_of(points: Points, k: int, rows: np.ndarray | None = None, *, tell: Tell | None = None) -> Reach:
    """How far the balls of `points`, or of those at `rows`, reach: to the k-th other one of more than `k`."""
    at = np.arange(len(points)) if rows is None else rows
    centres, n = points if rows is None else points.take(rows), len(at)
    radius, needed, ties = np.empty(n, np.float32), np.empty(n, np.int64), np.empty(n, np.int64)
    held = np.zeros(len(points))
    for block, apart in distance_blocks(centres, points, tell=tell):
        apart[np.arange(len(apart)), at[block]] = np.inf
        kth = np.partition(apart, k - 1, axis=1)[:, k - 1]
        radius[block] = kth
        within, on = apart < kth[:, None], apart == kth[:, None]
        needed[block], ties[block] = k - within.sum(axis=1), on.sum(axis=1)
        held += within.sum(axis=0) + (needed[block] / ties[block]) @ on
    return Reach(radius, needed, ties, k, held)
