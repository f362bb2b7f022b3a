"""Conditions by likelihood weighting: many candidates per row, one of them kept in proportion to its weight.

Fung and Chang (1990) and Shachter and Peot (1990): what is known is put in its place instead of being waited for, and a
candidate counts by the probability of what is known. Keeping one of m candidates by weight is sampling-importance-
resampling (Rubin 1988): its rows follow the conditional distribution up to an error that falls as the effective sample
size ``(sum w)^2 / sum w^2`` (Kish 1965) grows. Rows whose m candidates are worth too few get four times as many.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.data.table import Table
from synthwright.generators.evidence import Evidence, Weighing
from synthwright.seeding import Streams

__all__ = ["ENOUGH", "Resampled", "resampled"]

ENOUGH = 8.0  # effective candidates of a row; `benchmarks/conditions.py` compares what fewer and more of them give
_TIMES = (32, 128, 512, 2_048)  # candidates per row, round after round, for the rows that had too few
_CALL = 65_536  # candidates drawn together
_LEAST = 1.0  # in the last round any candidate that is possible at all will do, and the size says what it is worth


@dataclass(frozen=True, eq=False)
class Resampled:
    """The rows that were found (`table`), which ones they are (`rows`, ascending), and what each of them rests on."""

    table: Table | None
    rows: np.ndarray
    effective: np.ndarray
    candidates: int


def resampled(sampler: Weighing, evidence: Evidence, streams: Streams) -> Resampled:
    """A row for each row of `evidence`; those that no candidate fits are left out.

    Row i depends on what is known of the rows before it and the seed only.
    """
    left, tables, rows, sizes, candidates = np.arange(evidence.n), [], [], [], 0
    for number, times in enumerate(_TIMES):
        enough = ENOUGH if number < len(_TIMES) - 1 else _LEAST
        undone = [np.zeros(0, dtype=np.int64)]
        for chunk, start in enumerate(range(0, len(left), _CALL // times)):
            here, at = left[start : start + _CALL // times], streams.at("weighed", number, chunk)
            drawn = sampler.candidates(evidence.take(here), times, at.at("candidates"))
            log_weights = np.full(len(here) * times, -np.inf)
            log_weights[drawn.numbers] = drawn.log_weights
            weights = _weights(log_weights.reshape(len(here), times))
            effective = effective_size(weights)
            done = effective >= enough * (1 - 1e-9)
            picked = _picked(weights, at.at("pick").rng().random(len(here))) + np.arange(len(here)) * times
            candidates += len(here) * times
            undone.append(here[~done])
            if done.any():
                chosen = np.searchsorted(drawn.numbers, picked[done])
                kept = {name: values[chosen] for name, values in drawn.values.items()}
                tables.append(sampler.completed(kept, evidence.take(here[done]), at.at("rest")))
                rows.append(here[done])
                sizes.append(effective[done])
        left = np.sort(np.concatenate(undone))
        if len(left) == 0:
            break
    if not rows:
        return Resampled(None, np.zeros(0, dtype=np.int64), np.zeros(0), candidates)
    order = np.argsort(np.concatenate(rows), kind="stable")
    return Resampled(
        Table.concat(tables).take(order), np.concatenate(rows)[order], np.concatenate(sizes)[order], candidates
    )


def effective_size(weights: np.ndarray) -> np.ndarray:
    """Kish's effective sample size of each row of `weights`; 0 where all are 0."""
    total = weights.sum(axis=1)
    return np.asarray(total**2 / np.maximum((weights**2).sum(axis=1), 1e-300))


def _weights(log_weights: np.ndarray) -> np.ndarray:
    """Weights in proportion, the largest of each row 1; all 0 where nothing is possible."""
    largest = log_weights.max(axis=1, keepdims=True)
    return np.asarray(np.exp(log_weights - np.where(np.isfinite(largest), largest, 0.0)))


def _picked(weights: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
    """One candidate of each row, in proportion to its weight."""
    steps = np.cumsum(weights, axis=1)
    at = (steps <= uniforms[:, None] * steps[:, -1:]).sum(axis=1)
    return np.asarray(np.minimum(at, weights.shape[1] - 1))
