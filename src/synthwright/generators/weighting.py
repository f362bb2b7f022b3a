"""Conditions by likelihood weighting: many candidates per row, one of them kept by its weight.

Fung and Chang (1990) and Shachter and Peot (1990): what is known is put in its place instead of being waited for, and a
candidate counts by the probability of what is known. One candidate is kept by a walk over all of them. What m
candidates are worth is their effective sample size ``(sum w)^2 / sum w^2`` (Kish 1965); rows whose m candidates are
worth too few get four times as many. Worth 0 is a row of which nothing known was ever seen together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthwright.data.table import Table
from synthwright.generators.evidence import Candidates, Evidence, Weighing
from synthwright.seeding import Streams

__all__ = ["ENOUGH", "Resampled", "effective_size", "resampled"]

ENOUGH = 8.0  # effective candidates of a row: 2,000 rows then pass a chi-squared test against brute force
_TIMES = (32, 128, 512, 2_048)  # candidates per row: as many as are worth `ENOUGH`, the last where none are
_CALL = 65_536  # candidates drawn together


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
    found = _Found(sampler, evidence)
    left = np.arange(evidence.n)
    for number, times in enumerate(_TIMES):
        last = number == len(_TIMES) - 1
        # How many candidates a row needs is told by others than those it is picked from: to stop at a set that looks
        # good would favour sets that happen to lack what is rare and heavy.
        enough = left if last else left[found.worth(left, times, streams.at("trial", number)) >= ENOUGH]
        found.pick(enough, times, streams.at("weighed", number))
        left = np.setdiff1d(left, enough)
        if len(left) == 0:
            break
    return found.result()


class _Found:
    """Rows picked so far."""

    def __init__(self, sampler: Weighing, evidence: Evidence) -> None:
        self.sampler, self.evidence = sampler, evidence
        self.tables: list[Table] = []
        self.rows: list[np.ndarray] = []
        self.sizes: list[np.ndarray] = []
        self.candidates = 0

    def worth(self, rows: np.ndarray, times: int, streams: Streams) -> np.ndarray:
        """The effective size of `times` candidates for each of `rows`."""
        sizes = [self._weighed(here, times, at)[2] for here, at in _calls(rows, times, streams)]
        return np.concatenate([np.zeros(0), *sizes])

    def pick(self, rows: np.ndarray, times: int, streams: Streams) -> None:
        """One of `times` candidates for each of `rows` that any of them fits."""
        for here, at in _calls(rows, times, streams):
            drawn, weights, worth = self._weighed(here, times, at)
            done = weights.max(axis=1) > 0
            if not done.any():
                continue
            picked = (np.arange(len(here)) * times + _walked(weights, at.at("pick")))[done]
            chosen = np.searchsorted(drawn.numbers, picked)
            kept = {name: values[chosen] for name, values in drawn.values.items()}
            self.tables.append(self.sampler.completed(kept, self.evidence.take(here[done]), at.at("rest")))
            self.rows.append(here[done])
            self.sizes.append(worth[done])

    def _weighed(self, rows: np.ndarray, times: int, streams: Streams) -> tuple[Candidates, np.ndarray, np.ndarray]:
        """Candidates of `rows`, their weights (rows, times), and what they are worth: 0 where none is possible."""
        self.candidates += len(rows) * times
        drawn = self.sampler.candidates(self.evidence.take(rows), times, streams.at("candidates"))
        log_weights = np.full(len(rows) * times, -np.inf)
        log_weights[drawn.numbers] = drawn.log_weights
        weights = _weights(log_weights.reshape(len(rows), times))
        possible = np.bincount(drawn.numbers[drawn.possible] // times, minlength=len(rows)) > 0
        return drawn, weights, np.where(possible, effective_size(weights), 0.0)

    def result(self) -> Resampled:
        """All of it, in the order of the rows."""
        if not self.rows:
            return Resampled(None, np.zeros(0, dtype=np.int64), np.zeros(0), self.candidates)
        rows = np.concatenate(self.rows)
        order = np.argsort(rows, kind="stable")
        table = Table.concat(self.tables).take(order)
        return Resampled(table, rows[order], np.concatenate(self.sizes)[order], self.candidates)


def _calls(rows: np.ndarray, times: int, streams: Streams) -> Iterator[tuple[np.ndarray, Streams]]:
    """`rows` in parts whose candidates are drawn together, with streams of their own."""
    size = _CALL // times
    for number, start in enumerate(range(0, len(rows), size)):
        yield rows[start : start + size], streams.at(number)


def effective_size(weights: np.ndarray) -> np.ndarray:
    """Kish's effective sample size of each row of `weights`; 0 where all are 0."""
    total = weights.sum(axis=1)
    return np.asarray(total**2 / np.maximum((weights**2).sum(axis=1), 1e-300))


def _weights(log_weights: np.ndarray) -> np.ndarray:
    """Weights in proportion, the largest of each row 1; all 0 where nothing is possible."""
    largest = log_weights.max(axis=1, keepdims=True)
    return np.asarray(np.exp(log_weights - np.where(np.isfinite(largest), largest, 0.0)))


def _walked(weights: np.ndarray, streams: Streams) -> np.ndarray:
    """One candidate of each row: where a walk over all of them ends that goes on to the next with chance w' / w.

    This is the independence chain of Metropolis and Hastings (Tierney 1994): its distance from the target falls as
    ``(1 - mean w / max w)^m``. Picking once in proportion to the weights errs by a multiple of 1 / m.
    """
    times = weights.shape[1]
    uniforms = streams.rng().random((len(weights), times))
    at, held = np.zeros(len(weights), dtype=np.int64), weights[:, 0].copy()
    for number in range(1, times):
        offered = weights[:, number]
        moves = uniforms[:, number] * held < offered
        at[moves] = number
        held = np.where(moves, offered, held)
    return at
