"""The area under the ROC curve with DeLong's interval: every row knows how it moves the area."""

from __future__ import annotations

import numpy as np

__all__ = ["auc_influence", "placements"]


def placements(positive: np.ndarray, negative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each positive the share of negatives below it, for each negative the share of positives above it; ties half.

    DeLong, DeLong & Clarke-Pearson (1988), eq. 2: V10 and V01. The mean of either is the area under the curve.
    """
    low, high = np.sort(negative), np.sort(positive)
    below = np.searchsorted(low, positive, side="left") + np.searchsorted(low, positive, side="right")
    above = np.searchsorted(high, negative, side="left") + np.searchsorted(high, negative, side="right")
    return below / (2 * len(negative)), 1 - above / (2 * len(positive))


def auc_influence(scores: np.ndarray, positive: np.ndarray) -> tuple[float, np.ndarray]:
    """The area under the curve of `scores` for the rows where `positive` is true, and each row's influence on it.

    The sum of squares of the influences is DeLong's variance (1988, eq. 6), which divides by one row less than there
    are of a kind. Without both kinds of rows the area is 0.5: no ranking is better than another.
    """
    influence = np.zeros(len(scores))
    if positive.all() or not positive.any():
        return 0.5, influence
    v10, v01 = placements(scores[positive], scores[~positive])
    area = float(v10.mean())
    for mine, placed in ((positive, v10), (~positive, v01)):
        influence[mine] = (placed - area) / np.sqrt(len(placed) * max(len(placed) - 1, 1))
    return area, influence
