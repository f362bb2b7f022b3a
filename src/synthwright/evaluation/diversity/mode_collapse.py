"""Are modes of the real data missing from the synthetic rows?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.engines.context import Context
from synthwright.errors import shorten
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.drawing import drawn_rows, placed_rows, row_moves, ruler_of
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.matching.cells import Cells
from synthwright.matching.ruler import Points
from synthwright.seeding import Streams

__all__ = ["ModeCollapse"]

_ROWS_PER_CELL = 40  # then a cell's share is known to a sixth, and an empty cell is no accident
_FEWEST = 2 * _ROWS_PER_CELL
_LEVELS = 100  # one-hot columns per discrete column; levels beyond share one
_COMMON = 0.01  # of train's rows: a level this common is missed by whoever learns from the table
_SHARPNESS = 2.0  # of the minimum over cells, in standard errors: chosen on 100 honest tables of 1,000 rows
_CHANCE = 0.001  # that a common level is absent from honest rows


@dataclass(frozen=True, kw_only=True)
class ModeCollapse:
    """Synthetic rows counted into about `cells` k-means cells of train, and categories that vanished.

    - ``diversity.mode_collapse``: effective number of cells, exp(entropy), over train's. Half the modes gone: about .5.
    - ``diversity.smallest_mode``: the smallest ratio of a cell's share to train's. 0: a whole cell is empty.
    - ``diversity.lost_categories``: how many levels with at least 1 % of train's rows never occur, although honest
      rows would have missed them with a chance below .001. ``parts`` names them, with their share in train.

    The ceiling is the same for as many holdout rows, the floor for rows whose columns were drawn on their own; the
    smallest of many ratios is below 1 for honest rows too, so judge the excess.
    """

    cells: int = 50
    rows: int = 10_000
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are modes or common categories of the real data missing?",
        source="original: k-means cells of train; Hill (1973) number of order 1; intervals: infinitesimal jackknife",
        measures=("diversity.mode_collapse", "diversity.smallest_mode", "diversity.lost_categories"),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The three figures; the first two are skipped below 80 rows of each kind."""
        effective, smallest, lost = self.info.measures
        made: list[Measurement | Skipped] = [_lost(lost, comparison)]
        n = min(self.rows, *(comparison.rows(part) for part in comparison.parts))
        if n < _FEWEST or not comparison.columns:
            reason = f"it needs {_FEWEST} rows of each kind, and one has {n}" if comparison.columns else "no columns"
            return [Skipped(effective, reason), Skipped(smallest, reason), *made]
        shares = self._shares(comparison, n)
        train = shares["train"]
        for name, statistic, high in ((smallest, _smallest, np.inf), (effective, _effective, np.inf)):
            mine = statistic(train, shares["synthetic"])
            ceiling = statistic(train, shares["holdout"]) if "holdout" in shares else None
            floor = statistic(train, shares["shuffled"]).value
            one = measured(name, comparison, mine, ceiling, baseline=floor, better="higher", high=high)
            sampled = n < len(comparison.synthetic)
            made.insert(0, replace(one, n_real=n, n_synthetic=n, sampled=sampled, detectable=None))
        return made

    def _shares(self, comparison: Comparison, n: int) -> Mapping[str, _Shares]:
        sizes = [min(size, _LEVELS) for size in ruler_of(comparison).level_sizes]
        rng = Streams(comparison.seed).at("evaluation", "modes").rng()

        def placed(part: Part) -> np.ndarray:
            return placed_rows(comparison, part, drawn_rows(comparison, part, n, "modes")).vectors(sizes)

        vectors = {part: placed(part) for part in comparison.parts}
        points: Points = ruler_of(comparison).place(comparison.floor(n))
        # Cells are learnt from all rows of the sample, at most one per 40 of them.
        cells = Cells.of(vectors["train"], min(self.cells, n // _ROWS_PER_CELL), rng)
        shares: dict[str, _Shares] = {
            part: _Shares(comparison, part, drawn_rows(comparison, part, n, "modes"), cells.of_rows(rows), len(cells))
            for part, rows in vectors.items()
        }
        shares["shuffled"] = _Shares(comparison, None, np.arange(n), cells.of_rows(points.vectors(sizes)), len(cells))
        return shares


class _Shares:
    """The share of each cell, and the influence of each row on a function of the shares."""

    def __init__(
        self, comparison: Comparison, part: Part | None, rows: np.ndarray, member: np.ndarray, cells: int
    ) -> None:
        self.share = np.bincount(member, minlength=cells) / len(member)
        self.rows = len(member)
        self._comparison, self._part, self._rows, self._member = comparison, part, rows, member

    def moves(self, gradient: np.ndarray) -> dict[str, np.ndarray]:
        """What each row moves a function with this `gradient` in the shares."""
        if self._part is None:
            return {}
        influence = (gradient[self._member] - gradient @ self.share) / len(self._member)
        return {self._part: row_moves(self._comparison, self._part, self._rows, influence)}


def _effective(train: _Shares, other: _Shares) -> Figure:
    """exp(H(other)) / exp(H(train)), by the delta method: dH/dp = -log p - 1."""
    logs = [np.log(np.where(one.share > 0, one.share, 1.0)) for one in (train, other)]
    entropy = [-float(one.share @ log) for one, log in zip((train, other), logs, strict=True)]
    ratio = float(np.exp(entropy[1] - entropy[0]))
    return Figure(ratio, train.moves(ratio * logs[0]) | other.moves(-ratio * logs[1]))


def _smallest(train: _Shares, other: _Shares) -> Figure:
    """The least share(other) / share(train) of any cell with 40 train rows.

    The slope is spread over the cells that may be the least, by how many standard errors they are above it: the
    minimum of many moves less than any one of them.
    """
    known = train.share >= min(_ROWS_PER_CELL / train.rows, float(train.share.max()))
    p, q = train.share[known], other.share[known]
    ratios = q / p
    errors = np.sqrt(np.maximum(q, 1 / other.rows) / other.rows + ratios**2 * p / train.rows) / p
    weight = np.exp(-_SHARPNESS * (ratios - ratios.min()) / errors)
    slope = np.zeros((2, len(train.share)))
    slope[:, known] = weight / weight.sum() * np.stack([-ratios / p, 1 / p])
    return Figure(float(ratios.min()), train.moves(slope[0]) | other.moves(slope[1]))


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
        missed = (share >= _COMMON) & (counts[1] == 0) & ((1 - share) ** rows < _CHANCE)
        for at in np.flatnonzero(missed):
            gone[f"{shorten(column.name)}={shorten(str(categories[at]))}"] = float(share[at])
    return gone
