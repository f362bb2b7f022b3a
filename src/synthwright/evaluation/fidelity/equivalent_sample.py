"""The synthetic table in a unit that everybody knows: a real sample of so many rows would be as good."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.equivalence import Sizes
from synthwright.evaluation._counts.pairwise import compared_pairs, expected_trend, pairs
from synthwright.evaluation._counts.trios import ceilings
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import POWER
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["EquivalentSample"]

_MOST = 2.0  # times the larger of train and synthetic: beyond, the error hardly falls any more
_NOTHING = 1e-9  # an expected error that only constant columns have


@dataclass(frozen=True, kw_only=True)
class EquivalentSample:
    """The share x for which x times train's rows, drawn afresh, would err as much as the synthetic table: .25 is 25 %.

    The error is the mean of `fidelity.pair_trends`; what a fresh sample of any size is expected to have comes from a
    closed form (`evaluation.distances`), not from drawing any. As many fresh real rows as train has are worth 1, and
    a fresh table of half of them 0.5. The figure ends at twice the size of train or of the synthetic table, whichever
    is larger: a table as near to train as that is nearer than fresh rows are, as copies are.

    The estimand is the size at which a fresh sample's expected error equals that of the synthetic table. Intervals are
    those of `fidelity.pair_trends` carried through this map, which only falls; the excess is what its excess takes
    from (or adds to) a fresh table of the synthetic one's size.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="A real sample of which size would be as close to the real table?",
        source="the unit is SDNist's (Task et al. 2023); expected total variation in closed form",
        measures=("fidelity.equivalent_sample",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The equivalent share of train's size; skipped where there is no pair of columns, or nothing varies."""
        name = self.info.measures[0]
        every = pairs(comparison)
        if not every:
            return [Skipped(name, "there is only one column to compare")]
        n, m = len(comparison.train), len(comparison.synthetic)
        sizes = Sizes(n, _MOST * max(1.0, m / n), partial(expected_trend, comparison))
        fresh = sizes.error_of(m)
        if fresh < _NOTHING:
            return [Skipped(name, "nothing varies: samples of every size are equally good")]
        synthetic = mean([pair.trend.synthetic for pair in every])
        unseen = ceilings(pair.trend for pair in every)
        holdout = mean(unseen) if unseen else None
        excess, detectable = _excess(sizes, fresh, synthetic, holdout)
        floor = sum(pair.trend.baseline for pair in every) / len(every)
        return [
            Measurement(
                metric=name,
                estimate=sizes.estimate(synthetic.estimate(low=0.0, high=1.0)),
                better="higher",
                n_real=n,
                n_synthetic=m,
                sampled=compared_pairs(comparison)[1],
                holdout=None if holdout is None else sizes.estimate(holdout.estimate(low=0.0, high=1.0)),
                baseline=Estimate.exact(sizes.share(floor)),
                excess=excess,
                detectable=detectable,
            )
        ]


def _excess(
    sizes: Sizes, fresh: float, synthetic: Figure, holdout: Figure | None
) -> tuple[Estimate | None, float | None]:
    """What the paired excess error takes from a fresh table whose expected error is `fresh`, and what would be seen."""
    if holdout is None:
        return None, None
    gap, own = synthetic - holdout, sizes.share(fresh)
    error = gap.estimate()
    moved = sizes.estimate(Estimate(fresh + error.value, fresh + error.low, fresh + error.high))
    lost = own - sizes.share(fresh + gap.half_width() + POWER * gap.error)
    return Estimate(moved.value - own, moved.low - own, moved.high - own), lost
