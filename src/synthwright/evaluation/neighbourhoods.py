"""Balls around real rows that reach to their k-th real neighbour, and the rows that fall into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.drawing import drawn_rows, placed_rows, row_moves, ruler_of, shared_moves
from synthwright.evaluation.figure import Figure
from synthwright.matching.nearest import distance_blocks
from synthwright.matching.ruler import Points

__all__ = ["FEWEST", "Balls", "Neighbourhoods", "coverage_of_equals", "neighbourhoods"]

FEWEST = 20  # rows on either side: fewer have no fifth neighbour to speak of


@dataclass(frozen=True, eq=False)
class Balls:
    """Coverage and density of some rows in the balls of the same real rows."""

    coverage: Figure
    density: Figure


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """The balls of synthetic rows, of as many train rows (``None`` without a holdout), and of rows without skill."""

    synthetic: Balls
    train: Balls | None
    shuffled: Balls
    n_real: int
    n_synthetic: int
    null: float


def coverage_of_equals(real: int, other: int, k: int) -> float:
    """The expected coverage where both sides come from one distribution: ``1 - prod_{i=1..k} (N-i) / (M+N-i)``.

    Naeem et al. (2020), Lemma 2, for N real and M other rows.
    """
    at = np.arange(1, k + 1)
    return float(1 - np.prod((real - at) / (other + real - at)))


def neighbourhoods(comparison: Comparison, *, rows: int, k: int) -> Neighbourhoods | str:
    """Coverage and density on at most `rows` rows per side, or the reason why there is none; computed once."""
    return comparison.keep(("neighbourhoods", rows, k), lambda: _neighbourhoods(comparison, rows, k))


def _neighbourhoods(comparison: Comparison, limit: int, k: int) -> Neighbourhoods | str:
    real: Part = "train" if comparison.holdout is None else "holdout"
    centres = drawn_rows(comparison, real, limit, "centres")
    m = min(limit, comparison.rows("synthetic"), comparison.rows("train"))
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    if min(len(centres), m) < FEWEST:
        return f"it needs {FEWEST} rows of each kind, and one has {min(len(centres), m)}"
    points = placed_rows(comparison, real, centres)
    reach = _reach(points, k)

    def balls(part: Part) -> Balls:
        rows = drawn_rows(comparison, part, m, "balls")
        return _balls(comparison, real, centres, reach, points, placed_rows(comparison, part, rows), (part, rows))

    shuffled = ruler_of(comparison).place(comparison.floor(m))
    return Neighbourhoods(
        synthetic=balls("synthetic"),
        train=balls("train") if real == "holdout" else None,
        shuffled=_balls(comparison, real, centres, reach, points, shuffled, None),
        n_real=len(centres),
        n_synthetic=m,
        null=coverage_of_equals(len(centres), m, k),
    )


@dataclass(frozen=True, eq=False)
class _Reach:
    """For each real row: the distance to its k-th neighbour, how many of the k lie on it, and how many rows do."""

    radius: np.ndarray
    needed: np.ndarray
    ties: np.ndarray
    k: int

    def chance(self, tied: np.ndarray, block: slice) -> np.ndarray:
        """The chance that one of `tied` other rows, all at the radius, comes before the k-th real one.

        Equal distances are ordered at random: of ``ties + tied`` rows the first ``needed`` are all real with chance
        ``prod_j (ties - j) / (ties + tied - j)``. So copies of a value that real rows share count as real rows do.
        """
        missed = np.ones(len(tied))
        for j in range(self.k):
            left = np.maximum(self.ties[block] - j, 0)
            missed *= np.where(j < self.needed[block], left / np.maximum(left + tied, 1), 1.0)
        return 1 - missed

    @property
    def weight(self) -> np.ndarray:
        """The expected share of other rows at the radius that come before the k-th real row, in random order."""
        return np.asarray(self.needed / (self.ties + 1))


def _reach(points: Points, k: int) -> _Reach:
    n = len(points)
    radius, needed, ties = np.empty(n, np.float32), np.empty(n, np.int64), np.empty(n, np.int64)
    for block, apart in distance_blocks(points, points):
        apart[np.arange(len(apart)), np.arange(block.start, block.stop)] = np.inf
        kth = np.partition(apart, k - 1, axis=1)[:, k - 1]
        radius[block] = kth
        needed[block] = k - (apart < kth[:, None]).sum(axis=1)
        ties[block] = (apart == kth[:, None]).sum(axis=1)
    return _Reach(radius, needed, ties, k)


def _balls(
    comparison: Comparison,
    real: Part,
    centres: np.ndarray,
    reach: _Reach,
    points: Points,
    others: Points,
    origin: tuple[Part, np.ndarray] | None,
) -> Balls:
    n, m, k = len(points), len(others), reach.k
    inside, on = np.empty(n, np.int64), np.empty(n, np.int64)
    covered, squares = np.empty(n), 0.0
    lost, mass = np.zeros(m), np.zeros(m)  # what coverage loses without each other row; the balls each lies in
    for block, apart in distance_blocks(points, others):
        radius = reach.radius[block, None]
        within, touching = apart < radius, apart == radius
        inside[block], on[block] = within.sum(axis=1), touching.sum(axis=1)
        chance = reach.chance(on[block], block)
        covered[block] = np.where(inside[block] > 0, 1.0, chance)
        mass += within.sum(axis=0)
        if tied := np.flatnonzero(on[block]).tolist():
            mass += reach.weight[block][tied] @ touching[tied]
            open_ = [at for at in tied if inside[block][at] == 0]
            less = (chance - reach.chance(np.maximum(on[block] - 1, 0), block))[open_]
            lost += less @ touching[open_]
            squares += float(less**2 @ on[block][open_])
        sole = np.flatnonzero(inside[block] == 1)
        lost += (1 - chance)[sole] @ within[sole]
        squares += float(((1 - chance)[sole] ** 2).sum())
    coverage, density = float(covered.mean()), (inside + on * reach.weight) * (n / (k * m))
    moves: dict[str, np.ndarray] = {real: row_moves(comparison, real, centres, (covered - coverage) / n)}
    spread: dict[str, np.ndarray] = {real: row_moves(comparison, real, centres, (density - density.mean()) / n)}
    if origin is not None:
        part, rows = origin
        moves[part] = row_moves(comparison, part, rows, shared_moves(lost, squares) / n)
        own = float((inside + on * reach.weight**2).sum())
        spread[part] = row_moves(comparison, part, rows, shared_moves(mass, own) / (k * m))
    return Balls(Figure(coverage, moves), Figure(float(density.mean()), spread))
