"""Whether the right cells miss together, and whether missing depends on the other values as in train."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.coarse import coarse_counts
from synthwright.evaluation._counts.distances import LONE, SEVERAL, total_variation, total_variation_ratio
from synthwright.evaluation._counts.marginals import size_ratio
from synthwright.evaluation._counts.missingness import Patterns, missing_patterns, shift_where_missing
from synthwright.evaluation._counts.trios import Trio, mean_and_worst_trios
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured, worst_first
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["MissingPatterns"]

PATTERNS, DEPENDENCE, WORST = (
    "fidelity.missing_patterns",
    "fidelity.missing_patterns.dependence",
    "fidelity.missing_patterns.worst",
)
SUPPORT = 30  # rows of train with, and as many without, the cell: conditional shares of fewer are noise
FEWEST = 20  # of either that the smallest table is expected to have: shares of fewer are no longer normal, and of 100
#              holdout rows, 10 of them with gaps, intervals hold the excess 91 times in 100
MANY = 6  # patterns, from which on no single one makes up the figure
MAX_DEPENDENCES = 4_000  # of one column on another: all those of 63 columns that miss cells


@dataclass(frozen=True, kw_only=True)
class MissingPatterns:
    """Distances of the joint pattern of missing cells, and of what missing depends on.

    ``fidelity.missing_patterns``: total variation of the set of columns that miss in a row, 0 to 1; sets that fewer
    than 5 train rows have are taken together. Its floor keeps each column's rate and lets columns miss independently.
    ``.dependence`` and ``.worst`` (mean and worst over pairs): with d the shares of another column's cells where the
    cell misses less those where it does not, half the sum of |d_train - d_other|, 0 to 2: at random d is 0, so missing
    at random instead of by value (or the reverse) is seen at unchanged rates. Their floor misses at random. Estimand:
    the expectation over train and other tables of these sizes. Where nothing misses, the first is exactly 0.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do the right cells miss together, and in the right rows?",
        source="total variation; Rubin (1976) for missing at random, doi:10.1093/biomet/63.3.581",
        measures=(PATTERNS, DEPENDENCE, WORST),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Distance of patterns, then mean and worst change of dependence."""
        return [_patterns(comparison), *_dependence(comparison)]


def _patterns(comparison: Comparison) -> Measurement:
    found = missing_patterns(comparison)
    least = LONE if len(found.names) < MANY else SEVERAL
    train, synthetic = found.counts["train"], found.counts["synthetic"]
    holdout = None
    if "holdout" in found.counts:
        ratio = total_variation_ratio(train, found.counts["holdout"], comparison.rows("synthetic"))
        holdout = total_variation(train, found.counts["holdout"], "holdout", least=least).times(ratio)
    changes = {}
    for place, name in enumerate(found.names):
        ours, theirs = (np.column_stack([one[:, place], one.sum(axis=1) - one[:, place]]) for one in (train, synthetic))
        changes[name] = total_variation(ours, theirs, "synthetic", least=LONE)
    return measured(
        PATTERNS,
        comparison,
        total_variation(train, synthetic, "synthetic", least=least),
        holdout,
        baseline=_independent(found),
        parts=worst_first(changes),
    )


def _independent(found: Patterns) -> float:
    """The distance of columns that miss as often as train's, each on its own."""
    share = found.counts["train"].sum(axis=0) / max(int(found.counts["train"].sum()), 1)
    rates = share[:-1] @ found.holes if len(found.holes) else np.zeros(0)
    chance = np.where(found.holes, rates, 1 - rates).prod(axis=1)
    chance = np.append(chance, max(0.0, 1 - float(chance.sum())))
    return float(0.5 * np.abs(share - chance).sum())


def _dependence(comparison: Comparison) -> list[Measurement | Skipped]:
    smallest = comparison.fewest / max(len(comparison.train), 1)
    holes = []
    for name in comparison.columns:
        counts = comparison.counts("train", name).sum(axis=0)
        fewest = min(int(counts[0]), int(counts[1:].sum()))
        if fewest >= SUPPORT and fewest * smallest >= FEWEST:
            holes.append(name)
    pairs = [(hole, other) for hole in holes for other in comparison.columns if other != hole]
    if not pairs:
        reason = (
            f"no column beside another one is both missing and present in {SUPPORT} rows of train, "
            f"and likely in {FEWEST} of every table"
        )
        return [Skipped(DEPENDENCE, reason), Skipped(WORST, reason)]
    trios = {f"{hole} by {other}": _shift(comparison, hole, other) for hole, other in pairs[:MAX_DEPENDENCES]}
    sampled = len(pairs) > MAX_DEPENDENCES
    return mean_and_worst_trios((DEPENDENCE, WORST), comparison, trios, high=2.0, sampled=sampled)


def _shift(comparison: Comparison, hole: str, other: str) -> Trio:
    def counts(part: Part) -> np.ndarray:
        joint = coarse_counts(comparison, part, hole, other)
        return np.stack([joint[:, 1:].sum(axis=1), joint[:, 0]], axis=1)

    train = counts("train")
    holdout: Figure | None = None
    if comparison.holdout is not None:
        holdout = shift_where_missing(train, counts("holdout"), "holdout").times(size_ratio(comparison))
    random = np.zeros_like(train)  # nothing depends on nothing
    floor = shift_where_missing(train, random, "random").value
    return Trio(shift_where_missing(train, counts("synthetic"), "synthetic"), holdout, floor)
