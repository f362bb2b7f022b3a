"""The outermost rows of numeric columns: where train's tails begin, who is beyond, and how far."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._counts.distances import absolute, noise_ratio, total_variation_ratio
from synthwright.evaluation._counts.line import Line, beyond_ends
from synthwright.evaluation._counts.trios import Trio
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["FEWEST", "Tail", "mass_error", "mass_ratio", "rare_levels", "reach_error", "tail_level", "tails_of"]

FEWEST = 5  # rows that the smallest table is expected to have in a tail


@dataclass(frozen=True, eq=False)
class Tail:
    """The cells of a column beyond train's percentile: True in `beyond` (cells,), by fine code.

    At most the nominal share of train's present values lies there: point masses on the percentile are not beyond it.
    """

    name: str
    upper: bool
    beyond: np.ndarray

    @property
    def label(self) -> str:
        """The column and which end."""
        return f"{self.name}: {'upper' if self.upper else 'lower'} tail"


def tail_level(comparison: Comparison, level: float, fewest: float = FEWEST) -> float:
    """The share of rows in a tail: `level`, or more where the smallest table would have fewer than `fewest` there."""
    return max(level, fewest / max(comparison.fewest, 1))


def tails_of(comparison: Comparison, name: str, level: float) -> tuple[Tail, ...]:
    """The lower and the upper tail of a numeric column; none if its present values in train are fewer than two."""
    present = comparison.counts("train", name)[:, 1:].sum(axis=0)
    total = int(present.sum())
    if np.count_nonzero(present) < 2:
        return ()
    low = np.cumsum(present) <= level * total
    high = np.cumsum(present[::-1])[::-1] <= level * total
    both = (Tail(name, upper, np.append(False, cells)) for upper, cells in ((False, low), (True, high)))
    return tuple(tail for tail in both if tail.beyond.any())  # a tail of infinities has no cell to itself


def mass_error(comparison: Comparison, tail: Tail, level: float) -> Trio:
    """|share beyond train's percentile - train's share there| over the nominal `level`: 0 right, 1 empty, 4 fivefold.

    Shares are of present values. Records without skill have no row beyond.
    """
    counts = {part: _two(comparison.counts(part, tail.name), tail) for part in comparison.parts}
    share = {part: _share(table, part) for part, table in counts.items()}
    synthetic = absolute(share["synthetic"] - share["train"]).times(1 / level)
    holdout = None
    if "holdout" in share:
        full = all(table.sum() > 0 for table in counts.values())
        ratio = (
            total_variation_ratio(counts["train"], counts["holdout"], int(counts["synthetic"].sum())) if full else 1.0
        )
        holdout = absolute(share["holdout"] - share["train"]).times(ratio / level)
    return Trio(synthetic, holdout, share["train"].value / level)


def mass_ratio(comparison: Comparison, tail: Tail, part: Part) -> Figure:
    """The share of `part` beyond, over train's share there: 1 right, 0 empty."""
    mine, train = (_share(_two(comparison.counts(one, tail.name), tail), one) for one in (part, "train"))
    if train.value == 0:
        return Figure.sure(1.0)
    ratio = mine.value / train.value
    return Figure(ratio, (mine - train.times(ratio)).times(1 / train.value).moves)


def rare_levels(comparison: Comparison, name: str, level: float, fewest: int) -> Tail | None:
    """The rarest levels of a discrete column, together at most `level` of train's rows, with `fewest` rows each."""
    counts = comparison.counts("train", name).sum(axis=0)
    levels = comparison.cells(name).levels
    if levels is None:
        return None
    named = np.arange(1, 1 + len(levels))
    order = named[np.argsort(counts[named], kind="stable")]
    order = order[counts[order] >= fewest]
    rare = order[np.cumsum(counts[order]) <= level * max(int(counts[1:].sum()), 1)]
    return Tail(name, upper=False, beyond=np.isin(np.arange(len(counts)), rare)) if len(rare) else None


def reach_error(comparison: Comparison, tail: Tail, level: float, line: Line) -> Trio:
    """How much farther or less far tails reach: |mean overshoot - train's| beyond train's percentile, in `line` units.

    The overshoot is max(0, x - percentile), summed over the rows beyond and divided by the nominal number of them
    (`level` times the present values): the area between the two distribution functions there, over `level`. Values
    count up to the ends of `line`. Records without skill have no row beyond.
    """
    inside = np.flatnonzero(tail.beyond)
    start = line.at[inside[0] - 2] if tail.upper else line.at[inside[-1]]  # of the cell before, whose code is 1 + at
    over = np.where(tail.beyond[1:], np.abs(line.at - start), 0.0) / line.unit
    means = {}
    for part in comparison.parts:
        counts = comparison.counts(part, tail.name)[:, 1:]
        share = counts.sum(axis=0) / max(int(counts.sum()), 1)
        means[part] = Figure(float(share @ over), {part: linear_moves(counts, over)})
        if part != "train":
            means[part] = means[part] + beyond_ends(comparison, part, tail.name, line, upper=tail.upper)
    synthetic = absolute(means["synthetic"] - means["train"]).times(1 / level)
    holdout = None
    if "holdout" in means:
        rows = [int(comparison.counts(part, tail.name)[:, 1:].sum()) for part in ("train", "holdout", "synthetic")]
        ratio = noise_ratio(*(max(one, 1) for one in rows))
        holdout = absolute(means["holdout"] - means["train"]).times(ratio / level)
    return Trio(synthetic, holdout, means["train"].value / level)


def _two(counts: np.ndarray, tail: Tail) -> np.ndarray:
    """Counts (blocks, 2) of values beyond and of other present ones."""
    beyond = counts[:, tail.beyond].sum(axis=1)
    return np.column_stack([beyond, counts[:, 1:].sum(axis=1) - beyond])


def _share(two: np.ndarray, part: Part) -> Figure:
    value = float(two[:, 0].sum()) / max(int(two.sum()), 1)
    return Figure(value, {part: linear_moves(two, np.array([1.0, 0.0]))})
