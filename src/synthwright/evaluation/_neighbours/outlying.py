"""Which real rows are unlike all others: those who copies give away first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from synthwright.evaluation.comparison import Part
from synthwright.matching.nearest import nearest
from synthwright.matching.ruler import Points

__all__ = ["rareness", "together", "unusual"]

_TAIL = 1 / 4_096  # ranks are known to that


def unusual(points: Mapping[Part, Points], reference: Points) -> dict[Part, np.ndarray]:
    """For each row a number in (0, 1]: above 0.95 are the twentieth that stand out most, all parts together.

    A row stands out by lying far from every other row of `reference` (a combination that nobody else has), or by the
    rareness of its single values (the highest income of all); it is ranked by both, and the higher rank counts.
    """
    sizes = [len(one) for one in points.values()]
    apart = np.concatenate([nearest(one, reference, k=2).distance for one in points.values()])
    far = np.where(apart[:, 0] > 0, apart[:, 0], apart[:, 1])  # a row may be in the reference itself
    highest = np.maximum(_ranked(far), _ranked(rareness(list(points.values()))))
    return dict(zip(points, np.split(_ranked(highest), np.cumsum(sizes)[:-1]), strict=True))


def rareness(points: Sequence[Points]) -> np.ndarray:
    """Minus the log-likelihood of each row, of all `points` one after another, were columns unrelated.

    A number counts by its rank's distance from the nearer end of train, a level and a missing number by its frequency.
    """
    every = together(points)
    total = np.zeros(len(every))
    for placed in every.numbers:
        missing = (
            placed < -0.75
        )  # train's range is 0 to 1, values beyond reach half a range further, missing lies at -1
        inside = np.clip(np.minimum(placed, 1 - placed), _TAIL, 0.5)
        present = -np.log(2 * inside.astype(np.float64))
        total += np.where(missing, -np.log(max(float(missing.mean()), _TAIL)), present)
    for codes in every.levels:
        _, at, counts = np.unique(codes, return_inverse=True, return_counts=True)
        total -= np.log(counts[at] / len(codes))
    return total


def together(points: Sequence[Points]) -> Points:
    """The points one after another."""
    return Points(
        np.concatenate([one.numbers for one in points], axis=1), np.concatenate([one.levels for one in points], axis=1)
    )


def _ranked(values: np.ndarray) -> np.ndarray:
    """Ranks as shares; equal values share their middle rank."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray(((np.cumsum(counts) - (counts - 1) / 2) / len(values))[at])
