"""Weights that give synthetic rows a share, and what weights amount to."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthwright.errors import BadInput
from synthwright.training.checking import within
from synthwright.training.sources import is_synthetic

__all__ = ["effective_rows", "effective_share", "source_weights"]


def source_weights(source: Any, share: float, *, total: float | None = None) -> np.ndarray:
    """`sample_weight` for scikit-learn and LightGBM: synthetic rows have together `share` of it; float64 (n,).

    Rows of one kind weigh the same. All sum to `total`: as many as there are real rows (all rows, if none is real),
    unless said, for a larger sum weakens a learner's regularisation as more rows would.

    Raises
    ------
    UsageError
        `share` is no number between 0 and 1, or `total` none above 0.
    BadInput
        There is no row of a kind that has to have a share.
    """
    synthetic = is_synthetic(source)
    made = int(synthetic.sum())
    real = len(synthetic) - made
    share = within(share, "The share of synthetic rows", 0, 1)
    if (share > 0 and made == 0) or (share < 1 and real == 0):
        raise BadInput(
            f"There are no {'real' if real == 0 else 'synthetic'} rows to weigh.",
            evidence=f"Synthetic rows shall have a share of {share:g}.",
        )
    whole = float(real or made) if total is None else within(total, "The sum of the weights", 1e-9, np.inf)
    return np.where(synthetic, whole * share / max(made, 1), whole * (1 - share) / max(real, 1))


def effective_share(source: Any, weights: Any) -> float:
    """The share of the weight that lies on synthetic rows: what a learner sees of them."""
    synthetic, checked = is_synthetic(source), _checked(weights)
    if len(synthetic) != len(checked):
        raise BadInput(f"{len(checked):,} weights belong to {len(synthetic):,} rows.")
    return float(checked[synthetic].sum() / checked.sum())


def effective_rows(weights: Any) -> float:
    """How many rows of equal weight give a weighted mean the same variance: (sum w)^2 / sum w^2 (Kish 1965)."""
    checked = _checked(weights)
    scaled = checked / checked.max()  # squares of 1e200 would overflow
    return float(scaled.sum() ** 2 / (scaled**2).sum())


def _checked(weights: Any) -> np.ndarray:
    checked = np.asarray(weights, dtype=np.float64)
    if checked.ndim != 1 or not np.isfinite(checked).all() or (checked < 0).any() or not (checked > 0).any():
        raise BadInput("Weights are finite numbers of at least 0, one per row, and not all 0.")
    return checked
