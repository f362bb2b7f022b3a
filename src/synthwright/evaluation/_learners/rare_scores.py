"""Scores that few rows of a class do not drown in, each with the influence of every test row on it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthwright.evaluation._learners.scores import Score

__all__ = ["average_precision", "class_scores", "score_rare"]


def score_rare(P: np.ndarray, y: np.ndarray, minority: int, trained: np.ndarray) -> Mapping[str, Score]:
    """Average precision and balanced accuracy of class probabilities `P` (n, K) against the classes `y` (n,).

    Average precision is that of the class `minority` where train shows two classes, else the mean over the classes of
    one against the rest. Balanced accuracy is the mean recall of the classes that the test rows show.
    """
    shown = [k for k in range(P.shape[1]) if trained[k] and (y == k).any()]
    ranked = [minority] if len(shown) == 2 and minority in shown else shown
    areas = [average_precision(P[:, k], y == k) for k in ranked] or [Score(0.0, np.zeros(len(y)))]
    recalls = [_recall(P.argmax(axis=1), y, k) for k in shown] or [Score(0.0, np.zeros(len(y)))]
    return {"average_precision": _mean(areas), "balanced_accuracy": _mean(recalls)}


def class_scores(P: np.ndarray, y: np.ndarray, k: int) -> Mapping[str, Score]:
    """Recall and F1 of the class `k`, which is called where it is the likeliest."""
    called = P.argmax(axis=1)
    tp, both = ((called == k) & (y == k)).astype(float), (called == k).astype(float) + (y == k)
    total = max(float(both.sum()), 1.0)
    f1 = 2 * float(tp.sum()) / total
    return {"recall": _recall(called, y, k), "f1": Score(f1, (2 * tp - f1 * both) / total)}


def average_precision(scores: np.ndarray, positive: np.ndarray) -> Score:
    """The mean, over positive rows, of the precision among the rows that score at least as high (no interpolation).

    The influence of row j is the derivative by its weight: for all rows below it, it is one more in the ranks above,
    and, if it is positive, one more that is right there.
    """
    count = int(positive.sum())
    if count == 0:
        return Score(0.0, np.zeros(len(scores)))
    _, level = np.unique(-scores, return_inverse=True)  # 0 is the highest
    levels = int(level.max()) + 1
    hits = np.bincount(level, weights=positive, minlength=levels)
    right, rows = np.cumsum(hits), np.cumsum(np.bincount(level, minlength=levels))
    precision = right / rows
    value = float((hits * precision).sum()) / count
    # What positive rows at a level or below it would gain by one more right row above them, and lose by one more row.
    gained = np.cumsum((hits / rows)[::-1])[::-1][level]
    lost = np.cumsum((hits * right / rows**2)[::-1])[::-1][level]
    return Score(value, (positive * (precision[level] - value + gained) - lost) / count)


def _recall(called: np.ndarray, y: np.ndarray, k: int) -> Score:
    real, right = (y == k).astype(float), ((called == k) & (y == k)).astype(float)
    total = max(float(real.sum()), 1.0)
    share = float(right.sum()) / total
    return Score(share, (right - share * real) / total)


def _mean(scores: list[Score]) -> Score:
    return Score(
        float(np.mean([one.value for one in scores])), np.asarray(np.mean([one.influence for one in scores], axis=0))
    )
