"""One figure for a quick look: how alike columns and pairs of columns are, 0 to 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.marginals import marginals
from synthwright.evaluation._counts.pairwise import compared_pairs, pairs
from synthwright.evaluation._counts.trios import ceilings
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Quality"]


@dataclass(frozen=True, kw_only=True)
class Quality:
    """The mean of column similarity and pair similarity, 0 (disjoint) to 1 (equal), as users of SDMetrics know it.

    quality = 1 - (mean of `fidelity.column_shapes` + mean of `fidelity.pair_trends`) / 2, over shared cells. Parts:
    both halves. The floor has perfect columns without any dependence, and still scores high where most pairs of columns
    are nearly independent: read it beside the floor and the ceiling. An exact copy of train scores 1: this figure sees
    neither memorised rows, nor patterns of three columns, nor whether the data is of use for a model. Estimand: the
    expectation over train and other tables of these sizes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="At a glance, how alike are columns and pairs of columns?",
        source="SDMetrics QualityReport (mean of Column Shapes and Column Pair Trends), with common bins",
        measures=("fidelity.quality",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The overall similarity; with one column the similarity of that column."""
        halves = {"column shapes": [one.shape for one in marginals(comparison)]}
        if together := [pair.trend for pair in pairs(comparison)]:
            halves["pair trends"] = together
        synthetic = {name: _similarity([trio.synthetic for trio in trios]) for name, trios in halves.items()}
        holdout = None
        if comparison.holdout is not None:
            holdout = mean([_similarity(ceilings(trios)) for trios in halves.values()])
        columns = ceilings(halves["column shapes"])
        floors = [_similarity(columns).value if columns else 1.0]
        floors += [1 - sum(trio.baseline for trio in together) / len(together)] if together else []
        return [
            measured(
                "fidelity.quality",
                comparison,
                mean(list(synthetic.values())),
                holdout,
                baseline=sum(floors) / len(floors),
                better="higher",
                parts={name: figure.estimate(low=0.0, high=1.0) for name, figure in synthetic.items()},
                sampled=compared_pairs(comparison)[1],
            )
        ]


def _similarity(errors: list[Figure]) -> Figure:
    return Figure.sure(1.0) - mean(errors)
