"""What a metric returns: never a bare number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Better", "Estimate", "Measurement", "Skipped"]

Better = Literal["higher", "lower", "target"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value inside its interval."""

    value: float
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.value <= self.high:  # also false for NaN
            raise ValueError(f"{self.value} lies outside its interval [{self.low}, {self.high}]")

    @classmethod
    def exact(cls, value: float) -> Estimate:
        """A number without sampling error, such as a count over all rows."""
        return cls(value, value, value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One metric, measured once.

    `holdout` is the same statistic with unseen real records in place of the synthetic ones, at the same sizes (as good
    as honest data gets); `baseline` the same for records without skill; `excess` is estimate minus holdout, paired.
    A statistic of one table alone, which train can't influence (how often rows repeat one another), needs no unseen
    records: there `holdout` is as many rows of train, the larger real table, and exists without a holdout too.
    Copies have a ceiling without a holdout, too: how often train's own rows coincide, one left out.
    `target` is the ideal where neither end is best; `detectable` the smallest effect this measurement would have seen
    (of privacy figures: the share of synthetic rows that are copies).
    """

    metric: str
    estimate: Estimate
    better: Better
    target: float | None = None
    confidence: float = 0.95
    n_real: int
    n_synthetic: int
    sampled: bool = False
    detectable: float | None = None
    holdout: Estimate | None = None
    baseline: Estimate | None = None
    excess: Estimate | None = None
    parts: Mapping[str, Estimate] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A metric that could not be measured, and why; its gates are undecided."""

    metric: str
    reason: str
