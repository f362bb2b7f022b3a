"""Are synthetic rows nearer to the rows they were learnt from than to unseen ones?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._copies.hashes import among, hashes_of
from synthwright.evaluation._neighbours.closeness import SEARCHES, Closeness, closeness, mean_of_rule
from synthwright.evaluation._neighbours.planting import smallest_share
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import normal, wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["DCRShare"]


@dataclass(frozen=True, kw_only=True)
class DCRShare:
    """The share of synthetic rows whose closest record is in train rather than among as many holdout rows.

    0.5 where nothing was copied; a table of copies comes near 1. Equal distances count half, both references are
    measured with one ruler fitted on train, and the larger one is sampled down to the smaller. The ceiling asks the
    same of holdout rows (each leaving itself out), the floor of rows whose columns were drawn on their own.

    `detectable` is a share of synthetic rows: copies of train rows, as many of them, would have raised the lower end of
    the interval above 0.5 in 95 of 100 tables.

    The estimand is the expectation of the share at these sizes.

    It measures similarity, not privacy: 1 % of copies move it by .005 (see `privacy.exact_copies` and
    `privacy.near_copies`), and tables that pass it have been attacked with success (arXiv:2505.01524).
    """

    queries: int = 20_000
    references: int = 20_000
    searches: int = SEARCHES
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are synthetic rows nearer to train than to unseen real rows? (similarity, not privacy)",
        source="Platzer & Reutterer (2021), doi:10.3389/fdata.2021.679939; interval: delete-one jackknife",
        measures=("privacy.dcr_share",),
        needs=frozenset({"holdout"}),
        cost=1,
        rests_on=("synthetic",),
        limits=("queries", "references", "searches"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The share, with 0.5 as its target; skipped below 20 rows of each kind."""
        name = self.info.measures[0]
        close = closeness(comparison, queries=self.queries, references=self.references, searches=self.searches)
        if isinstance(close, str):
            return [Skipped(name, close)]
        mine = mean_of_rule(comparison, close, _nearer_to_train, of="synthetic")
        theirs = mean_of_rule(comparison, close, _nearer_to_train, of="holdout")
        floor = _nearer_to_train(*(found.distance[:, 0] for found in close.of_shuffled)).mean()
        ties = int((close.of_synthetic[0].distance[:, 0] == close.of_synthetic[1].distance[:, 0]).sum())
        made = measured(
            name,
            comparison,
            mine,
            theirs,
            baseline=float(floor),
            better="target",
            parts={"ties": wilson(ties, len(close.synthetic))},
        )
        sampled = close.is_sample_of(comparison)
        stated = replace(made, target=0.5, n_real=len(close.train), n_synthetic=len(close.synthetic), sampled=sampled)
        return [replace(stated, detectable=_limit(comparison, close, mine))]


def _limit(comparison: Comparison, close: Closeness, share: Figure) -> float:
    """Planted copies of train rows are nearer to train, or as near where the holdout has their equal.

    What the references add to the error is read off the measured share.
    """
    honest = _nearer_to_train(*(found.distance[:, 0] for found in close.of_holdout))
    shared = among(hashes_of(comparison, "train")[close.train], hashes_of(comparison, "holdout")[close.holdout])
    copied = np.where(shared, 0.5, 1.0)[np.arange(len(honest)) % len(shared)]
    noise, z = Figure(share.value, {part: share.moves[part] for part in ("train", "holdout")}).error, normal(0.95)
    searched = close.share_searched(comparison)
    return smallest_share(
        honest - honest.mean() + 0.5,
        copied,
        rows=len(close.synthetic),
        hit=lambda share: share * searched,
        seen=lambda mean, variance: mean - z * np.sqrt(variance + noise**2) > 0.5,
        noise=noise,
        least=1 / len(close.synthetic),
        streams=Streams(comparison.seed).at("evaluation", "privacy.dcr_share"),
    )


def _nearer_to_train(train: np.ndarray, holdout: np.ndarray) -> np.ndarray:
    return np.where(train < holdout, 1.0, np.where(train == holdout, 0.5, 0.0))
