"""How near synthetic rows come to one train row rather than to two: the nearest-neighbour distance ratio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.closeness import SEARCHES, Closeness, closeness
from synthwright.evaluation._neighbours.planting import smallest_share
from synthwright.evaluation._statistics.counted import scaled_difference
from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation._statistics.quantiles import distance_ratio, quantile_error, quantile_estimate
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["NNDR"]


@dataclass(frozen=True, kw_only=True)
class NNDR:
    """The 5 % quantile (`.median`: the median) of the distance to the nearest train row over that to the second.

    Near 1: a synthetic row stands between several train rows; near 0: beside one of them. Where both distances are 0 or
    equal, nobody is singled out, and the ratio is 1. Quantiles are fixed shares of the rows, so the figure means the
    same at every size; the ceiling asks holdout rows for theirs among the same train rows. Copies lower it.

    The estimand is the quantile of the ratio of a further synthetic (holdout) row among these train rows; the interval
    is that of the share below it, read off the distribution (Woodruff 1952). `detectable` is a share of synthetic rows:
    copies of train rows, as many of them, would have brought the excess below 0 in 95 of 100 tables.

    It measures similarity, not privacy: 1 % of copies hardly moves a 5 % quantile (see `privacy.near_copies`).
    """

    queries: int = 20_000
    references: int = 20_000
    searches: int = SEARCHES
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows stand closer beside single train rows than unseen real ones do? "
        "(similarity, not privacy)",
        source="Lowe (2004), doi:10.1023/B:VISI.0000029664.99615.94; interval: Woodruff (1952)",
        measures=("privacy.nndr", "privacy.nndr.median"),
        needs=frozenset({"holdout"}),
        cost=1,
        limits=("queries", "references", "searches"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Both quantiles; skipped below 20 rows of each kind."""
        close = closeness(comparison, queries=self.queries, references=self.references, searches=self.searches)
        if isinstance(close, str):
            return [Skipped(name, close) for name in self.info.measures]
        levels = zip(self.info.measures, (0.05, 0.5), strict=True)
        return [_measured(comparison, close, name, level) for name, level in levels]


def _measured(comparison: Comparison, close: Closeness, name: str, level: float) -> Measurement:
    ours, theirs, blind = (
        distance_ratio(found[0].distance) for found in (close.of_synthetic, close.of_holdout, close.of_shuffled)
    )
    mine = quantile_estimate(comparison, "synthetic", close.synthetic, ours, level)
    ceiling = quantile_estimate(comparison, "holdout", close.holdout, theirs, level)
    return Measurement(
        metric=name,
        estimate=mine,
        better="higher",
        n_real=len(close.train),
        n_synthetic=len(close.synthetic),
        sampled=close.is_sample_of(comparison),
        holdout=ceiling,
        baseline=Estimate.exact(float(np.quantile(blind, level))),
        excess=scaled_difference(mine, ceiling),
        detectable=_limit(comparison, close, name, theirs, level),
    )


def _limit(comparison: Comparison, close: Closeness, name: str, ratios: np.ndarray, level: float) -> float:
    """Planted copies have the ratio 0: they come to lie below the quantile, of which `level` of the others do."""
    below = (ratios < np.quantile(ratios, level)).astype(float)
    searched = close.share_searched(comparison)
    noise, z = quantile_error(comparison, "holdout", close.holdout, ratios, level), normal(0.95)
    return smallest_share(
        below,
        np.ones(len(below)),
        rows=len(close.synthetic),
        hit=lambda share: share * searched,
        seen=lambda mean, variance: mean - z * np.sqrt(variance + noise**2) > level,
        noise=noise,
        least=1 / len(close.synthetic),
        streams=Streams(comparison.seed).at("evaluation", name),
    )
