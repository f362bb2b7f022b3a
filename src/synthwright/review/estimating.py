"""Shares of a whole table from its stratified sample, and how many rows are bad given how well bad ones are caught."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._statistics.intervals import clopper_pearson, normal
from synthwright.evaluation.measurement import Estimate

__all__ = ["Caught", "WeightedShare", "corrected", "weighted_share"]


@dataclass(frozen=True, slots=True)
class WeightedShare:
    """A share, and how many rows drawn at random would know it as well."""

    value: float
    rows: float

    def estimate(self) -> Estimate:
        """The share inside the interval of Korn & Graubard (1998): Clopper & Pearson's with the effective numbers."""
        found = clopper_pearson(self.value * self.rows, self.rows)
        return Estimate(self.value, min(self.value, found.low), max(self.value, found.high))


@dataclass(frozen=True, slots=True)
class Caught:
    """`hits` of `rows` rows whose truth is known were called what they are."""

    hits: int
    rows: int


def weighted_share(hit: np.ndarray, stratum: np.ndarray, sizes: np.ndarray) -> WeightedShare:
    """The share of all rows that are hit, from rows drawn at random within strata of `sizes` rows; it has no bias.

    ``hit[i]`` is whether sampled row i, of ``stratum[i]``, is one. Rows are weighted by the inverse of their chance to
    be chosen. Effective rows are those with the variance estimated within strata, but no more than the weights alone
    allow (Kish 1965): where none or all of a stratum are hit, its variance is not known to be 0. Nothing is taken off
    for the part of the table that was seen, so that the interval speaks of the rows' maker.
    """
    used = np.unique(stratum)
    taken = np.bincount(stratum, minlength=len(sizes))[used]
    share = np.bincount(stratum, weights=hit, minlength=len(sizes))[used] / taken
    weight = sizes[used] / sizes[used].sum()
    value = float(weight @ share)
    rows = float(1 / (weight**2 / taken).sum())
    variance = float((weight**2 * share * (1 - share) / np.maximum(taken - 1, 1)).sum())
    if 0 < value < 1 and variance > 0:
        rows = min(rows, value * (1 - value) / variance)
    return WeightedShare(min(max(value, 0.0), 1.0), rows)


def corrected(apparent: WeightedShare, bad: Caught, good: Caught | None = None, confidence: float = 0.95) -> Estimate:
    """The share of bad rows behind an `apparent` one (Rogan & Gladen 1978), in the interval of Lang & Reiczigel (2014).

    `bad` are planted rows that were caught (sensitivity), `good` known good ones that were let pass (specificity).
    Without `good` nothing is taken for a false alarm, so the share is at most too high. Both together have to be better
    than chance. doi:10.1016/j.prevetmed.2013.09.015, equations 3 to 6.
    """
    z = normal(confidence)
    sensitivity, specificity = bad.hits / bad.rows, 1.0 if good is None else good.hits / good.rows
    if sensitivity + specificity <= 1:
        raise ValueError("whoever is no better than chance says nothing about the share")
    value = (apparent.value + specificity - 1) / (sensitivity + specificity - 1)
    n = apparent.rows + z * z
    p = (apparent.rows * apparent.value + z * z / 2) / n
    se, se_rows = (bad.hits + 1) / (bad.rows + 2), bad.rows + 2
    sp, sp_variance = (1.0, 0.0) if good is None else _moved(good)
    youden = max(se + sp - 1, 1e-9)
    middle = (p + sp - 1) / youden
    se_variance = se * (1 - se) / se_rows
    shift = 2 * z * z * (middle * se_variance - (1 - middle) * sp_variance)
    error = np.sqrt(p * (1 - p) / n + middle**2 * se_variance + (1 - middle) ** 2 * sp_variance) / youden
    low, high = (min(max(middle + shift + sign * z * error, 0.0), 1.0) for sign in (-1, 1))
    value = min(max(value, 0.0), 1.0)
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def _moved(caught: Caught) -> tuple[float, float]:
    """The share with one hit and one miss more, and its variance."""
    share, rows = (caught.hits + 1) / (caught.rows + 2), caught.rows + 2
    return share, share * (1 - share) / rows
