"""Hits on records that occur once in the real rows, and how many of them chance gives: what all copy counts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.evaluation._copies.hashes import in_pairs, is_single, single_hits
from synthwright.evaluation._statistics.counted import (
    detectable_excess,
    hit_rate,
    poisson,
    scaled_difference,
    upper_tail,
)
from synthwright.evaluation._statistics.intervals import clopper_pearson, wilson
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Estimate, Measurement

__all__ = ["Hits", "beyond_chance", "copies"]


@dataclass(frozen=True, eq=False, kw_only=True)
class Hits:
    """Which record each synthetic row hits, of those that single somebody out: none (-1) or its position.

    `records` are the single records of train and of the holdout. Without a holdout `paired` counts the train rows
    that would hit a single record of train if they had not been in it themselves. `blind` is what `train` is, for
    rows without skill.
    """

    train: np.ndarray
    holdout: np.ndarray | None
    blind: np.ndarray
    records: tuple[int, int] = (0, 0)
    paired: int = 0

    @classmethod
    def of(cls, made: np.ndarray, blind: np.ndarray, train: np.ndarray, holdout: np.ndarray | None) -> Self:
        """The hits where rows are compared by one key each (uint64)."""
        n = len(train)
        if holdout is None:
            paired = int(in_pairs(train).sum())
            return cls(train=single_hits(made, train), holdout=None, blind=single_hits(blind, train), paired=paired)
        real = np.concatenate([train, holdout])
        single, hit, without_skill = is_single(real), single_hits(made, real), single_hits(blind, real)
        return cls(
            train=np.where(hit < n, hit, -1),
            holdout=np.where(hit >= n, hit - n, -1),
            blind=np.where(without_skill < n, without_skill, -1),
            records=(int(single[:n].sum()), int(single[n:].sum())),
        )


def copies(
    metric: str,
    comparison: Comparison,
    hits: Hits,
    *,
    equal: int,
    baseline: float,
    further: Mapping[str, Estimate] | None = None,
) -> Measurement:
    """The measurement of `equal` rows that look like copies, and of what is beyond chance among `hits`."""
    n = len(hits.train)
    beyond, detectable, parts = beyond_chance(hits, len(comparison.train))
    holdout = excess = None
    if beyond is not None:
        low, value, high = (min(1.0, max(-1.0, end)) for end in (beyond.low, beyond.value, beyond.high))
        excess = Estimate(value, low, high)
        # Chance gives between none and all of the rows, whatever a holdout of another size would scale to.
        holdout = Estimate(*(min(1.0, max(0.0, equal / n - end)) for end in (value, high, low)))
    return Measurement(
        metric=metric,
        # Exact: a handful of copies is what there is to count, and there Wilson's interval begins too high.
        estimate=clopper_pearson(equal, n),
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=n,
        detectable=detectable,
        holdout=holdout,
        baseline=Estimate.exact(baseline),
        excess=excess,
        parts={**parts, **(further or {})},
    )


def beyond_chance(hits: Hits, train_rows: int) -> tuple[Estimate | None, float | None, dict[str, Estimate]]:
    """The share of copies of single records beyond chance, the least one detectable, and where it comes from.

    Chance is what as many of the holdout's single records attract. Without a holdout it is how often a train row
    would hit a single record of the others (Good & Turing's estimate of their mass, leaving one out); unknown (None)
    where even rows without skill hit train more often than that: then its rows were made distinct.
    """
    n = len(hits.train)
    mine = _per_record(hits.train)
    parts = {"single_records": wilson(int(mine.sum()), n)}
    if hits.holdout is None:
        chance = _pair_rate(hits.paired, train_rows)
        blind = hit_rate(_per_record(hits.blind), 1 / max(1, len(hits.blind)))
        if scaled_difference(blind, chance).low > 0:
            return None, None, parts
        parts["single_records_of_train"] = wilson(min(hits.paired, train_rows), train_rows)
    else:
        ours, theirs = hits.records
        if ours == 0 or theirs == 0:
            return Estimate.exact(0.0), None, {"single_records": wilson(0, n)}
        other = _per_record(hits.holdout)
        chance = hit_rate(other, ours / theirs / n)
        parts["single_records_of_holdout"] = wilson(int(other.sum()), n)
        parts["p_value"] = Estimate.exact(upper_tail(len(mine), len(mine) + len(other), ours / (ours + theirs)))
    excess = scaled_difference(hit_rate(mine, 1 / n), chance)
    return excess, detectable_excess(chance, n), parts


def _per_record(hit: np.ndarray) -> np.ndarray:
    """How many rows hit each record that is hit at all."""
    return np.unique(hit[hit >= 0], return_counts=True)[1]


def _pair_rate(paired: int, rows: int) -> Estimate:
    """The share of rows in pairs; the pairs are the events."""
    pairs = poisson(paired / 2)
    return Estimate(*(2 * end / rows for end in (pairs.value, pairs.low, pairs.high)))
