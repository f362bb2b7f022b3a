"""Do synthetic rows lie where real rows lie, whatever a few outliers do?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.in_balls import measured_in_balls
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS, ROWS, Neighbourhoods
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["ClippedDensity"]


@dataclass(frozen=True, kw_only=True)
class ClippedDensity:
    """How many balls of holdout rows hold a synthetic row, `neighbours` at most, over the same for holdout rows.

    No ball is larger than the median one, and no row counts for more than `neighbours` balls: neither outliers nor
    rows in the thick of things can make up for rows that lie nowhere, so the score falls in proportion to those. The
    score is at most 1, as in the paper; `excess` is taken before that cap, so that fresh rows have 0 on average.

    The estimand is the expectation of the uncapped score at these sizes.
    """

    rows: int = ROWS
    neighbours: int = NEIGHBOURS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Which share of the synthetic rows lies where real rows lie?",
        source="Salvy et al. (2025), arXiv:2507.01761, clipped density; intervals: jackknife over rows of each part",
        measures=("diversity.clipped_density",),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        return measured_in_balls(name, comparison, self._measured, rows=self.rows, k=self.neighbours)

    def _measured(self, comparison: Comparison, found: Neighbourhoods) -> Measurement:
        return measured(
            self.info.measures[0],
            comparison,
            found.clipped_density(found.synthetic),
            None if found.train is None else found.clipped_density(found.train),
            baseline=found.clipped_density(found.shuffled).value,
            better="higher",
        )
