"""Where the synthetic rows give themselves away, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.naming import distinctly, region_words
from synthwright.evaluation._learners.giveaways import Region, found_regions
from synthwright.evaluation._learners.propensity import real_part, scored_rows
from synthwright.evaluation._learners.unskilled import unskilled
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.learning.boosting import Boosting

__all__ = ["Regions"]

_FEWEST = 200  # rows of each kind: a hundred to find regions, a hundred to judge them
_SHUFFLED = 5_000  # rows without skill: context, whose interval is not shown
_TOLD = 8  # regions of either kind


@dataclass(frozen=True, kw_only=True)
class Regions:
    """The region that holds too many synthetic rows, and the one that they miss: share of synthetic minus of real rows.

    A small tree on half of the rows that `fidelity.c2st` scores cuts the table into at most `leaves` regions. The one
    that surely has most synthetic rows beyond real ones there (`fidelity.regions`), and the one with most real ones
    (`fidelity.regions.missed`, with the sign turned), are measured on the other half, which had no say: a fresh real
    sample is expected to score 0, and may score below. Parts: regions with an excess, and with a lack, in words and
    with their share of real rows, the surest first.

    The estimand is the true difference of both shares in the region that was found. `holdout` finds and judges regions
    of as many train rows; `baseline`, of rows whose columns were drawn on their own.
    """

    rows: int = 20_000
    leaves: int = 12
    learner: Boosting = Boosting(trees=50)
    info: ClassVar[MetricInfo] = MetricInfo(
        question="In which regions are there too many synthetic rows, and which do they miss?",
        source="original; two-sample testing by a classifier's regions: Kim, Lee & Lei (2019), arXiv:1812.08927",
        measures=("fidelity.regions", "fidelity.regions.missed"),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The largest excess and the largest lack; skipped below 200 rows of each kind."""
        rows = scored_rows(comparison, self.rows)
        if isinstance(rows, str):
            return [Skipped(name, rows) for name in self.info.measures]
        n, real = len(rows["synthetic"]), real_part(comparison)
        if n < _FEWEST:
            why = f"it needs {_FEWEST} rows of each kind, and one has {n}"
            return [Skipped(name, why) for name in self.info.measures]
        made = self._found(comparison, rows, "synthetic")
        ceiling = self._found(comparison, rows, "train") if real == "holdout" else None
        other = unskilled(comparison, min(n, _SHUFFLED))
        few = {real: rows[real][: len(other.synthetic)], "synthetic": np.arange(len(other.synthetic))}
        floor = self._found(other, few, "synthetic")
        sampled = n < comparison.rows("synthetic") or n < comparison.rows(real)
        results: list[Measurement | Skipped] = []
        for name, sign in zip(self.info.measures, (1.0, -1.0), strict=True):
            one = measured(
                name,
                comparison,
                _worst(made, sign),
                None if ceiling is None else _worst(ceiling, sign),
                baseline=_worst(floor, sign).value,
                low=-1.0,
                parts=_named(comparison, made, sign),
            )
            results.append(replace(one, n_real=n, n_synthetic=n, sampled=sampled))
        return results

    def _found(self, comparison: Comparison, rows: Mapping[Part, np.ndarray], part: Part) -> list[Region]:
        return found_regions(comparison, real_part(comparison), part, rows, leaves=self.leaves, learner=self.learner)


def _worst(regions: Sequence[Region], sign: float) -> Figure:
    """The gap of the region with the surest one in the half that found it."""
    return max(regions, key=lambda region: region.sure(sign)).gap.times(sign)


def _named(comparison: Comparison, regions: Sequence[Region], sign: float) -> dict[str, Estimate]:
    ranked = sorted(regions, key=lambda region: -region.sure(sign))
    chosen = [region for region in ranked if sign * region.seen > 0][:_TOLD]
    names = [
        f"{region_words(comparison, region.allowed)} ({100 * region.real_share:.1f} % of real rows)"
        for region in chosen
    ]
    told = (region.gap.times(sign).estimate(low=-1.0, high=1.0) for region in chosen)
    return dict(zip(distinctly(names), told, strict=True))
