"""Whether extreme values of two numeric columns come together as often as in train."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.distances import total_variation_ratios, total_variations
from synthwright.evaluation._counts.extremes import Tail, tail_level, tails_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import mean_and_worst
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.learning.threads import one_thread

__all__ = ["TailDependence"]

MEAN, WORST = "fidelity.tail_dependence", "fidelity.tail_dependence.worst"
LEVEL = 0.05
FEWEST = 10  # rows expected in a tail of the smallest table, so that a quarter of them in common is seen
WIDEST = 0.2  # of the rows: tables of fewer than 50 rows have no tails
MAX_NUMERIC = 64  # columns, as for rank correlations: 8,064 pairs of tails
FEW = 0.5  # least slope of |difference|: a count of few rows is now and then right by luck


@dataclass(frozen=True, kw_only=True)
class TailDependence:
    """Difference of how often two columns are extreme in the same row, mean and worst over pairs of tails, 0 to 1.

    Tails are what lies beyond train's 5 and 95 % points (more in tables of under 200 rows: a share in which 10 rows are
    expected); every tail of a column meets both tails of every other one. The share of rows that are in both is
    divided by the smaller of train's two shares: 1 where train's smaller tail lies within the other (the coefficient
    chi of Coles, Heffernan & Tawn 1999, at a finite level), .05 by chance. Tails that a point mass cuts to less than
    half of their share are left out. The floor draws columns on their own. Estimand: the expectation over train and
    other tables of these sizes. Which rows are in the middle does not matter: see `fidelity.pair_trends`.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do extreme values of two columns come together as often as in the real table?",
        source="Coles, Heffernan & Tawn (1999), doi:10.1023/A:1009963131610",
        measures=(MEAN, WORST),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst difference over pairs of tails."""
        level = tail_level(comparison, LEVEL, FEWEST)
        numeric = [name for name in comparison.columns if comparison.schema[name].is_numeric]
        pairs = _pairs(comparison, numeric[:MAX_NUMERIC], level) if level <= WIDEST else []
        if not pairs:
            reason = "there are no two numeric columns with tails of their own"
            if level > WIDEST:
                reason = "the smallest table has fewer than 50 rows: too few to speak of tails"
            return [Skipped(name, reason) for name in self.info.measures]
        return _measured(comparison, pairs, sampled=len(numeric) > MAX_NUMERIC)


def _pairs(comparison: Comparison, names: list[str], level: float) -> list[tuple[Tail, Tail]]:
    tails = []
    for name in names:
        counts = comparison.counts("train", name).sum(axis=0)
        whole = counts[1:].sum()
        tails += [tail for tail in tails_of(comparison, name, level) if counts[tail.beyond].sum() >= level * whole / 2]
    return [(one, two) for one, two in combinations(tails, 2) if one.name != two.name]


def _measured(comparison: Comparison, pairs: list[tuple[Tail, Tail]], *, sampled: bool) -> list[Measurement | Skipped]:
    counts = {part: _together(comparison, part, pairs) for part in comparison.parts}
    alone = np.array([[comparison.counts("train", tail.name)[:, tail.beyond].sum() for tail in pair] for pair in pairs])
    shares = alone / max(len(comparison.train), 1)
    scale = 1 / shares.min(axis=1)
    names = [f"{one.label} × {two.label}" for one, two in pairs]  # noqa: RUF001  # crossed with

    def scaled(part: Part, factors: np.ndarray) -> dict[str, Figure]:
        gaps = total_variations(counts["train"], counts[part], part, least=FEW)
        return {name: gap.times(float(by)) for name, gap, by in zip(names, gaps, factors, strict=True)}

    synthetic, holdout = scaled("synthetic", scale), {}
    if "holdout" in counts:
        shape = (len(pairs), 2)
        every, new = np.ones(shape, dtype=bool), np.zeros(shape, dtype=bool)
        rows = comparison.rows("synthetic")
        holdout = scaled(
            "holdout", scale * total_variation_ratios(counts["train"], counts["holdout"], rows, every, new)
        )
    together = counts["train"][:, :, 0].sum(axis=1) / max(len(comparison.train), 1)
    floors = np.abs(together - shares.prod(axis=1)) * scale
    measures = TailDependence.info.measures
    return mean_and_worst(measures, comparison, synthetic, holdout.values(), floors.tolist(), sampled=sampled)


def _together(comparison: Comparison, part: Part, pairs: list[tuple[Tail, Tail]]) -> np.ndarray:
    """Rows in both tails of each pair, and all other rows: (pairs, blocks, 2)."""
    tails = list(dict.fromkeys(tail for pair in pairs for tail in pair))
    place = {tail: at for at, tail in enumerate(tails)}
    codes = comparison.codes(part)
    sums = np.zeros((codes.blocks, len(tails), len(tails)))
    with one_thread():  # small products: more threads wait longer than they work
        for rows, ends in codes.grouped_rows():
            cells = {name: codes.fine.column(name)[rows] for name in dict.fromkeys(tail.name for tail in tails)}
            beyond = np.stack([tail.beyond[cells[tail.name]] for tail in tails]).astype(np.float32)
            for block, (start, end) in enumerate(pairwise(ends)):
                sums[block] += beyond[:, start:end] @ beyond[:, start:end].T  # whole numbers below 2^24 are exact
    first, second = np.array([[place[one], place[two]] for one, two in pairs]).T
    both = sums[:, first, second].T
    return np.stack([both, codes.sizes - both], axis=2)
