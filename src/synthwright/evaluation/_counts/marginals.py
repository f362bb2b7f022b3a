"""How far each column alone is from train: computed once for all metrics that speak of single columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.cells import Cells
from synthwright.evaluation._counts.distances import (
    absolute,
    kolmogorov_smirnov,
    noise_ratio,
    total_variation,
    total_variation_ratio,
    wasserstein,
)
from synthwright.evaluation._counts.line import Line, beyond_ends
from synthwright.evaluation._counts.trios import Trio
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["Marginal", "marginals", "size_ratio"]

Counts = Mapping[Part, np.ndarray]


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
    line = Line.of(cells.edges, train.sum(axis=0))
    if line is None:
        return Marginal(name, True, shape, None, missing)
    inside = _trio(counts, flat, plain, lambda o, part: wasserstein(train, o, part, line.at).times(1 / line.unit))
    beyond = {part: beyond_ends(comparison, part, name, line) for part in comparison.parts if part != "train"}
    # What lies beyond train's ends counts in full at every size: it is not noise that more rows would shrink.
    holdout = None if inside.holdout is None else inside.holdout + beyond["holdout"]
    holdout = None if holdout is None else line.scaled(holdout, train)
    distance = Trio(line.scaled(inside.synthetic + beyond["synthetic"], train), holdout, inside.baseline)
    return Marginal(name, True, shape, distance, missing)


def _trio(counts: Counts, flat: np.ndarray, ratio: float, distance: Callable[[np.ndarray, str], Figure]) -> Trio:
    holdout = distance(counts["holdout"], "holdout").times(ratio) if "holdout" in counts else None
    return Trio(distance(counts["synthetic"], "synthetic"), holdout, distance(flat[None], "flat").value)


def _missing(train: np.ndarray, other: np.ndarray, part: str) -> Figure:
    gradient = np.zeros(train.shape[1])
    gradient[0] = 1.0
    shares = [counts[:, 0].sum() / counts.sum() for counts in (train, other)]
    moves = {"train": linear_moves(train, gradient), part: linear_moves(other, -gradient)}
    if shares[0] != shares[1]:  # where neither misses (or both do throughout) they are equal, without error
        for name, counts in (("train", train), (part, other)):
            moves[name] = _known(moves[name], counts)
    return absolute(Figure(float(shares[0] - shares[1]), moves))


def _known(moves: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The moves of a share of which no exception was seen are those of one with two more of either kind.

    No missing cell in ten rows is not none ever (Agresti & Coull 1998).
    """
    if not np.any(moves) and len(moves) > 1:
        rows = int(counts.sum()) + 4
        moves = moves + np.sqrt(2 / rows * (1 - 2 / rows) / rows * (len(moves) - 1)) / len(moves)
    return moves


def _flat(cells: Cells, train: np.ndarray) -> np.ndarray:
    """As many rows as train, spread evenly over its range or labels."""
    share = np.zeros(len(train))
    if cells.edges is None:
        share = cells.label_counts
    else:
        share[2:-1] = np.diff(cells.edges)
    return share / share.sum() * train.sum() if share.sum() > 0 else train.astype(np.float64)
