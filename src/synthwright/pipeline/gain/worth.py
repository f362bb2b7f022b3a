"""How many real rows a blend is worth, read off the learning curve of real rows, and what that saves."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.errors import UsageError
from synthwright.evaluation.curves import DECAY, Figure, Point, joint_draws, rows_reaching, training_noise, within_draws
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.gain.cells import Cell
from synthwright.seeding import Streams

__all__ = ["Prices", "Worth", "worth_of"]

_BEYOND = 4.0  # times the real rows: a line through the last doubling says nothing of what lies further out
_DRAWS = 2_000  # leaves the ends of an interval 4 % of its width


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Money per labelled real row, and per synthetic row; any currency."""

    label: float | None = None
    row: float = 0.0

    def __post_init__(self) -> None:
        for name, price in (("label", self.label), ("row", self.row)):
            if price is not None and not 0 <= price < math.inf:
                raise UsageError(f"{price} is no price of a {name}.", remedy="Give money per row, such as 0.50.")
        if self.label is None and self.row:
            raise UsageError(
                "The price of a synthetic row says nothing by itself.", remedy="Give that of a labelled row, too."
            )


@dataclass(frozen=True, slots=True)
class Worth:
    """The number of real rows that teach as much as the blend does; with prices, what it saves.

    Beyond the real rows there are, the curve is a straight line in their logarithm through its last doubling: curves
    flatten, so it is a cautious reading. It ends at four times as many rows; `at_least`: the answer lies there.
    `saved` is the price of the real rows that the synthetic ones stand for, less that of making them.
    """

    rows: Estimate
    at_least: bool
    saved: Estimate | None = None

    def sentence(self, n_real: int, cell: Cell) -> str:
        """What it says, in one sentence."""
        most = "at least " if self.at_least else ""
        told = (
            f"{n_real:,} real rows with {cell.ratio:.3g} of {cell.arm} for each teach as much as "
            f"{most}{self.rows.value:,.0f} real rows (95 % interval {self.rows.low:,.0f} to {self.rows.high:,.0f})"
        )
        if self.saved is None:
            return f"{told}."
        saved = self.saved
        return f"{told}; in money, after the price of making them, {most}{_money(saved)}."


def worth_of(
    curve: Sequence[Point], real: Figure, blends: Sequence[Figure], made: int, prices: Prices, streams: Streams
) -> Worth | None:
    """What a blend with these scores (one per seed) is worth, given those of some (`curve`) and all real rows.

    `curve` begins with no rows at all and ends with all real rows. ``None`` where it has too few points, or real rows
    teach nothing. Intervals hold for other test rows, other samples of the curve and other synthetic rows.
    """
    several = [point for point in curve[1:-1] if len(point.scores) > 1]
    if not several:
        return None
    n, mean_blend = curve[-1].rows, _mean(blends)
    freedom, one_row = training_noise(several)
    figures = [*(point.score for point in curve[:-1]), real, mean_blend]
    drawn = joint_draws(figures, streams, _DRAWS)
    rng = streams.at("training").rng()
    scale = np.sqrt(freedom / rng.chisquare(freedom, (_DRAWS, 1)))
    spread = [0.0, *(np.sqrt(max(one_row / p.rows**DECAY, p.variance) / len(p.scores)) for p in curve[1:-1])]
    last = np.sqrt(one_row / n**DECAY) * rng.normal(size=(_DRAWS, 1)) * scale  # real rows are the same in both
    tables = float(np.std([one.value for one in blends], ddof=1)) / len(blends) ** 0.5 if len(blends) > 1 else 0.0
    drawn[:, : len(spread)] += scale * rng.normal(size=(_DRAWS, len(spread))) * spread
    drawn[:, -2:] += last
    drawn[:, -1] += tables * rng.normal(size=_DRAWS)
    sizes = [float(point.rows) for point in curve]
    value = float(_reached(sizes, np.array([[figure.value for figure in figures]]))[0])
    rows = within_draws(value, _reached(sizes, drawn))
    saved = None if prices.label is None else _saved(rows, n, made, prices.label, prices.row)
    return Worth(rows, value >= _BEYOND * n, saved)


def _money(saved: Estimate) -> str:
    """A saving, or what it costs beyond what it is worth."""
    word = "saved" if saved.value >= 0 else "lost"
    return f"{abs(saved.value):,.2f} {word} (interval of what is saved: {saved.low:,.2f} to {saved.high:,.2f})"


def _mean(figures: Sequence[Figure]) -> Figure:
    return Point(0, figures).score


def _reached(sizes: Sequence[float], scores: np.ndarray) -> np.ndarray:
    """Rows, per draw, at which the curve (all columns but the last) comes to the score in the last one."""
    curve, n = scores[:, :-1], sizes[-1]
    halves = np.log(n / sizes[-2])
    slope = np.maximum(curve[:, -1] - curve[:, -2], 0) / halves
    beyond = curve[:, -1] + slope * np.log(_BEYOND)
    longer = np.column_stack([curve, np.maximum(beyond, curve[:, -1])])
    return rows_reaching([*sizes, _BEYOND * n], longer, scores[:, -1:])[:, 0]


def _saved(rows: Estimate, n: int, made: int, label: float, row: float) -> Estimate:
    ends = [(one - n) * label - made * row for one in (rows.value, rows.low, rows.high)]
    return Estimate(*ends)
