"""Which rows the costly metrics look at, and how each of those rows moves a figure."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.features import Features
from synthwright.matching.ruler import Points, Ruler
from synthwright.seeding import Streams

__all__ = [
    "block_moves",
    "drawn_rows",
    "features_of",
    "placed_rows",
    "row_mean",
    "row_moves",
    "ruler_of",
    "shared_moves",
]


_FITTED_ROWS = 100_000  # which levels are frequent, and where numbers lie, is known by then


def drawn_rows(
    comparison: Comparison, part: Part, limit: int, purpose: str, *, among: np.ndarray | None = None
) -> np.ndarray:
    """Positions of at most `limit` rows of `part` (of those in `among`), ascending; all if there are no more.

    Which ones depends on the comparison's seed, `part` and `purpose` alone, not on which metric asks first.
    """
    rows = np.arange(comparison.rows(part)) if among is None else among
    if len(rows) <= limit:
        return rows
    rng = Streams(comparison.seed).at("evaluation", purpose, part).rng()
    return np.sort(rng.choice(rows, limit, replace=False))


def row_moves(comparison: Comparison, part: Part, rows: np.ndarray, influence: np.ndarray) -> np.ndarray:
    """What the rows at `rows` of `part` contribute to a figure, for `Figure.moves` (infinitesimal jackknife).

    `influence` is one number per row: a mean has ``(x - mean) / n``. With a column of role ``group`` the rows are
    summed over the jackknife blocks, in which groups are whole, so that rows that belong together move together.
    """
    if not comparison.schema.having("group"):
        return np.asarray(influence, dtype=np.float64)
    return block_moves(comparison, part, rows, influence)


def row_mean(comparison: Comparison, part: Part, rows: np.ndarray, values: np.ndarray) -> Figure:
    """The mean of one value for each of the rows at `rows` of `part`."""
    middle = float(values.mean())
    return Figure(middle, {part: row_moves(comparison, part, rows, (values - middle) / len(values))})


def block_moves(comparison: Comparison, part: Part, rows: np.ndarray, influence: np.ndarray) -> np.ndarray:
    """`row_moves` summed over the jackknife blocks, so that figures of different rows can be added."""
    codes = comparison.codes(part)
    return np.bincount(codes.block[rows], weights=influence, minlength=codes.blocks)


def shared_moves(sums: np.ndarray, own_squares: float) -> np.ndarray:
    """Moves of rows that many other rows depend on, with the noise of those other rows taken out of their variance.

    ``sums[j]`` is what a total over other rows loses without row j, `own_squares` the sum of the squares of the single
    losses. Other rows' own variance is counted where they are; what row j adds is the covariance of those that share
    it, the products of two different losses (Hoeffding's projection). Left in, it would be counted twice.
    """
    centred = sums - sums.mean()
    total = float(centred @ centred)
    return np.asarray(centred * np.sqrt(max(0.0, 1 - own_squares / total)) if total > 0 else centred)


def ruler_of(comparison: Comparison) -> Ruler:
    """The one ruler of this comparison, fitted on train."""
    return comparison.keep("ruler", lambda: Ruler.of(comparison.train))


def placed_rows(comparison: Comparison, part: Part, rows: np.ndarray) -> Points:
    """The rows at `rows` of `part` on the comparison's ruler."""
    return ruler_of(comparison).place(comparison.part(part).take(rows))


def features_of(comparison: Comparison) -> Features:
    """The encoding of all compared columns for learners, fitted on train."""

    def fit() -> Features:
        rows = drawn_rows(comparison, "train", _FITTED_ROWS, "features")
        return Features.of(comparison.train.take(rows), comparison.columns)

    return comparison.keep("features", fit)
