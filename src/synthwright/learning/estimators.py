"""Anybody's estimator as a learner: copied, seeded, on one thread; what it can't do comes back as a reason."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from synthwright.errors import UsageError, shorten
from synthwright.learning.boosting import Boosting
from synthwright.learning.learner import CannotLearn, Learner, Predict, View
from synthwright.learning.linear import Linear
from synthwright.learning.threads import one_thread

__all__ = ["Estimator", "balanced", "named_learners"]

_THREADS = frozenset({"n_jobs", "nthread", "num_threads", "thread_count"})
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")  # part of a measurement's name: no dots, no blanks


@dataclass(frozen=True, kw_only=True, eq=False)
class Estimator:
    """A learner made of any object with ``fit(X, y)`` and ``predict(X)`` in scikit-learn's sense, pipelines included.

    It gets a float64 matrix. ``view="expanded"``: one-hot columns of the 50 most frequent levels, numbers standardised
    and drawn in to the central 99.8 % of train, 0 with a flag column where missing; nothing is NaN. ``view="codes"``:
    a column per column, numbers as they are, levels as codes, NaN where missing; for trees that take it. Classes come
    as 0 .. K-1, numbers scaled to mean 0 and spread 1. The object itself is never fitted: copies of it are, with
    ``random_state`` set where it is ``None``, and with one thread.

    Raises
    ------
    UsageError
        `model` is a class instead of an object, or has no `fit` or no `predict`.
    """

    model: Any
    view: View = "expanded"

    def __post_init__(self) -> None:
        if isinstance(self.model, type):
            raise UsageError(
                f"{self.name} is a class, not an estimator.",
                remedy=f"Give an object: {self.name}(), with its settings.",
            )
        lacking = [name for name in ("fit", "predict") if not callable(getattr(self.model, name, None))]
        if lacking:
            raise UsageError(
                f"{self.name} is no estimator: it has no {' and no '.join(lacking)}.",
                remedy="Give an object with fit(X, y) and predict(X), such as scikit-learn's.",
            )
        if self.view not in {"codes", "expanded"}:
            raise UsageError(f"There is no view called {shorten(str(self.view))!r}.", remedy="Known: codes, expanded.")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Estimator) and self.model is other.model and self.view == other.view

    def __hash__(self) -> int:
        return hash((id(self.model), self.view))

    @property
    def name(self) -> str:
        """The name of the class."""
        return shorten(self.model.__name__ if isinstance(self.model, type) else type(self.model).__name__, 40)

    def classes(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to class probabilities (n, K).

        From `predict_proba`; else softmax of `decision_function`, which ranks but is not calibrated; else from
        `predict`, with the called class certain. Raises `CannotLearn`.
        """
        model, count = self._fitted(X, y, seed, wanted="classifier"), int(y.max()) + 1

        def predict(rows: np.ndarray) -> np.ndarray:
            with _strangers_code(self.name, "predict"):
                return _probabilities(model, rows, count)

        return predict

    def numbers(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to predicted numbers (n,). Raises `CannotLearn`."""
        model = self._fitted(X, y, seed, wanted="regressor")

        def predict(rows: np.ndarray) -> np.ndarray:
            with _strangers_code(self.name, "predict"):
                return _whole(np.asarray(model.predict(rows), dtype=np.float64).reshape(-1), (len(rows),))

        return predict

    def _fitted(self, X: np.ndarray, y: np.ndarray, seed: int, *, wanted: str) -> Any:
        from sklearn.base import clone

        with _strangers_code(self.name, "fit"):
            kind = _kind_of(self.model)
        if kind not in {wanted, None}:
            needs = "classes" if wanted == "classifier" else "numbers"
            raise CannotLearn(f"{self.name} is a {kind}, and the target has {needs}: give a {wanted}")
        with _strangers_code(self.name, "fit"):
            model = clone(self.model, safe=False)
            known = model.get_params(deep=True) if hasattr(model, "get_params") else {}
            told = {name: value for name, value in known.items() if _last(name) == "random_state" and value is None}
            settled = dict.fromkeys(told, seed) | {name: 1 for name in known if _last(name) in _THREADS}
            if settled:
                model.set_params(**settled)
            model.fit(X, y)
        return model


def balanced(learner: Learner) -> Learner | None:
    """`learner` with classes that weigh the same; ``None`` where it has no setting for that."""
    if isinstance(learner, Boosting | Linear):
        return replace(learner, balanced=True)
    if not isinstance(learner, Estimator) or not hasattr(learner.model, "get_params"):
        return None
    names = [name for name in learner.model.get_params(deep=True) if _last(name) == "class_weight"]
    if not names:
        return None
    from sklearn.base import clone

    model = clone(learner.model, safe=False)
    model.set_params(**dict.fromkeys(names, "balanced"))
    return replace(learner, model=model)


def named_learners(given: Any) -> dict[str, Learner]:
    """Learners by name: of a mapping, a sequence (named for their classes) or one estimator; of nothing, none.

    Raises
    ------
    UsageError
        An object is no estimator, a name is one of the built-in ``linear`` and ``boosted``, or it is no name.
    """
    if isinstance(given, Mapping):
        found = {str(name): _learner(one) for name, one in given.items()}
    else:
        found = {}
        for one in [] if given is None else given if isinstance(given, Sequence) else [given]:
            learner = _learner(one)
            name = base = learner.name if isinstance(learner, Estimator) else type(learner).__name__
            while name in found:
                name = f"{base}_{int(name.removeprefix(base).removeprefix('_') or 1) + 1}"
            found[name] = learner
    for name in found:
        if name in {"linear", "boosted"} or not _NAME.fullmatch(name):
            raise UsageError(
                f"No estimator can be called {shorten(name)!r}.",
                remedy="Letters, digits and underscores, at most 40; linear and boosted are the built-in learners.",
            )
    return found


def _learner(one: Any) -> Learner:
    if all(hasattr(one, name) for name in ("view", "classes", "numbers")) and not isinstance(one, type):
        return cast("Learner", one)
    return Estimator(model=one)


def _last(name: str) -> str:
    """``random_state`` of ``pipeline__step__random_state``."""
    return name.rpartition("__")[2]


def _kind_of(model: Any) -> str | None:
    """What scikit-learn takes it for; ``None`` if it does not say."""
    if not hasattr(model, "get_params"):
        return None
    from sklearn.base import is_classifier, is_regressor

    if is_classifier(model):
        return "classifier"
    if is_regressor(model):
        return "regressor"
    return getattr(model, "_estimator_type", None)


def _probabilities(model: Any, rows: np.ndarray, count: int) -> np.ndarray:
    if hasattr(model, "predict_proba"):
        P = _whole(np.asarray(model.predict_proba(rows), dtype=np.float64), (len(rows), count))
        P = np.maximum(P, 0)
        total = P.sum(axis=1, keepdims=True)
        return np.where(total > 0, P / np.where(total > 0, total, 1), 1 / count)
    if hasattr(model, "decision_function"):
        scores = np.asarray(model.decision_function(rows), dtype=np.float64)
        if scores.ndim == 1:
            scores = np.stack([np.zeros(len(scores)), scores], axis=1)
        scores = _whole(scores, (len(rows), count))
        P = np.exp(scores - scores.max(axis=1, keepdims=True))
        return np.asarray(P / P.sum(axis=1, keepdims=True))
    called = _whole(np.asarray(model.predict(rows)).reshape(-1), (len(rows),))
    if not np.isin(called, np.arange(count)).all():
        raise ValueError("it predicts classes that it was not shown")
    return np.eye(count)[called.astype(np.int64)]


def _whole(made: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    if made.shape != shape:
        raise ValueError(f"predictions have the shape {made.shape} instead of {shape}")
    if not np.isfinite(made).all():
        raise ValueError("predictions are not finite")
    return made


@contextmanager
def _strangers_code(name: str, doing: str) -> Iterator[None]:
    """One thread, no warnings, and whatever is raised becomes `CannotLearn`."""
    with one_thread(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a weaker fit is the same on both sides; what can't be done raises
        try:
            yield
        except Exception as error:  # anybody's code raises anything, and one learner must not cost the evaluation
            told = (str(error).splitlines() or [""])[0]
            raise CannotLearn(f"{name} failed to {doing}: {type(error).__name__}: {shorten(told, 160)}") from error
