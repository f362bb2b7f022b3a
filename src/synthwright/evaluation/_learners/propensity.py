"""How likely each row is synthetic, said by a learner that has not seen it: scored once, for every metric that asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._neighbours.drawing import drawn_rows, features_of, row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.boosting import Boosting
from synthwright.learning.learner import Learner, fit_classes
from synthwright.seeding import Streams

__all__ = ["Propensity", "folds_of", "propensities", "real_part", "scored_rows", "told_apart"]

_FEWEST = 50  # rows of each kind: below, a fold holds under 10 of each and an area says nothing
# Folds share rows: a pair in two folds speaks in both areas. A rule that memorises doubles the variance that way: on 60
# tables each, areas spread 1.4, 1.3 and 0.95 times DeLong's standard error with 500, 1,000 and 4,000 rows of each kind.
_MEMORISED = 1_000
# A row that makes up more of both tables than this, and occurs more often, is a property of the distribution, no leak.
_LARGE, _MANY = 0.01, 10


@dataclass(frozen=True, eq=False)
class Propensity:
    """Rows of `part` and as many of `real`, and for each the chance that it is of `part`, out of fold.

    ``rows[p]`` are positions in the table of p (`real` or `part`), ascending; ``scores[p]`` one number in 0..1 for each
    of them, given by a learner fitted without it. Scores of different folds come from different fits. `area` is the
    mean of the folds' areas under the ROC curve.
    """

    real: Part
    part: Part
    rows: Mapping[Part, np.ndarray]
    scores: Mapping[Part, np.ndarray]
    area: Figure


def real_part(comparison: Comparison) -> Part:
    """The real rows that others are told from: the holdout, which no generator has seen, or else train."""
    return "train" if comparison.holdout is None else "holdout"


def scored_rows(comparison: Comparison, limit: int) -> dict[Part, np.ndarray] | str:
    """Positions of equally many rows of every part, at most `limit`; a sentence where nothing can be scored."""
    n = min(limit, *(comparison.rows(part) for part in comparison.parts))
    if not comparison.columns:
        return "no column can be compared: all are identifiers or free text"
    if n < _FEWEST:
        return f"it needs {_FEWEST} rows of each kind, and one has {n}"
    return {part: drawn_rows(comparison, part, n, "c2st") for part in comparison.parts}


def propensities(
    comparison: Comparison,
    part: Part = "synthetic",
    *,
    rows: int = 20_000,
    folds: int = 5,
    learner: Learner = Boosting(),  # noqa: B008  # settings are frozen
) -> Propensity | str:
    """The scores of `part` against unseen real rows, computed once per setting; a sentence where there are none.

    ``propensities(comparison, "train")`` is the ceiling: what real rows score against real rows.
    """
    return comparison.keep(
        ("propensities", part, rows, folds, learner), lambda: _propensity(comparison, part, rows, folds, learner)
    )


def told_apart(
    comparison: Comparison, real: np.ndarray, other: np.ndarray, learner: Learner, folds: int, *, tested: int
) -> tuple[float, np.ndarray, np.ndarray]:
    """The mean area over the first `tested` of `folds` folds, each row's influence on it, and its score.

    `real` and `other` are code matrices (see `features_of`); influences and scores are of `real`, then of `other`. Rows
    of folds that are not tested have no score (NaN).
    """
    streams = Streams(comparison.seed).at("evaluation", "c2st")
    X, y = np.concatenate([real, other]), np.repeat([0, 1], [len(real), len(other)])
    fold = folds_of(X, y, folds, streams)
    categorical = features_of(comparison).categorical
    area, influence, scores = 0.0, np.zeros(len(y)), np.full(len(y), np.nan)
    spread = np.sqrt(1 + min(1.0, _MEMORISED / len(real)))

    def scored(at: int) -> np.ndarray:
        test, seed = fold == at, streams.at("fold", at).integer()
        predict = fit_classes(learner, X[~test], y[~test], 2, categorical=categorical, seed=seed)
        return np.asarray(predict(X[test])[:, 1])

    for at, found in enumerate(comparison.engine.share(scored, range(tested))):
        test = fold == at
        scores[test] = found
        value, moves = auc_influence(scores[test], y[test] == 1)
        area += value / tested
        influence[test] = spread * moves / tested
    return area, influence, scores


def folds_of(X: np.ndarray, y: np.ndarray, folds: int, streams: Streams) -> np.ndarray:
    """A fold for each row, both kinds of rows spread evenly; equal rows share a fold where real rows are mostly unique.

    A row met in training and again in testing would be recognised rather than judged: a copied row under the other
    label, so that a perfect copy scores near 0. In a real table of few distinct rows that is no leak but the
    distribution itself, and its rows are spread.
    """
    row = np.ascontiguousarray(X).view(np.dtype((np.void, X.dtype.itemsize * X.shape[1]))).ravel()
    _, group, counts = np.unique(row, return_inverse=True, return_counts=True)
    alone = counts[group] > max(_LARGE * len(y), _MANY)
    if len(np.unique(group[y == 0])) <= np.count_nonzero(y == 0) / 2:
        alone[:] = True
    group[alone] = len(counts) + np.arange(int(alone.sum()))
    unit, first, member = np.unique(group, return_index=True, return_inverse=True)
    turn = np.empty(len(unit), dtype=np.int64)
    order = streams.at("folds").rng().permutation(len(unit))
    for kind in (0, 1):
        mine = order[y[first[order]] == kind]
        turn[mine] = np.arange(len(mine)) % folds
    return turn[member]


def _propensity(comparison: Comparison, part: Part, limit: int, folds: int, learner: Learner) -> Propensity | str:
    rows = scored_rows(comparison, limit)
    if isinstance(rows, str):
        return rows
    real, features = real_part(comparison), features_of(comparison)
    if part == real:
        return "there is no other real table to tell it from"
    X = {one: features.codes(comparison.part(one).take(rows[one])) for one in (real, part)}
    area, influence, scores = told_apart(comparison, X[real], X[part], learner, folds, tested=folds)
    n = len(rows[real])
    moves: dict[str, np.ndarray] = {
        real: row_moves(comparison, real, rows[real], influence[:n]),
        part: row_moves(comparison, part, rows[part], influence[n:]),
    }
    told = {real: scores[:n], part: scores[n:]}
    return Propensity(real, part, {one: rows[one] for one in told}, told, Figure(area, moves))
