"""Pairs of values that train would often show together by chance, and (almost) never does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._counts.encoding import PAIR_CELLS
from synthwright.evaluation._counts.placing import pair_codes
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["Apart", "hardly_ever", "kept_apart", "rows_with_any"]

EXPECTED = 10.0  # train rows: by chance a cell of so many is empty once in 20,000, and 100 pairs have about as many
HARDLY = 100.0  # one row in so many expected ones is a slip of the pen: Adult has one husband who is a wife


@dataclass(frozen=True, eq=False)
class Apart:
    """Two columns and the pair cells, ``never[first code, second code]``, that train keeps apart.

    `testable` is how many pairs of cells were frequent enough to ask.
    """

    first: str
    second: str
    never: np.ndarray
    testable: int


def kept_apart(comparison: Comparison) -> tuple[Apart, ...]:
    """One `Apart` per compared pair of columns: cells with at most a hundredth of the rows that chance would give them.

    Chance is independence of the two columns. Cells in which fewer than 10 train rows are expected are not asked.
    """
    return comparison.keep("kept apart", lambda: _kept_apart(comparison))


def hardly_ever(counts: np.ndarray) -> tuple[np.ndarray, int]:
    """Where `counts` (k1, k2) of two columns are at most a hundredth of what chance gives, and how many were asked."""
    seen = counts.astype(np.float64)
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / max(seen.sum(), 1.0)
    asked = expected >= EXPECTED
    return asked & (HARDLY * seen <= expected), int(asked.sum())


def rows_with_any(comparison: Comparison, part: Part, apart: Sequence[Apart], rows: np.ndarray) -> np.ndarray:
    """True for the rows at `rows` of `part` that hold at least one combination that train keeps apart."""
    names = {name for one in apart if one.never.any() for name in (one.first, one.second)}
    codes = {name: pair_codes(comparison, part, name, rows) for name in names}
    hit = np.zeros(len(rows), dtype=bool)
    for one in apart:
        if one.never.any():
            joint = codes[one.first] * np.uint8(PAIR_CELLS) + codes[one.second]
            hit |= one.never.ravel()[joint]
    return hit


def _kept_apart(comparison: Comparison) -> tuple[Apart, ...]:
    counts = comparison.pair_counts("train")
    found = []
    for first, second in counts.pairs:
        table = counts.of(first, second)
        if table is None:
            continue
        never, testable = hardly_ever(table.sum(axis=0))
        found.append(Apart(first, second, never, testable))
    return tuple(found)
