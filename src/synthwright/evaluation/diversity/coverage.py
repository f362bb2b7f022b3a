"""How much of the real variety do synthetic rows reach?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.in_balls import measured_in_balls
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS, ROWS, Neighbourhoods
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured_share
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Coverage"]


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The share of holdout rows whose ball, out to their `neighbours`-th holdout neighbour, holds a synthetic row.

    Distances are ranks and mismatches summed over columns (`Ruler`), on at most `rows` rows per side. Rows from the
    same distribution reach ``parts["null"]`` on average, a closed form; the ceiling measures as many train rows, the
    floor rows whose columns were drawn on their own. ``parts["of_null"]`` is the estimate over the null. Equal
    distances are counted as if ordered at random, so discrete tables have the same null.
    """

    rows: int = ROWS
    neighbours: int = NEIGHBOURS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="How much of the variety of real rows do synthetic rows reach?",
        source="Naeem et al. (2020), arXiv:2002.09797, eq. 6 and Lemma 2; intervals: jackknife over rows of each part",
        measures=("diversity.coverage",),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        return measured_in_balls(name, comparison, self._measured, rows=self.rows, k=self.neighbours)

    def _measured(self, comparison: Comparison, found: Neighbourhoods) -> Measurement:
        mine = found.synthetic.coverage
        return measured_share(
            self.info.measures[0],
            comparison,
            mine,
            None if found.train is None else found.train.coverage,
            baseline=found.shuffled.coverage.value,
            rows=found.n_real,
            parts={"null": Estimate.exact(found.null), "of_null": mine.times(1 / found.null).estimate(low=0.0)},
        )
