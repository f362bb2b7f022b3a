"""Models of the target, fitted on real, synthetic or both kinds of rows and scored on the same holdout rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from synthwright.data.schema import Column
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.drawing import drawn_rows, row_moves
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.scores import score_classes, score_numbers
from synthwright.learning.boosting import Boosting
from synthwright.learning.features import Features
from synthwright.learning.learner import Learner, fit_classes, fit_numbers
from synthwright.learning.linear import Linear
from synthwright.seeding import Streams

__all__ = ["LEARNERS", "Ration", "Task", "figures", "floor", "shuffled", "task_of"]

LEARNERS: Mapping[str, Learner] = {"linear": Linear(), "boosted": Boosting()}
FIT_ROWS = 50_000  # more rows move the area under the curve by less than its interval
TEST_ROWS = 20_000  # an area under the curve of .93 is then known to .002
SHUFFLED_ROWS = 5_000  # labels without meaning need no more
_FEWEST = 20  # rows with a known target, in each part
_CLASSES = 100  # a booster grows one tree per class and round

Ration = tuple[tuple[Part, int], ...]  # which parts, and how many rows of each, a model is fitted on


@dataclass(frozen=True, eq=False)
class Task:
    """Predicting the target from the other compared columns.

    `rows` are positions of rows with a known target, per part, at most 50,000 (20,000 of the holdout). `y` holds their
    numbers, or their classes as positions among those that train shows (any other class comes last).
    """

    target: Column
    features: Features
    rows: Mapping[Part, np.ndarray]
    y: Mapping[Part, np.ndarray]

    @property
    def headline(self) -> str:
        """The score that stands for the task: the area under the ROC curve, or R2."""
        return "auc" if self.target.is_discrete else "r2"

    @property
    def classes(self) -> int:
        """How many codes `y` may hold: the classes that train shows, and one for any other; 0 for numbers."""
        return int(self.y["train"].max()) + 2 if self.target.is_discrete else 0

    @property
    def trained(self) -> np.ndarray:
        """True for the classes that train shows."""
        return np.bincount(self.y["train"], minlength=self.classes) > 0

    @property
    def minority(self) -> int:
        """The class that train shows least often."""
        counts = np.bincount(self.y["train"], minlength=self.classes)
        return int(np.where(counts > 0, counts, counts.sum() + 1).argmin())


def task_of(comparison: Comparison) -> Task | str:
    """The task that the target column sets, or the reason why there is none."""
    return comparison.keep("task", lambda: _task(comparison))


def figures(comparison: Comparison, task: Task, learner: str, ration: Ration) -> Mapping[str, Figure]:
    """Every score of `learner` fitted on `ration` rows and tested on the holdout; computed once per ration."""
    return comparison.keep(
        ("fitted", learner, ration), lambda: _figures(comparison, _fit(comparison, task, learner, ration), task)
    )


def floor(comparison: Comparison, task: Task) -> Mapping[str, Figure]:
    """Every score of always answering train's class frequencies, or its mean."""
    y, test = task.y["train"], len(task.y["holdout"])
    if task.classes:
        constant = np.bincount(y, minlength=task.classes) / len(y)
        return _figures(comparison, np.tile(constant, (test, 1)), task)
    return _figures(comparison, np.full(test, y.mean()), task)


def shuffled(comparison: Comparison, task: Task) -> Figure:
    """The headline score of trees fitted on at most 5,000 train rows whose targets were dealt out at random."""
    predicted = _fit(comparison, task, "boosted", (("train", min(SHUFFLED_ROWS, len(task.y["train"]))),), deal=True)
    return _figures(comparison, predicted, task)[task.headline]


def _task(comparison: Comparison) -> Task | str:
    target = comparison.schema.target
    if target is None or not target.is_modelled:
        return "no column that a model could predict has the role target"
    names = [name for name in comparison.columns if name != target.name]
    if not names:
        return "there is no column to predict the target from"
    rows: dict[Part, np.ndarray] = {}
    y: dict[Part, np.ndarray] = {}
    for part in comparison.parts:
        values = comparison.part(part).levels(target.name) if target.is_discrete else _finite(comparison, part, target)
        known = values >= 0 if target.is_discrete else ~np.isnan(values)
        limit = TEST_ROWS if part == "holdout" else FIT_ROWS
        rows[part] = drawn_rows(comparison, part, limit, "utility", among=np.flatnonzero(known))
        y[part] = values[rows[part]]
    for part in ("train", "holdout"):
        if len(y[part]) < _FEWEST:
            return f"the target is known in {len(y[part])} rows of {part}, and it needs {_FEWEST}"
        if np.ptp(y[part]) == 0:
            return f"the target has one value in {part}: there is nothing to predict"
    if target.is_discrete:
        shown = np.unique(y["train"])
        if len(shown) > _CLASSES:
            return f"the target has {len(shown)} classes, and at most {_CLASSES} are modelled"
        at = {part: np.searchsorted(shown, codes) for part, codes in y.items()}
        y = {part: np.where(np.isin(codes, shown), at[part], len(shown)) for part, codes in y.items()}
    if len(y["synthetic"]) == 0:
        return "the target is missing in every synthetic row"
    return Task(target, Features.of(comparison.train.take(rows["train"]), names), rows, y)


def _finite(comparison: Comparison, part: Part, target: Column) -> np.ndarray:
    values = comparison.part(part).numbers(target.name)
    return np.where(np.isfinite(values), values, np.nan)


def _fit(comparison: Comparison, task: Task, learner: str, ration: Ration, *, deal: bool = False) -> np.ndarray:
    """Predictions for the test rows, by a model fitted on the ration (with its targets dealt out, if asked)."""
    settings = LEARNERS[learner]
    streams = Streams(comparison.seed).at("evaluation", "utility")
    X, y = [], []
    for part, n in ration:
        picked = _positions(len(task.y[part]), n, streams.at("ration", part))
        X.append(_matrix(comparison, task, part, settings.view)[picked])
        y.append(task.y[part][picked])
    rows, targets = np.concatenate(X), np.concatenate(y)
    if deal:
        targets = streams.at("shuffled").rng().permutation(targets)
    seed, categorical = streams.at(learner).integer(), task.features.categorical
    if task.classes:
        predict = fit_classes(settings, rows, targets, task.classes, categorical=categorical, seed=seed)
    else:
        predict = fit_numbers(settings, rows, targets, categorical=categorical, seed=seed)
    return predict(_matrix(comparison, task, "holdout", settings.view))


def _positions(rows: int, n: int, streams: Streams) -> np.ndarray:
    return np.arange(rows) if n >= rows else np.sort(streams.rng().choice(rows, n, replace=False))


def _matrix(comparison: Comparison, task: Task, part: Part, view: Literal["codes", "expanded"]) -> np.ndarray:
    """The rows ``task.rows[part]`` without the target, as one view of the features; encoded once."""
    codes = comparison.keep(
        ("task codes", part), lambda: task.features.codes(comparison.part(part).take(task.rows[part]))
    )
    if view == "codes":
        return codes
    return comparison.keep(("task expanded", part), lambda: task.features.expanded(codes))


def _figures(comparison: Comparison, predicted: np.ndarray, task: Task) -> Mapping[str, Figure]:
    y = task.y["holdout"]
    scores = score_classes(predicted, y, task.minority, task.trained) if task.classes else score_numbers(predicted, y)
    test = task.rows["holdout"]
    return {
        name: Figure(score.value, {"holdout": row_moves(comparison, "holdout", test, score.influence)})
        for name, score in scores.items()
    }
