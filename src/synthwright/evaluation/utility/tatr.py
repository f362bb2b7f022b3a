"""Train on augmented, test on real: do synthetic rows on top of the real ones help a model?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._learners.prediction import task_of
from synthwright.evaluation._learners.trials import trial
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.learning.estimators import named_learners

__all__ = ["TATR"]


@dataclass(frozen=True, kw_only=True)
class TATR:
    """Scores on the holdout of models fitted on train and as many synthetic rows together, against train alone.

    Names, `learners` and estimand are those of `utility.tstr`; here `holdout` is TRTR with all train rows, and a
    positive `excess` is a gain. It need not be one: a model with enough real rows gains nothing from imitations.

    `baseline` is TRTR with as many train rows over again in place of the synthetic ones. Doubled rows teach nothing,
    but weigh twice against what a learner takes for too few, and scores move: gains no larger are not the synthetic
    rows' own.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Is a model fitted on real and synthetic rows better on unseen real rows than one on real rows alone?",
        source="Shen et al. (2023), doi:10.1007/978-3-031-33377-4; intervals: infinitesimal jackknife over test rows",
        measures=("utility.tatr",),
        needs=frozenset({"holdout", "target"}),
        cost=1,
        rests_on=("holdout",),
    )

    learners: Any = None

    def __post_init__(self) -> None:
        named_learners(self.learners)

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The headline and every other score; skipped where the target can't be learned or judged."""
        name = self.info.measures[0]
        task = task_of(comparison)
        if isinstance(task, str):
            return [Skipped(name, task)]
        n = len(task.y["train"])
        added = min(n, len(task.y["synthetic"]))
        return trial(
            name,
            comparison,
            task,
            tried=(("train", n), ("synthetic", added)),
            real=(("train", n),),
            control=(("train", n), ("train", added)),
            learners=named_learners(self.learners),
        )
