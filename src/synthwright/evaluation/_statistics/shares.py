"""Shares of rows that have some property: intervals, ceiling and excess, also where rows come in groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow.compute as pc

from synthwright.evaluation._counts.contingency import share_of_noise
from synthwright.evaluation._statistics.counted import detectable_excess
from synthwright.evaluation._statistics.intervals import difference_of_shares, wilson
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measurement import Estimate, Measurement

__all__ = ["Interval", "Share", "share_measured"]

Interval = Callable[[int, int], Estimate]


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `rows` have the property; they say as much as ``rows / design`` separate rows would."""

    hits: int
    rows: int
    design: float = 1.0

    @classmethod
    def of(cls, comparison: Comparison, part: Part, hit: np.ndarray, rows: np.ndarray | None = None) -> Self:
        """The share of `part` where `hit` is true; `rows` are the positions that it speaks of, if not all.

        With a column of role ``group`` the design effect (Kish 1965) comes from the jackknife blocks; where all rows or
        none have the property these say nothing, and a group counts as one row.
        """
        count = int(hit.sum())
        group = next(iter(comparison.schema.having("group")), None)
        if group is None:
            return cls(count, len(hit))
        if count in {0, len(hit)}:
            groups = int(pc.count_distinct(comparison.part(part).data[group.name], mode="all").as_py())
            return cls(count, len(hit), max(1.0, len(hit) / groups))
        codes = comparison.codes(part)
        block = codes.block if rows is None else codes.block[rows]
        counts = np.bincount(2 * block.astype(np.int64) + hit, minlength=2 * codes.blocks).reshape(codes.blocks, 2)
        return cls(count, len(hit), share_of_noise(counts))

    @property
    def value(self) -> float:
        """The share itself."""
        return self.hits / self.rows if self.rows else 0.0

    @property
    def effective(self) -> tuple[int, int]:
        """Hits and rows after division by the design effect."""
        rows = max(1, round(self.rows / self.design))
        return (self.hits, self.rows) if self.design == 1 else (round(self.value * rows), rows)

    def estimate(self, interval: Interval = wilson) -> Estimate:
        """The share inside its interval (Wilson's, unless another is given)."""
        found = interval(*self.effective)
        return Estimate(self.value, min(self.value, found.low), max(self.value, found.high))

    def minus(self, other: Share) -> Estimate:
        """The difference of two independent shares inside Newcombe's interval (1998, method 10)."""
        found = difference_of_shares(*self.effective, *other.effective)
        value = self.value - other.value
        return Estimate(value, min(value, found.low), max(value, found.high))


def share_measured(
    name: str,
    comparison: Comparison,
    synthetic: Share,
    holdout: Share | None,
    *,
    interval: Interval = wilson,
    baseline: float | None = None,
    parts: Mapping[str, Estimate] | None = None,
) -> Measurement:
    """The measurement of a share of rows that train has no part in: smaller is better.

    Given train, a row of the population has the property with one and the same chance whichever table it is in, so a
    fresh real sample has an expected excess of 0 at any size. `detectable` is the least true excess whose interval
    excludes 0 in 19 of 20 tables.
    """
    ceiling = None if holdout is None else holdout.estimate(interval)
    return Measurement(
        metric=name,
        estimate=synthetic.estimate(interval),
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=len(comparison.synthetic),
        sampled=synthetic.rows < len(comparison.synthetic),
        holdout=ceiling,
        baseline=None if baseline is None else Estimate.exact(baseline),
        excess=None if holdout is None else synthetic.minus(holdout),
        detectable=None if ceiling is None else detectable_excess(ceiling, synthetic.effective[1]),
        parts=dict(parts or {}),
    )
