"""Over-sampling as scikit-learn and imbalanced-learn have it: ``fit_resample(X, y)``."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any, cast

import numpy as np
from sklearn.base import BaseEstimator, OneToOneFeatureMixin
from sklearn.utils import InputTags, Tags, column_or_1d
from sklearn.utils.multiclass import check_classification_targets, type_of_target
from sklearn.utils.validation import check_array, check_consistent_length, validate_data

from synthwright import registry
from synthwright.errors import BadInput, SynthwrightError, UsageError, shorten
from synthwright.generators.array_rows import array_rows
from synthwright.generators.class_rows import ClassRows, require_numbers
from synthwright.generators.feature_frames import Features, appended
from synthwright.generators.oversampling import Strategy, extra_rows, oversample
from synthwright.generators.settings import make_generator

__all__ = ["Oversampler"]

_WHOLE = frozenset(np.dtype(kind) for kind in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32"))


@dataclass(slots=True)
class _InputTags(InputTags):  # type: ignore[misc]  # scikit-learn publishes no types
    """scikit-learn's, and what imbalanced-learn asks for beside them."""

    dataframe: bool = True


@dataclass(slots=True)
class _SamplerTags:
    sample_indices: bool = False


@dataclass(slots=True)
class _Tags(Tags):  # type: ignore[misc]  # scikit-learn publishes no types
    """scikit-learn's, and those by which imbalanced-learn knows a sampler without either importing the other."""

    sampler_tags: _SamplerTags = field(default_factory=_SamplerTags)


class Oversampler(OneToOneFeatureMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn publishes no types
    """An over-sampler by any method of synthwright, with scikit-learn's conventions for estimators.

    Parameters
    ----------
    method : str or settings object, default="tabular.smote_nc"
        What makes the rows; `synthwright list generators` shows all.
    sampling_strategy : str, float, dict or callable, default="auto"
        As in imbalanced-learn: ``"auto"``, ``"minority"``, ``"not minority"``, ``"not majority"``, ``"all"``, a ratio
        of two classes, a mapping from class to its final count, or a function from y to such a mapping.
    settings : mapping or None
        Settings of a method given by name, such as ``{"k_neighbors": 3}``.
    categorical_features : sequence or None
        Names or positions of columns whose values are labels, beside those whose dtype says so.
    random_state : int, None, RandomState or Generator, default=0
        One integer gives one result; ``None`` another one each time.

    Attributes
    ----------
    sampling_strategy_ : dict
        How many rows are made of each class.
    n_features_in_, feature_names_in_
        As everywhere in scikit-learn.
    """

    def __init__(
        self,
        method: Any = "tabular.smote_nc",
        *,
        sampling_strategy: Strategy = "auto",
        settings: Mapping[str, Any] | None = None,
        categorical_features: Sequence[Any] | None = None,
        random_state: Any = 0,
    ) -> None:
        self.method = method
        self.sampling_strategy = sampling_strategy
        self.settings = settings
        self.categorical_features = categorical_features
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> Oversampler:
        """Check `X`, `y` and the settings; `fit_resample` needs no `fit`.

        Raises
        ------
        BadInput, UsageError
            As `fit_resample`.
        """
        info = self._generator().info
        X, _, _, _ = self._checked(X, y)
        features = Features.of(X, self.categorical_features, inferred=False)
        if info.takes == "numbers":
            require_numbers(ClassRows.of(features.table), registry.name_of("generator", self._generator()))
        return self

    def fit_resample(self, X: Any, y: Any) -> tuple[Any, Any]:
        """`X` and `y` with the new rows behind the original ones, in the form and dtypes they came in.

        Raises
        ------
        BadInput
            X, y or a class can't be used by the method; all problems of `oversample`.
        UsageError
            A setting or the strategy can't be carried out.
        """
        generator = self._generator()
        X, labels, classes, codes = self._checked(X, y)
        if type(X).__module__.startswith("polars") and hasattr(X, "collect"):
            X = X.collect()
        seed = _seed(self.random_state)
        if self.categorical_features is None:
            wanted = np.array([self.sampling_strategy_.get(label, 0) for label in classes])
            rows = array_rows(X, codes, wanted, generator, seed)
            if rows is not None:
                return rows, appended(labels, _classes_of(codes, wanted))
        features = Features.of(X, self.categorical_features, inferred=not generator.info.keeps_records)
        counts = np.bincount(codes, minlength=len(classes))
        final = {code: int(counts[code]) + self.sampling_strategy_.get(label, 0) for code, label in enumerate(classes)}
        table = features.with_classes(codes, len(classes))
        made = oversample(table, generator, strategy=final, seed=seed)
        new = made.data[made.names[-1]].slice(len(table)).to_numpy()
        first = np.unique(codes, return_index=True)[1]
        return features.native(made), appended(labels, first[new])

    def _checked(self, X: Any, y: Any) -> tuple[Any, Any, list[Any], np.ndarray]:
        """X, y as it goes out again, the classes in order, and the number of each row's class."""
        if y is None:
            raise BadInput(
                f"{type(self).__name__} requires y to be passed, but the target y is None.",
                remedy="Give the class of each row.",
            )
        with _refusals():
            if isinstance(X, list) or not hasattr(X, "shape") or isinstance(X, np.ndarray) or hasattr(X, "tocsr"):
                plain = validate_data(self, X, dtype=None, ensure_all_finite=False, ensure_min_samples=2)
                X = X if isinstance(X, list) else plain
            else:
                validate_data(self, X, skip_check_array=True)
            check_consistent_length(X, y)
            labels = _one_column(y)
            if getattr(labels, "dtype", None) not in _WHOLE:  # whole numbers are classes, whatever they are
                _require_labels(labels)
                check_classification_targets(labels)
            classes, codes = np.unique(np.asarray(labels), return_inverse=True)
        found = classes.tolist()
        counts = dict(zip(found, np.bincount(codes, minlength=len(found)).tolist(), strict=True))
        if len(found) < 2:
            raise BadInput(
                f"y has {len(found)} class: there is nothing to balance.", remedy="Give two classes or more."
            )
        extra = extra_rows(self.sampling_strategy, counts, np.asarray(labels))
        self.sampling_strategy_ = {label: count for label, count in extra.items() if count}
        return X, y if _is_wide(y) else labels, found, codes.reshape(-1)

    def _generator(self) -> Any:
        if self.settings is not None and not isinstance(self.settings, Mapping):
            raise UsageError(
                f"The settings {shorten(repr(self.settings))} name nothing.",
                remedy='Give a mapping from setting to value, such as {"k_neighbors": 3}.',
            )
        if isinstance(self.method, str):
            return make_generator(self.method, self.settings)
        if self.settings:
            raise UsageError("Settings were given twice.", remedy="Put them into the method object.")
        if not hasattr(self.method, "fit") or not hasattr(self.method, "info"):
            raise UsageError(
                f"{shorten(repr(self.method))} is no method.",
                remedy='Give a name such as "tabular.smote" or a settings object such as sw.tabular.Smote().',
            )
        return self.method

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        info = self.method.info if hasattr(self.method, "info") else _info(self.method)
        mixed = info is None or info.takes == "mixed"
        tags.target_tags.required = True
        entries = {one.name: getattr(tags.input_tags, one.name) for one in fields(tags.input_tags)}
        labels = {"categorical": mixed, "string": mixed, "allow_nan": mixed, "sparse": False}
        told = {one.name: getattr(tags, one.name) for one in fields(tags)}
        told |= {"estimator_type": "sampler", "transformer_tags": None}
        return _Tags(**told | {"input_tags": _InputTags(**entries | labels)})


def _classes_of(codes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """For each new row, class after class, the position of the first row of its class."""
    return np.asarray(np.repeat(np.unique(codes, return_index=True)[1], wanted))


def _info(method: Any) -> Any:
    known = isinstance(method, str) and method in registry.names("generator")
    return registry.find("generator", method).info if known else None


@contextmanager
def _refusals() -> Iterator[None]:
    """What scikit-learn refuses is bad input, in its own words."""
    try:
        yield
    except SynthwrightError:
        raise
    except (ValueError, TypeError) as error:
        raise BadInput(
            shorten(str(error).partition("\n")[0], 300),
            remedy="Give X as rows by columns (a dense array or a frame) and y as one label per row, none missing.",
        ) from error


def _require_labels(y: Any) -> None:
    """No label is missing or of another type than the others; raises `BadInput` otherwise."""
    cells = np.asarray(y, dtype=object).reshape(-1).tolist()
    missing = sum(one is None or (isinstance(one, float) and math.isnan(one)) for one in cells)
    if missing:
        raise BadInput(f"{missing:,} rows have no label: y contains NaN or None.", remedy="Remove or label them first.")
    kinds = sorted({type(one).__name__ for one in cells})
    if "str" in kinds and len(kinds) > 1:
        raise BadInput(
            "The labels in y are of different types.",
            evidence=f"Found {', '.join(kinds[:5])}.",
            remedy="Turn them all into text or all into numbers.",
        )


def _is_wide(y: Any) -> bool:
    """True where `y` goes out as it came in: a frame, or one column of ones per class."""
    return hasattr(y, "columns") or (isinstance(y, np.ndarray) and y.ndim == 2 and y.shape[1] > 1)


def _one_column(y: Any) -> Any:
    """`y` as one label per row: a single column is taken out, one column of ones per class is undone."""
    if hasattr(y, "columns"):
        if y.shape[1] == 1:
            return y[y.columns[0]]
        y = y.to_numpy()
    if isinstance(y, list | tuple) or getattr(y, "ndim", 1) == 1:
        if getattr(y, "dtype", None) not in _WHOLE:
            check_array(np.asarray(y, dtype=object).reshape(-1, 1), dtype=None, ensure_all_finite=False)
        return y
    if y.shape[1] == 1:
        return column_or_1d(y)
    if np.isin(y, (0, 1)).all() and (np.asarray(y).sum(axis=1) == 1).all():
        return np.asarray(y).argmax(axis=1)
    raise ValueError(f"Multilabel and multioutput targets are not supported. Found {type_of_target(y)}.")


def _seed(random_state: Any) -> int:
    if random_state is None:
        return secrets.randbelow(2**31)
    if hasattr(random_state, "integers"):
        return int(random_state.integers(2**31))
    if hasattr(random_state, "randint"):
        return int(random_state.randint(2**31 - 1))
    if isinstance(random_state, bool) or not hasattr(random_state, "__index__"):
        raise UsageError(
            f"The random_state {shorten(repr(random_state))} is no whole number.", remedy="Give one such as 0."
        )
    return int(cast("int", random_state))
