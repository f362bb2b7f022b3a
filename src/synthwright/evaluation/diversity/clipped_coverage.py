"""How much of the real variety do synthetic rows reach, in proportion to how many of them do?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.clipped import expected_filling
from synthwright.evaluation._neighbours.in_balls import measured_in_balls
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS, ROWS, Neighbourhoods
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["ClippedCoverage"]


@dataclass(frozen=True, kw_only=True)
class ClippedCoverage:
    """The share of the synthetic rows that, drawn from the real distribution, would fill holdout balls as much.

    The ball of a holdout row reaches to its `neighbours`-th holdout neighbour k and is full with k synthetic rows;
    ``parts["filling"]`` is how full balls are on average, ``parts["null"]`` what fresh rows would fill, exactly (a
    beta-binomial). Of rows b of which lie nowhere, 1 - b is left: `diversity.coverage` would see little of that. The
    score is at most 1, as in the paper; `excess` is taken before that cap, so that fresh rows have 0 on average.

    The estimand is the expectation of the uncapped score at these sizes.
    """

    rows: int = ROWS
    neighbours: int = NEIGHBOURS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Of how many good rows do the synthetic rows have the reach?",
        source="Salvy et al. (2025), arXiv:2507.01761, clipped coverage; intervals: jackknife over rows of each part",
        measures=("diversity.clipped_coverage",),
        cost=1,
        rests_on=("holdout",),
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        return measured_in_balls(name, comparison, self._measured, rows=self.rows, k=self.neighbours)

    def _measured(self, comparison: Comparison, found: Neighbourhoods) -> Measurement:
        null = expected_filling(found.n_synthetic, found.n_real, self.neighbours)
        return measured(
            self.info.measures[0],
            comparison,
            found.clipped_coverage(found.synthetic),
            None if found.train is None else found.clipped_coverage(found.train),
            baseline=found.clipped_coverage(found.shuffled).value,
            better="higher",
            parts={"filling": found.synthetic.filling.estimate(low=0.0, high=1.0), "null": Estimate.exact(null)},
        )
