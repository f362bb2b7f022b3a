"""Row hashes of each part, over the compared columns, computed once."""

from __future__ import annotations

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["distinct_rows", "hashes_of", "single_records"]


def hashes_of(comparison: Comparison, part: Part) -> np.ndarray:
    """One uint64 per row of `part`, equal where rows agree in every compared column."""
    return comparison.keep(("hashes", part), lambda: row_hashes(comparison.part(part), comparison.columns))


def distinct_rows(comparison: Comparison, part: Part) -> np.ndarray:
    """Positions in `part` (train or holdout), ascending: of records that this part alone has, the first row only.

    A split that keeps equal rows on one side makes records that occur often dense there and absent on the other side.
    Records that both sides have, as where rows were drawn one by one, are kept as often as they occur.
    """
    mine = hashes_of(comparison, part)
    other = hashes_of(comparison, "holdout" if part == "train" else "train")
    first = np.zeros(len(mine), dtype=bool)
    first[np.unique(mine, return_index=True)[1]] = True
    return np.flatnonzero(first | np.isin(mine, other))


def single_records(comparison: Comparison) -> np.ndarray:
    """Hashes, ascending, of the records that occur once in train and holdout together: who copies one copies somebody.

    Before any copying they are in train or in the holdout by chance, whatever the split did with equal rows.
    """

    def count() -> np.ndarray:
        real = [hashes_of(comparison, part) for part in comparison.parts if part != "synthetic"]
        known, counts = np.unique(np.concatenate(real), return_counts=True)
        return np.asarray(known[counts == 1])

    return comparison.keep("single records", count)
