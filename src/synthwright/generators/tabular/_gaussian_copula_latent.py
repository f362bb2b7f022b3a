"""Gaussian vectors known only by intervals: draws inside a box."""

from __future__ import annotations

import numpy as np

__all__ = ["CHUNK", "SWEEPS", "inside_box", "truncated"]

CHUNK = 1_024  # rows computed together, always this many: a row's bits never depend on how many rows are asked for
SWEEPS = 24  # of the Gibbs sampler from a start that has the intervals' order right already


def truncated(
    mean: np.ndarray, deviation: float | np.ndarray, low: np.ndarray, high: np.ndarray, uniforms: np.ndarray
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
    return np.asarray(np.clip(mean + deviation * np.where(mirrored, -drawn, drawn), low, high))


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
        for _ in range(SWEEPS):
            _sweep(drawn, low, high, precision, rng)
    return drawn[:, back]


def _sweep(
    drawn: np.ndarray, low: np.ndarray, high: np.ndarray, precision: np.ndarray, rng: np.random.Generator
) -> None:
    """Redraw every column given all others, in place."""
    for at in np.flatnonzero((low < high).any(axis=0)):
        own = precision[at, at]
        mean = drawn[:, at] - drawn @ precision[:, at] / own
        drawn[:, at] = truncated(mean, own**-0.5, low[:, at], high[:, at], rng.random(len(drawn)))
