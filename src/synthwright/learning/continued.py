"""Boosting that goes on with other rows or weights: LightGBM's `init_model`, stage after stage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthwright.errors import BadInput, UsageError
from synthwright.learning.library import lightgbm_library

__all__ = ["Stage", "continued"]

_OURS = {
    "num_threads": 1,
    "deterministic": True,
    "force_col_wise": True,  # without it LightGBM times both layouts and keeps the faster: not repeatable
    "verbosity": -1,
    "seed": 0,
}
# LightGBM's other names for what is set here or has to be set by the caller.
_ALIASES = {
    "num_threads": ("num_thread", "nthread", "nthreads", "n_jobs"),
    "verbosity": ("verbose",),
    "seed": ("random_seed", "random_state"),
    "force_col_wise": ("force_row_wise",),
    "objective": ("objective_type", "app", "application", "loss"),
    "num_iterations": (
        "num_iteration", "n_iter", "num_tree", "num_trees", "num_round", "num_rounds", "nrounds", "num_boost_round",
        "n_estimators", "max_iter",
    ),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Stage:
    """So many `rounds` of boosting with one weight per row of the table; rows of weight 0 are left out."""

    weights: np.ndarray
    rounds: int


def continued(
    X: Any, y: np.ndarray, stages: Sequence[Stage], params: Mapping[str, Any], categorical: Sequence[int] | None
) -> Any:
    """A LightGBM booster with the trees of all `stages`, each grown on what the earlier ones left over.

    Raises
    ------
    MissingExtra
        LightGBM can't be loaded.
    UsageError
        `params` name no objective, or a number of rounds.
    BadInput
        LightGBM can't learn from these rows.
    """
    library, settings = lightgbm_library(), _settings(params)
    booster = None
    for stage in stages:
        kept = np.flatnonzero(stage.weights > 0)
        data = library.Dataset(
            X.iloc[kept] if hasattr(X, "iloc") else X[kept],
            y[kept],
            weight=stage.weights[kept],
            categorical_feature="auto" if categorical is None else list(categorical),
            params=settings,
            free_raw_data=False,  # what the earlier trees say of these rows is asked when the stage begins
        )
        try:
            booster = library.train(settings, data, num_boost_round=stage.rounds, init_model=booster)
        except (library.basic.LightGBMError, TypeError, ValueError) as error:
            raise BadInput("LightGBM can't learn from these rows.", evidence=str(error)[:300]) from error
    return booster


def _settings(params: Mapping[str, Any]) -> dict[str, Any]:
    def said(name: str) -> str | None:
        return next((each for each in (name, *_ALIASES.get(name, ())) if each in params), None)

    if said("objective") is None:
        raise UsageError('params name no objective: {"objective": "binary"}, "multiclass" or "regression".')
    if (rounds := said("num_iterations")) is not None:
        raise UsageError(f"params name a number of rounds: {rounds}.", remedy="Give rounds=... instead.")
    return {name: value for name, value in _OURS.items() if said(name) is None} | dict(params)
