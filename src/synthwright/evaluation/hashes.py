"""Row hashes of each part, over the compared columns, computed once."""

from __future__ import annotations

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["hashes_of"]


def hashes_of(comparison: Comparison, part: Part) -> np.ndarray:
    """One uint64 per row of `part`, equal where rows agree in every compared column."""
    return comparison.keep(("hashes", part), lambda: row_hashes(comparison.part(part), comparison.columns))
