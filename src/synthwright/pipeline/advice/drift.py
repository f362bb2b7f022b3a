"""Whether the latest rows are as predictable as others: the split at random against the split by time."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.clock import Axis
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.trial import Trial
from synthwright.provenance.numbers import plain

__all__ = ["drift"]

_WORSE = {"AUC": 0.02, "R²": 0.05}  # lost on later rows, at the low end


def drift(looked: Looked, trial: Trial, learner: str, axis: Axis) -> list[Finding]:
    """What a model of the earlier rows loses on the latest quarter, against a split at random of the same sizes."""
    when = axis.when[looked.rows]
    known = np.flatnonzero(~np.isnan(when))
    order = known[np.argsort(when[known], kind="stable")]
    cut = len(order) * 3 // 4
    if cut < 40 or len(order) - cut < 20:
        return []
    dealt = np.sort(looked.streams.at("advice", "drift").rng().permutation(order)[:cut])
    later = trial.scored_on(learner, np.sort(order[:cut]), np.sort(order[cut:]))
    random = trial.scored_on(learner, dealt, np.setdiff1d(order, dealt))
    lost = random.value - later.value
    half = float(np.hypot(random.high - random.value, later.high - later.value))
    value = Estimate(lost, lost - half, lost + half)
    worse = value.low > _WORSE[trial.target.score]
    told = (
        f"Fitted on the earlier three quarters by {named(axis.columns)}, the {learner} model reaches "
        f"{trial.target.score} {plain(later.value)} on the latest quarter; with rows dealt out at random "
        f"{plain(random.value)}; the difference is {within(value, sign=True)}."
    )
    remedy = "Later rows are about as predictable as others."
    if worse:
        remedy = (
            "Split by time (role: time) and judge on the latest rows: a split at random flatters, for gains as well."
        )
    return [
        Finding(
            code="order.drift",
            severity="warn" if worse else "note",
            figure=f"{trial.target.score} lost on later rows",
            value=value,
            sentence=told,
            remedy=remedy,
            columns=axis.columns,
        )
    ]
