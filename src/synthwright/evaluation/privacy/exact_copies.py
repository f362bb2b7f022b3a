"""Do synthetic rows equal train rows more often than chance allows?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._copies.copied import blind_hashes, exact_hits
from synthwright.evaluation._copies.copying import Hits, copies
from synthwright.evaluation._copies.hashes import among, hashes_of
from synthwright.evaluation._copies.own_values import sharpened
from synthwright.evaluation._neighbours.exchanging import confounded
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["ExactCopies"]


@dataclass(frozen=True, kw_only=True)
class ExactCopies:
    """The share of synthetic rows that equal a train row in every compared column, over all rows.

    Some rows equal by chance: all of them in a table of two binary columns. What chance gives is read off the records
    that occur once in train and holdout together: before any copying, train's and the holdout's are alike, so a
    synthetic table hits one as often as the other. `excess` is the share of synthetic rows that equal such a record of
    train, less what the holdout's records attract, scaled to train's number of them; `holdout` is the estimate less
    this excess. Values that several real rows share single nobody out and count as chance.

    The sizes of train and holdout may differ; ``parts["p_value"]`` is the exact binomial chance of hitting so many of
    train's single records if they were like the holdout's, ``parts["holdout_in_train"]`` the share of holdout rows
    that equal a train row.

    A few hits on train and none on the holdout may be luck. Where the records hit hold values that no other real row
    has, and equal rows are as rare among real and among synthetic rows, it can't be: the lower end of `excess` rests on
    all of these coincidences then.

    Without a holdout chance is read off train: a fresh row hits a single record as often as a train row would hit one
    of the other train rows' (leave one out). Where rows without skill hit train more often than that, train's rows were
    made distinct and chance is unknown: no ceiling, no excess. The same is done where copies would be found although
    train and holdout are surely unlike (`privacy.exchangeable`), as rows of two months are: the holdout's records say
    nothing then of how often honest rows hit train's.

    The excess' interval holds the expected share of rows that copy a single record, at these sizes; the estimate's that
    of rows that equal one of these train rows.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows equal train rows more often than chance allows?",
        source="original; Good (1953); Garwood (1936) limits combined as in Zou & Donner (2008)",
        measures=("privacy.exact_copies",),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, what chance gives, and the excess; skipped without synthetic rows or columns."""
        name = self.info.measures[0]
        if comparison.rows("synthetic") == 0 or comparison.rows("train") == 0 or not comparison.columns:
            return [Skipped(name, "there are no rows or no columns to compare")]
        made, train = hashes_of(comparison, "synthetic"), hashes_of(comparison, "train")
        further = {}
        if comparison.holdout is not None:
            unseen = hashes_of(comparison, "holdout")
            further["holdout_in_train"] = wilson(int(among(unseen, train).sum()), len(unseen))
        equal, blind = int(among(made, train).sum()), blind_hashes(comparison)
        told = partial(
            copies, name, comparison, equal=equal, baseline=float(among(blind, train).mean()), further=further
        )
        hits = exact_hits(comparison)
        found = sharpened(told(hits), comparison, hits)
        # Asked only where copies would be claimed: whether two tables are alike takes learners.
        if further and found.excess is not None and found.excess.low > 0 and confounded(comparison):
            found = told(Hits.of(made, blind, train, None))
        return [found]
