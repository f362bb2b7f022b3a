"""How much each candidate is worth having, by models of the real rows of train; the holdout has no say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import UsageError
from synthwright.evaluation._learners.propensity import folds_of
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.learning.boosting import Boosting, boosting_library
from synthwright.learning.features import Features
from synthwright.learning.learner import fit_classes, fit_numbers
from synthwright.pipeline.mixing.asking import Select
from synthwright.pipeline.mixing.selecting import effective
from synthwright.seeding import Streams

__all__ = ["Weights", "require_weighable", "weigh"]

_MOST_ROWS = 50_000  # of each kind that a model is fitted on: more move no weight by what matters
_FEWEST = 50  # real rows: of fewer a model says nothing about regions
_FOLDS = 5
_RANGE, _FLOOR = 20.0, 0.05  # times the mean weight: a few rows must not be all that is chosen, nor any region go

_SENTENCES: Mapping[str, str] = {
    "density": (
        "Rows were chosen by a discriminator: the density ratio of a classifier that tells real rows of train from "
        "candidates was their weight, so those that look like real rows were favoured"
    ),
    "uncertainty": "Rows were favoured where a model of the real rows of train is unsure of the class (entropy)",
    "minority": "Rows were favoured where a model of the real rows of train sees the rarest class as likely",
    "hard": "Rows were favoured where a model of the real rows of train errs, by its errors on rows it had not seen",
}


@dataclass(frozen=True, eq=False)
class Weights:
    """One positive number per candidate, and what the record says of where it comes from."""

    values: np.ndarray
    told: Mapping[str, Any]


def require_weighable(real: Table, select: Select) -> None:
    """Weights of this kind can be had from these real rows.

    Raises
    ------
    UsageError
        They need classes or a target, or there are too few rows.
    """
    if select == "stratified":
        return
    target = real.schema.target
    needs = {"uncertainty": "classes", "minority": "classes", "hard": "a target"}.get(select)
    has_classes = target is not None and target.is_discrete
    if (needs == "classes" and not has_classes) or (needs and (target is None or not target.is_modelled)):
        raise UsageError(
            f"Rows can't be chosen by {select!r}: it needs {needs} of a target.",
            remedy="Name the target, or choose `stratified` or `density`.",
        )
    if len(real) < _FEWEST:
        raise UsageError(
            f"Rows can't be chosen by {select!r}: {len(real)} real rows teach a model too little.",
            remedy=f"With fewer than {_FEWEST}, choose `stratified`.",
        )


def weigh(select: Select, real: Table, candidates: Table, streams: Streams) -> Weights:
    """The weights of `candidates`, which have columns of `real` in its types; which ones depends on `select`."""
    candidates = candidates.with_schema(real.schema.select(candidates.names))
    names = [name for name in candidates.names if real.schema[name].is_modelled]
    target = real.schema.target
    if select == "density":
        raw, told = _density(real, candidates, names, streams)
    else:
        assert target is not None  # noqa: S101  # `require_weighable` has seen it
        features = Features.of(real, [name for name in names if name != target.name])
        rows = _known(real, target, streams)
        X, made = features.codes(real.take(rows)), features.codes(candidates)
        y = real.levels(target.name)[rows] if target.is_discrete else real.numbers(target.name)[rows]
        if select == "hard":
            raw, told = _hard(X, y, made, features.categorical, target, streams)
        else:
            raw, told = _by_class(select, X, y, made, features.categorical, streams)
    typical = float(raw.mean()) or 1.0
    values = np.clip(raw, _FLOOR * typical, _RANGE * typical)
    summary = {
        "by": select,
        "sentence": _SENTENCES[select],
        "learner": boosting_library(),
        "candidates": len(values),
        "effective": round(effective(values), 1),
        **told,
    }
    return Weights(values, summary)


def _known(real: Table, target: Column, streams: Streams) -> np.ndarray:
    missing = real.levels(target.name) < 0 if target.is_discrete else ~np.isfinite(real.numbers(target.name))
    return _some(np.flatnonzero(~missing), streams.at("real"))


def _some(rows: np.ndarray, streams: Streams) -> np.ndarray:
    return rows if len(rows) <= _MOST_ROWS else np.sort(streams.rng().choice(rows, _MOST_ROWS, replace=False))


def _density(
    real: Table, candidates: Table, names: list[str], streams: Streams
) -> tuple[np.ndarray, Mapping[str, Any]]:
    """p(real | x) / p(candidate | x) by a classifier that did not see the row, as if both were equally many."""
    features = Features.of(real, names)
    mine = _some(np.arange(len(real)), streams.at("real"))
    X = np.concatenate([features.codes(real.take(mine)), features.codes(candidates)])
    y = np.repeat([0, 1], [len(mine), len(candidates)])
    fold, chance = folds_of(X, y, _FOLDS, streams), np.empty(len(y))
    for at in range(_FOLDS):
        learnt, seed = np.flatnonzero(fold != at), streams.at("fold", at).integer()
        theirs = _some(learnt[y[learnt] == 1], streams.at("fold", at))
        learnt = np.concatenate([learnt[y[learnt] == 0], theirs])
        predict = fit_classes(Boosting(), X[learnt], y[learnt], 2, categorical=features.categorical, seed=seed)
        # Of unequally many rows of each kind, the chance is that of equally many.
        odds = np.clip(predict(X[fold == at])[:, 0], 1e-6, 1 - 1e-6)
        odds = odds / (1 - odds) * np.count_nonzero(y[learnt] == 1) / max(np.count_nonzero(y[learnt] == 0), 1)
        chance[fold == at] = odds
    area = float(np.mean([auc_influence(-chance[fold == at], y[fold == at] == 1)[0] for at in range(_FOLDS)]))
    return chance[y == 1], {"told_apart": round(area, 4)}


def _by_class(
    select: Select, X: np.ndarray, y: np.ndarray, made: np.ndarray, categorical: tuple[int, ...], streams: Streams
) -> tuple[np.ndarray, Mapping[str, Any]]:
    shown, counts = np.unique(y, return_counts=True)
    dense = np.searchsorted(shown, y)
    predict = fit_classes(Boosting(), X, dense, len(shown), categorical=categorical, seed=streams.integer())
    chances = np.clip(predict(made), 1e-12, 1.0)
    if select == "minority":
        return chances[:, int(np.argmin(counts))], {}
    return -(chances * np.log(chances)).sum(axis=1) / np.log(max(len(shown), 2)), {}


def _hard(
    X: np.ndarray, y: np.ndarray, made: np.ndarray, categorical: tuple[int, ...], target: Column, streams: Streams
) -> tuple[np.ndarray, Mapping[str, Any]]:
    """The error to be expected at each candidate, learnt from out-of-fold errors on the real rows."""
    fold = streams.at("folds").rng().permutation(len(y)) % _FOLDS
    error = np.empty(len(y))
    shown = np.unique(y)
    for at in range(_FOLDS):
        out, seed = fold == at, streams.at("fold", at).integer()
        if target.is_discrete:
            dense = np.searchsorted(shown, y)
            predict = fit_classes(Boosting(), X[~out], dense[~out], len(shown), categorical=categorical, seed=seed)
            error[out] = 1 - predict(X[out])[np.arange(int(out.sum())), dense[out]]
        else:
            guess = fit_numbers(Boosting(), X[~out], y[~out], categorical=categorical, seed=seed)
            error[out] = np.abs(guess(X[out]) - y[out]) / (float(y.std()) or 1.0)
    expected = fit_numbers(Boosting(), X, error, categorical=categorical, seed=streams.at("errors").integer())
    return np.maximum(expected(made), 0.0), {"mean_error": round(float(error.mean()), 4)}
