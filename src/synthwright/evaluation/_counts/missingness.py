"""Which cells are missing together, and how values differ between rows with and without a missing cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.errors import shorten
from synthwright.evaluation._counts.distances import rounded_slope
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.seeding import Streams

__all__ = ["Patterns", "missing_patterns", "shift_where_missing"]

NAMED = 6  # columns of a pattern that its name lists


@dataclass(frozen=True, eq=False)
class Patterns:
    """The sets of columns that miss together in at least 5 rows of train; all others share the last place.

    ``holes[k]`` tells for each of `columns` whether pattern k misses it; ``counts[part]`` is (blocks, patterns + 1).
    """

    columns: tuple[str, ...]
    holes: np.ndarray
    counts: Mapping[Part, np.ndarray]

    @property
    def names(self) -> list[str]:
        """What each place is called."""
        told = []
        for row in self.holes:
            missing = [shorten(name) for name, gone in zip(self.columns, row, strict=True) if gone]
            more = f" + {len(missing) - NAMED} more" if len(missing) > NAMED else ""
            told.append(" + ".join(missing[:NAMED]) + more + " missing" if missing else "none missing")
        return [*told, "rarer patterns"]


def missing_patterns(comparison: Comparison) -> Patterns:
    """The patterns over all columns that miss a cell in any part."""
    gone = {part: comparison.codes(part).fine for part in comparison.parts}
    names = [name for name in comparison.columns if any((one.column(name) == 0).any() for one in gone.values())]
    # The sum of one random 64-bit number per missing column tells patterns apart: 10,000 of them collide once in 10^11.
    weights = Streams(0).at("missing patterns").rng().integers(0, 2**64, len(names), dtype=np.uint64)
    keys = {part: np.zeros(len(one), dtype=np.uint64) for part, one in gone.items()}
    for name, weight in zip(names, weights, strict=True):
        for part, codes in gone.items():
            keys[part] += weight * (codes.column(name) == 0)
    found, first, sizes = np.unique(keys["train"], return_index=True, return_counts=True)
    kept = sizes >= MINIMUM_ROWS
    found, first = found[kept], first[kept]
    missing = [gone["train"].column(name)[first] == 0 for name in names]
    holes = np.stack(missing, axis=1) if names else np.zeros((len(first), 0), dtype=bool)
    counts = {}
    for part, key in keys.items():
        coded = comparison.codes(part)
        at = np.minimum(np.searchsorted(found, key), max(len(found) - 1, 0))
        place = np.where(found[at] == key, at, len(found)) if len(found) else np.zeros(len(key), dtype=np.int64)
        joint = coded.block.astype(np.int64) * (len(found) + 1) + place
        shape = (coded.blocks, len(found) + 1)
        counts[part] = np.bincount(joint, minlength=shape[0] * shape[1]).reshape(shape)
    return Patterns(tuple(names), holes, counts)


def shift_where_missing(real: np.ndarray, other: np.ndarray, part: str) -> Figure:
    """How differently missingness depends on the values of another column in train (`real`) and `part`, 0 to 2.

    Both are counts (blocks, 2, cells): rows with the cell present, then missing. With d the shares of the cells among
    rows that miss less those among rows that do not, which is 0 where cells miss at random: half the sum of
    |d_train - d_part|. A table in which nothing (or everything) misses has no dependence: d is 0.
    """
    tables = {"train": real, part: other}
    whole = {name: counts.sum(axis=0) for name, counts in tables.items()}
    pooled = np.sum(list(whole.values()), axis=0).sum(axis=0)
    level = pooled / max(pooled.sum(), 1)
    gap, noise = np.zeros(real.shape[2]), 0.0
    for sign, counts in ((1, whole["train"]), (-1, whole[part])):
        rows = counts.sum(axis=1)
        if rows.min() > 0:
            gap += sign * (counts[1] / rows[1] - counts[0] / rows[0])
            noise += float((1 / rows).sum())
    slope = 0.5 * rounded_slope(gap, np.sqrt(level * (1 - level).clip(0) * noise))
    moves = {name: _moves(counts, slope if name == "train" else -slope) for name, counts in tables.items()}
    return Figure(float(0.5 * np.abs(gap).sum()), moves)


def _moves(counts: np.ndarray, slope: np.ndarray) -> np.ndarray:
    rows = counts.sum(axis=(0, 2))
    if rows.min() == 0:
        return np.zeros(len(counts))
    # Shares of few rows: as in a sample variance, n rows have n - 1 degrees of freedom; a single one has unknown noise.
    present, missing = (
        linear_moves(counts[:, side], slope) * np.sqrt(n / max(n - 1, 1)) for side, n in enumerate(rows)
    )
    return np.asarray(missing - present)
