"""Do synthetic rows come suspiciously near to train rows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._neighbours.closeness import SEARCHES, Search, closeness
from synthwright.evaluation._neighbours.exchanging import confounded
from synthwright.evaluation._neighbours.nearness import SEARCHED, Near, radius_of, rate_among_train, ratio_of
from synthwright.evaluation._statistics.counted import detectable_excess, hit_rate, scaled_difference, upper_tail
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["NearCopies"]


@dataclass(frozen=True, kw_only=True)
class NearCopies:
    """The share of synthetic rows that come within a hair's breadth of one train row; the ceiling, of holdout rows.

    Breadths are measured where a row stands: near is whose distance to the nearest train row is a small share of that
    to the second nearest. In a dense or discrete region, where a step of one unit or another browser leads to the next
    real row, such a step is no copying; beside an outlier far less is. Records with a twin single nobody out: both
    distances are equal, and nothing is near them. The radius is the 0.1 % point of the same ratio for holdout rows
    among train, at most 1/20.

    A generator that learnt the distribution comes as near to the holdout as to train; copies, jittered or not, come
    near to train alone. Where train is larger than the holdout it is searched in sets of the holdout's size, so that
    all copies are seen and every set is to be compared with the holdout as it is: `estimate` adds up the sets,
    `holdout` is the share near holdout rows times train's records per record of the holdout, and `excess` the
    difference. ``parts["p_value"]`` is the exact binomial chance that, of the rows which a synthetic row is near to,
    so many are of train if all were alike.

    Where copies would be found although train and holdout are surely unlike (`privacy.exchangeable`), as rows of two
    months are, the ceiling is how often train rows come near to one another.

    The excess' interval holds its expectation at these sizes; the estimate's the expected share of rows that come near
    one of these train rows, at this radius.

    It measures similarity, not privacy: see `privacy.dcr_share`.
    """

    queries: int = 20_000
    references: int = 20_000
    searches: int = SEARCHES
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows come nearer to train rows than to unseen real ones, within a hair's breadth?",
        source="original; nearest-neighbour distance ratio (Lowe 2004); intervals: jackknife, Garwood (1936)",
        measures=("privacy.near_copies",),
        needs=frozenset({"holdout"}),
        cost=1,
        rests_on=("synthetic",),
        limits=("queries", "references", "searches"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share and its excess; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        close = closeness(comparison, queries=self.queries, references=self.references, searches=self.searches)
        if isinstance(close, str):
            return [Skipped(name, close)]
        comparison.keep(SEARCHED, lambda: close)
        radius, n = radius_of(close), len(close.synthetic)
        every = Search(close.holdout, close.of_synthetic[1], np.ones(len(close.holdout), dtype=bool))
        train = Near.of(comparison, close, "train", close.of_train, radius)
        holdout = Near.of(comparison, close, "holdout", (every,), radius)
        n_real = sum(int(search.counts.sum()) for search in close.of_train)
        sets = train.records / max(1, holdout.records)
        rates = hit_rate(train.hits, 1 / n), hit_rate(holdout.hits, sets / n)
        gap = _wider((train.share - holdout.share.times(sets)).estimate(low=-1.0, high=1.0), _apart(rates), low=-1.0)
        ceiling = _wider(holdout.share.times(sets).estimate(), rates[1], low=0.0)
        # Asked only where copies would be claimed: whether two tables are alike takes learners.
        if gap.low > 0 and confounded(comparison):
            ceiling = rate_among_train(comparison, close, radius, sets=len(close.of_train))
            gap = _apart((rates[0], ceiling))
        return [
            Measurement(
                metric=name,
                estimate=_wider(train.share.estimate(), rates[0], low=0.0),
                better="lower",
                n_real=n_real,
                n_synthetic=n,
                sampled=n < len(comparison.synthetic) or n_real < len(comparison.train),
                detectable=detectable_excess(rates[1], n),
                holdout=ceiling,
                baseline=Estimate.exact(min(1.0, sets * float((ratio_of(close.of_shuffled[0]) <= radius).mean()))),
                excess=gap,
                parts=_parts(train, holdout, sets),
            )
        ]


def _parts(train: Near, holdout: Near, sets: float) -> dict[str, Estimate]:
    """Rows near one side only, and the chance that of the reference rows hit so, so many are in train."""
    n = len(train.sets)
    sole = train.sets + holdout.sets == 1
    hit = [len(np.unique(side.row[sole & (side.sets == 1)])) for side in (train, holdout)]
    return {
        "only_train": wilson(int(((train.sets > 0) & (holdout.sets == 0)).sum()), n),
        "only_holdout": wilson(int(((train.sets == 0) & (holdout.sets > 0)).sum()), n),
        "p_value": Estimate.exact(upper_tail(hit[0], sum(hit), sets / (sets + 1))),
    }


def _apart(rates: tuple[Estimate, Estimate]) -> Estimate:
    """The difference of two rates, within -1 .. 1."""
    gap = scaled_difference(*rates)
    return Estimate(*(min(1.0, max(-1.0, end)) for end in (gap.value, gap.low, gap.high)))


def _wider(one: Estimate, other: Estimate, *, low: float) -> Estimate:
    """`one` with the farther ends of both, within ``low .. 1``."""
    value, lowest, highest = min(one.value, 1.0), min(one.low, other.low), max(one.high, other.high)
    return Estimate(value, min(value, max(low, lowest)), min(1.0, highest))
