"""Do models of real and of synthetic rows look at the same columns?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.errors import shorten
from synthwright.evaluation._counts.naming import distinctly
from synthwright.evaluation._learners.prediction import Task, equal_rations, model_of, task_of
from synthwright.evaluation._learners.scores import squared_errors
from synthwright.evaluation._learners.task import matrix
from synthwright.evaluation._neighbours.drawing import row_mean
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation._statistics.resampling import around, joint_draws
from synthwright.evaluation.comparison import PARTS, Comparison, Part
from synthwright.evaluation.measured import POWER, WORST_PARTS
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.learning.learner import Predict
from synthwright.seeding import Streams

__all__ = ["Importances"]

_CELLS = 30_000  # test rows times columns that are shuffled, per model: 0.3 CPU-s for three models of 100 trees
_ROWS = (500, 4_000)
_TOP = 5  # columns that an explanation of a model usually shows
_DRAWS = 1_000
_FEWEST = 20  # rows to learn from

Agreement = Callable[[np.ndarray, np.ndarray], np.ndarray]


@dataclass(frozen=True, kw_only=True)
class Importances:
    """Agreement of the columns' importances to boosted trees of real and of synthetic rows, as many of each.

    The importance of a column is how much the squared error of the predictions (of classes: their Brier score) grows
    on the holdout when the column is shuffled there (Breiman 2001), with the same shuffle for all models.
    `utility.importances` is Spearman's correlation of the importances in a model of one half of train with those in a
    model of synthetic rows, ``utility.importances.top`` the share of the former's (at most) 5 most important columns
    that are among the latter's. The ceiling is a model of train's other half, of as many rows. Parts: differences of
    importance, in shares of all importance in the real model, largest first.

    The estimand is the expectation of the agreement of these fitted models over test rows. The interval is the normal
    one with the spread that the agreement has when all importances are drawn anew together.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do models of real and of synthetic rows rely on the same columns?",
        source="Breiman (2001), doi:10.1023/A:1010933404324; Spearman (1904); joint normal draws over test rows",
        measures=("utility.importances", "utility.importances.top"),
        needs=frozenset({"holdout", "target"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Rank correlation and overlap; skipped where a model of real rows relies on no column."""
        task = task_of(comparison)
        if isinstance(task, str):
            return self._skipped(task)
        names = [column.name for column in task.features.columns]
        if len(names) < 2:
            return self._skipped("the target is predicted from one column: there is nothing to rank")
        n, rations = equal_rations(comparison, task)
        if n < _FEWEST:
            return self._skipped(f"{n} rows to learn from, and {_FEWEST} are needed")
        models = {part: model_of(comparison, task, "boosted", rations[part]) for part in PARTS}
        rows = _test_rows(comparison, task)
        found = {part: _importances(comparison, task, models[part], rows) for part in PARTS}
        whole = sum(max(one.value, 0.0) for one in found["train"])
        if whole <= 0:
            return self._skipped("a model of real rows relies on no column: shuffling one does not make it worse")
        drawn = _drawn(comparison, found)
        top = min(_TOP, len(names) // 2)
        ranks = _measurement(self.info.measures[0], _rank_correlation, found, drawn, low=-1.0, baseline=0.0)
        overlap = _measurement(
            self.info.measures[1], lambda a, b: _overlap(a, b, top), found, drawn, low=0.0, baseline=top / len(names)
        )
        ranks = replace(ranks, parts=_parts(names, found, whole))
        sampled = n < len(comparison.synthetic)
        return [replace(one, n_real=n, n_synthetic=n, sampled=sampled) for one in (ranks, overlap)]

    def _skipped(self, reason: str) -> list[Measurement | Skipped]:
        return [Skipped(name, reason) for name in self.info.measures]


def _test_rows(comparison: Comparison, task: Task) -> np.ndarray:
    """Positions among the holdout rows of the task: the fewer, the more columns there are."""
    every, (least, most) = len(task.y["holdout"]), _ROWS
    n = min(every, max(least, min(most, _CELLS // len(task.features.columns))))
    rng = Streams(comparison.seed).at("evaluation", "utility", "importances", "rows").rng()
    return np.arange(every) if n == every else np.sort(rng.choice(every, n, replace=False))


def _importances(comparison: Comparison, task: Task, model: Predict, rows: np.ndarray) -> list[Figure]:
    """What shuffling each column adds to the loss of `model` on the test rows."""
    X, y = matrix(comparison, task, "holdout", "codes")[rows], task.y["holdout"][rows]
    streams = Streams(comparison.seed).at("evaluation", "utility", "importances")
    loss, found = squared_errors(model(X), y), []
    for at in range(X.shape[1]):
        other = X.copy()
        other[:, at] = X[streams.at("shuffle", at).rng().permutation(len(rows)), at]
        more = (
            np.zeros(len(rows)) if np.array_equal(other, X, equal_nan=True) else squared_errors(model(other), y) - loss
        )
        found.append(row_mean(comparison, "holdout", task.rows["holdout"][rows], more))
    return found


def _drawn(comparison: Comparison, found: Mapping[Part, Sequence[Figure]]) -> dict[Part, np.ndarray]:
    every = [figure for part in PARTS for figure in found[part]]
    streams = Streams(comparison.seed).at("evaluation", "utility", "importances")
    drawn = np.split(joint_draws(every, streams, _DRAWS), len(PARTS), axis=1)
    return dict(zip(PARTS, drawn, strict=True))


def _measurement(
    name: str,
    agreement: Agreement,
    found: Mapping[Part, Sequence[Figure]],
    drawn: Mapping[Part, np.ndarray],
    *,
    low: float,
    baseline: float,
) -> Measurement:
    values = {part: np.array([[one.value for one in found[part]]]) for part in PARTS}
    mine, theirs = (float(agreement(values["train"], values[part])[0]) for part in ("synthetic", "holdout"))
    own, unseen = (agreement(drawn["train"], drawn[part]) for part in ("synthetic", "holdout"))
    more = own - unseen
    return Measurement(
        metric=name,
        estimate=around(mine, own, low=low, high=1.0),
        better="higher",
        n_real=0,
        n_synthetic=0,
        holdout=around(theirs, unseen, low=low, high=1.0),
        baseline=Estimate.exact(baseline),
        excess=around(mine - theirs, more, low=low - 1, high=1 - low),
        detectable=min((normal(0.95) + POWER) * float(np.std(more)), 1 - low),
    )


def _rank_correlation(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Spearman's correlation of the rows of two matrices; 0 where one has no order."""
    from scipy.stats import rankdata

    a, b = (rankdata(values, axis=1) - (values.shape[1] + 1) / 2 for values in (one, other))
    spread = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    return np.asarray(np.divide((a * b).sum(axis=1), spread, out=np.zeros(len(a)), where=spread > 0).clip(-1, 1))


def _overlap(one: np.ndarray, other: np.ndarray, top: int) -> np.ndarray:
    """The share of the `top` largest columns of each row that is among those of the other matrix."""
    a, b = (np.argsort(-values, axis=1, kind="stable")[:, :top] for values in (one, other))
    return np.asarray((a[:, :, None] == b[:, None, :]).any(axis=2).mean(axis=1))


def _parts(names: Sequence[str], found: Mapping[Part, Sequence[Figure]], whole: float) -> dict[str, Estimate]:
    pairs = zip(found["synthetic"], found["train"], strict=True)
    differences = [(mine - real).times(1 / whole) for mine, real in pairs]
    titles = distinctly(shorten(name) for name in names)
    ranked = sorted(zip(titles, differences, strict=True), key=lambda item: -abs(item[1].value))
    return {title: figure.estimate() for title, figure in ranked[:WORST_PARTS]}
