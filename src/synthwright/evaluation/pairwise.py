"""How far each pair of columns is from train: computed once for all metrics that speak of pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from synthwright.evaluation.association import cramers_v
from synthwright.evaluation.comparison import PARTS, Comparison, Part
from synthwright.evaluation.distances import total_variation, total_variation_ratio
from synthwright.evaluation.encoding import PAIR_CELLS
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.marginals import Trio
from synthwright.seeding import Streams

__all__ = ["MAX_PAIRS", "Pair", "compared_pairs", "pairs"]

MAX_PAIRS = 2_000  # all pairs of 63 columns; of wider tables as many are drawn, which takes seconds instead of hours


@dataclass(frozen=True, eq=False)
class Pair:
    """Two columns. `trend` is the total variation distance of their cells, `v` Cramer's V in each part."""

    first: str
    second: str
    trend: Trio
    v: Mapping[Part, Figure]

    @property
    def name(self) -> str:
        """Both names in one."""
        return f"{self.first} × {self.second}"  # noqa: RUF001  # the sign for "crossed with" is what is meant


def compared_pairs(comparison: Comparison) -> tuple[list[tuple[str, str]], bool]:
    """The pairs of columns that are compared, and whether they are a seeded sample of all pairs."""
    every = list(combinations(comparison.columns, 2))
    if len(every) <= MAX_PAIRS:
        return every, False
    drawn = Streams(comparison.seed).at("pairs").rng().choice(len(every), MAX_PAIRS, replace=False)
    return [every[at] for at in np.sort(drawn)], True


def pairs(comparison: Comparison) -> tuple[Pair, ...]:
    """One `Pair` per compared pair of columns."""
    return comparison.keep("pairs", lambda: tuple(_pair(comparison, *names) for names in compared_pairs(comparison)[0]))


def _pair(comparison: Comparison, first: str, second: str) -> Pair:
    tables = {part: comparison.counts(part, first, second) for part in comparison.parts}
    filled = np.sum([table.sum(axis=0) for table in tables.values()], axis=0)
    rows, columns = filled.any(axis=1), filled.any(axis=0)
    new = np.logical_or.outer(_unseen(comparison, first)[rows], _unseen(comparison, second)[columns]).ravel()
    tables = {part: table[:, rows][:, :, columns].astype(np.float64) for part, table in tables.items()}
    flat = {part: table.reshape(len(table), -1) for part, table in tables.items()}
    holdout = None
    if "holdout" in flat:
        ratio = total_variation_ratio(flat["train"], flat["holdout"], comparison.rows("synthetic"), new)
        holdout = total_variation(flat["train"], flat["holdout"], "holdout").times(ratio)
    share = tables["train"].sum(axis=0) / max(len(comparison.train), 1)
    shuffled = float(0.5 * np.abs(share - np.outer(share.sum(axis=1), share.sum(axis=0))).sum())
    trend = Trio(total_variation(flat["train"], flat["synthetic"], "synthetic"), holdout, shuffled)
    return Pair(first, second, trend, {part: cramers_v(tables[part], part) for part in PARTS if part in tables})


def _unseen(comparison: Comparison, name: str) -> np.ndarray:
    """True for the pair cell of labels that train does not have."""
    last = comparison.codes("train").pair.size(name) - 1
    return np.asarray((np.arange(PAIR_CELLS) == last) & comparison.schema[name].is_discrete)
