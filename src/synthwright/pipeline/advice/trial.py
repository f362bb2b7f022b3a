"""Models of the target from some columns, tested on rows that they have not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.evaluation.blends import LEARNERS
from synthwright.evaluation.measurement import Estimate
from synthwright.learning.features import Features
from synthwright.learning.learner import Predict, fit_classes, fit_numbers
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target

__all__ = ["Tested", "Trial"]

FOLDS = 5
_SMALL = 5_000  # rows up to which folds are dealt out three times: one deal of few rows is luck
_FEW_CLASSES = 10
_COMMON = 50  # equal rows beyond which they are a frequent combination, no copies: they may be on both sides


@dataclass(frozen=True, eq=False)
class Tested:
    """A score per fold, how each row moves their mean, and what was predicted for each row while it was unseen.

    `variance` is that of one deal of the folds: deals share their rows, and their mean is hardly surer than one.
    """

    folds: np.ndarray
    influence: np.ndarray
    variance: float
    predicted: np.ndarray

    @property
    def value(self) -> float:
        """The mean over the folds."""
        return float(self.folds.mean())

    def estimate(self, *, confidence: float = 0.95, high: float = 1.0) -> Estimate:
        """The mean in its interval, for other rows to test on."""
        half = normal(confidence) * self.variance**0.5
        value = min(self.value, high)
        return Estimate(value, value - half, min(high, value + half))


@dataclass(frozen=True, eq=False)
class Trial:
    """`codes` and `y` of the rows that models look at; `deals` says, once per repeat, which fold tests each row.

    Rows that are equal share a fold unless they are many, and every class is spread over all folds.
    """

    target: Target
    features: Features
    codes: np.ndarray
    y: np.ndarray
    deals: tuple[np.ndarray, ...]
    seed: int

    @classmethod
    def of(cls, looked: Looked, target: Target, names: Sequence[str], groups: np.ndarray | None = None) -> Trial:
        """Models that predict from the columns `names`; rows of one of the `groups` (a code per row) share a fold."""
        features, y = Features.of(looked.sample, names), target.values[looked.rows]
        repeats = 3 if len(y) <= _SMALL and len(target.labels) <= _FEW_CLASSES else 1
        unit = _equal_rows(looked) if groups is None else np.unique(groups[looked.rows], return_inverse=True)[1]
        rngs = [looked.streams.at("advice", "folds", repeat).rng() for repeat in range(repeats)]
        deals = tuple(_dealt(unit, y if target.labels else np.zeros(len(y), np.int64), rng) for rng in rngs)
        seed = looked.streams.at("advice", "models").integer()
        return cls(target, features, features.codes(looked.sample), y, deals, seed)

    def tested(self, learner: str, share: float = 1.0) -> Tested:
        """`learner` fitted on this share of the rows outside each fold."""
        view = LEARNERS[learner].view
        X = self.codes if view == "codes" else self.features.expanded(self.codes)
        scores: list[float] = []
        first, deals = None, np.zeros((len(self.deals), len(self.y)))
        for at, fold in enumerate(self.deals):
            made = self._predicted(X, learner, fold, share, at)
            first = made if first is None else first
            parts = [np.flatnonzero(fold == one) for one in np.unique(fold)]
            for test in parts:
                value, influence = self._scored(made[test], self.y[test])
                scores.append(value)
                deals[at, test] = influence / len(parts)
        variance = float((deals**2).sum(axis=1).mean())
        return Tested(np.array(scores), deals.mean(axis=0), variance, np.asarray(first))

    def best(self) -> tuple[str, Tested]:
        """The learner that scores higher on unseen rows, and its scores."""
        found = {name: self.tested(name) for name in LEARNERS}
        name = max(found, key=lambda one: found[one].value)
        return name, found[name]

    def fitted(self, learner: str, rows: np.ndarray) -> Predict:
        """`learner` fitted on these rows, as a function of rows in its view."""
        view = LEARNERS[learner].view
        X = self.codes if view == "codes" else self.features.expanded(self.codes)
        return self._fit(learner, X[rows], self.y[rows])

    def scored_on(self, learner: str, train: np.ndarray, test: np.ndarray) -> Estimate:
        """The score of `learner` fitted on `train` rows and tested on `test` rows."""
        view = LEARNERS[learner].view
        X = self.codes if view == "codes" else self.features.expanded(self.codes)
        value, influence = self._scored(self._fit(learner, X[train], self.y[train])(X[test]), self.y[test])
        half = normal(0.95) * float(np.sqrt((influence**2).sum()))
        return Estimate(value, value - half, value + half)

    def _predicted(self, X: np.ndarray, learner: str, fold: np.ndarray, share: float, repeat: int) -> np.ndarray:
        order = np.random.Generator(np.random.Philox(self.seed + repeat)).permutation(len(self.y))
        shape = (len(self.y), len(self.target.labels)) if self.target.labels else (len(self.y),)
        made = np.zeros(shape)
        for one in range(FOLDS):
            learnt = order[fold[order] != one]
            learnt = np.sort(learnt[: max(1, round(share * len(learnt)))])
            test = np.flatnonzero(fold == one)
            if len(test):
                made[test] = self._fit(learner, X[learnt], self.y[learnt])(X[test])
        return made

    def _fit(self, learner: str, X: np.ndarray, y: np.ndarray) -> Predict:
        categorical = self.features.categorical
        if self.target.labels:
            classes = len(self.target.labels)
            return fit_classes(LEARNERS[learner], X, y, classes, categorical=categorical, seed=self.seed)
        return fit_numbers(LEARNERS[learner], X, y, categorical=categorical, seed=self.seed)

    def _scored(self, made: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        """The score on some rows and how each of them moves it."""
        if not self.target.labels:
            explained = 1 - (made - y) ** 2 / self.y.var()
            return float(explained.mean()), (explained - explained.mean()) / len(y)
        present = np.flatnonzero(np.bincount(y, minlength=made.shape[1]))
        ranked = [self.target.watched] if made.shape[1] == 2 else present
        areas = [auc_influence(made[:, one], y == one) for one in ranked] or [(0.5, np.zeros(len(y)))]
        return float(np.mean([area for area, _ in areas])), np.mean([moves for _, moves in areas], axis=0)


def _equal_rows(looked: Looked) -> np.ndarray:
    """A number per row that equal rows share, unless they are many."""
    keys = row_hashes(looked.sample, [column.name for column in looked.features])
    _, unit, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    if len(sizes) < FOLDS * FOLDS:  # so few that they are combinations of coarse columns, not copies
        return np.arange(len(keys))
    return np.unique(np.where(sizes[unit] > _COMMON, len(sizes) + np.arange(len(keys)), unit), return_inverse=True)[1]


def _dealt(unit: np.ndarray, classes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The fold of each row: units dealt out in a random order, those that begin with one class after another."""
    _, first = np.unique(unit, return_index=True)
    order = np.lexsort((rng.random(len(first)), classes[first]))
    fold = np.empty(len(first), dtype=np.int64)
    fold[order] = np.arange(len(first)) % FOLDS
    return np.asarray(fold[unit])
