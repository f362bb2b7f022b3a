"""Which share of what real rows teach do synthetic rows teach?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._learners.prediction import Task, figures, floor, shuffled, task_of, taught
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.tables import over_tables
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["RelativeUtility"]


@dataclass(frozen=True, kw_only=True)
class RelativeUtility:
    """U = (TSTR - floor) / (TRTR - floor) of the boosted trees: 1 as good as real rows, 0 no better than no model.

    The floor is always answering the majority or the mean. Skipped where even real rows do not beat it: then there is
    nothing of which a share could be kept. The interval is paired over test rows, by the delta method: sampling only,
    for this table of synthetic rows. The estimand is U of these fitted models over the population of the holdout.

    ``utility.relative.redrawn`` is there if the comparison has `redraws`: the mean U of this table and of those, with
    an interval that holds for yet other tables of the generator, too. `parts` are the single tables.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Which share of what a model learns from real rows does it learn from synthetic ones?",
        source="original; delta method over test rows, Satterthwaite (1946) over tables",
        measures=("utility.relative",),
        needs=frozenset({"holdout", "target"}),
        cost=1,
        rests_on=("holdout",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, with 1 as its ceiling and 0 as its floor."""
        name = self.info.measures[0]
        task = task_of(comparison)
        if isinstance(task, str):
            return [Skipped(name, task)]
        n = min(len(task.y["train"]), len(task.y["synthetic"]))
        whole = figures(comparison, task, "boosted", (("train", n),))[task.headline]
        whole -= floor(comparison, task)[task.headline]
        if reason := taught(task, whole):
            return [Skipped(name, reason)]
        share = _share(comparison, task, n, whole)
        control = (shuffled(comparison, task) - floor(comparison, task)[task.headline]).times(1 / whole.value)
        told = share.estimate()
        one = Measurement(
            metric=name,
            estimate=told,
            better="higher",
            n_real=n,
            n_synthetic=n,
            sampled=n < len(comparison.synthetic),
            holdout=Estimate.exact(1.0),
            baseline=Estimate.exact(0.0),
            excess=_less_one(told),
            detectable=min(share.half_width() + 1.645 * share.error, math.inf),
            parts={"shuffled_labels": control.estimate()},
        )
        return [one, *self._redrawn(comparison, n, whole, share, one)]

    def _redrawn(
        self, comparison: Comparison, n: int, whole: Figure, share: Figure, one: Measurement
    ) -> list[Measurement | Skipped]:
        if not comparison.redraws:
            return []
        name, shares = f"{one.metric}.redrawn", {"this table": share}
        for at, redraw in enumerate(comparison.redraws, 1):
            other = replace(comparison, synthetic=redraw(), redraws=(), _kept={})
            task = task_of(other)
            if isinstance(task, str):
                return [Skipped(name, f"redraw {at}: {task}")]
            shares[f"redraw {at}"] = _share(other, task, n, whole)
        estimate, error = over_tables(list(shares.values()))
        parts = sorted(shares.items(), key=lambda item: item[1].value)
        return [
            replace(
                one,
                metric=name,
                estimate=estimate,
                n_synthetic=n * len(shares),
                excess=_less_one(estimate),
                detectable=estimate.high - estimate.value + 1.645 * error,
                parts={label: figure.estimate() for label, figure in parts},
            )
        ]


def _share(comparison: Comparison, task: Task, n: int, whole: Figure) -> Figure:
    """The skill kept by at most `n` synthetic rows over `whole`, the skill of as many real ones."""
    rows = min(n, len(task.y["synthetic"]))
    kept = figures(comparison, task, "boosted", (("synthetic", rows),))[task.headline]
    kept -= floor(comparison, task)[task.headline]
    share = kept.value / whole.value
    return Figure(share, (kept - whole.times(share)).times(1 / whole.value).moves)


def _less_one(estimate: Estimate) -> Estimate:
    return Estimate(estimate.value - 1, estimate.low - 1, estimate.high - 1)
