"""Which synthetic rows lie within a hair's breadth of one real row, by the distance to the next one beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._copies.hashes import among, hashes_of, in_pairs, single_records
from synthwright.evaluation._neighbours.closeness import Closeness, Search
from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows, row_moves, shared_moves
from synthwright.evaluation._statistics.counted import hit_rate
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measurement import Estimate
from synthwright.matching.nearest import Neighbours, nearest

__all__ = ["SEARCHED", "Near", "near_rows", "radius_of", "rate_among_train", "ratio_of"]

SEARCHED = "rows searched for near copies"  # under which a comparison keeps the neighbours that were looked at

_RADIUS = 0.001  # of the holdout's own ratios: nearer than 999 in 1,000 unseen rows come
_WIDEST = 0.05  # whatever the holdout says: twenty times as near to one row as to any other


def near_rows(comparison: Comparison, close: Closeness) -> np.ndarray:
    """True for each synthetic row searched in `close` that is near to a train row which singles somebody out."""
    near = Near.of(comparison, close, "train", close.of_train, radius_of(close))
    return np.asarray(near.sets > 0)


@dataclass(frozen=True, eq=False)
class Near:
    """Which synthetic rows are near to a reference row, in how many sets of them.

    `sets` counts them per synthetic row, `hits` the synthetic rows per reference row; ``row[q]`` is the last reference
    row that synthetic row q is near to; `records` counts the reference rows that single somebody out.
    """

    share: Figure
    sets: np.ndarray
    hits: np.ndarray
    row: np.ndarray
    records: int

    @classmethod
    def of(
        cls, comparison: Comparison, close: Closeness, part: Part, searches: tuple[Search, ...], radius: float
    ) -> Near:
        n, records = len(close.synthetic), 0
        sets, row = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64)
        rows = np.concatenate([search.rows for search in searches])
        single = among(hashes_of(comparison, part)[rows], single_records(comparison))
        hits, start = np.zeros(len(rows), dtype=np.int64), 0
        for search in searches:
            nearest_row = search.found.index[:, 0]
            may_count = search.counts & single[start : start + len(search.rows)]
            records += int(may_count.sum())
            near = np.flatnonzero((ratio_of(search.found) <= radius) & may_count[nearest_row])
            row[near] = start + nearest_row[near]
            sets[near] += 1
            hits += np.bincount(row[near], minlength=len(hits))
            start += len(search.rows)
        share = float(sets.mean())
        # Without the reference row that it is near to, a row would be near to another one once in a thousand times.
        lost = shared_moves(hits.astype(np.float64), float(hits.sum())) / n
        moves: dict[str, np.ndarray] = {
            "synthetic": row_moves(comparison, "synthetic", close.synthetic, (sets - share) / n),
            part: row_moves(comparison, part, rows, lost),
        }
        return cls(Figure(share, moves), sets, hits, row, records)


def ratio_of(found: Neighbours) -> np.ndarray:
    """The distance to the nearest row over that to the second nearest; infinite where both are 0."""
    first, second = found.distance[:, 0], found.distance[:, 1]
    return np.asarray(np.divide(first, second, out=np.full(len(first), np.inf), where=second > 0))


def rate_among_train(comparison: Comparison, close: Closeness, radius: float, *, sets: int) -> Estimate:
    """How often a train row is near to one of the others that singles somebody out, in `sets` sets of references.

    Of two equal rows each would single somebody out without the other.
    """
    rows = drawn_rows(comparison, "train", len(close.train), "references")
    points, keys = placed_rows(comparison, "train", rows), hashes_of(comparison, "train")[rows]
    found = nearest(points, points, k=2, itself=np.arange(len(points)), tell=comparison.tell)
    to = found.index[:, 0]
    alone = among(keys, single_records(comparison))[to] | (in_pairs(keys) & (keys[to] == keys))
    near = (ratio_of(found) <= radius) & alone
    return hit_rate(np.bincount(to[near]), sets / len(points))


def radius_of(close: Closeness) -> float:
    """The ratio that 1 in 1,000 holdout rows keeps below among train, if it is small enough to speak of a copy."""
    apart = ratio_of(close.of_holdout[0])
    apart = np.sort(apart[(apart > 0) & np.isfinite(apart)])
    return min(_WIDEST, float(apart[math.ceil(_RADIUS * len(apart)) - 1])) if len(apart) else 0.0
