"""How far each column's distribution is from train's: Kolmogorov-Smirnov for numbers, total variation for labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.marginals import marginals
from synthwright.evaluation._counts.trios import mean_and_worst_trios
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["ColumnShapes"]


@dataclass(frozen=True, kw_only=True)
class ColumnShapes:
    """Mean and worst error of single columns, 0 (equal) to 1 (disjoint); SDMetrics' Column Shapes is one minus it.

    Numeric columns: D = max |F_train - F_other| over up to 4,096 cells of train, where a missing value counts as a
    point below all numbers (SDMetrics drops it). Discrete columns: half the sum of |p - q| over labels; labels that
    train does not have count in full. Parts: per column, worst first. The floor is a uniform draw from train's range or
    labels. Cannot see how columns hang together: shuffled columns score as well as fresh real rows. Estimand: the
    expectation over train and other tables of these sizes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Does each column on its own look like the real one?",
        source="Kolmogorov (1933), Smirnov (1948); total variation; SDMetrics KSComplement and TVComplement",
        measures=("fidelity.column_shapes", "fidelity.column_shapes.worst"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst column error."""
        columns = {one.name: one.shape for one in marginals(comparison)}
        return mean_and_worst_trios(self.info.measures, comparison, columns, by_excess=True, limit=len(columns))
