"""Which share of what real rows teach do synthetic rows teach?"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.prediction import figures, floor, task_of
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["RelativeUtility"]


@dataclass(frozen=True, kw_only=True)
class RelativeUtility:
    """U = (TSTR - floor) / (TRTR - floor) of the boosted trees: 1 as good as real rows, 0 no better than no model.

    The floor is always answering the majority or the mean. Skipped where even real rows do not beat it: then there is
    nothing of which a share could be kept. The interval is paired over test rows, by the delta method.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Which share of what a model learns from real rows does it learn from synthetic ones?",
        source="original; delta method over test rows",
        measures=("utility.relative",),
        needs=frozenset({"holdout", "target"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, with 1 as its ceiling and 0 as its floor."""
        name = self.info.measures[0]
        task = task_of(comparison)
        if isinstance(task, str):
            return [Skipped(name, task)]
        n = min(len(task.y["train"]), len(task.y["synthetic"]))
        lowest = floor(comparison, task)[task.headline]
        kept, whole = (
            figures(comparison, task, "boosted", ((part, n),))[task.headline] - lowest
            for part in ("synthetic", "train")
        )
        if whole.value - whole.half_width() <= 0:
            told = whole.estimate()
            reason = (
                f"real rows do not teach the target either: {task.headline} of boosted trees is {told.value:.3g} above "
                f"the floor (95 % interval {told.low:.3g} to {told.high:.3g})"
            )
            return [Skipped(name, reason)]
        share = kept.value / whole.value
        ratio = Figure(share, (kept - whole.times(share)).times(1 / whole.value).moves)
        estimate = ratio.estimate()
        return [
            Measurement(
                metric=name,
                estimate=estimate,
                better="higher",
                n_real=n,
                n_synthetic=n,
                sampled=n < len(comparison.synthetic),
                holdout=Estimate.exact(1.0),
                baseline=Estimate.exact(0.0),
                excess=Estimate(share - 1, estimate.low - 1, estimate.high - 1),
                detectable=min(ratio.half_width() + 1.645 * ratio.error, math.inf),
            )
        ]
