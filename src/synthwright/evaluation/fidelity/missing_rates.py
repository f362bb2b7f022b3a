"""Whether cells are missing as often as in train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.marginals import marginals
from synthwright.evaluation._counts.trios import mean_and_worst_trios
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["MissingRates"]


@dataclass(frozen=True, kw_only=True)
class MissingRates:
    """Mean and worst absolute difference of the columns' shares of missing cells, 0 to 1.

    The mean is over columns in which train or synthetic have missing cells; where none has, both figures are exactly 0.
    The floor never leaves a cell empty. Whether the right rows miss is seen by `fidelity.pair_trends`. Estimand: the
    expectation over train and other tables of these sizes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are cells missing as often as in the real table?",
        source="difference of shares",
        measures=("fidelity.missing_rates", "fidelity.missing_rates.worst"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst difference; skipped where a table has a single row, which tells no rate."""
        if comparison.fewest < 2:
            return [Skipped(name, "one of the tables has a single row") for name in self.info.measures]
        every = {one.name: one.missing for one in marginals(comparison)}
        touched = {name: trio for name, trio in every.items() if trio.baseline > 0 or trio.synthetic.value > 0}
        return mean_and_worst_trios(self.info.measures, comparison, touched or every)
