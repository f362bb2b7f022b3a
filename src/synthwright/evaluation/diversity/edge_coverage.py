"""Are the edge cases covered: real rows far from all others, or with a rare value?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.balls import Placed, balls
from synthwright.evaluation._neighbours.drawing import drawn_rows, ruler_of
from synthwright.evaluation._neighbours.edges import edges_of
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS, ROWS, Neighbourhoods, neighbourhoods, placed
from synthwright.evaluation._neighbours.reach import reach_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import effective_wilson
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured_share
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["EdgeCoverage"]


@dataclass(frozen=True, kw_only=True)
class EdgeCoverage:
    """The share of holdout rows at the edge that have a synthetic row nearer than any other holdout row.

    At the edge are the outermost 5 % (20 rows at least), by the distance to their `neighbours`-th neighbour; rows with
    a level that less than 1 % of holdout rows have; and rows with a number that less than 1 % surpass, up or down. Of
    either of these no more than about 5 %, the rarest. `parts` are the kinds, the least covered first.

    Fresh rows come first half of the time where there are as many of them: balls reach to the nearest holdout row only,
    for out there the fifth one is so far away that rows from the middle would do. Judge the excess over the ceiling,
    the same for as many train rows. The estimand is the expectation of the share at these sizes.
    """

    rows: int = ROWS
    neighbours: int = NEIGHBOURS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows reach the edge cases of the real ones?",
        source="original: Naeem et al. (2020) coverage of rows with far neighbours or rare levels; jackknife over rows",
        measures=("diversity.edge_coverage",),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share; skipped where fewer than 20 of at least 100 real rows stand out."""
        name = self.info.measures[0]
        found = neighbourhoods(comparison, rows=self.rows, k=self.neighbours)
        if isinstance(found, str):
            return [Skipped(name, found)]
        edges = edges_of(comparison, found)
        if isinstance(edges, str):
            return [Skipped(name, edges)]
        mine = _covered(comparison, found, edges.all, "synthetic")
        figures = {
            kind: (_covered(comparison, found, rows, "synthetic"), len(rows))
            for kind, rows in edges.kinds.items()
            if len(rows)
        }
        ranked = sorted(figures.items(), key=lambda item: item[1][0].value)
        made = measured_share(
            name,
            comparison,
            mine,
            None if comparison.holdout is None else _covered(comparison, found, edges.all, "train"),
            baseline=_covered(comparison, found, edges.all, None).value,
            rows=len(edges.all),
            parts={kind: effective_wilson(one.value, one.error, rows) for kind, (one, rows) in ranked},
        )
        sampled = found.n_synthetic < len(comparison.synthetic)
        return [replace(made, n_real=len(edges.all), n_synthetic=found.n_synthetic, sampled=sampled)]


def _covered(comparison: Comparison, found: Neighbourhoods, at: np.ndarray, part: Part | None) -> Figure:
    """Coverage of the centres at these positions, up to the nearest real row, by the rows of `diversity.coverage`."""
    rows = found.centres.rows
    centres = Placed(found.centres.points.take(at), found.centres.part, None if rows is None else rows[at])
    reach = comparison.keep(("edge reach", at.tobytes()), lambda: reach_of(found.centres.points, 1, at))
    if part is None:
        others = Placed(ruler_of(comparison).place(comparison.floor(found.n_synthetic)))
    else:
        others = placed(comparison, part, drawn_rows(comparison, part, found.n_synthetic, "balls"))
    return balls(comparison, centres, reach, others).coverage
