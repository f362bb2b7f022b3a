"""What evaluation asks of a learner, and classes that its rows do not show."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, Protocol

import numpy as np

__all__ = ["CannotLearn", "Learner", "Predict", "View", "fit_classes", "fit_numbers"]

Predict = Callable[[np.ndarray], np.ndarray]
View = Literal["codes", "expanded"]


class CannotLearn(Exception):
    """A learner can't learn this target from these rows; the message is the reason, for a `Skipped`."""


class Learner(Protocol):
    """Settings of a supervised learner, hashable.

    Learners are deterministic: equal rows and seeds give equal predictions, with one thread.
    """

    @property
    def view(self) -> View:
        """The matrix of `Features` that it takes."""
        ...

    def classes(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to class probabilities (n, K); `y` holds 0 .. K-1, each at least once, K >= 2."""
        ...

    def numbers(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to predicted numbers (n,)."""
        ...


def fit_classes(
    learner: Learner, X: np.ndarray, y: np.ndarray, n_classes: int, *, categorical: tuple[int, ...], seed: int
) -> Predict:
    """A function from rows to probabilities (n, n_classes); a class that `y` never shows has probability 0.

    With one class, or no value to learn from, it predicts the frequencies of `y`; of no rows at all, equal ones.
    """
    counts = np.bincount(y, minlength=n_classes).astype(np.float64)
    present = np.flatnonzero(counts)
    if len(present) < 2 or np.isnan(X).all():
        constant = counts / counts.sum() if len(y) else np.full(n_classes, 1 / n_classes)
        return lambda rows: np.tile(constant, (len(rows), 1))
    dense = np.searchsorted(present, y)
    predict = learner.classes(X, dense, categorical, seed)

    def spread(rows: np.ndarray) -> np.ndarray:
        out = np.zeros((len(rows), n_classes))
        out[:, present] = predict(rows)
        return out

    return spread


def fit_numbers(learner: Learner, X: np.ndarray, y: np.ndarray, *, categorical: tuple[int, ...], seed: int) -> Predict:
    """A function from rows to predicted numbers; the mean of `y` where there is nothing to learn, 0 without rows."""
    if len(y) < 2 or np.isnan(X).all() or np.ptp(y) == 0:
        constant = float(y.mean()) if len(y) else 0.0
        return lambda rows: np.full(len(rows), constant)
    # Scaled to unit spread: a target in millions or millionths must not change what the learner's settings mean.
    center, scale = float(y.mean()), float(y.std())
    predict = learner.numbers(X, (y - center) / scale, categorical, seed)
    return lambda rows: predict(rows) * scale + center
