"""One statistic of synthetic rows, of unseen real ones and of rows without skill: what most distances come as."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import WORST_PARTS, mean_and_worst, worst_first
from synthwright.evaluation.measurement import Measurement, Skipped

__all__ = ["Trio", "ceilings", "mean_and_worst_trios"]


@dataclass(frozen=True, eq=False)
class Trio:
    """One statistic three times: synthetic against train, holdout against train, and no skill against train.

    `holdout` is already at the synthetic table's size; it is ``None`` where there is no holdout.
    """

    synthetic: Figure
    holdout: Figure | None
    baseline: float


def ceilings(trios: Iterable[Trio]) -> list[Figure]:
    """What unseen real rows score: empty without any."""
    return [trio.holdout for trio in trios if trio.holdout is not None]


def mean_and_worst_trios(
    metrics: tuple[str, ...],
    comparison: Comparison,
    trios: Mapping[str, Trio],
    *,
    by_excess: bool = False,
    high: float = 1.0,
    limit: int = WORST_PARTS,
    sampled: bool = False,
) -> list[Measurement | Skipped]:
    """`mean_and_worst` of `trios`; `by_excess`: parts of the second name are the largest excesses over the holdout."""
    excess = {name: trio.synthetic - trio.holdout for name, trio in trios.items() if trio.holdout is not None}
    return mean_and_worst(
        metrics,
        comparison,
        {name: trio.synthetic for name, trio in trios.items()},
        ceilings(trios.values()),
        [trio.baseline for trio in trios.values()],
        worst=worst_first(excess, low=-1.0) if by_excess else None,
        high=high,
        limit=limit,
        sampled=sampled,
    )
