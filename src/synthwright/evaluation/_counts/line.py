"""Where the cells of a numeric column lie, and what other tables have beyond their ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["REACH", "Line", "beyond_ends"]

REACH = 10.0  # interquartile ranges: a shift of 7 standard deviations counts in full, one absurd row by about 10 / n
# Shares below the lower end of the unit, and the half width over which the density at its ends is read off, times the
# cube root of the rows (Hall & Sheather 1988, for a normal density).
_SPANS = {0.25: 0.673, 0.05: 0.212}
_TAIL = 0.001  # of train on either side, from where the reach is measured: its own absurd values don't extend it,
_ROWS = 1.5  # nor, in a small table, does a single row
_FARTHEST = 1e9  # units from the median: several cells of 1e300 in train must not overflow where they are squared


@dataclass(frozen=True, eq=False)
class Line:
    """The positions `at` of the cells of present values, between `low` and `high`; `unit` is what distances are in.

    The unit is train's interquartile range; if half of train is one value, the range between the 5 and 95 % points,
    then the whole range. `low` and `high` are 10 units beyond train's 0.1 and 99.9 % points, or its second row from
    either end if one row is more, and no farther than 10^9 units: every value farther out counts as lying there.
    """

    at: np.ndarray
    unit: float
    low: float
    high: float
    span: float | None = None  # the share of train below the unit's lower end, and above its upper one

    @classmethod
    def of(cls, edges: np.ndarray, train: np.ndarray) -> Self | None:
        """The line of cells with these `edges` and counts in train; ``None`` for fewer than two different values."""
        present = train[1:]
        if np.count_nonzero(present) < 2:
            return None
        at = np.concatenate([edges[:1], edges[:-1] / 2 + edges[1:] / 2, edges[-1:]])
        level = np.cumsum(present) / present.sum()

        def point(share: float) -> float:
            return float(at[min(int(np.searchsorted(level, share)), len(at) - 1)])

        units = {span: point(1 - span) - point(span) for span in _SPANS}
        span = next((span for span, unit in units.items() if unit > 0), None)
        unit = float(at[-1] - at[0]) if span is None else units[span]
        if not np.isfinite(unit) or unit <= 0:
            return None
        tail = min(max(_TAIL, _ROWS / float(present.sum())), 0.25)
        low, high = point(tail) - REACH * unit, point(1 - tail) + REACH * unit
        low, high = max(low, point(0.5) - _FARTHEST * unit), min(high, point(0.5) + _FARTHEST * unit)
        return cls(np.clip(at, low, high), unit, low, high, span)

    def scaled(self, distance: Figure, train: np.ndarray) -> Figure:
        """A figure in these units, which are uncertain themselves: counts of train are (blocks, cells).

        A quantile moves by the share of rows on the wrong side of it over the density there. A whole range is given.
        """
        if self.span is None:
            return distance
        present = train[:, 1:]
        rows = int(present.sum())
        level, reach = np.cumsum(present.sum(axis=0)) / rows, min(_SPANS[self.span] / rows ** (1 / 3), self.span)
        gradient = np.zeros(len(level))
        for share, sign in ((self.span, 1.0), (1 - self.span, -1.0)):
            ends = np.searchsorted(level, [share - reach, share, share + reach]).clip(max=len(level) - 1)
            gradient[: ends[1] + 1] += sign * (self.at[ends[2]] - self.at[ends[0]]) / (2 * reach)
        return distance + Figure(0.0, {"train": linear_moves(present, gradient) * (-distance.value / self.unit)})


def beyond_ends(comparison: Comparison, part: Part, name: str, line: Line, *, upper: bool | None = None) -> Figure:
    """How far beyond train's smallest and largest value the present values of `part` lie on average, in units.

    There the distribution function of train is 0 or 1, so this is the Wasserstein distance beyond its ends, to the
    digit; within them, cells are enough. `upper` asks for one end only.
    """
    codes = comparison.codes(part)
    cells = codes.fine.column(name)
    last = codes.fine.size(name) - 1
    rows = np.flatnonzero(((cells == 1) & (upper is not True)) | ((cells == last) & (upper is not False)))
    values = comparison.part(part).select([name]).take(rows).numbers(name).clip(line.low, line.high)
    far = np.maximum(values - line.at[-1], 0) + np.maximum(line.at[0] - values, 0)
    sums = np.bincount(codes.block[rows], weights=far / line.unit, minlength=codes.blocks)
    present = comparison.counts(part, name)[:, 1:].sum(axis=1)
    total = max(int(present.sum()), 1)
    average = float(sums.sum()) / total
    return Figure(average, {part: (sums - present * average) / total})
