"""Gaussian vectors known only by intervals: draws inside a box, and the correlation matrix behind observed boxes."""

from __future__ import annotations

import numpy as np

__all__ = ["CHUNK", "correlation_of", "inside_box", "repaired", "truncated"]

CHUNK = 1_024  # rows computed together, always this many: a row's bits never depend on how many rows are asked for
_SWEEPS = 24  # of the Gibbs sampler from a start that has the intervals' order right already
_BURN = 8  # sweeps until the correlations have settled: the later ones are averaged
_PROJECTIONS = 12
_SMALLEST = 1e-3  # eigenvalue: keeps every conditional variance above it, so that sweeps move


def truncated(
    mean: np.ndarray, deviation: float, low: np.ndarray, high: np.ndarray, uniforms: np.ndarray
) -> np.ndarray:
    """Normal variates inside ``[low, high]`` by inversion; equal ends give that point.

    Each interval is mirrored into the lower tail, where the distribution function keeps its digits; beyond its reach
    (37 deviations) the nearer end stands in.
    """
    from scipy.special import ndtr, ndtri

    left, right = (low - mean) / deviation, (high - mean) / deviation
    mirrored = np.abs(left) < np.abs(right)
    left, right = np.where(mirrored, -right, left), np.where(mirrored, -left, right)
    below, above = ndtr(left), ndtr(right)
    drawn = ndtri(below + np.maximum(uniforms, 2.0**-54) * (above - below))
    drawn = np.where(above > 0, np.clip(drawn, left, right), right)
    return np.clip(mean + deviation * np.where(mirrored, -drawn, drawn), low, high)


def inside_box(low: np.ndarray, high: np.ndarray, correlation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rows of N(0, `correlation`) given that row i lies between ``low[i]`` and ``high[i]`` (n, d).

    Starts with the sequential draws of Geweke, Hajivassiliou and Keane (points first, so exact where at most one
    column is an interval), then sweeps the Gibbs sampler of Geweke (1991) towards the truncated normal distribution.
    """
    order = np.argsort(-(low == high).mean(axis=0), kind="stable")
    back = np.argsort(order)
    low, high, correlation = low[:, order], high[:, order], correlation[np.ix_(order, order)]
    root = np.linalg.cholesky(correlation)
    shocks = np.zeros_like(low)
    drawn = np.zeros(low.shape, order="F")
    for at in range(low.shape[1]):
        mean = shocks[:, :at] @ root[at, :at]
        drawn[:, at] = truncated(mean, root[at, at], low[:, at], high[:, at], rng.random(len(low)))
        shocks[:, at] = (drawn[:, at] - mean) / root[at, at]
    if (low < high).any(axis=0).sum() > 1:
        precision = np.linalg.inv(correlation)
        for _ in range(_SWEEPS):
            _sweep(drawn, low, high, precision, rng)
    return drawn[:, back]


def correlation_of(low: np.ndarray, high: np.ndarray, apart: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The correlation matrix of Gaussian vectors of which only boxes are seen (n, d), margins standard normal.

    Variables with equal numbers in `apart` (d,) stay uncorrelated: gates of one column that are asked in turn keep the
    column's shares only where they are independent.

    A stochastic EM algorithm for the extended rank likelihood (Hoff 2007, 10.1214/07-AOAS107): a Gibbs sweep draws the
    vectors inside their boxes, then the matrix is theirs. Points, thresholds (so polychoric and polyserial
    correlations) and open intervals of what is undefined or unknown are one case, and every matrix on the way is
    positive definite. It starts from pairwise polychoric correlations of first order, repaired.
    """
    from scipy.special import ndtr

    defined = (low > -np.inf) | (high < np.inf)
    scores = _expected(low, high, ndtr)
    allowed = (apart[:, None] != apart) | np.eye(len(apart), dtype=bool)
    both = np.maximum(defined.T.astype(float) @ defined, 1)
    spread = np.maximum((scores**2).sum(axis=0) / np.diag(both), 1e-6)
    correlation = repaired(np.clip((scores.T @ scores) / both / np.outer(spread, spread), -0.98, 0.98), allowed)
    drawn, total = np.asfortranarray(scores), np.zeros_like(correlation)
    for sweep in range(_SWEEPS):
        _sweep(drawn, low, high, np.linalg.inv(correlation), rng)
        correlation = repaired(drawn.T @ drawn / len(drawn), allowed)
        if sweep >= _BURN:
            total += correlation
    return repaired(total, allowed)


def repaired(matrix: np.ndarray, allowed: np.ndarray) -> np.ndarray:
    """The correlation matrix near `matrix` that is positive definite and about 0 where not `allowed`.

    Alternating projections (Higham 2002, 10.1093/imanum/22.3.329, without Dykstra's correction), a few of them.
    """
    scale = np.sqrt(np.maximum(np.diag(matrix), 1e-12))
    whole = matrix / np.outer(scale, scale)
    for _ in range(_PROJECTIONS):
        whole = np.where(allowed, whole, 0.0)
        values, vectors = np.linalg.eigh(whole)
        if values[0] >= _SMALLEST:
            break
        whole = (vectors * np.maximum(values, 2 * _SMALLEST)) @ vectors.T
        scale = np.sqrt(np.diag(whole))
        whole = whole / np.outer(scale, scale)
    whole = (whole + whole.T) / 2
    np.fill_diagonal(whole, 1.0)
    return np.asarray(whole)


def _sweep(
    drawn: np.ndarray, low: np.ndarray, high: np.ndarray, precision: np.ndarray, rng: np.random.Generator
) -> None:
    """Redraw every column given all others, in place."""
    for at in np.flatnonzero((low < high).any(axis=0)):
        own = precision[at, at]
        mean = drawn[:, at] - drawn @ precision[:, at] / own
        drawn[:, at] = truncated(mean, own**-0.5, low[:, at], high[:, at], rng.random(len(drawn)))


def _expected(low: np.ndarray, high: np.ndarray, distribution: np.ufunc) -> np.ndarray:
    """The mean of a standard normal variate in each interval; a point is itself."""
    mass = distribution(high) - distribution(low)
    density = (np.exp(-(low**2) / 2) - np.exp(-(high**2) / 2)) / np.sqrt(2 * np.pi)
    nearest = np.clip(0.0, low, high)  # of a far or narrow interval: its end nearest to the middle
    return np.where(mass > 1e-6, density / np.maximum(mass, 1e-6), nearest)
