"""Train on synthetic, test on real: does a model learn from synthetic rows what it learns from real ones?"""

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

__all__ = ["TSTR"]


@dataclass(frozen=True, kw_only=True)
class TSTR:
    """Scores on the holdout of models fitted on synthetic rows; the ceiling is TRTR: as many train rows instead.

    `utility.tstr` is the headline of the boosted trees: the area under the ROC curve, or R2 for a numeric target.
    Every other score follows as ``utility.tstr.<learner>.<score>``, learners being ``linear``, ``boosted`` and those
    in `learners`: one estimator with fit and predict in scikit-learn's sense, several, or a mapping from their names
    (`learning.estimators.Estimator` says what they get). One that can't learn the target is skipped with the reason.

    The floor always answers train's class frequencies or mean; ``parts["shuffled_labels"]`` of a headline score is
    what the learner makes of real rows whose targets were dealt out at random.

    The estimand is the score of these fitted models over the population of the holdout: intervals hold for other test
    rows, not for another draw of the generator. `excess` is TSTR minus TRTR on the same test rows.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Does a model fitted on synthetic rows do on unseen real rows what one fitted on real rows does?",
        source="Esteban et al. (2017), arXiv:1706.02633; intervals: infinitesimal jackknife over test rows (DeLong)",
        measures=("utility.tstr",),
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
        n = min(len(task.y["train"]), len(task.y["synthetic"]))
        return trial(
            name,
            comparison,
            task,
            tried=(("synthetic", n),),
            real=(("train", n),),
            learners=named_learners(self.learners),
        )
