"""How near synthetic rows come to train and, by the same ruler, to as many holdout rows.

These figures speak of similarity, not of privacy: tables that pass them have been attacked with success (Yao et al.
2025, arXiv:2505.01524). They catch copying; that nothing was copied does not show that nothing leaks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.drawing import drawn_rows, placed_rows, row_moves, ruler_of, shared_moves, shuffled_rows
from synthwright.evaluation.figure import Figure
from synthwright.matching.nearest import Neighbours, nearest

__all__ = ["FEWEST", "Closeness", "Rule", "closeness", "mean_of_rule"]

FEWEST = 20  # rows of each kind; fewer have no neighbours to compare
_SHUFFLED = 1_000  # queries without skill: their share is known to .03, and it is only context

Rule = Callable[[np.ndarray, np.ndarray], np.ndarray]  # distances to train and to the holdout -> a number per row


@dataclass(frozen=True, eq=False)
class Closeness:
    """The two nearest train and holdout rows of synthetic rows, of holdout rows, and of rows without skill.

    References are `train` and `holdout` rows, equally many; `synthetic` rows are the first queries, the holdout
    references the second, which are not their own neighbours. `spacing` is the distance of every train and holdout
    reference to the nearest other one of its kind.
    """

    train: np.ndarray
    holdout: np.ndarray
    synthetic: np.ndarray
    of_synthetic: tuple[Neighbours, Neighbours]
    of_holdout: tuple[Neighbours, Neighbours]
    of_shuffled: tuple[Neighbours, Neighbours]
    spacing: tuple[np.ndarray, np.ndarray]

    def distances(self, of: Part) -> tuple[np.ndarray, np.ndarray]:
        """Distances (n, 2) of the queries to their two nearest train and their two nearest holdout rows."""
        train, holdout = self.of_synthetic if of == "synthetic" else self.of_holdout
        return train.distance, holdout.distance

    def relative(self, found: tuple[Neighbours, Neighbours]) -> tuple[np.ndarray, np.ndarray]:
        """Distances in units of the neighbour's own `spacing`; infinite where the neighbour has a twin."""
        train, holdout = (
            np.divide(one.distance, own[one.index], out=np.full(one.distance.shape, np.inf), where=own[one.index] > 0)
            for one, own in zip(found, self.spacing, strict=True)
        )
        return train, holdout


def closeness(comparison: Comparison, *, queries: int, references: int) -> Closeness | str:
    """The neighbours of at most `queries` rows among at most `references` of either kind, or why there are none."""
    return comparison.keep(("closeness", queries, references), lambda: _closeness(comparison, queries, references))


def mean_of_rule(
    comparison: Comparison, close: Closeness, rule: Rule, *, of: Part, by: tuple[np.ndarray, np.ndarray]
) -> Figure:
    """The mean of `rule` over the synthetic or the holdout queries, with what each query and reference row moves.

    `by` holds what the rule looks at: for each query a figure for its two nearest train and its two nearest holdout
    rows, such as `Closeness.distances`.

    References move the mean because each is the neighbour of several queries: the figure is what it would be without
    that row, when its queries turn to their second neighbours (delete-one jackknife, see `shared_moves`).
    """
    to_train, to_holdout = close.of_synthetic if of == "synthetic" else close.of_holdout
    d, e = by
    value = rule(d[:, 0], e[:, 0])
    n, mean = len(value), float(value.mean())
    own = (value - mean) / n
    train = _loss(to_train, value - rule(d[:, 1], e[:, 0]), len(close.train)) / n
    holdout = _loss(to_holdout, value - rule(d[:, 0], e[:, 1]), len(close.holdout)) / n
    moves = {}
    if of == "holdout":
        holdout += own
    else:
        moves["synthetic"] = row_moves(comparison, "synthetic", close.synthetic, own)
    moves["train"] = row_moves(comparison, "train", close.train, train)
    moves["holdout"] = row_moves(comparison, "holdout", close.holdout, holdout)
    return Figure(mean, moves)


def _loss(found: Neighbours, change: np.ndarray, references: int) -> np.ndarray:
    """What the sum over queries loses without each reference row, centred and freed of the queries' own noise."""
    loss = np.bincount(found.index[:, 0], weights=change, minlength=references)
    return shared_moves(loss, float(change @ change))


def _closeness(comparison: Comparison, queries: int, references: int) -> Closeness | str:
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    size = min(references, comparison.rows("train"), comparison.rows("holdout"))
    synthetic = drawn_rows(comparison, "synthetic", queries, "queries")
    if min(size, len(synthetic)) < FEWEST:
        return f"it needs {FEWEST} rows of each kind, and one has {min(size, len(synthetic))}"
    train = drawn_rows(comparison, "train", size, "references")
    holdout = drawn_rows(comparison, "holdout", size, "references")
    at_train, at_holdout = placed_rows(comparison, "train", train), placed_rows(comparison, "holdout", holdout)
    made = placed_rows(comparison, "synthetic", synthetic)
    itself = np.arange(size)
    blind = ruler_of(comparison).place(shuffled_rows(comparison, min(_SHUFFLED, queries), "queries"))
    # A holdout row has one row fewer to be near in its own table; so it gets one fewer in train.
    fewer = at_train.take(slice(0, size - 1))
    among_holdout = nearest(at_holdout, at_holdout, k=2, itself=itself)
    return Closeness(
        train=train,
        holdout=holdout,
        synthetic=synthetic,
        of_synthetic=(nearest(made, at_train, k=2), nearest(made, at_holdout, k=2)),
        of_holdout=(nearest(at_holdout, fewer, k=2), among_holdout),
        of_shuffled=(nearest(blind, at_train), nearest(blind, at_holdout)),
        spacing=(nearest(at_train, at_train, itself=itself).distance[:, 0], among_holdout.distance[:, 0]),
    )
