"""Does what real rows teach hold among synthetic rows as it does among unseen real ones?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._learners.prediction import Task, figures, floor, model_of, task_of, taught, without_skill
from synthwright.evaluation._learners.scores import Score, score_classes, score_numbers
from synthwright.evaluation._learners.task import matrix
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.ratios import ratio
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["TRTS"]

_FEWEST = 20  # synthetic rows with a known target


@dataclass(frozen=True, kw_only=True)
class TRTS:
    """(TRTS - floor) / (TRTR - floor): of the skill of a model of real rows, the share it keeps among synthetic rows.

    Boosted trees fitted on train are tested on the synthetic rows, and on the holdout. 1: the target hangs on the other
    columns as in real rows; 0: not at all; above 1: more closely. A model trained on synthetic rows learns through
    noisy targets, so `utility.relative` falls little where 30 % of the targets are wrong; here 30 % of the skill is
    gone. The score is the headline of `utility.tstr`, the floor what no skill scores in either table. Copies of train
    look too good: the model has seen them. Skipped where real rows teach nothing above the floor.

    The estimand is the ratio of the skills that this fitted model is expected to have among synthetic rows and among
    unseen real ones: 1 for fresh rows.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Does the target hang on the other columns as closely as in real rows?",
        source="train on real, test on synthetic: Esteban et al. (2017), arXiv:1706.02633; interval: Fieller (1954)",
        measures=("utility.trts",),
        needs=frozenset({"holdout", "target"}),
        cost=1,
        rests_on=("synthetic", "holdout"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, with 1 as its ceiling and 0 as its floor; skipped below 20 synthetic rows with a known target."""
        name, task = self.info.measures[0], task_of(comparison)
        if isinstance(task, str):
            return [Skipped(name, task)]
        y = task.y["synthetic"]
        if len(y) < _FEWEST:
            return [Skipped(name, f"the target is known in {len(y)} synthetic rows, and it needs {_FEWEST}")]
        if np.ptp(y) == 0:
            return [Skipped(name, "the target has one value in the synthetic rows: no model can be tested on it")]
        ration = (("train", len(task.y["train"])),)
        whole = figures(comparison, task, "boosted", ration)[task.headline]
        whole -= floor(comparison, task)[task.headline]
        if reason := taught(task, whole):
            return [Skipped(name, reason)]
        model = model_of(comparison, task, "boosted", ration)
        kept = _tested(comparison, task, model(matrix(comparison, task, "synthetic", "codes")))
        kept -= _tested(comparison, task, without_skill(task, "synthetic"))
        share = kept.value / whole.value
        inside = ratio(kept, whole)
        if inside is None:
            return [Skipped(name, "the skill of real rows is too uncertain to divide by")]
        found = Figure(share, (kept - whole.times(share)).times(1 / whole.value).moves)
        made = measured(
            name, comparison, found, Figure.sure(1.0), baseline=0.0, better="target", low=-np.inf, high=np.inf
        )
        sampled = len(y) < len(comparison.synthetic) or len(task.y["train"]) < len(comparison.train)
        beyond = Estimate(inside.value - 1, inside.low - 1, inside.high - 1)
        return [replace(made, estimate=inside, excess=beyond, target=1.0, n_synthetic=len(y), sampled=sampled)]


def _tested(comparison: Comparison, task: Task, made: np.ndarray) -> Figure:
    """The headline score of predictions for the synthetic rows."""
    y = task.y["synthetic"]
    scores = score_classes(made, y, task.minority, task.trained) if task.classes else score_numbers(made, y)
    score: Score = scores[task.headline]
    moves = row_moves(comparison, "synthetic", task.rows["synthetic"], score.influence)
    return Figure(score.value, {"synthetic": moves})
