"""From figures to a `Measurement`: estimate, ceiling, floor and paired excess in one place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from synthwright.evaluation._statistics.figure import Figure, largest, mean
from synthwright.evaluation._statistics.intervals import effective_wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Better, Estimate, Measurement, Skipped

__all__ = ["WORST_PARTS", "mean_and_worst", "measured", "measured_share", "worst_first"]

WORST_PARTS = 50  # a report lists no more, and 2,000 columns have 2 million pairs
POWER = 1.645  # 95 % one-sided: an excess this many standard errors above the margin is seen 19 times in 20


def measured(
    metric: str,
    comparison: Comparison,
    synthetic: Figure,
    holdout: Figure | None,
    *,
    baseline: float | None = None,
    better: Better = "lower",
    low: float = 0.0,
    high: float = 1.0,
    parts: Mapping[str, Estimate] | None = None,
    sampled: bool = False,
) -> Measurement:
    """The measurement of `metric` from its figures; estimates stay within ``low .. high``.

    `excess` is synthetic minus holdout with shared rows accounted for; `detectable` the true excess (in size) that
    its interval would have excluded 0 for in 19 of 20 such comparisons.
    """
    excess = None if holdout is None else synthetic - holdout
    width = high - low
    return Measurement(
        metric=metric,
        estimate=synthetic.estimate(low=low, high=high),
        better=better,
        n_real=len(comparison.train),
        n_synthetic=len(comparison.synthetic),
        holdout=None if holdout is None else holdout.estimate(low=low, high=high),
        baseline=None if baseline is None else Estimate.exact(min(max(baseline, low), high)),
        excess=None if excess is None else excess.estimate(low=-width, high=width),
        detectable=None if excess is None else min(excess.half_width() + POWER * excess.error, width),
        sampled=sampled,
        parts=dict(parts or {}),
    )


def measured_share(
    metric: str,
    comparison: Comparison,
    synthetic: Figure,
    holdout: Figure | None,
    *,
    baseline: float,
    rows: int,
    parts: Mapping[str, Estimate],
    at_most: bool = False,
) -> Measurement:
    """The measurement of a share of `rows` rows that is near 1 where all is well: skewed intervals, higher is better.

    See `effective_wilson`, also for `at_most`. Rows that share balls leave a longer tail below than a binomial has, so
    a table far below its expectation would end short of it: the upper end is no lower than the symmetric interval's,
    which the excess, near 0, keeps.
    """

    def ends(figure: Figure) -> Estimate:
        skewed = effective_wilson(figure.value, figure.error, rows, at_most=at_most)
        return replace(skewed, high=max(skewed.high, figure.estimate(high=1.0).high))

    made = measured(metric, comparison, synthetic, holdout, baseline=baseline, better="higher", parts=parts)
    return replace(
        made,
        estimate=ends(synthetic),
        holdout=None if holdout is None else ends(holdout),
    )


def mean_and_worst(
    metrics: tuple[str, ...],
    comparison: Comparison,
    synthetic: Mapping[str, Figure],
    holdout: Collection[Figure],
    floors: Collection[float],
    *,
    worst: Mapping[str, Estimate] | None = None,
    high: float = 1.0,
    limit: int = WORST_PARTS,
    sampled: bool = False,
) -> list[Measurement | Skipped]:
    """The mean and the largest of distances between 0 and `high`, under the two names in `metrics`.

    `holdout` is empty without one. Parts are the `limit` largest distances, those of the second name `worst` if given.
    """
    parts = worst_first(synthetic, high=high, limit=limit)
    mine, theirs = list(synthetic.values()), list(holdout)
    chosen = ((mean, sum(floors) / len(floors), parts), (largest, max(floors), parts if worst is None else worst))
    return [
        measured(
            metric,
            comparison,
            pick(mine),
            pick(theirs) if theirs else None,
            baseline=floor,
            high=high,
            parts=told,
            sampled=sampled,
        )
        for metric, (pick, floor, told) in zip(metrics, chosen, strict=True)
    ]


def worst_first(
    figures: Mapping[str, Figure], *, low: float = 0.0, high: float = 1.0, limit: int = WORST_PARTS
) -> dict[str, Estimate]:
    """The `limit` largest figures as estimates within ``low .. high``, largest first; equal ones in their given order.

    Distances begin at 0; parts that are an excess or a signed difference need a `low` of their own.
    """
    ranked = sorted(figures.items(), key=lambda item: -item[1].value)[:limit]
    return {name: figure.estimate(low=low, high=high) for name, figure in ranked}
