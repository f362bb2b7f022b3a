"""Is every class covered in its own right, the rare ones too?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.class_balls import CLASS_ROWS, class_coverages
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS
from synthwright.evaluation._statistics.figure import Figure, mean, smallest
from synthwright.evaluation._statistics.intervals import effective_wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import WORST_PARTS, measured_share
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["ClassCoverage"]


@dataclass(frozen=True, kw_only=True)
class ClassCoverage:
    """Coverage among the rows of each class of the target alone, its mean over classes and its smallest value.

    The ball of a holdout row reaches to its `neighbours`-th holdout neighbour of its own class, and only synthetic rows
    of that class count. A class that is never made has 0, one that is made five times too rarely about .6. Without
    discrete target the column of 2 to 20 values that divides train most evenly stands in. A class needs 20 rows of
    train and of the holdout. `parts` are the classes, the least covered first.

    The estimand is the expectation of the figure at these sizes; the ceiling, the same for as many train rows, has the
    same one where the synthetic rows are as good, so the smallest of many noisy values is no reproach.
    """

    neighbours: int = NEIGHBOURS
    rows: int = CLASS_ROWS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Is every class covered in its own right, the rare ones too?",
        source="Naeem et al. (2020), arXiv:2002.09797, eq. 6, within classes; intervals: jackknife over rows",
        measures=("diversity.class_coverage", "diversity.class_coverage.worst"),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The mean and the worst class; skipped where fewer than two classes have 20 rows of either kind."""
        found = class_coverages(comparison, self.neighbours, self.rows)
        if isinstance(found, str):
            return [Skipped(name, found) for name in self.info.measures]
        ranked = sorted(found.synthetic.items(), key=lambda item: item[1].value)[:WORST_PARTS]
        parts = {name: effective_wilson(one.value, one.error, found.centres[name]) for name, one in ranked}
        sizes = list(found.centres.values())
        made: list[Measurement | Skipped] = []
        # The mean over classes is as sure as that of this many rows, should a small class show no gap by chance.
        mean_rows = int(len(sizes) ** 2 / sum(1 / size for size in sizes))
        statistics: list[tuple[str, Callable[[Sequence[Figure]], Figure], int, bool]] = [
            (self.info.measures[0], mean, mean_rows, True),
            (self.info.measures[1], smallest, min(sizes), False),
        ]
        for name, over, rows, at_most in statistics:
            one = measured_share(
                name,
                comparison,
                over(list(found.synthetic.values())),
                None if found.train is None else over(list(found.train.values())),
                baseline=over(list(found.shuffled.values())).value,
                rows=rows,
                at_most=at_most,
                parts=parts,
            )
            made.append(replace(one, n_real=found.n_real, n_synthetic=found.n_synthetic, sampled=found.sampled))
        return made
