"""Do synthetic rows come suspiciously near to train rows?"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation.closeness import Closeness, closeness, mean_of_rule
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.counted import difference, upper_tail
from synthwright.evaluation.intervals import wilson
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["NearCopies"]

_RADIUS = 0.001  # of the holdout's own relative distances to train: nearer than 999 in 1,000 unseen rows come


@dataclass(frozen=True, kw_only=True)
class NearCopies:
    """The share of synthetic rows that come within a hair's breadth of a train row; the ceiling, of a holdout row.

    Breadths are measured where the row stands: the distance to the nearest train row is divided by that row's own
    distance to the nearest other train row. In a dense or discrete region, where a step of one unit or another browser
    leads to the next real row, such a step is no copying; beside an outlier far less is. Records with a twin single
    nobody out and are nobody's neighbour. The radius is the 0.1 % point of the same ratio for holdout rows.

    A generator that learnt the distribution comes as near to the holdout as to train; copies, jittered or not, come
    near to train alone. `excess` is train's share minus the holdout's, and ``parts["p_value"]`` the exact binomial
    chance of so many rows being near to train only if both were alike. Train is sampled down to the holdout, so of
    copies the share holdout rows / train rows is seen.

    It measures similarity, not privacy: see `privacy.dcr_share`.
    """

    queries: int = 20_000
    references: int = 20_000
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows come nearer to train rows than to unseen real ones, within a hair's breadth?",
        source="original; sign test on rows near one side only, intervals: delete-one jackknife and Clopper-Pearson",
        measures=("privacy.near_copies",),
        needs=frozenset({"holdout"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share and its excess; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        close = closeness(comparison, queries=self.queries, references=self.references)
        if isinstance(close, str):
            return [Skipped(name, close)]
        radius = _radius(close)
        by = close.relative(close.of_synthetic)
        train = mean_of_rule(comparison, close, lambda d, _: (d <= radius) * 1.0, of="synthetic", by=by)
        holdout = mean_of_rule(comparison, close, lambda _, e: (e <= radius) * 1.0, of="synthetic", by=by)
        near = [found[:, 0] <= radius for found in by]
        only_train, only_holdout = int((near[0] & ~near[1]).sum()), int((near[1] & ~near[0]).sum())
        n, gap = len(close.synthetic), train - holdout
        excess = difference(only_train, only_holdout, n, gap.estimate(low=-1.0, high=1.0))
        floor = float((close.relative(close.of_shuffled)[0][:, 0] <= radius).mean())
        return [
            Measurement(
                metric=name,
                estimate=_wider(train.estimate(low=0.0, high=1.0), wilson(int(near[0].sum()), n)),
                better="lower",
                n_real=len(close.train),
                n_synthetic=n,
                sampled=n < len(comparison.synthetic) or len(close.train) < len(comparison.train),
                detectable=min(excess.high - excess.value + 1.645 * gap.error, 1.0),
                holdout=_wider(holdout.estimate(low=0.0, high=1.0), wilson(int(near[1].sum()), n)),
                baseline=Estimate.exact(floor),
                excess=excess,
                parts={
                    "only_train": wilson(only_train, n),
                    "only_holdout": wilson(only_holdout, n),
                    "p_value": Estimate.exact(upper_tail(only_train, only_train + only_holdout, 0.5)),
                },
            )
        ]


def _radius(close: Closeness) -> float:
    apart = close.relative(close.of_holdout)[0][:, 0]
    apart = np.sort(apart[(apart > 0) & np.isfinite(apart)])
    return float(apart[math.ceil(_RADIUS * len(apart)) - 1]) if len(apart) else 0.0


def _wider(one: Estimate, other: Estimate) -> Estimate:
    return replace(one, low=min(one.low, other.low), high=max(one.high, other.high))
