"""Balls around real rows that reach to their k-th real neighbour, and the rows that fall into them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._neighbours.balls import Balls, Placed, balls
from synthwright.evaluation._neighbours.clipped import equivalent_share
from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows, ruler_of
from synthwright.evaluation._neighbours.reach import Reach, reach_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["FEWEST", "NEIGHBOURS", "ROWS", "Neighbourhoods", "coverage_of_equals", "neighbourhoods", "placed"]

FEWEST = 20  # rows on either side: fewer have no fifth neighbour to speak of
ROWS, NEIGHBOURS = 5_000, 5  # the metrics' defaults: they share their distances only if they agree


@dataclass(frozen=True, eq=False)
class Neighbourhoods:
    """The balls of synthetic rows, of as many train rows (``None`` without a holdout), and of rows without skill.

    `real` are the rows in whose balls they were counted: the balls of these rows themselves, each left out of its own.
    """

    synthetic: Balls
    train: Balls | None
    shuffled: Balls
    real: Balls
    centres: Placed
    reach: Reach
    n_real: int
    n_synthetic: int
    null: float

    def clipped_density(self, found: Balls) -> Figure:
        """The clipped number of balls that hold a row, over that of real rows (Salvy et al. 2025)."""
        ratio = found.holding.value / self.real.holding.value
        return Figure(ratio, (found.holding - self.real.holding.times(ratio)).times(1 / self.real.holding.value).moves)

    def clipped_coverage(self, found: Balls) -> Figure:
        """The share of the rows that, drawn from the real distribution, would fill the balls as much.

        Balls that are larger by some share are filled as by so many more rows.
        """
        share, slope = equivalent_share(found.filling.value, self.n_synthetic, self.n_real, self.reach.k)
        return Figure(share, {**found.filling.times(slope).moves, **Figure(1.0, found.crowding).times(share).moves})


def coverage_of_equals(real: int, other: int, k: int) -> float:
    """The expected coverage where both sides come from one distribution: ``1 - prod_{i=1..k} (N-i) / (M+N-i)``.

    Naeem et al. (2020), Lemma 2, for N real and M other rows.
    """
    at = np.arange(1, k + 1)
    return float(1 - np.prod((real - at) / (other + real - at)))


def placed(comparison: Comparison, part: Part, rows: np.ndarray) -> Placed:
    """The rows at `rows` of `part`, on the comparison's ruler."""
    return Placed(placed_rows(comparison, part, rows), part, rows)


def neighbourhoods(comparison: Comparison, *, rows: int = ROWS, k: int = NEIGHBOURS) -> Neighbourhoods | str:
    """Coverage and density on at most `rows` rows per side, or the reason why there is none; computed once."""
    return comparison.keep(("neighbourhoods", rows, k), lambda: _neighbourhoods(comparison, rows, k))


def _neighbourhoods(comparison: Comparison, limit: int, k: int) -> Neighbourhoods | str:
    real: Part = "train" if comparison.holdout is None else "holdout"
    rows = drawn_rows(comparison, real, limit, "centres")
    # No more than real rows: three times as many would fill nearly all balls, however many of them are worthless.
    m = min(len(rows), comparison.rows("synthetic"), comparison.rows("train"))
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    if min(len(rows), m) < FEWEST:
        return f"it needs {FEWEST} rows of each kind, and one has {min(len(rows), m)}"
    centres = placed(comparison, real, rows)
    reach = reach_of(centres.points, k, tell=comparison.tell)

    def of(part: Part) -> Balls:
        return balls(comparison, centres, reach, placed(comparison, part, drawn_rows(comparison, part, m, "balls")))

    return Neighbourhoods(
        synthetic=of("synthetic"),
        train=of("train") if real == "holdout" else None,
        shuffled=balls(comparison, centres, reach, Placed(ruler_of(comparison).place(comparison.floor(m)))),
        real=balls(comparison, centres, reach, centres),
        centres=centres,
        reach=reach,
        n_real=len(rows),
        n_synthetic=m,
        null=coverage_of_equals(len(rows), m, k),
    )
