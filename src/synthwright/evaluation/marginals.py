"""How far each column alone is from train: computed once for all metrics that speak of single columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.distances import (
    absolute,
    kolmogorov_smirnov,
    noise_ratio,
    total_variation,
    total_variation_ratio,
    wasserstein,
)
from synthwright.evaluation.encoding import ColumnCells
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.intervals import linear_moves

__all__ = ["Marginal", "Trio", "marginals", "size_ratio"]

Counts = Mapping[Part, np.ndarray]


@dataclass(frozen=True, eq=False)
class Trio:
    """One statistic three times: synthetic against train, holdout against train, and no skill against train.

    `holdout` is already at the synthetic table's size; it is ``None`` where there is no holdout.
    """

    synthetic: Figure
    holdout: Figure | None
    baseline: float


@dataclass(frozen=True, eq=False)
class Marginal:
    """One column's distances. `shape` is KS for numeric columns and total variation for discrete ones.

    `distance` is Wasserstein-1 in units of train's interquartile range, ``None`` for discrete columns and for columns
    of fewer than two values. `missing` is the absolute difference of the shares of missing cells. Records without
    skill are uniform over train's range or labels and never missing.
    """

    name: str
    numeric: bool
    shape: Trio
    distance: Trio | None
    missing: Trio


def marginals(comparison: Comparison) -> tuple[Marginal, ...]:
    """One `Marginal` per compared column, in the order of the schema."""
    return comparison.keep("marginals", lambda: tuple(_marginal(comparison, name) for name in comparison.columns))


def size_ratio(comparison: Comparison) -> float:
    """What turns a distance measured on the holdout into one at the synthetic table's size (see `noise_ratio`)."""
    if comparison.holdout is None:
        return 1.0
    return noise_ratio(len(comparison.train), len(comparison.holdout), len(comparison.synthetic))


def _marginal(comparison: Comparison, name: str) -> Marginal:
    cells = comparison.cells(name)
    counts: Counts = {part: comparison.counts(part, name) for part in comparison.parts}
    train, plain = counts["train"], size_ratio(comparison)
    flat = _flat(cells, train.sum(axis=0))
    missing = _trio(counts, flat, plain, lambda other, part: _missing(train, other, part))
    if cells.edges is None:
        ratio = 1.0
        if "holdout" in counts:
            unseen = np.arange(len(cells)) == cells.unseen
            ratio = total_variation_ratio(train, counts["holdout"], comparison.rows("synthetic"), unseen)
        shape = _trio(counts, flat, ratio, lambda other, part: total_variation(train, other, part))
        return Marginal(name, False, shape, None, missing)
    shape = _trio(counts, flat, plain, lambda other, part: kolmogorov_smirnov(train, other, part))
    line = _line(cells.edges, train.sum(axis=0))
    if line is None:
        return Marginal(name, True, shape, None, missing)
    at, unit = line
    distance = _trio(counts, flat, plain, lambda other, part: wasserstein(train, other, part, at).times(1 / unit))
    return Marginal(name, True, shape, distance, missing)


def _trio(counts: Counts, flat: np.ndarray, ratio: float, distance: Callable[[np.ndarray, str], Figure]) -> Trio:
    holdout = distance(counts["holdout"], "holdout").times(ratio) if "holdout" in counts else None
    return Trio(distance(counts["synthetic"], "synthetic"), holdout, distance(flat[None], "flat").value)


def _missing(train: np.ndarray, other: np.ndarray, part: str) -> Figure:
    gradient = np.zeros(train.shape[1])
    gradient[0] = 1.0
    shares = [counts[:, 0].sum() / counts.sum() for counts in (train, other)]
    moves = {"train": linear_moves(train, gradient), part: linear_moves(other, -gradient)}
    return absolute(Figure(float(shares[0] - shares[1]), moves))


def _flat(cells: ColumnCells, train: np.ndarray) -> np.ndarray:
    """As many rows as train, spread evenly over its range or labels."""
    share = np.zeros(len(train))
    if cells.edges is None:
        share = cells.label_counts
    else:
        share[2:-1] = np.diff(cells.edges)
    return share / share.sum() * train.sum() if share.sum() > 0 else train.astype(np.float64)


def _line(edges: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, float] | None:
    """Where the cells of present values lie, and train's interquartile range; ``None`` for fewer than two values.

    Cells lie in their middle, but none farther than one interquartile range beyond the 0.1 and 99.9 % points: how far
    out a single absurd value lies is a question of validity. If half of train is one value, the range between the 5
    and 95 % points is the unit, then the whole range.
    """
    present = train[1:]
    if np.count_nonzero(present) < 2:
        return None
    at = np.concatenate([edges[:1], edges[:-1] / 2 + edges[1:] / 2, edges[-1:]])
    level = np.cumsum(present) / present.sum()

    def point(share: float) -> float:
        return float(at[min(int(np.searchsorted(level, share)), len(at) - 1)])

    spans = [point(1 - tail) - point(tail) for tail in (0.25, 0.05)]
    unit = next((span for span in spans if span > 0), float(at[-1] - at[0]))
    if not np.isfinite(unit) or unit <= 0:
        return None
    return np.clip(at, point(0.001) - unit, point(0.999) + unit), unit
