"""Do synthetic rows equal train rows in all but a few columns?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._copies.copied import partial_hits
from synthwright.evaluation._copies.copying import copies
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["PartialCopies"]


@dataclass(frozen=True, kw_only=True)
class PartialCopies:
    """The share of synthetic rows that equal a train row, rounded, in all but a few columns, over all rows.

    Rows are compared in all columns, in all but one (each in turn), and in eight random subsets of 60 to 80 % of them;
    numbers are rounded one step finer than in `privacy.rounded_copies`. A hit counts only on a record that no other
    real row equals in that subset. Subsets in which real rows coincide too often are left out: what real rows do there
    by chance is held to 3 in 1,000 over all subsets together.

    Looking often finds often, so a row counts once, whatever the number of subsets it hits something in, and the same
    is counted for the holdout's records: one count against one, and no subset is tested on its own. `excess` is the
    difference, scaled to train's number of single records. Its interval holds the expected share of rows that copy a
    single record, at these sizes; the estimate's that of rows that hit one of these records. Which subsets are used
    depends on the real rows and the seed, never on synthetic ones.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows equal train rows in all but a few columns?",
        source="original; Garwood (1936) limits combined as in Zou & Donner (2008)",
        measures=("privacy.partial_copies",),
        needs=frozenset({"holdout"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, what the holdout's records attract, and the excess; skipped without rows or columns."""
        name = self.info.measures[0]
        if comparison.rows("synthetic") == 0 or comparison.rows("train") == 0 or not comparison.columns:
            return [Skipped(name, "there are no rows or no columns to compare")]
        hits = partial_hits(comparison)
        baseline = float((hits.blind >= 0).mean())
        return [copies(name, comparison, hits, equal=int((hits.train >= 0).sum()), baseline=baseline)]
