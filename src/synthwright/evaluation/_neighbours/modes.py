"""Train's modes as k-means cells, and how rows are spread over them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows, row_moves, ruler_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.matching.cells import Cells
from synthwright.matching.ruler import Points
from synthwright.seeding import Streams

__all__ = ["CELLS", "FEWEST", "ROWS", "ROWS_PER_CELL", "Modes", "Shares", "effective", "modes"]

CELLS, ROWS = 50, 10_000
ROWS_PER_CELL = 40  # then a cell's share is known to a sixth, and an empty cell is no accident
FEWEST = 2 * ROWS_PER_CELL
_LEVELS = 100  # one-hot columns per discrete column; levels beyond share one


@dataclass(frozen=True, eq=False)
class Shares:
    """The share of each cell, and the influence of each row on a function of the shares."""

    comparison: Comparison
    part: Part | None
    positions: np.ndarray
    member: np.ndarray
    cells: int

    @property
    def share(self) -> np.ndarray:
        """The share of each cell, summing to 1."""
        return np.asarray(np.bincount(self.member, minlength=self.cells) / len(self.member))

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return len(self.member)

    def moves(self, gradient: np.ndarray) -> dict[str, np.ndarray]:
        """What each row moves a function with this `gradient` in the shares."""
        if self.part is None:
            return {}
        influence = (gradient[self.member] - gradient @ self.share) / len(self.member)
        return {self.part: row_moves(self.comparison, self.part, self.positions, influence)}


@dataclass(frozen=True, eq=False)
class Modes:
    """As many rows of each part, and of rows without skill (``"shuffled"``), spread over train's cells."""

    rows: int
    shares: Mapping[str, Shares]


def modes(comparison: Comparison, *, cells: int = CELLS, rows: int = ROWS) -> Modes | str:
    """At most `rows` rows of each kind in about `cells` cells, or the reason why there are none; computed once."""
    return comparison.keep(("modes", cells, rows), lambda: _modes(comparison, cells, rows))


def effective(train: Shares, other: Shares) -> Figure:
    """exp(H(other)) / exp(H(train)), by the delta method: dH/dp = -log p - 1.

    The slope vanishes where all cells are equally full; K cells and n rows then leave the variance of the entropy's
    second order, (K - 1) / 2n^2 (Harris 1975).
    """
    logs = [np.log(np.where(one.share > 0, one.share, 1.0)) for one in (train, other)]
    entropy = [-float(one.share @ log) for one, log in zip((train, other), logs, strict=True)]
    ratio = float(np.exp(entropy[1] - entropy[0]))
    moves = train.moves(ratio * logs[0]) | other.moves(-ratio * logs[1])
    for one in (train, other):
        if one.part is not None and (units := len(moves[one.part])) > 1:
            curved = ratio * np.sqrt((np.count_nonzero(one.share) - 1) / 2) / one.rows
            moves[f"{one.part}, curved"] = np.full(units, curved * np.sqrt(units - 1) / units)
    return Figure(ratio, moves)


def _modes(comparison: Comparison, cells: int, rows: int) -> Modes | str:
    if not comparison.columns:
        return "no columns"
    n = min(rows, *(comparison.rows(part) for part in comparison.parts))
    if n < FEWEST:
        return f"it needs {FEWEST} rows of each kind, and one has {n}"
    sizes = [min(size, _LEVELS) for size in ruler_of(comparison).level_sizes]
    rng = Streams(comparison.seed).at("evaluation", "modes").rng()

    def placed(part: Part) -> np.ndarray:
        return placed_rows(comparison, part, drawn_rows(comparison, part, n, "modes")).vectors(sizes)

    vectors = {part: placed(part) for part in comparison.parts}
    points: Points = ruler_of(comparison).place(comparison.floor(n))
    # Cells are learnt from all rows of the sample, at most one per 40 of them.
    found = Cells.of(vectors["train"], min(cells, n // ROWS_PER_CELL), rng)
    shares: dict[str, Shares] = {
        part: Shares(comparison, part, drawn_rows(comparison, part, n, "modes"), found.of_rows(place), len(found))
        for part, place in vectors.items()
    }
    shares["shuffled"] = Shares(comparison, None, np.arange(n), found.of_rows(points.vectors(sizes)), len(found))
    return Modes(n, shares)
