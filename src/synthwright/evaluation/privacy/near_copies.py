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

_RADIUS = 0.001  # of the holdout's own distances to train: nearer than 999 in 1,000 unseen rows come


@dataclass(frozen=True, kw_only=True)
class NearCopies:
    """The share of synthetic rows within a small radius of a train row; the ceiling, of one of as many holdout rows.

    The radius is the 0.1 % point of the distances of holdout rows to train, equal rows left out: nearer than unseen
    real rows come to train by chance. A generator that learnt the distribution comes as near to the holdout as to
    train, also where the data are dense or discrete; copies, jittered or not, come near to train alone. `excess` is
    train's share minus the holdout's, and ``parts["p_value"]`` the exact binomial chance of so many rows being near
    to train only if both were alike. Train is sampled down to the holdout, so of copies the share
    holdout rows / train rows is seen.

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
        train = mean_of_rule(comparison, close, lambda d, _: (d <= radius) * 1.0, of="synthetic")
        holdout = mean_of_rule(comparison, close, lambda _, e: (e <= radius) * 1.0, of="synthetic")
        near = [found.distance[:, 0] <= radius for found in close.of_synthetic]
        only_train, only_holdout = int((near[0] & ~near[1]).sum()), int((near[1] & ~near[0]).sum())
        n, gap = len(close.synthetic), train - holdout
        excess = difference(only_train, only_holdout, n, gap.estimate(low=-1.0, high=1.0))
        floor = float((close.of_shuffled[0].distance[:, 0] <= radius).mean())
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
    apart = close.of_holdout[0].distance[:, 0]
    apart = np.sort(apart[apart > 0])
    return float(apart[math.ceil(_RADIUS * len(apart)) - 1]) if len(apart) else 0.0


def _wider(one: Estimate, other: Estimate) -> Estimate:
    return replace(one, low=min(one.low, other.low), high=max(one.high, other.high))
