"""Are modes of the real data missing from the synthetic rows?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.engines.context import Context
from synthwright.errors import shorten
from synthwright.evaluation._neighbours.least_share import LeastShare, with_least_shares
from synthwright.evaluation._neighbours.modes import CELLS, ROWS, ROWS_PER_CELL, effective, modes
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["ModeCollapse"]

_COMMON = 0.01  # of train's rows: a level this common is missed by whoever learns from the table
_FEWEST = 4 * ROWS_PER_CELL  # the effective number of two or three cells is skewed
_CHANCE = 1e-4  # that a common level is absent from honest rows: one false alarm among the levels of 100 tables


@dataclass(frozen=True, kw_only=True)
class ModeCollapse:
    """Synthetic rows counted into about `cells` k-means cells of train, and categories that vanished.

    - ``diversity.mode_collapse``: effective number of cells, exp(entropy), over train's. Half the modes gone: about .5.
    - ``diversity.smallest_mode``: the smallest ratio of a cell's share to train's. 0: a whole cell is empty.
    - ``diversity.lost_categories``: how many levels with at least 1 % of train's rows never occur, although honest
      rows would have missed them with a chance below .0001. ``parts`` names them, with their share in train.

    The ceiling is the same for as many holdout rows, the floor for rows whose columns were drawn on their own; the
    smallest of many ratios is below 1 for honest rows too, so judge the excess. Estimand of the first two: the
    expectation over synthetic and holdout tables of these sizes, given train, whose rows make the cells and say how
    full they are. Lost categories are counted, without an interval.
    """

    cells: int = CELLS
    rows: int = ROWS
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are modes or common categories of the real data missing?",
        source="original: k-means cells of train; Hill (1973) number of order 1; intervals: jackknife, drawn tables",
        measures=("diversity.mode_collapse", "diversity.smallest_mode", "diversity.lost_categories"),
        cost=1,
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The three figures; the first two are skipped below 160 rows of each kind."""
        effective_, smallest, lost = self.info.measures
        made: list[Measurement | Skipped] = [_lost(lost, comparison)]
        found = modes(comparison, cells=self.cells, rows=self.rows)
        if not isinstance(found, str) and found.rows < _FEWEST:
            found = f"it needs {_FEWEST} rows of each kind, and one has {found.rows}"
        if isinstance(found, str):
            return [Skipped(effective_, found), Skipped(smallest, found), *made]
        shares, n = found.shares, found.rows
        of = {kind: effective(shares["train"], shares[kind]) for kind in shares if kind != "train"}
        ceiling = _given(of["holdout"]) if "holdout" in of else None
        spread = measured(
            effective_,
            comparison,
            _given(of["synthetic"]),
            ceiling,
            baseline=of["shuffled"].value,
            better="higher",
            high=np.inf,
        )
        streams = Streams(comparison.seed).at("evaluation", smallest)
        least = {kind: LeastShare.of(shares["train"], shares[kind], streams) for kind in of}
        fullness = replace(spread, metric=smallest, baseline=Estimate.exact(least["shuffled"].value))
        fullness = with_least_shares(fullness, least["synthetic"], least.get("holdout"))
        sampled = n < len(comparison.synthetic)
        both = (replace(one, n_real=n, n_synthetic=n, sampled=sampled, detectable=None) for one in (spread, fullness))
        return [*both, *made]


def _given(figure: Figure) -> Figure:
    """The figure for these train rows, which make the cells and say how full they are."""
    return Figure(figure.value, {part: moves for part, moves in figure.moves.items() if not part.startswith("train")})


def _lost(name: str, comparison: Comparison) -> Measurement:
    gone = _vanished(comparison, "synthetic")
    holdout = None if comparison.holdout is None else Estimate.exact(len(_vanished(comparison, "holdout")))
    return Measurement(
        metric=name,
        estimate=Estimate.exact(len(gone)),
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=len(comparison.synthetic),
        holdout=holdout,
        baseline=Estimate.exact(0),
        excess=None if holdout is None else Estimate.exact(len(gone) - holdout.value),
        parts={level: Estimate.exact(share) for level, share in sorted(gone.items(), key=lambda item: -item[1])},
    )


def _vanished(comparison: Comparison, part: Part) -> dict[str, float]:
    """The common levels of train that `part` never shows, with their share in train."""
    gone: dict[str, float] = {}
    table, rows = comparison.part(part), comparison.rows(part)
    for column in (column for column in comparison.schema if column.is_discrete):
        categories = categories_of(column)
        counts = [
            np.bincount(levels[(levels >= 0) & (levels < len(categories))], minlength=len(categories))
            for levels in (comparison.train.levels(column.name), table.levels(column.name))
        ]
        share = counts[0] / max(len(comparison.train), 1)
        # Of honest rows any row is as likely in train as in the part: that all of them are in train is luck, b times.
        luck = (len(comparison.train) / max(len(comparison.train) + rows, 1)) ** counts[0]
        missed = (share >= _COMMON) & (counts[1] == 0) & (luck < _CHANCE)
        for at in np.flatnonzero(missed):
            gone[f"{shorten(column.name)}={shorten(str(categories[at]))}"] = float(share[at])
    return gone
