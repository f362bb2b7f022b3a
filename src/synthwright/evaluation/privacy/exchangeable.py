"""Could members and non-members change places? Without that no membership figure can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.exchanging import blind_area
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Exchangeable"]


@dataclass(frozen=True, kw_only=True)
class Exchangeable:
    """Area under the ROC curve of boosted trees that tell train rows from holdout rows without any synthetic row.

    0.5, the target: which real rows were learnt from is a matter of chance, and what tells members from non-members
    better than chance is the synthetic table. Where the 99.9 % interval lies wholly above 0.51, as between two months
    or two hospitals, `privacy.membership` is skipped as confounded, and `privacy.dcr_share` and `privacy.nndr` are to
    be read against their ceilings only.

    Rows that occur once among all real rows, at most `rows` of each kind: a split that keeps equal rows on one side
    makes the others unlike on purpose. The estimand is the expected area of this learner fitted on two thirds of these
    rows; DeLong's interval within folds, widened for the rows that folds share. There is no ceiling: it is one.
    """

    rows: int = 4_000
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are train and holdout alike, so that what tells them apart is the synthetic table?",
        source="original; blind baselines: Das et al. (2024), arXiv:2406.16201; interval: DeLong et al. (1988)",
        measures=("privacy.exchangeable",),
        needs=frozenset({"holdout"}),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The area, with 0.5 as its target; skipped below 60 rows of each kind."""
        name = self.info.measures[0]
        found = blind_area(comparison, rows=self.rows)
        if isinstance(found, str):
            return [Skipped(name, found)]
        return [
            Measurement(
                metric=name,
                estimate=found.area.estimate(low=0.0, high=1.0),
                better="target",
                target=0.5,
                n_real=sum(found.rows),
                n_synthetic=len(comparison.synthetic),
                baseline=Estimate.exact(0.5),
                sampled=found.sampled,
            )
        ]
