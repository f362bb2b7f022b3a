"""Can a classifier tell synthetic rows from real ones? (classifier two-sample test)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._learners.propensity import propensities, told_apart
from synthwright.evaluation._neighbours.drawing import features_of
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.learning.boosting import Boosting

__all__ = ["C2ST"]


@dataclass(frozen=True, kw_only=True)
class C2ST:
    """Area under the ROC curve of boosted trees that tell synthetic rows from as many holdout rows, out of fold.

    0.5, the target: indistinguishable to this classifier at this size; 1: told apart every time. The ceiling tells as
    many train rows from the same holdout rows; the floor rows whose columns were drawn on their own. Without a holdout,
    train takes its place, there is no ceiling, and a copy of train looks perfect.

    The estimand is the expected area of this learner fitted on 4/5 of `rows` rows of each kind; the interval is
    DeLong's (1988) within folds, widened for the rows that folds share. The area grows with the rows given, so
    compare it at equal sizes only. Each row's score is kept (`evaluation.propensity`) for metrics that say where.
    """

    rows: int = 20_000
    folds: int = 5
    learner: Boosting = Boosting()
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Can boosted trees tell synthetic rows from real ones they have not seen?",
        source="Lopez-Paz & Oquab (2017), arXiv:1610.06545; interval: DeLong et al. (1988), within folds",
        measures=("fidelity.c2st",),
        cost=1,
        rests_on=("synthetic", "holdout"),
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The area, its ceiling and floor; skipped below 50 rows of each kind."""
        name = self.info.measures[0]
        found, ceiling = (
            propensities(comparison, part, rows=self.rows, folds=self.folds, learner=self.learner)
            for part in ("synthetic", "train")
        )
        if isinstance(found, str):
            return [Skipped(name, found)]
        real, n = found.real, len(found.rows["synthetic"])
        # One fold is enough for the floor: it is context, and its interval is not shown.
        features = features_of(comparison)
        theirs = features.codes(comparison.part(real).take(found.rows[real]))
        floor, _, _ = told_apart(
            comparison, theirs, features.codes(comparison.floor(n)), self.learner, self.folds, tested=1
        )
        holdout = None if isinstance(ceiling, str) else ceiling.area
        made = measured(name, comparison, found.area, holdout, baseline=floor, better="target")
        sampled = n < comparison.rows("synthetic") or n < comparison.rows(real)
        return [replace(made, target=0.5, n_real=n, n_synthetic=n, sampled=sampled)]
