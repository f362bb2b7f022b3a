"""What rows that fall into the balls of real rows say: coverage and density, plain and clipped, from one pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._neighbours.drawing import block_moves, row_moves, shared_moves
from synthwright.evaluation._neighbours.reach import Reach
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.matching.nearest import distance_blocks
from synthwright.matching.ruler import Points

__all__ = ["Balls", "Placed", "balls"]


@dataclass(frozen=True, eq=False)
class Placed:
    """Rows of `part` on the ruler; ``points[i]`` is row ``rows[i]``. Rows without skill belong to no part.

    `rows` may go on beyond the points: rows that were drawn too and lie in no ball (of another class), whose number is
    chance as well. `blocked` sums what rows move over the jackknife blocks, so that figures of other rows can be added.
    """

    points: Points
    part: Part | None = None
    rows: np.ndarray | None = None
    blocked: bool = False

    def moves(self, comparison: Comparison, influence: np.ndarray) -> dict[str, np.ndarray]:
        """What the rows move a figure, for `Figure`; nothing for rows without skill."""
        if self.part is None or self.rows is None:
            return {}
        move = block_moves if self.blocked else row_moves
        return {self.part: move(comparison, self.part, self.rows, influence)}


@dataclass(frozen=True, eq=False)
class Balls:
    """Coverage and density of some rows in the balls of the same real rows.

    `filling` is the mean of ``min(C, k) / k`` over real rows, C being the rows in the ball; `holding` the mean of
    ``min(B, k) / k`` over the other rows, B being the balls, none larger than the median one, that hold the row.
    `crowding` is what real rows move the size of all balls, as a share of it, by keeping those of others small.
    """

    coverage: Figure
    density: Figure
    filling: Figure
    holding: Figure
    crowding: Mapping[str, np.ndarray]


def balls(comparison: Comparison, centres: Placed, reach: Reach, others: Placed) -> Balls:
    """The figures of `others` in the balls of `centres`, in one pass over their distances.

    With `centres` as `others`, a row is not in its own ball, and one at the radius counts as one of the k nearest.
    """
    n, m, k = len(centres.points), len(others.points), reach.k
    itself = others is centres
    tally = _Tally(n, m)
    clip = _Clip(*reach.capped(own=itself), rows=m)
    weight = reach.own_weight if itself else reach.weight
    for block, apart in distance_blocks(centres.points, others.points, tell=comparison.tell):
        if itself:
            apart[np.arange(len(apart)), np.arange(block.start, block.stop)] = np.inf
        radius = reach.radius[block, None]
        tally.add(block, apart < radius, apart == radius, reach, weight[block])
        clip.add(block, apart)

    def figure(value: float, own: np.ndarray, shared: np.ndarray, squares: float) -> Figure:
        """Each real row with its own value, each other row with what it changes in all balls at once."""
        padded = np.zeros(m if others.rows is None else len(others.rows))
        padded[:m] = shared
        mine = centres.moves(comparison, (own - own.mean()) / n)
        return Figure(value, mine | others.moves(comparison, shared_moves(padded, squares)))

    lost, squares = tally.lost / n, tally.squares / n**2
    held, mass = tally.held * (n / (k * m)), tally.lost[2] / (k * m)
    density = figure(float(held.mean()), held, mass, tally.squares[2] / (k * m) ** 2)
    crowding = _as_neighbours(comparison, centres, reach)
    return Balls(
        coverage=figure(float(tally.covered.mean()), tally.covered, lost[0], squares[0]),
        density=Figure(density.value, {**density.moves, **crowding}),
        filling=figure(float(tally.filled.mean()), tally.filled, lost[1], squares[1]),
        holding=clip.figure(comparison, centres, others, k),
        crowding=crowding,
    )


def _as_neighbours(comparison: Comparison, centres: Placed, reach: Reach) -> dict[str, np.ndarray]:
    """What real rows move the size of balls by keeping those of others small: each shrinks all that it lies in.

    Where many balls share a row, in many columns, this is most of the density's noise. Taken as independent of what the
    balls hold it makes intervals a little wide: 1.03 to 1.3 times the error, in 1 to 8 normal or uniform columns.
    """
    if len(reach.held) != len(centres.points):  # balls of some rows only
        return {}
    moves = centres.moves(comparison, (reach.held - reach.k) / (reach.k * len(reach.held)))
    return {f"{part}, as neighbours": one for part, one in moves.items()}


class _Tally:
    """Per real row what its ball holds; per other row what would be lost without it.

    The rows of `lost` and `squares` belong to coverage, filling and density.
    """

    def __init__(self, n: int, m: int) -> None:
        self.covered, self.filled, self.held = np.empty(n), np.empty(n), np.empty(n)
        self.lost, self.squares = np.zeros((3, m)), np.zeros(3)

    def add(self, block: slice, within: np.ndarray, edge: np.ndarray, reach: Reach, weight: np.ndarray) -> None:
        inside, on = within.sum(axis=1), edge.sum(axis=1)
        chance = reach.chance(on, block)
        alone = inside == 0
        self.covered[block] = np.where(alone, chance, 1.0)
        self.filled[block], less, edge_less = reach.filling(inside, on, block)
        self.held[block] = inside + on * weight
        # What one row inside, or one on the edge, adds to each figure.
        inner = np.stack([np.where(inside == 1, 1 - chance, 0.0), less, np.ones(len(inside))])
        outer = np.zeros_like(inner)
        if tied := np.flatnonzero(on).tolist():
            fewer = reach.chance(np.maximum(on - 1, 0), block)
            outer = np.stack([np.where(alone, chance - fewer, 0.0), edge_less, weight])
            self.lost += outer[:, tied] @ edge[tied]
        self.lost += inner.astype(np.float32) @ within.astype(np.float32)
        self.squares += (inner**2 * inside + outer**2 * on).sum(axis=1)


class _Clip:
    """How many balls of at most the median radius hold each other row, and which ones, kept as bits or positions."""

    def __init__(self, radius: np.ndarray, edge: np.ndarray, *, rows: int) -> None:
        self.radius, self.edge, self.mass = radius, edge, np.zeros(rows)
        self.bits: list[tuple[slice, np.ndarray, np.ndarray | None]] = []

    def add(self, block: slice, apart: np.ndarray) -> None:
        radius = self.radius[block, None]
        within, on = apart < radius, apart == radius
        self.mass += within.sum(axis=0)
        if tied := on.any():
            self.mass += self.edge[block] @ on
        self.bits.append((block, _packed(within), _packed(on) if tied else None))

    def figure(self, comparison: Comparison, centres: Placed, others: Placed, k: int) -> Figure:
        """The mean of ``min(B, k) / k``; each ball with what all rows it holds would lose without it."""
        n, m = len(self.radius), len(self.mass)
        value = np.minimum(self.mass / k, 1.0)
        spare = np.clip(k + 1 - self.mass, 0.0, 1.0)  # what a row loses with one of its balls
        lost, squares = np.zeros(n), 0.0
        for block, within, on in self.bits:
            inside = _unpacked(within, block, m)
            lost[block] = inside @ spare
            squares += float((inside @ spare**2).sum())
            if on is not None:
                touching, edge = _unpacked(on, block, m), self.edge[block]
                lost[block] += edge * (touching @ spare)
                squares += float(edge**2 @ (touching @ spare**2))
        own, shared = (value - value.mean()) / m, shared_moves(lost, squares) / (k * m)
        if others is centres:
            return Figure(float(value.mean()), centres.moves(comparison, own + shared))
        padded = np.zeros(m if others.rows is None else len(others.rows))
        padded[:m] = own
        mine = centres.moves(comparison, shared)
        return Figure(float(value.mean()), mine | others.moves(comparison, padded))


def _packed(mask: np.ndarray) -> np.ndarray:
    """The mask in the smaller of two forms: bits, or the positions of what is true, where that is little.

    A row lies in a handful of balls: of 250,000 rows positions take 5 MB, bits 8 GB.
    """
    at = np.flatnonzero(mask)
    return at.astype(np.uint32) if 32 * len(at) < mask.size else np.packbits(mask)


def _unpacked(kept: np.ndarray, block: slice, m: int) -> np.ndarray:
    """The mask of the real rows `block` and `m` others as 0 and 1."""
    shape = (block.stop - block.start, m)
    if kept.dtype == np.uint8:
        return np.unpackbits(kept, count=shape[0] * m).reshape(shape)
    mask = np.zeros(shape[0] * m, dtype=np.uint8)
    mask[kept] = 1
    return mask.reshape(shape)
