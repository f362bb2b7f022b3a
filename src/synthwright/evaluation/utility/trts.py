"""Does what real rows teach hold among synthetic rows as it does among unseen real ones?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._learners.prediction import (
    Task,
    figures,
    floor,
    model_of,
    predicted,
    task_of,
    taught,
    without_skill,
)
from synthwright.evaluation._learners.scores import Score, score_classes, score_link
from synthwright.evaluation._learners.task import matrix
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.ratios import ratio
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["TRTS"]

_FEWEST = 20  # synthetic rows with a known target
_UNCERTAIN = "the skill of real rows is too uncertain to divide by"


@dataclass(frozen=True, kw_only=True)
class TRTS:
    """(TRTS - floor) / (TRTR - floor): of the skill of a model of real rows, the share it keeps among synthetic rows.

    Boosted trees fitted on train are tested on the synthetic rows, and on the holdout. 1: the target hangs on the other
    columns as in real rows; 0: not at all; above 1: more closely. A model trained on synthetic rows learns through
    noisy targets, so `utility.relative` falls little where 30 % of the targets are wrong; here 30 % of the skill is
    gone. The score is the area under the curve, or the correlation with a target of numbers: R2 would lose twice as
    much. The floor is what no skill scores in either table. Copies of train look too good: the model has seen them.
    Skipped where real rows teach nothing above the floor.

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
        taken = figures(comparison, task, "boosted", ration)[task.headline]
        if reason := taught(task, taken - floor(comparison, task)[task.headline]):
            return [Skipped(name, reason)]
        model = model_of(comparison, task, "boosted", ration)
        whole = _skill(comparison, task, "holdout", predicted(comparison, task, "boosted", ration))
        kept = _skill(comparison, task, "synthetic", model(matrix(comparison, task, "synthetic", "codes")))
        if whole.value - whole.half_width() <= 0:
            return [Skipped(name, _UNCERTAIN)]
        share = kept.value / whole.value
        inside = ratio(kept, whole)
        if inside is None:
            return [Skipped(name, _UNCERTAIN)]
        found = Figure(share, (kept - whole.times(share)).times(1 / whole.value).moves)
        made = measured(
            name, comparison, found, Figure.sure(1.0), baseline=0.0, better="target", low=-np.inf, high=np.inf
        )
        sampled = len(y) < len(comparison.synthetic) or len(task.y["train"]) < len(comparison.train)
        beyond = Estimate(inside.value - 1, inside.low - 1, inside.high - 1)
        return [replace(made, estimate=inside, excess=beyond, target=1.0, n_synthetic=len(y), sampled=sampled)]


def _skill(comparison: Comparison, task: Task, part: Part, made: np.ndarray) -> Figure:
    """What predictions for the rows of `part` score above the floor."""
    y = task.y[part]
    if not task.classes:
        return _figure(comparison, task, part, score_link(made, y))
    scores = [score_classes(one, y, task.minority, task.trained) for one in (made, without_skill(task, part))]
    above, below = (_figure(comparison, task, part, one[task.headline]) for one in scores)
    return above - below


def _figure(comparison: Comparison, task: Task, part: Part, score: Score) -> Figure:
    return Figure(score.value, {part: row_moves(comparison, part, task.rows[part], score.influence)})
