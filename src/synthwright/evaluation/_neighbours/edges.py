"""Real rows at the edge of the distribution: far from all others, or with a value that few rows have or surpass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._neighbours.neighbourhoods import FEWEST, Neighbourhoods
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["Edges", "edges_of"]

_OUTERMOST = 0.05  # of real rows, those with the farthest k-th neighbour
_RARE = 0.01  # of real rows: a level is rare below that
_MOST_RARE = 0.05  # of real rows: in tables of many labels only those with the rarest ones count
_FEWEST_REAL = 5 * FEWEST  # with fewer rows a fifth of the table would be its edge


@dataclass(frozen=True, eq=False)
class Edges:
    """Positions among the centres of a `Neighbourhoods`, by the kind of edge that they are at."""

    kinds: Mapping[str, np.ndarray]

    @property
    def all(self) -> np.ndarray:
        """Every kind, ascending."""
        return np.unique(np.concatenate(list(self.kinds.values())))


def edges_of(comparison: Comparison, found: Neighbourhoods) -> Edges | str:
    """The rows at the edge among the centres of `found`, or why there are too few to speak of.

    What counts as far or rare is read off the real rows whose balls are looked at alone, never off train: train's own
    rows would else be the ones that made a level rare.
    """
    n = found.n_real
    if n < _FEWEST_REAL:
        return f"an edge needs {_FEWEST_REAL} real rows to stand out from, and there are {n}"
    outermost = _least(-found.reach.radius.astype(np.float64), max(FEWEST, int(_OUTERMOST * n)))
    levels, numbers = _rarest(comparison, found)
    kinds = {"outermost rows": outermost}
    for kind, rarest in (("rows with a rare level", levels), ("rows with an extreme number", numbers)):
        kinds[kind] = _least(np.where(rarest < _RARE, rarest, np.inf), int(_MOST_RARE * n))
    edges = Edges(kinds)
    if len(edges.all) < FEWEST:
        return f"{len(edges.all)} real rows lie at the edge, and it needs {FEWEST}: no row stands out"
    return edges


def _rarest(comparison: Comparison, found: Neighbourhoods) -> tuple[np.ndarray, np.ndarray]:
    """For each centre the least share of real rows that have one of its levels, or one of its numbers or a farther one.

    1 without discrete (numeric) columns, and for missing numbers.
    """
    real: Part = "train" if comparison.holdout is None else "holdout"
    table, rows = comparison.part(real), found.centres.rows
    of_levels, of_numbers = np.ones(found.n_real), np.ones(found.n_real)
    for column in comparison.schema:
        if column.is_discrete:
            levels = table.levels(column.name) + 1
            share = np.bincount(levels) / len(table)
            of_levels = np.minimum(of_levels, share[levels[rows]])
        elif column.is_numeric:
            numbers = table.numbers(column.name)
            ordered, mine = np.sort(numbers[np.isfinite(numbers)]), numbers[rows]
            below = np.searchsorted(ordered, mine, side="right")
            above = len(ordered) - np.searchsorted(ordered, mine, side="left")
            tail = np.minimum(below, above) / max(len(ordered), 1)
            of_numbers = np.minimum(of_numbers, np.where(np.isfinite(mine), tail, 1.0))
    return of_levels, of_numbers


def _least(values: np.ndarray, most: int) -> np.ndarray:
    """Positions of about the `most` smallest finite values; of equal ones all or none, at most twice as many in all."""
    distinct, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    total = np.cumsum(counts)
    last = int(np.searchsorted(total, most))
    if last == len(total) or total[last] > 2 * most:
        last -= 1
    return np.flatnonzero(values <= distinct[last]) if last >= 0 else np.zeros(0, dtype=np.int64)
