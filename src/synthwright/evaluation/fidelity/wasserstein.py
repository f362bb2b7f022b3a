"""How far values moved, in units of train's interquartile range: what the Kolmogorov-Smirnov distance can't weigh."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.marginals import marginals
from synthwright.evaluation._counts.trios import mean_and_worst_trios
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Wasserstein"]


@dataclass(frozen=True, kw_only=True)
class Wasserstein:
    """Mean and worst Wasserstein-1 distance of numeric columns, in interquartile ranges of train (0 is equal).

    W1 is the area between the two distribution functions: over up to 4,096 cells within train's range, exact beyond it.
    Values farther than 10 interquartile ranges beyond train's 0.1 and 99.9 % points (or second rows, if one row is
    more) count as lying there, in every table, so that one absurd row in n moves a column by little more than 10/n;
    `fidelity.validity` counts such rows.
    Where half of train is one value, the range from the 5 to the 95 % point is the unit, then the whole range.
    Estimand: the expectation over train and other tables of these sizes; that the unit is train's, and uncertain, is in
    the intervals. The error grows with the value, so that their upper ends lie farther off than their lower ones.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="By how much did the numbers move?",
        source="Kantorovich (1942); Vallender (1974): W1 is the L1 distance of distribution functions",
        measures=("fidelity.wasserstein", "fidelity.wasserstein.worst"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst distance; skipped where no column has two different numbers."""
        columns = {one.name: one.distance for one in marginals(comparison) if one.distance is not None}
        if not columns:
            reason = "no numeric column of train has two different values"
            return [Skipped(name, reason) for name in self.info.measures]
        told = mean_and_worst_trios(self.info.measures, comparison, columns, high=inf)
        return [one if isinstance(one, Skipped) else _leaning(one) for one in told]


def _leaning(measured: Measurement) -> Measurement:
    """The measurement with upper ends as they are on the scale of logarithms, up to the second order in the width."""

    def leant(one: Estimate) -> Estimate:
        half = one.high - one.value
        return replace(one, high=one.high + half * min(1.0, half / (2 * one.value) if one.value > 0 else 1.0))

    holdout = None if measured.holdout is None else leant(measured.holdout)
    return replace(measured, estimate=leant(measured.estimate), holdout=holdout)
