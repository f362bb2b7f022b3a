"""Do synthetic rows repeat one another more often than real rows do?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._copies.hashes import floor_hashes, hashes_of
from synthwright.evaluation._neighbours.drawing import drawn_rows, row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Duplicates"]


@dataclass(frozen=True, kw_only=True)
class Duplicates:
    """The share of synthetic rows that repeat an earlier one in every compared column: 1 - distinct / rows.

    The ceiling is the same for as many train rows, and the floor for as many rows whose columns were drawn on their
    own. Larger tables repeat more, so both sides have the size of the smaller one. All rows are compared, by 64-bit
    hash. The estimand is the expected share at this size; the interval is a delete-one jackknife.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows repeat one another more often than real rows do?",
        source="original; interval: delete-one jackknife over rows",
        measures=("diversity.duplicates",),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share; skipped below two rows on either side."""
        name = self.info.measures[0]
        n = min(comparison.rows("synthetic"), comparison.rows("train"))
        if n < 2:
            return [Skipped(name, "repetition needs two rows of each kind")]
        made = measured(
            name,
            comparison,
            _repeats(comparison, "synthetic", n),
            _repeats(comparison, "train", n),
            baseline=_share(floor_hashes(comparison, n))[0],
        )
        return [replace(made, n_real=n, n_synthetic=n, sampled=n < len(comparison.synthetic))]


def _repeats(comparison: Comparison, part: Part, n: int) -> Figure:
    rows = drawn_rows(comparison, part, n, "duplicates")
    share, moves = _share(hashes_of(comparison, part)[rows])
    return Figure(share, {part: row_moves(comparison, part, rows, moves)})


def _share(hashes: np.ndarray) -> tuple[float, np.ndarray]:
    """The share of repeats, and what each row adds to it: leaving out a row with a twin takes one repeat away."""
    n = len(hashes)
    _, member, counts = np.unique(hashes, return_inverse=True, return_counts=True)
    share, has_twin = 1 - len(counts) / n, counts[member] > 1
    if share == 0:
        has_twin[:2] = True  # none seen is not none ever: the interval allows for about one pair
    return share, (has_twin - has_twin.mean()) / n
