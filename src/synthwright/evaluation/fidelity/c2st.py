"""Can a classifier tell synthetic rows from real ones? (classifier two-sample test)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.drawing import drawn_rows, features_of, row_moves
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.evaluation.roc import auc_influence
from synthwright.learning.boosting import Boosting
from synthwright.learning.learner import fit_classes
from synthwright.seeding import Streams

__all__ = ["C2ST"]

_FEWEST = 50  # rows of each kind: below, a fold holds under 10 of each and an area says nothing
# Folds share rows: a pair in two folds speaks in both areas. A rule that memorises doubles the variance that way: on 60
# tables each, areas spread 1.4, 1.3 and 0.95 times DeLong's standard error with 500, 1,000 and 4,000 rows of each kind.
_MEMORISED = 1_000
# A row that makes up more of both tables than this, and occurs more often, is a property of the distribution, no leak.
_LARGE, _MANY = 0.01, 10


@dataclass(frozen=True, kw_only=True)
class C2ST:
    """Area under the ROC curve of boosted trees that tell synthetic rows from as many holdout rows, out of fold.

    0.5, the target: indistinguishable to this classifier at this size; 1: told apart every time. The ceiling tells as
    many train rows from the same holdout rows; the floor rows whose columns were drawn on their own. Without a holdout,
    train takes its place, there is no ceiling, and a copy of train looks perfect.

    The estimand is the expected area of this learner fitted on 4/5 of `rows` rows of each kind; the interval is
    DeLong's (1988) within folds, widened for the rows that folds share. The area grows with the rows given, so
    compare it at equal sizes only.
    """

    rows: int = 20_000
    folds: int = 5
    learner: Boosting = Boosting()
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Can boosted trees tell synthetic rows from real ones they have not seen?",
        source="Lopez-Paz & Oquab (2017), arXiv:1610.06545; interval: DeLong et al. (1988), within folds",
        measures=("fidelity.c2st",),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The area, its ceiling and floor; skipped below 50 rows of each kind."""
        name = self.info.measures[0]
        real: Part = "train" if comparison.holdout is None else "holdout"
        n = min(self.rows, *(comparison.rows(part) for part in comparison.parts))
        if not comparison.columns:
            return [Skipped(name, "no column can be compared: all are identifiers or free text")]
        if n < _FEWEST:
            return [Skipped(name, f"it needs {_FEWEST} rows of each kind, and one has {n}")]
        rows = {part: drawn_rows(comparison, part, n, "c2st") for part in comparison.parts}
        features = features_of(comparison)
        X = {part: features.codes(comparison.part(part).take(rows[part])) for part in comparison.parts}
        shuffled = features.codes(comparison.floor(n))

        def figure(part: Part) -> Figure:
            value, theirs, ours = self._told_apart(comparison, X[real], X[part], self.folds)
            return Figure(
                value,
                {real: row_moves(comparison, real, rows[real], theirs)}
                | {part: row_moves(comparison, part, rows[part], ours)},
            )

        holdout = figure("train") if real == "holdout" else None
        # One fold is enough for the floor: it is context, and its interval is not shown.
        floor, _, _ = self._told_apart(comparison, X[real], shuffled, 1)
        made = measured(name, comparison, figure("synthetic"), holdout, baseline=floor, better="target")
        sampled = n < comparison.rows("synthetic") or n < comparison.rows(real)
        return [replace(made, target=0.5, n_real=n, n_synthetic=n, sampled=sampled)]

    def _told_apart(
        self, comparison: Comparison, real: np.ndarray, other: np.ndarray, folds: int
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """The mean area over the first `folds` folds, and the influence of each row of `real` and of `other`."""
        streams = Streams(comparison.seed).at("evaluation", "c2st")
        X, y = np.concatenate([real, other]), np.repeat([0, 1], [len(real), len(other)])
        fold = _folds(X, y, self.folds, streams)
        categorical = features_of(comparison).categorical
        area, influence = 0.0, np.zeros(len(y))
        spread = np.sqrt(1 + min(1.0, _MEMORISED / len(real)))
        for at in range(folds):
            test = fold == at
            predict = fit_classes(
                self.learner, X[~test], y[~test], 2, categorical=categorical, seed=streams.at("fold", at).integer()
            )
            value, moves = auc_influence(predict(X[test])[:, 1], y[test] == 1)
            area += value / folds
            influence[test] = spread * moves / folds
        return area, influence[: len(real)], influence[len(real) :]


def _folds(X: np.ndarray, y: np.ndarray, folds: int, streams: Streams) -> np.ndarray:
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
