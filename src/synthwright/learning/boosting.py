"""Gradient-boosted trees for evaluation: LightGBM where it can be loaded, scikit-learn's histogram trees otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Literal

import numpy as np

from synthwright.learning.learner import Predict
from synthwright.learning.threads import one_thread

__all__ = ["Boosting", "boosting_library"]


@dataclass(frozen=True, kw_only=True)
class Boosting:
    """Boosted trees on numbers and category codes, missing values as they are.

    The defaults reach the AUC of 200 trees at half the rate on Adult to within .001 at half the cost (.9274, .9280).
    With `balanced` every class weighs as much as any other, however few rows it has.
    """

    trees: int = 100
    leaves: int = 31
    rate: float = 0.1
    smallest_leaf: int = 20
    columns: int = 100
    balanced: bool = False
    view: ClassVar[Literal["codes", "expanded"]] = "codes"

    def classes(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to class probabilities (n, K)."""
        count = int(y.max()) + 1
        library = _lightgbm()
        if library is None:
            return self._histogram_classes(X, y, categorical, seed)
        binary = count == 2
        task = {"objective": "binary"} if binary else {"objective": "multiclass", "num_class": count}
        booster = self._boost(library, X, y, categorical, seed, task)

        def predict(rows: np.ndarray) -> np.ndarray:
            made = np.asarray(booster.predict(rows, num_threads=1))
            return np.stack([1 - made, made], axis=1) if binary else made

        return predict

    def numbers(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        """A function from rows to predicted numbers (n,), fitted by least squares."""
        library = _lightgbm()
        if library is None:
            return self._histogram_numbers(X, y, categorical, seed)
        booster = self._boost(library, X, y, categorical, seed, {"objective": "regression"})
        return lambda rows: np.asarray(booster.predict(rows, num_threads=1))

    def _boost(
        self, library: Any, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int, task: dict[str, Any]
    ) -> Any:
        settings = task | {
            "num_leaves": self.leaves,
            "learning_rate": self.rate,
            "min_data_in_leaf": self.smallest_leaf,
            "seed": seed,
            "deterministic": True,
            "force_col_wise": True,  # without it LightGBM times both layouts and keeps the faster: not repeatable
            "num_threads": 1,
            "feature_fraction": self._share_of_columns(X),
            "verbosity": -1,
        }
        weight = _balance(y) if self.balanced and task["objective"] != "regression" else None
        data = library.Dataset(X, y, weight=weight, categorical_feature=list(categorical), params=settings)
        # Kept as it was trained: by default LightGBM writes the model out as text and reads it in again, in 4 ms.
        rounds = self._rounds(task.get("num_class", 2))
        return library.train(settings, data, num_boost_round=rounds, keep_training_booster=True)

    def _share_of_columns(self, X: np.ndarray) -> float:
        """Each tree (split, in scikit-learn) of a wide table looks at about `columns` of its columns."""
        return float(min(1.0, self.columns / max(X.shape[1], 1)))

    def _rounds(self, classes: int) -> int:
        """Every class beyond the second costs a tree per round: many classes get fewer rounds, at least 20."""
        return self.trees if classes <= 3 else max(20, 3 * self.trees // classes)

    def _histogram_classes(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        from sklearn.ensemble import HistGradientBoostingClassifier

        kept, categorical = _with_values(X, categorical)
        settings = self._histogram_settings(X, categorical, seed) | {"max_iter": self._rounds(int(y.max()) + 1)}
        settings["class_weight"] = "balanced" if self.balanced else None
        with one_thread():
            model = HistGradientBoostingClassifier(**settings).fit(X[:, kept], y)

        def predict(rows: np.ndarray) -> np.ndarray:
            with one_thread():
                return np.asarray(model.predict_proba(rows[:, kept]))

        return predict

    def _histogram_numbers(self, X: np.ndarray, y: np.ndarray, categorical: tuple[int, ...], seed: int) -> Predict:
        from sklearn.ensemble import HistGradientBoostingRegressor

        kept, categorical = _with_values(X, categorical)
        with one_thread():
            model = HistGradientBoostingRegressor(**self._histogram_settings(X, categorical, seed)).fit(X[:, kept], y)

        def predict(rows: np.ndarray) -> np.ndarray:
            with one_thread():
                return np.asarray(model.predict(rows[:, kept]))

        return predict

    def _histogram_settings(self, X: np.ndarray, categorical: tuple[int, ...], seed: int) -> dict[str, Any]:
        return {
            "max_iter": self.trees,
            "max_leaf_nodes": self.leaves,
            "learning_rate": self.rate,
            "min_samples_leaf": self.smallest_leaf,
            "categorical_features": list(categorical) or None,
            "early_stopping": False,
            "max_features": self._share_of_columns(X),
            "random_state": seed,
        }


def _balance(y: np.ndarray) -> np.ndarray:
    """A weight for each row: the classes weigh the same, all rows together their number."""
    counts = np.bincount(y)
    return np.asarray((len(y) / (np.count_nonzero(counts) * np.maximum(counts, 1)))[y])


def _with_values(X: np.ndarray, categorical: tuple[int, ...]) -> tuple[np.ndarray, tuple[int, ...]]:
    """The columns with any value (scikit-learn can't bin others), and where categorical ones are among them."""
    kept = np.flatnonzero(~np.isnan(X).all(axis=0))
    return kept, tuple(int(at) for at in np.flatnonzero(np.isin(kept, categorical)))


@cache
def boosting_library() -> str:
    """Name and version of the library that `Boosting` uses on this machine, for the run record."""
    from importlib.metadata import version

    name = "scikit-learn" if _lightgbm() is None else "lightgbm"
    return f"{name} {version(name)}"


@cache
def _lightgbm() -> Any:
    """The module, or ``None``: not installed, or without the system's libgomp, which its import reports as OSError."""
    try:
        import lightgbm
    except (ImportError, OSError):
        return None
    return lightgbm
