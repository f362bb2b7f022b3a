"""Do synthetic rows lie where real rows lie, and as thickly?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.in_balls import measured_in_balls
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS, ROWS, Neighbourhoods
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Density"]


@dataclass(frozen=True, kw_only=True)
class Density:
    """How many balls of holdout rows hold a synthetic row, on average, over the number that hold a real one.

    1 is the expectation for rows from the same distribution, in every dimension and size. Below 1, rows lie where real
    ones are rare or absent; above 1, they crowd into the thick of them. Balls and sizes are those of
    `diversity.coverage`.
    """

    rows: int = ROWS
    neighbours: int = NEIGHBOURS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows lie where real rows lie, and as thickly?",
        source="Naeem et al. (2020), arXiv:2002.09797, eq. 5; intervals: jackknife over rows of each part",
        measures=("diversity.density",),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The ratio, with 1 as its target; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        return measured_in_balls(name, comparison, self._measured, rows=self.rows, k=self.neighbours)

    def _measured(self, comparison: Comparison, found: Neighbourhoods) -> Measurement:
        made = measured(
            self.info.measures[0],
            comparison,
            found.synthetic.density,
            None if found.train is None else found.train.density,
            baseline=found.shuffled.density.value,
            better="target",
            high=math.inf,
        )
        return replace(made, target=1.0)
