"""How far triples of columns are from train: what no pair of columns shows, such as an exclusive or."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.coarse import coarse_codes, coarse_of
from synthwright.evaluation._counts.distances import total_variation_ratios, total_variations
from synthwright.evaluation._statistics.figure import Figure, largest
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import mean_and_worst, measured, worst_first
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["Triples"]

MEAN, WORST, LOST = "fidelity.triples", "fidelity.triples.worst", "fidelity.triples.lost"
_AT_A_TIME = 32  # triples: 5 MB of counts of each part
_ROWS = 65_536  # at a time: codes of a block of rows stay in the cache while its triples are counted


@dataclass(frozen=True, kw_only=True)
class Triples:
    """Mean and worst total variation distance of triples of columns, 0 (equal) to 1 (disjoint), in coarse cells.

    Columns have at most 6 cells, besides missing and unseen. Of wide tables `limit` triples are drawn, of long ones
    `rows` rows of each part. A fresh sample is well above 0, so read the excess over the holdout. The floor draws every
    column on its own. Estimand: the expectation over train and other tables of these sizes (of `rows` rows, where they
    have more). Cannot see what only four columns show together: `fidelity.c2st` can.

    ``.lost`` is the largest distance of a triple beyond that of the holdout in the same triple, which does not drown
    where other triples have many cells. Its ceiling is the largest distance of the holdout beyond the synthetic rows':
    what chance alone makes of it, since fresh rows of these sizes can be told from neither.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do columns hang together in threes as in the real table?",
        source="total variation on shared cells; MOSTLY AI's trivariate accuracy with intervals",
        measures=(MEAN, WORST, LOST),
        cost=1,
    )
    limit: int = 2_000
    rows: int = 200_000

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst triple error, and the worst beyond the ceiling; skipped with fewer than three columns."""
        columns = len(comparison.columns)
        if columns < 3 or self.limit < 1:
            reason = "there are fewer than three columns to compare" if columns < 3 else "the limit of triples is 0"
            return [Skipped(name, reason) for name in self.info.measures]
        triples = _chosen(columns, self.limit, Streams(comparison.seed).at("triples"))
        parts = {part: _coded(comparison, part, self.rows) for part in comparison.parts}
        synthetic: dict[str, Figure] = {}
        holdout: dict[str, Figure] = {}
        floors: list[float] = []
        for start in range(0, len(triples), _AT_A_TIME):
            some = triples[start : start + _AT_A_TIME]
            names = [" × ".join(comparison.columns[at] for at in triple) for triple in some]  # noqa: RUF001  # crossed
            counts = {part: _counts(coded, some) for part, coded in parts.items()}
            flat = {part: table.reshape(*table.shape[:2], -1) for part, table in counts.items()}
            synthetic |= zip(names, total_variations(flat["train"], flat["synthetic"], "synthetic"), strict=True)
            floors += _floors(counts["train"].sum(axis=1) / max(len(parts["train"].block), 1))
            if "holdout" in flat:
                counted, new = _cells_of(comparison, some, counts)
                rows = len(parts["synthetic"].block)
                ratios = total_variation_ratios(flat["train"], flat["holdout"], rows, counted, new)
                raw = total_variations(flat["train"], flat["holdout"], "holdout")
                holdout |= {name: one.times(float(by)) for name, one, by in zip(names, raw, ratios, strict=True)}
        sampled = len(triples) < comb(columns, 3) or any(comparison.rows(part) > self.rows for part in parts)
        told = mean_and_worst((MEAN, WORST), comparison, synthetic, holdout.values(), floors, sampled=sampled)
        if not holdout:
            return [*told, Skipped(LOST, "there is no holdout to say how far fresh rows would be")]
        beyond = {name: synthetic[name] - holdout[name] for name in holdout}
        floor = max(least - one.value for least, one in zip(floors, holdout.values(), strict=True))
        lost = measured(
            LOST,
            comparison,
            largest(list(beyond.values())),
            largest([one.times(-1.0) for one in beyond.values()]),
            baseline=floor,
            parts=worst_first(beyond, low=-1.0),
            sampled=sampled,
        )
        return [*told, lost]


Triple = tuple[int, int, int]


def _chosen(columns: int, limit: int, streams: Streams) -> list[Triple]:
    """All triples of columns, or `limit` of them; drawn without listing the others."""
    if comb(columns, 3) <= limit:
        return list(combinations(range(columns), 3))
    rng, drawn = streams.rng(), set[Triple]()
    while len(drawn) < limit:
        for one in np.sort(rng.integers(0, columns, (limit, 3)), axis=1).tolist():
            if one[0] < one[1] < one[2] and len(drawn) < limit:
                drawn.add((one[0], one[1], one[2]))
    return sorted(drawn)


@dataclass(frozen=True, eq=False)
class _Rows:
    """Rows of one part: coarse cells, (columns, rows), out of `k` per column, and the jackknife block of each row."""

    cells: np.ndarray
    block: np.ndarray
    blocks: int
    k: int


def _coded(comparison: Comparison, part: Part, limit: int) -> _Rows:
    """All rows of `part`, or `limit` drawn ones."""
    codes, rows = comparison.codes(part), None
    if len(codes) > limit:
        rows = np.sort(Streams(comparison.seed).at("triples", part).rng().choice(len(codes), limit, replace=False))
    k = max(len(coarse_of(comparison, name)) for name in comparison.columns)
    block = codes.block if rows is None else codes.block[rows]
    return _Rows(coarse_codes(comparison, part, rows), block, codes.blocks, k)


def _counts(coded: _Rows, triples: list[Triple]) -> np.ndarray:
    """Counts of coarse cells, (triples, blocks, k, k, k)."""
    k = coded.k
    size = coded.blocks * k**3
    wide = np.uint16 if size <= 2**16 else np.uint32
    total = np.zeros((len(triples), size))
    for start in range(0, len(coded.block), _ROWS):
        block: np.ndarray = coded.block[start : start + _ROWS].astype(wide)
        block = block * wide(k**3)
        some = coded.cells[:, start : start + _ROWS]
        for row, (a, b, c) in enumerate(triples):
            joint = block + some[a] * wide(k * k) + some[b] * wide(k) + some[c]
            total[row] += np.bincount(joint, minlength=size)
    return total.reshape(len(triples), coded.blocks, k, k, k)


def _margins(share: np.ndarray) -> Iterator[tuple[np.ndarray, ...]]:
    for one in share:
        yield one.sum(axis=(1, 2)), one.sum(axis=(0, 2)), one.sum(axis=(0, 1))


def _floors(share: np.ndarray) -> list[float]:
    """The distance of columns drawn on their own."""
    products = (np.einsum("a,b,c->abc", *margins) for margins in _margins(share))
    return [float(0.5 * np.abs(one - product).sum()) for one, product in zip(share, products, strict=True)]


def _cells_of(
    comparison: Comparison, triples: list[Triple], counts: dict[Part, np.ndarray]
) -> tuple[np.ndarray, np.ndarray]:
    """True for cells of a triple whose three values some part has, and for those of labels that train lacks."""
    filled = np.sum([table.sum(axis=1) for table in counts.values()], axis=0)
    k = filled.shape[-1]
    counted, new = [], []
    for margins, triple in zip(_margins(filled), triples, strict=True):
        one, two, three = (margin > 0 for margin in margins)
        counted.append((one[:, None, None] & two[:, None] & three).ravel())
        last = []
        for at in triple:
            name = comparison.columns[at]
            is_new = comparison.schema[name].is_discrete
            last.append((np.arange(k) == len(coarse_of(comparison, name)) - 1) & is_new)
        new.append((last[0][:, None, None] | last[1][:, None] | last[2]).ravel())
    return np.stack(counted), np.stack(new)
