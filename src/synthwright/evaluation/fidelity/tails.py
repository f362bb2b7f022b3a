"""Whether the outermost hundredth of each numeric column is as heavy and reaches as far as train's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.extremes import mass_error, reach_error, tail_level, tails_of
from synthwright.evaluation._counts.line import Line
from synthwright.evaluation._counts.trios import Trio, ceilings
from synthwright.evaluation._statistics.figure import Figure, largest, mean
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured, worst_first
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Tails"]

MASS, WORST, REACH = "fidelity.tails", "fidelity.tails.worst", "fidelity.tails.reach"
LEVEL = 0.01
WIDEST = 0.1  # of the rows: what tables of fewer than 50 rows have beyond any percentile is no tail


@dataclass(frozen=True, kw_only=True)
class Tails:
    """Errors of the rows beyond train's 1 and 99 % points, over numeric columns and both ends; 0 is right.

    ``fidelity.tails`` and ``.worst``: |share beyond - train's share beyond| over 1 %: 1 for an empty tail, 4 for one
    that is five times too heavy. ``.reach``, a mean: how far tails reach, |mean overshoot - train's| in interquartile
    ranges, where the overshoot is summed over the rows beyond the point and divided by 1 % of the present values: wrong
    mass and wrong distance both show. The worst column is the first of its parts: the largest of a few heavy tails has
    no interval that holds. A point mass on the percentile is not beyond it: there the
    tail is what lies farther out, if anything. In tables with fewer than 500 rows the tail is the share in which 5 rows
    are expected. Estimand: the expectation over train and other tables of these sizes. The floor has no row beyond.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are extreme values as frequent and as extreme as in the real table?",
        source="exceedances over a threshold (Davison & Smith 1990, doi:10.1111/j.2517-6161.1990.tb01796.x)",
        measures=(MASS, WORST, REACH),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst error of mass, mean error of reach."""
        level = tail_level(comparison, LEVEL)
        if level > WIDEST:
            reason = "the smallest table has fewer than 50 rows: too few to speak of tails"
            return [Skipped(name, reason) for name in self.info.measures]
        masses: dict[str, Trio] = {}
        reaches: dict[str, Trio] = {}
        for name in comparison.columns:
            cells = comparison.cells(name)
            if cells.edges is None:
                continue
            line = Line.of(cells.edges, comparison.counts("train", name).sum(axis=0))
            for tail in tails_of(comparison, name, level):
                masses[tail.label] = mass_error(comparison, tail, level)
                if line is not None:
                    reaches[tail.label] = reach_error(comparison, tail, level, line)
        return [
            _picked(MASS, comparison, masses, mean, 1 / level),
            _picked(WORST, comparison, masses, largest, 1 / level),
            _picked(REACH, comparison, reaches, mean, inf),
        ]


def _picked(
    metric: str,
    comparison: Comparison,
    trios: dict[str, Trio],
    pick: Callable[[list[Figure]], Figure],
    high: float,
) -> Measurement | Skipped:
    """The mean or the worst of `trios`, whatever `pick` gives."""
    if not trios:
        return Skipped(metric, "no numeric column of train has two different values")
    synthetic = {label: trio.synthetic for label, trio in trios.items()}
    holdout = ceilings(trios.values())
    return measured(
        metric,
        comparison,
        pick(list(synthetic.values())),
        pick(holdout) if holdout else None,
        baseline=pick([Figure.sure(trio.baseline) for trio in trios.values()]).value,
        high=high,
        parts=worst_first(synthetic, high=high),
    )
