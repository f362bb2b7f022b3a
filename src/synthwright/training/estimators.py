"""scikit-learn estimators that learn in steps, fed by a sampler: the same batches that a torch model gets."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import numpy as np

from synthwright.errors import BadInput, UsageError
from synthwright.training.sampler import SourceAwareSampler

__all__ = ["fit_in_batches", "require_rows"]


def fit_in_batches(
    estimator: Any,
    X: Any,
    y: Any,
    sampler: SourceAwareSampler,
    *,
    classes: Any = None,
    after_epoch: Callable[[int, Any], object] | None = None,
) -> Any:
    """`estimator`, taught by `partial_fit` with every batch of every epoch of `sampler`; it is changed and returned.

    `X` is an array, a sparse matrix or a frame, `y` one value per row. Classifiers are told `classes` (all values
    of `y`, unless said) with the first batch, for a batch need not show them all. ``after_epoch(epoch, estimator)`` is
    where a `SourceMonitor` looks on. An estimator that only has `fit` takes `sampler.weights(epoch)` as sample weights.

    Raises
    ------
    UsageError
        The estimator has no `partial_fit`.
    BadInput
        X or y have other rows than the sampler.
    """
    if not hasattr(estimator, "partial_fit"):
        raise UsageError(
            f"{type(estimator).__name__} can't learn in batches: it has no `partial_fit`.",
            remedy="Use fit(X, y, sample_weight=sampler.weights(epoch)), or an estimator such as SGDClassifier.",
        )
    labels = np.asarray(y)
    require_rows(sampler, X=X, y=labels)
    told: dict[str, Any] = {}
    if "classes" in signature(estimator.partial_fit).parameters:
        told = {"classes": np.unique(labels) if classes is None else np.asarray(classes)}
    for epoch in range(sampler.epochs):
        for rows in sampler.batches(epoch):
            estimator.partial_fit(_rows(X, rows), labels[rows], **told)
            told = {}
        if after_epoch is not None:
            after_epoch(epoch, estimator)
    return estimator


def require_rows(sampler: SourceAwareSampler, **given: Any) -> None:
    """Every one of `given` has as many rows as the sampler.

    Raises
    ------
    BadInput
        One has not.
    """
    for name, values in given.items():
        rows = values.shape[0] if hasattr(values, "shape") else len(values)
        if rows != len(sampler.synthetic):
            raise BadInput(
                f"{name} has {rows:,} rows, and the sampler knows the source of {len(sampler.synthetic):,}.",
                remedy="Make the sampler from the sources of these very rows.",
            )


def _rows(X: Any, rows: np.ndarray) -> Any:
    if hasattr(X, "iloc"):
        return X.iloc[rows]
    if isinstance(X, list | tuple):
        return [X[row] for row in rows]
    return X[rows]
