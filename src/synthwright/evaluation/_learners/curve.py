"""The learning curve of real rows: scores at several sizes, the noise of training, and where a score is reached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._statistics.figure import Figure, mean

__all__ = ["DECAY", "Point", "monotone", "rows_reaching", "training_noise"]

DECAY = 1.5  # of the noise of training: 1 while a model is poor, 2 near the best one, where the loss is flat


@dataclass(frozen=True, eq=False)
class Point:
    """Scores of models of as many `rows`, each of other ones."""

    rows: int
    scores: Sequence[Figure]

    @property
    def score(self) -> Figure:
        """The mean score."""
        return mean(self.scores)

    @property
    def variance(self) -> float:
        """Between models: the noise of which rows were learnt from, for test rows are the same."""
        return float(np.var([score.value for score in self.scores], ddof=1)) if len(self.scores) > 1 else 0.0


def training_noise(points: Sequence[Point]) -> tuple[int, float]:
    """Degrees of freedom, and the variance that scores of models of one row would have, from points with several.

    A model of n rows has that variance divided by n to the power `DECAY`.
    """
    freedom = sum(len(point.scores) - 1 for point in points)
    return freedom, sum((len(point.scores) - 1) * point.rows**DECAY * point.variance for point in points) / freedom


def rows_reaching(sizes: Sequence[float], curve: np.ndarray, reached: np.ndarray) -> np.ndarray:
    """Rows at which the curve, made monotone, comes to the scores `reached` (draws, k): at most the last of `sizes`.

    `sizes` ascend from 0 and `curve` (draws, sizes) has the scores; between them it is linear in the logarithm of the
    rows.
    """
    rows = np.asarray(sizes, dtype=float)
    at = np.log(rows + rows[1])
    rising = monotone(curve, np.sqrt(rows + rows[1])) + 1e-12 * np.arange(len(rows))
    found = [np.interp(scores, own, at) for scores, own in zip(reached, rising, strict=True)]
    return np.asarray(np.round(np.clip(np.exp(found) - rows[1], 0, rows[-1])))


def monotone(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Isotonic regression of each row: the largest, over starts up to it, of the smallest mean up to any later end."""
    columns = values.shape[1]
    mass, total = np.cumsum(np.append(0, weights)), np.cumsum(np.insert(values * weights, 0, 0.0, axis=1), axis=1)
    out = np.full(values.shape, -np.inf)
    for start in range(columns):
        means = (total[:, start + 1 :] - total[:, [start]]) / (mass[start + 1 :] - mass[start])
        least = np.minimum.accumulate(means[:, ::-1], axis=1)[:, ::-1]
        out[:, start:] = np.maximum(out[:, start:], least)
    return out
