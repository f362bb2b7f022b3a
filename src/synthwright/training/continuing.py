"""LightGBM by a schedule: boosting begins on the rows of the first epochs and goes on with those of the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from synthwright.errors import UsageError
from synthwright.learning.continued import Stage, continued
from synthwright.training.estimators import require_rows
from synthwright.training.sampler import SourceAwareSampler

__all__ = ["boosted"]


def boosted(
    X: Any,
    y: Any,
    sampler: SourceAwareSampler,
    *,
    params: Mapping[str, Any],
    rounds: int = 100,
    categorical: Sequence[int] | None = None,
) -> Any:
    """A `lightgbm.Booster` of `rounds` rounds, dealt out evenly over the epochs of `sampler`.

    Epochs of one share make one stage, fitted to all rows with the weights of `sampler.weights` (rows of weight 0 are
    left out); every stage goes on where the last one ended (`init_model`). So `SyntheticFirst` learns from synthetic
    rows first, and then what real ones add. `params` are LightGBM's, with an ``objective``; unless they say otherwise
    it uses one thread and gives the same trees for the same rows.

    Raises
    ------
    MissingExtra
        LightGBM can't be loaded.
    UsageError
        No objective, or fewer rounds than epochs.
    BadInput
        X or y have other rows than the sampler, or LightGBM can't learn from them.
    """
    X, labels = np.asarray(X) if isinstance(X, list | tuple) else X, np.asarray(y)
    require_rows(sampler, X=X, y=labels)
    if rounds < sampler.epochs:
        raise UsageError(
            f"{rounds} rounds can't be dealt out over {sampler.epochs} epochs.",
            remedy="Raise rounds, or make the sampler with fewer epochs.",
        )
    return continued(X, labels, _stages(sampler, rounds), params, categorical)


def _stages(sampler: SourceAwareSampler, rounds: int) -> list[Stage]:
    """Neighbouring epochs with one share make one stage."""
    ends = [rounds * (epoch + 1) // sampler.epochs for epoch in range(sampler.epochs)]
    stages: list[Stage] = []
    share = None
    for epoch, (first, last) in enumerate(zip([0, *ends], ends, strict=False)):
        if sampler.share(epoch) == share:
            stages[-1] = Stage(stages[-1].weights, stages[-1].rounds + last - first)
        else:
            stages.append(Stage(sampler.weights(epoch), last - first))
        share = sampler.share(epoch)
    return stages
