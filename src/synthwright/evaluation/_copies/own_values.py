"""Copies of records that hold a value nobody else has: so few of them are no chance that a holdout alone can't tell."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthwright.data.hashing import row_hashes
from synthwright.evaluation._copies.copying import Hits
from synthwright.evaluation._copies.hashes import among, equal_pairs, hashes_of, real_hashes
from synthwright.evaluation._statistics.counted import hit_rate, poisson, scaled_difference
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement

__all__ = ["chance_elsewhere", "own_values", "sharpened"]


def sharpened(found: Measurement, comparison: Comparison, hits: Hits) -> Measurement:
    """`found`, where the holdout leaves copies in doubt, with the lower end that all coincidences elsewhere allow.

    Only hits on records of train with a value that no other real row has are counted: equal rows may have been taken
    out of a coarse table, which then shows no coincidences although they are common.
    """
    doubtful = found.excess is not None and found.excess.low <= 0 < found.excess.value
    if found.excess is None or hits.holdout is None or not doubtful:
        return found
    rows = hits.train[hits.train >= 0]
    counted = rows[own_values(comparison, rows)]
    copied = hit_rate(np.unique(counted, return_counts=True)[1], 1 / len(hits.train))
    low = scaled_difference(copied, chance_elsewhere(comparison, hits)).low
    if not found.excess.low < low <= found.excess.value:
        return found
    ceiling = found.holdout
    if ceiling is not None:
        ceiling = replace(ceiling, high=max(ceiling.value, found.estimate.value - low))
    return replace(found, excess=replace(found.excess, low=low), holdout=ceiling)


def own_values(comparison: Comparison, rows: np.ndarray) -> np.ndarray:
    """True for each of these `rows` of train that holds, in some column, a value which no other real row holds."""
    found = np.zeros(len(rows), dtype=bool)
    tables = [comparison.part(part) for part in comparison.parts if part != "synthetic"]
    for name in comparison.columns:
        values = np.concatenate([row_hashes(table, [name]) for table in tables])
        known, counts = np.unique(values[among(values, values[rows])], return_counts=True)
        found |= counts[np.searchsorted(known, values[rows])] == 1
    return found


def chance_elsewhere(comparison: Comparison, hits: Hits) -> Estimate:
    """The share of rows that hit records of train by chance, at most, from all coincidences that were seen elsewhere.

    With p and q the shares of each record among real and synthetic rows, n rows of train, N real and s synthetic ones,
    a table made without a look at train's rows hits train s n Σ p q times and the holdout s (N - n) Σ p q times; there
    are N²/2 Σ p² and s²/2 Σ q² pairs of equal rows among real and among synthetic ones. The product of these two is at
    least the square of N/2n times the first (Cauchy), and so is their sum at least N/n times the first, whatever p and
    q are. So there are (2N - n)/n as many coincidences elsewhere as there are chance hits on train, or more: three
    copies in a thousand rows, and none elsewhere, are no chance. The holdout alone would leave five in doubt.
    """
    train, real = comparison.rows("train"), comparison.rows("train") + comparison.rows("holdout")
    theirs = 0 if hits.holdout is None else int((hits.holdout >= 0).sum())
    count = poisson(theirs + equal_pairs(real_hashes(comparison)) + equal_pairs(hashes_of(comparison, "synthetic")))
    scale = train / (2 * real - train) / len(hits.train)
    return Estimate(count.value * scale, count.low * scale, count.high * scale)
