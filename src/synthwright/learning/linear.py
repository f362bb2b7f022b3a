"""Linear models for evaluation: logistic and ridge regression on one-hot and standardised columns."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np

from synthwright.learning.learner import Predict
from synthwright.learning.threads import one_thread

__all__ = ["Linear"]

_WORK = 5e7  # rows times weights of an L-BFGS fit: about 10 CPU-s; larger tables are thinned to that
_NEWTON_LIMIT = 600  # weights up to which Newton's steps, cubic in them, beat L-BFGS (Adult: 0.2 s against 3.1 s)


@dataclass(frozen=True, kw_only=True)
class Linear:
    """Logistic regression for classes, ridge regression for numbers; both with an L2 penalty of `penalty`.

    With `balanced` every class weighs as much as any other, however few rows it has.
    """

    penalty: float = 1.0
    steps: int = 100
    balanced: bool = False
    view: ClassVar[Literal["codes", "expanded"]] = "expanded"

    def classes(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to class probabilities (n, K)."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.linear_model import LogisticRegression

        weights = X.shape[1] * int(y.max() + 1 if y.max() > 1 else 1)
        solver = "newton-cholesky" if weights <= _NEWTON_LIMIT else "lbfgs"
        if solver == "lbfgs" and len(X) * weights > _WORK:
            kept = _thinned(y, int(_WORK / weights), seed)
            X, y = X[kept], y[kept]
        weights_of = "balanced" if self.balanced else None
        model = LogisticRegression(
            C=1 / self.penalty, solver=solver, max_iter=self.steps, random_state=seed, class_weight=weights_of
        )
        with one_thread(), warnings.catch_warnings():
            # An unfinished fit is a slightly weaker learner, the same on both sides of every comparison.
            warnings.simplefilter("ignore", ConvergenceWarning)
            warnings.filterwarnings("ignore", "The number of unique classes", UserWarning)  # they are classes
            model.fit(X, y)
        return lambda rows: np.asarray(model.predict_proba(rows))

    def numbers(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to predicted numbers (n,)."""
        middle, offset = X.mean(axis=0), float(y.mean())
        centred = X - middle
        with one_thread():
            gram = centred.T @ centred + self.penalty * np.eye(X.shape[1])
            weights = np.linalg.solve(gram, centred.T @ (y - offset))
        return lambda rows: (rows - middle) @ weights + offset


def _thinned(y: np.ndarray, n: int, seed: int) -> np.ndarray:
    """About `n` rows, in order, among them the first of every class."""
    picked = np.random.Generator(np.random.Philox(seed)).random(len(y)) < n / len(y)
    picked[np.unique(y, return_index=True)[1]] = True
    return np.flatnonzero(picked)
