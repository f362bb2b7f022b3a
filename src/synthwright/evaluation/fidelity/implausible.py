"""How many synthetic rows hold two values that real rows never show together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.combinations import Apart, kept_apart, rows_with_any
from synthwright.evaluation._counts.encoding import PAIR_CELLS
from synthwright.evaluation._counts.naming import distinctly, region_words
from synthwright.evaluation._learners.unskilled import unskilled
from synthwright.evaluation._neighbours.drawing import drawn_rows
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation._statistics.shares import Share, share_measured
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Implausible"]

_SHUFFLED = 5_000  # rows without skill: context, whose interval is not shown


@dataclass(frozen=True, kw_only=True)
class Implausible:
    """The share of rows with a combination of two values that train keeps apart, such as a husband who is female.

    Values are the cells of `fidelity.pair_trends`: train keeps two of them apart if independence would give them at
    least 10 rows together and they have at most a hundredth of that. A fresh real row may hold a combination that
    train happens not to show, so read the excess over the holdout; given train, its expectation for a fresh real sample
    is 0 at any size. Parts: the combinations that most synthetic rows hold, with their share.

    The estimand is the chance that a row of the generator holds one of these combinations (for `holdout`, a row of the
    population); intervals are Wilson's (1927) and, for the excess, Newcombe's (1998).
    """

    rows: int = 200_000  # of each table: a share of one in a thousand is known to a tenth, in seconds for 1,225 pairs
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows combine values that real rows never show together?",
        source="original; Wilson (1927); Newcombe (1998); compare SDNist's inconsistency rules",
        measures=("fidelity.implausible",),
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share of rows; skipped where no two values are frequent enough to be missed."""
        name = self.info.measures[0]
        apart = kept_apart(comparison)
        if not apart:
            return [Skipped(name, "there is only one column to compare")]
        if not any(one.testable for one in apart):
            return [Skipped(name, "train is too small: no two values would meet in 10 of its rows by chance")]
        other = unskilled(comparison, min(len(comparison.synthetic), _SHUFFLED))
        return [
            share_measured(
                name,
                comparison,
                _share(comparison, "synthetic", apart, self.rows),
                None if comparison.holdout is None else _share(comparison, "holdout", apart, self.rows),
                baseline=_share(other, "synthetic", apart, self.rows).value,
                parts=_most_frequent(comparison, apart),
            )
        ]


def _share(comparison: Comparison, part: Part, apart: Sequence[Apart], limit: int) -> Share:
    rows = drawn_rows(comparison, part, limit, "implausible")
    return Share.of(comparison, part, rows_with_any(comparison, part, apart, rows), rows)


def _most_frequent(comparison: Comparison, apart: Sequence[Apart]) -> dict[str, Estimate]:
    """Combinations by name, the most frequent in the synthetic table first; both values have 10 train rows or more."""
    counts = comparison.pair_counts("synthetic")
    found: list[tuple[int, int, tuple[int, int]]] = []
    for at, one in enumerate(apart):
        table = counts.of(one.first, one.second) if one.never.any() else None
        if table is not None:
            seen = np.where(one.never, table.sum(axis=0), 0)
            found += [(int(seen[i, j]), at, (i, j)) for i, j in np.argwhere(seen).tolist()]
    worst = sorted(found, key=lambda item: -item[0])[:WORST_PARTS]
    named = distinctly(_words(comparison, apart[at], cell) for _, at, cell in worst)
    n = len(comparison.synthetic)
    return {name: wilson(count, n) for name, (count, _, _) in zip(named, worst, strict=True)}


def _words(comparison: Comparison, one: Apart, cell: tuple[int, int]) -> str:
    codes = np.arange(PAIR_CELLS)
    return region_words(comparison, {one.first: codes == cell[0], one.second: codes == cell[1]})
