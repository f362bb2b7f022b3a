"""How far reviewers agree beyond chance: Cohen's kappa for two, Fleiss' for more."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._statistics.intervals import student
from synthwright.evaluation.measurement import Estimate
from synthwright.review.verdicts import Answers, Word

__all__ = ["Agreement", "agreement"]

_WORDS: tuple[Word, ...] = ("good", "bad", "unsure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """`kappa` is 1 where all agree, 0 where they agree as often as chance; ``None`` where all say one and the same."""

    name: str
    rows: int
    kappa: Estimate | None


def agreement(answers: Sequence[Answers]) -> Agreement | None:
    """The kappa of all reviewers on the rows that each of them judged; ``None`` for one alone.

    Cohen (1960), doi:10.1177/001316446002000104; Fleiss (1971), doi:10.1037/h0031619. Intervals by leaving out one row
    at a time (jackknife), over rows.
    """
    if len(answers) < 2:
        return None
    shared = sorted(set.intersection(*(set(one.words) for one in answers)))
    said = np.array([[_WORDS.index(one.words[row]) for one in answers] for row in shared]).reshape(-1, len(answers))
    name, kappa = ("Cohen's kappa", _cohen) if len(answers) == 2 else ("Fleiss' kappa", _fleiss)
    return Agreement(name=name, rows=len(shared), kappa=_estimate(said, kappa))


def _estimate(said: np.ndarray, kappa: Callable[[np.ndarray], float]) -> Estimate | None:
    rows = len(said)
    value = kappa(said) if rows > 1 else np.nan
    if np.isnan(value):
        return None
    left = np.array([kappa(np.delete(said, at, axis=0)) for at in range(rows)])
    left = np.where(np.isnan(left), 1.0, left)  # without that row all would have said the same
    error = np.sqrt((rows - 1) / rows * ((left - left.mean()) ** 2).sum())
    half = student(0.95, rows - 1) * error
    return Estimate(value, max(-1.0, min(value, value - half)), min(1.0, max(value, value + half)))


def _cohen(said: np.ndarray) -> float:
    first, second = (np.bincount(said[:, at], minlength=len(_WORDS)) / len(said) for at in (0, 1))
    return _beyond_chance(float((said[:, 0] == said[:, 1]).mean()), float(first @ second))


def _fleiss(said: np.ndarray) -> float:
    rows, reviewers = said.shape
    counts = np.stack([(said == at).sum(axis=1) for at in range(len(_WORDS))], axis=1)
    agreed = ((counts**2).sum(axis=1) - reviewers) / (reviewers * (reviewers - 1))
    shares = counts.sum(axis=0) / (rows * reviewers)
    return _beyond_chance(float(agreed.mean()), float((shares**2).sum()))


def _beyond_chance(observed: float, expected: float) -> float:
    return np.nan if expected >= 1 - 1e-12 else (observed - expected) / (1 - expected)
