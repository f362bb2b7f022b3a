"""Gaussian vectors of rows that are each known elsewhere: all patterns of known cells in one Gibbs sampler."""

from __future__ import annotations

import numpy as np

from synthwright.generators.tabular._gaussian_copula_latent import CHUNK, SWEEPS, truncated
from synthwright.seeding import Streams

__all__ = ["completed"]

_CELLS = 4_000_000  # of the matrices of a chunk's rows, 8 bytes each


def completed(low: np.ndarray, high: np.ndarray, correlation: np.ndarray, streams: Streams) -> np.ndarray:
    """Rows of N(0, `correlation`) given that row i lies between ``low[i]`` and ``high[i]`` (n, d), infinite where open.

    What is known of a row is drawn inside its box by the Gibbs sampler of Geweke (1991) on the known variables alone,
    each row with the precision matrix of its own; the others follow exactly given those: a draw z of the whole vector
    moves by ``R[:, known] @ inv(R[known, known]) @ (x - z)[known]`` (Matheron's rule; Doucet 2010).
    """
    n, size = low.shape
    chunk = int(np.clip(_CELLS // size**2, 32, CHUNK))
    drawn = np.empty((n, size))
    for start in range(0, n, chunk):  # always whole chunks: a row's bits never depend on how many rows there are
        rows = slice(start, min(n, start + chunk))
        box = np.full((chunk, size), -np.inf), np.full((chunk, size), np.inf)
        box[0][: rows.stop - start], box[1][: rows.stop - start] = low[rows], high[rows]
        drawn[rows] = _chunk(*box, correlation, streams.at(start).rng())[: rows.stop - start]
    return drawn


def _chunk(low: np.ndarray, high: np.ndarray, correlation: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    known = (low > -np.inf) | (high < np.inf)
    patterns, which = np.unique(known, axis=0, return_inverse=True)
    both = patterns[:, :, None] & patterns[:, None, :]
    own = np.where(both, correlation, np.eye(len(correlation)))  # unknown variables know nothing of the others
    inside = _inside(low, high, known, np.linalg.cholesky(own)[which.reshape(-1)], rng)
    weights = np.where(both, np.linalg.inv(own), 0.0)[which.reshape(-1)]
    free = known & (low < high)
    for _ in range(SWEEPS if (free.sum(axis=1) > 1).any() else 1):
        for at in np.flatnonzero(free.any(axis=0)):
            precision = np.where(known[:, at], weights[:, at, at], 1.0)
            mean = inside[:, at] - (inside * weights[:, at]).sum(axis=1) / precision
            made = truncated(mean, precision**-0.5, low[:, at], high[:, at], rng.random(len(low)))
            inside[:, at] = np.where(free[:, at], made, inside[:, at])
    whole = rng.standard_normal(low.shape) @ np.linalg.cholesky(correlation).T
    apart = np.where(known, inside - whole, 0.0)
    moved = np.stack([(apart * weights[:, at]).sum(axis=1) for at in range(len(correlation))], axis=1)
    return np.where(known, inside, whole + moved @ correlation)


def _inside(
    low: np.ndarray, high: np.ndarray, known: np.ndarray, roots: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """A start inside the boxes: one variable after another given those before it; 0 where nothing is known."""
    shocks, drawn = np.zeros_like(low), np.zeros_like(low)
    for at in range(low.shape[1]):
        mean, deviation = (shocks * roots[:, at]).sum(axis=1), roots[:, at, at]
        made = truncated(mean, deviation, low[:, at], high[:, at], rng.random(len(low)))
        drawn[:, at] = np.where(known[:, at], made, 0.0)
        shocks[:, at] = np.where(known[:, at], (drawn[:, at] - mean) / deviation, 0.0)
    return drawn
