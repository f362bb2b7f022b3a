"""The pair cells of chosen rows."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["pair_codes"]


def pair_codes(comparison: Comparison, part: Part, name: str, rows: np.ndarray) -> np.ndarray:
    """The pair code of the rows at `rows` of `part` in column `name`, as uint8."""
    codes, at = comparison.codes(part), comparison.columns.index(name)
    return np.asarray(codes.joins[at][codes.fine.matrix[rows, at]])
