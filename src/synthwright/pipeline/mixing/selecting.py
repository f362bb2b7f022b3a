"""Which candidates are taken: exactly as many of each stratum as are wanted, evenly or by weight."""

from __future__ import annotations

import numpy as np

from synthwright.pipeline.mixing.quotas import in_proportion

__all__ = ["attainable", "chosen", "effective"]

_LUCK = 3.0  # standard errors of a count


def attainable(wanted: np.ndarray, have: np.ndarray) -> np.ndarray:
    """`wanted` counts as they are, or, where chance has left some strata a little short, with others in their stead.

    As many rows as real ones hardly ever have exactly their counts of classes. A stratum that lacks more than three
    standard errors of its count lacks them for another reason; then, and where there are too few rows in all, the
    counts stay what they are.
    """
    short = np.maximum(wanted - have, 0)
    if not short.any() or (short > _LUCK * np.sqrt(wanted) + 1).any() or have.sum() < wanted.sum():
        return wanted
    return np.asarray(np.minimum(wanted, have) + in_proportion(int(short.sum()), np.maximum(have - wanted, 0)))


def chosen(stratum: np.ndarray, wanted: np.ndarray, weights: np.ndarray | None, rng: np.random.Generator) -> np.ndarray:
    """Positions of ``wanted[s]`` candidates of every stratum s, ascending; all of a stratum that has fewer.

    `stratum` has one number per candidate, -1 for those of none. Without `weights` all candidates of a stratum are
    equally likely; with them they are taken one after another in proportion to the weights of those left, which is to
    take the smallest of independent exponential times with these rates (Efraimidis & Spirakis 2006). Candidates keep
    their times, so a row that is taken stays when more are wanted.
    """
    if len(wanted) == 0:
        return np.zeros(0, dtype=np.int64)
    times = rng.exponential(size=len(stratum))
    if weights is not None:
        times = times / weights
    order = np.lexsort((times, stratum))
    sorted_strata = stratum[order]
    first = np.searchsorted(sorted_strata, np.arange(len(wanted)))
    inside = sorted_strata >= 0
    rank = np.arange(len(order)) - np.where(inside, first[np.maximum(sorted_strata, 0)], 0)
    taken = inside & (rank < wanted[np.maximum(sorted_strata, 0)])
    return np.sort(order[taken])


def effective(weights: np.ndarray) -> float:
    """How many equally weighted candidates these are worth: ``(sum w)^2 / sum w^2`` (Kish 1965)."""
    squares = float(weights @ weights)
    return float(weights.sum()) ** 2 / squares if squares > 0 else 0.0
