"""How far each pair of columns is from train, on cells that all tables share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.pairwise import compared_pairs, pairs
from synthwright.evaluation._counts.trios import mean_and_worst_trios
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["PairTrends"]


@dataclass(frozen=True, kw_only=True)
class PairTrends:
    """Mean and worst total variation distance of pairs of columns, 0 (equal) to 1 (disjoint).

    Each column is cut into at most 13 cells of about equal mass of train (or its most frequent labels), plus missing,
    rarer and unseen ones; pairs of every mix of types are compared on these shared cells. SDMetrics' Column Pair Trends
    is one minus the mean, except that it cuts each table by its own range. A finite sample of the very same population
    does not score 0: read the excess over the holdout. The floor shuffles each column on its own (from the marginals).
    Parts: the 50 worst pairs. Cannot see what only three columns show together, such as an exclusive or. Estimand: the
    expectation over train and other tables of these sizes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do columns hang together in pairs as in the real table?",
        source="total variation on shared cells; SDMetrics ContingencySimilarity with common bins",
        measures=("fidelity.pair_trends", "fidelity.pair_trends.worst"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst pair error; skipped with fewer than two columns."""
        every = pairs(comparison)
        if not every:
            return [Skipped(name, "there is only one column to compare") for name in self.info.measures]
        trios, sampled = {pair.name: pair.trend for pair in every}, compared_pairs(comparison)[1]
        return mean_and_worst_trios(self.info.measures, comparison, trios, by_excess=True, sampled=sampled)
