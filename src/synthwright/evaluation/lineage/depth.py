"""How many generators lie between real rows and the synthetic ones?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.data.lineage import lineage_of
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Depth"]


@dataclass(frozen=True, kw_only=True)
class Depth:
    """The lineage depth of the synthetic rows: 1 if a model of real rows made them, 2 if a model of those did.

    It is read off their provenance, or off the mark of the file they came from; rows without either have none that is
    known, and nothing is measured. A record, not an estimate: the interval is a point.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="How many generators lie between real rows and these?",
        source="original; why it matters: Shumailov et al. (2024), doi:10.1038/s41586-024-07566-y",
        measures=("lineage.depth",),
        needs=frozenset({"lineage"}),
        rests_on=(),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The depth of the deepest row."""
        return [
            Measurement(
                metric=self.info.measures[0],
                estimate=Estimate.exact(lineage_of(comparison.synthetic).depth),
                better="lower",
                n_real=comparison.rows("train"),
                n_synthetic=comparison.rows("synthetic"),
            )
        ]
