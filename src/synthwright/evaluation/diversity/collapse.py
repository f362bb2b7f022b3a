"""Have the synthetic rows collapsed?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.class_balls import CLASS_ROWS, class_coverages
from synthwright.evaluation._neighbours.modes import ROWS as MODE_ROWS
from synthwright.evaluation._neighbours.modes import effective, modes
from synthwright.evaluation._neighbours.neighbourhoods import NEIGHBOURS, ROWS, neighbourhoods
from synthwright.evaluation._statistics.figure import Figure, smallest
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Collapse"]

_Views = dict[str, Figure]


@dataclass(frozen=True, kw_only=True)
class Collapse:
    """How much of the real variety is left, in the view that shows least of it.

    - ``modes``: the effective number of k-means cells of train in use, over train's (`diversity.mode_collapse`);
    - ``regions``: the share of real rows with a synthetic row nearby (`diversity.coverage`);
    - ``classes``: coverage of the worst class with at least `class_rows` rows to cover (`diversity.class_coverage`).

    Rows that lie nowhere are no collapse: they lower `diversity.clipped_coverage`. Half of the modes gone leaves about
    .5, nearly all rows in one mode of ten about .1 though recall sees every mode, a class that is never made 0. `parts`
    are the views, the least first. The ceiling is the least view of fresh rows, so `excess` is what was lost beyond
    chance; the gate ``not collapsed`` holds it to its bound.

    The estimand is the expectation of the least view at these sizes.
    """

    class_rows: int = 30
    rows: int = ROWS
    mode_rows: int = MODE_ROWS
    rows_of_class: int = CLASS_ROWS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Is most of the variety of the real rows gone?",
        source="original: the least of effective modes, coverage and class coverage; jackknife over rows",
        measures=("diversity.collapse",),
        cost=1,
        limits=("rows", "mode_rows", "rows_of_class"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The least share; skipped where no view has enough rows."""
        name = self.info.measures[0]
        views: dict[str, _Views] = {"synthetic": {}, "ceiling": {}, "floor": {}}
        reason = self._modes(comparison, views)
        told = self._regions(comparison, views)
        self._classes(comparison, views)
        if not views["synthetic"]:
            return [Skipped(name, reason or told)]
        least = {kind: smallest(list(found.values())) if found else None for kind, found in views.items()}
        mine, floor = least["synthetic"], least["floor"]
        ranked = sorted(views["synthetic"].items(), key=lambda item: item[1].value)
        made = measured(
            name,
            comparison,
            Figure.sure(0.0) if mine is None else mine,
            least["ceiling"],
            baseline=None if floor is None else floor.value,
            better="higher",
            high=math.inf,
            parts={view: figure.estimate(low=0.0) for view, figure in ranked},
        )
        made = replace(made, estimate=_least(views["synthetic"]) or made.estimate, holdout=_least(views["ceiling"]))
        found = neighbourhoods(comparison, rows=self.rows)
        if isinstance(found, str):
            return [made]
        sampled = found.n_synthetic < len(comparison.synthetic)
        return [replace(made, n_real=found.n_real, n_synthetic=found.n_synthetic, sampled=sampled)]

    def _modes(self, comparison: Comparison, views: Mapping[str, _Views]) -> str:
        found = modes(comparison, rows=self.mode_rows)
        if isinstance(found, str):
            return found
        for kind, part in (("synthetic", "synthetic"), ("ceiling", "holdout"), ("floor", "shuffled")):
            if part in found.shares:
                views[kind]["modes"] = effective(found.shares["train"], found.shares[part]).apart("modes")
        return ""

    def _regions(self, comparison: Comparison, views: Mapping[str, _Views]) -> str:
        found = neighbourhoods(comparison, rows=self.rows)
        if isinstance(found, str):
            return found
        for kind, those in (("synthetic", found.synthetic), ("ceiling", found.train), ("floor", found.shuffled)):
            if those is not None:
                views[kind]["regions"] = those.coverage.apart("regions")
        return ""

    def _classes(self, comparison: Comparison, views: Mapping[str, _Views]) -> None:
        found = class_coverages(comparison, NEIGHBOURS, self.rows_of_class)
        if isinstance(found, str):
            return
        large = [name for name, rows in found.centres.items() if rows >= self.class_rows]
        for kind, of in (("synthetic", found.synthetic), ("ceiling", found.train), ("floor", found.shuffled)):
            if large and of is not None:
                views[kind]["classes"] = smallest([of[name] for name in large]).apart("classes")


def _least(views: _Views) -> Estimate | None:
    """The least view; any of the others may be the least in truth, so the interval begins with the lowest of all."""
    told = [figure.estimate(low=0.0) for figure in views.values()]
    return Estimate(*(min(getattr(one, end) for one in told) for end in ("value", "low", "high"))) if told else None
