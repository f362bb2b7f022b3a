"""Do synthetic rows equal train rows but for small changes of their numbers?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._copies.copied import rounded
from synthwright.evaluation._copies.copying import copies
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["RoundedCopies"]


@dataclass(frozen=True, kw_only=True)
class RoundedCopies:
    """The share of synthetic rows that equal a train row once numbers are rounded, over all rows.

    Numbers fall into cells that are a share of the column's spread wide (from half of it to 1/512) and grow with the
    distance from its middle; both are train's. The coarsest width is taken at which at most 1 in 1,000 real rows
    becomes equal to another one, so that a copy moved by a thousandth of a spread stays in its cell in most columns.
    Everything else is as in `privacy.exact_copies`: `excess` compares hits on records that occur once (after rounding)
    in train with those on the holdout's, and without a holdout chance is read off train, one row left out.

    The excess' interval holds the expected share of rows that copy a single record, at these sizes; the estimate's that
    of rows that equal one of these train rows, rounded.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows equal train rows once their numbers are rounded?",
        source="original; Good (1953); Garwood (1936) limits combined as in Zou & Donner (2008)",
        measures=("privacy.rounded_copies",),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, what chance gives, and the excess; skipped without rows or columns."""
        name = self.info.measures[0]
        if comparison.rows("synthetic") == 0 or comparison.rows("train") == 0 or not comparison.columns:
            return [Skipped(name, "there are no rows or no columns to compare")]
        found = rounded(comparison)
        return [copies(name, comparison, found.hits, equal=found.equal, baseline=found.baseline)]
