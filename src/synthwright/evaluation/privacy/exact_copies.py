"""Do synthetic rows equal train rows more often than chance allows?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.counted import detectable_excess, hit_rate, scaled_difference, upper_tail
from synthwright.evaluation.hashes import hashes_of, single_records
from synthwright.evaluation.intervals import wilson
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
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
    that equal a train row. Without a holdout there is no ceiling.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do synthetic rows equal train rows more often than chance allows?",
        source="original; Garwood (1936) limits combined as in Zou & Donner (2008)",
        measures=("privacy.exact_copies",),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, what chance gives, and the excess; skipped without synthetic rows or columns."""
        name = self.info.measures[0]
        made = hashes_of(comparison, "synthetic")
        train = hashes_of(comparison, "train")
        if len(made) == 0 or len(train) == 0 or not comparison.columns:
            return [Skipped(name, "there are no rows or no columns to compare")]
        n = len(made)
        equal = int(np.isin(made, train).sum())
        blind = row_hashes(comparison.floor(n), comparison.columns)
        parts: dict[str, Estimate] = {}
        holdout = excess = detectable = None
        if comparison.holdout is not None:
            unseen = hashes_of(comparison, "holdout")
            beyond, detectable, parts = _against(made, train, unseen, single_records(comparison))
            parts["holdout_in_train"] = wilson(int(np.isin(unseen, train).sum()), len(unseen))
            # Chance gives between none and all of the rows, whatever a holdout of another size would scale to.
            low, chance, high = (min(1.0, max(0.0, equal / n - end)) for end in (beyond.high, beyond.value, beyond.low))
            holdout = Estimate(chance, low, high)
            gap = equal / n - chance
            excess = Estimate(gap, equal / n - high, max(gap, beyond.high))
        return [
            Measurement(
                metric=name,
                estimate=wilson(equal, n),
                better="lower",
                n_real=len(train),
                n_synthetic=n,
                detectable=detectable,
                holdout=holdout,
                baseline=Estimate.exact(float(np.isin(blind, train).mean())),
                excess=excess,
                parts=parts,
            )
        ]


def _against(
    made: np.ndarray, train: np.ndarray, unseen: np.ndarray, single: np.ndarray
) -> tuple[Estimate, float | None, dict[str, Estimate]]:
    """The share of copies of single records beyond chance, the least one detectable, and where it comes from."""
    n = len(made)
    ours, theirs = (records[np.isin(records, single)] for records in (train, unseen))
    if len(ours) == 0 or len(theirs) == 0:
        return Estimate.exact(0.0), None, {"single_records": wilson(0, n)}
    values, repeats = np.unique(made, return_counts=True)
    hits = [repeats[np.isin(values, records)] for records in (ours, theirs)]
    ratio = len(ours) / len(theirs)
    chance_rate = hit_rate(hits[1], ratio / n)
    excess = scaled_difference(hit_rate(hits[0], 1 / n), chance_rate)
    chance = upper_tail(len(hits[0]), len(hits[0]) + len(hits[1]), len(ours) / (len(ours) + len(theirs)))
    parts = {
        "single_records": wilson(int(hits[0].sum()), n),
        "single_records_of_holdout": wilson(int(hits[1].sum()), n),
        "p_value": Estimate.exact(chance),
    }
    return Estimate(excess.value, excess.low, min(1.0, excess.high)), detectable_excess(chance_rate, n), parts
