"""The correlation matrix behind ranks and labels: each pair's moment of normal scores, solved for its correlation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

__all__ = ["Moments", "completed", "repaired", "scores_of", "solved"]

_TERMS = 60  # of Mehler's series: what is left out at a correlation of .95 is below .002 for a split at the median
_LARGEST = 0.995
_SMALLEST = 1e-3  # eigenvalue: keeps every conditional variance above it, so that Gibbs sweeps move
_FEWEST = 20  # rows in which both variables are defined: fewer say nothing of a pair
_HALVINGS = 40


def scores_of(edges: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """For a standard normal z known by intervals between `edges` (m + 1, ascending): scores, coefficients, variance.

    The score of an interval is the mean of z inside, ``(phi(low) - phi(high)) / mass``; the coefficients are those of
    the score in normalized Hermite polynomials, from ``int h_k phi = -h_(k-1) phi / sqrt(k)``.
    """
    from scipy.special import ndtr

    mass = np.diff(ndtr(edges))
    finite = np.where(np.isfinite(edges), edges, 0.0)
    density = np.where(np.isfinite(edges), np.exp(-(finite**2) / 2) / np.sqrt(2 * np.pi), 0.0)
    scores = np.where(mass > 0, -np.diff(density) / np.where(mass > 0, mass, 1.0), 0.0)
    before, now = np.zeros(len(edges)), np.ones(len(edges))
    coefficients = np.empty(_TERMS)
    for k in range(1, _TERMS + 1):
        coefficients[k - 1] = -(scores @ np.diff(now * density)) / np.sqrt(k)
        before, now = now, (finite * now - np.sqrt(k - 1) * before) / np.sqrt(k)
    return scores, coefficients, float(mass @ scores**2)


class Moments:
    """Sums over rows from which every pair's correlation of scores follows; an undefined score is NaN."""

    def __init__(self, blocks: Iterator[np.ndarray]) -> None:
        self.both = self.cross = self.sums = self.squares = np.zeros((1, 1))
        for scores in blocks:
            there = np.isfinite(scores)
            told, defined = np.where(there, scores, 0.0), there.astype(np.float64)
            self.both = self.both + defined.T @ defined
            self.cross = self.cross + told.T @ told
            self.sums = self.sums + told.T @ defined  # [i, j]: of i where j is defined too
            self.squares = self.squares + (told**2).T @ defined

    def correlations(self) -> np.ndarray:
        """Of each pair's scores, over the rows in which both are defined; 0 where these are too few."""
        n = np.maximum(self.both, 1)
        mean = self.sums / n
        spread = np.maximum(self.squares / n - mean**2, 0.0)
        cross, scale = self.cross / n - mean * mean.T, np.sqrt(spread * spread.T)
        enough = (self.both >= _FEWEST) & (scale > 1e-9)
        return np.where(enough, cross / np.where(enough, scale, 1.0), 0.0)


def solved(found: np.ndarray, coefficients: np.ndarray, variances: np.ndarray) -> np.ndarray:
    """The correlation of the normal variates behind each pair of scores with correlation `found` (d, d).

    Mehler's formula: scores with coefficients a and b have the covariance ``sum_k a_k b_k r^k`` at correlation r, which
    rises with r because scores rise with z. For two labels this is the tetrachoric correlation; for numbers on a fine
    grid nothing changes. (Cario & Nelson 1997 match moments of arbitrary marginals in the same way.)
    """
    made = np.eye(len(found))
    for at in range(1, len(found)):
        series = coefficients[at] * coefficients[:at]
        wanted = found[at, :at] * np.sqrt(variances[at] * variances[:at])
        low, high = np.full(at, -_LARGEST), np.full(at, _LARGEST)
        for _ in range(_HALVINGS):
            middle, value = (low + high) / 2, np.zeros(at)
            for k in reversed(range(_TERMS)):
                value = (value + series[:, k]) * middle
            low, high = np.where(value < wanted, middle, low), np.where(value < wanted, high, middle)
        made[at, :at] = made[:at, at] = np.where(found[at, :at] == 0, 0.0, (low + high) / 2)
    return made


def completed(matrix: np.ndarray, pairs: list[tuple[int, int]]) -> np.ndarray:
    """`matrix` with entries that no row can show set so that both are independent given all others (Dempster 1972).

    Whether a cell is missing and what it would be are never seen together.
    """
    made = matrix.copy()
    for one, other in pairs * 2:  # the second pass sees the first one's entries
        rest = np.delete(np.arange(len(made)), [one, other])
        if len(rest):
            told = np.linalg.solve(repaired(made[np.ix_(rest, rest)]), made[rest, other])
            made[one, other] = made[other, one] = float(np.clip(made[one, rest] @ told, -0.95, 0.95))
    return made


def repaired(matrix: np.ndarray) -> np.ndarray:
    """The correlation matrix of `matrix` with its small eigenvalues raised (Higham 2002, one projection)."""
    values, vectors = np.linalg.eigh(matrix)
    whole = (vectors * np.maximum(values, _SMALLEST)) @ vectors.T
    scale = np.sqrt(np.diag(whole))
    whole = whole / np.outer(scale, scale)
    whole = (whole + whole.T) / 2
    np.fill_diagonal(whole, 1.0)
    return np.asarray(whole)
