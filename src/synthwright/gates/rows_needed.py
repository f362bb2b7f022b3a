"""How many rows would decide a gate that is in doubt, and of which kind; or why no number would."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist

from synthwright.evaluation.measurement import Estimate, Measurement

__all__ = ["Limits", "Sizes", "factor_needed", "rows_sentence"]

_POWER = 0.8  # the chance that the named rows decide it
_MOST = 1e4  # times as many rows: beyond that the advice would be no advice


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Rows there are of each kind, and those kinds with which the interval gets narrower."""

    rows: Mapping[str, int]
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """An interval within [at_least, at_most] passes, one below `lowest` or above `highest` fails."""

    at_least: float
    at_most: float
    lowest: float
    highest: float

    def in_doubt(self, up: float, down: float) -> list[tuple[float, float]]:
        """The values with which an interval that reaches so far `up` and `down` neither passes nor fails."""
        spans = [
            (self.at_most - up, self.highest + down),
            (self.lowest - up, self.at_least + down),
        ]
        passing = (self.at_least + down, self.at_most - up)
        if passing[0] > passing[1]:  # nothing can pass: in doubt is all that does not fail
            return [(self.lowest - up, self.highest + down)]
        return [(low, high) for low, high in spans if low < high]


def factor_needed(estimate: Estimate, limits: Limits, confidence: float = 0.95) -> float | None:
    """How many times as many rows decide with a chance of 80 %; ``None`` where no number below 10,000 times does.

    Half-widths shrink with the square root of the rows. The value will move, too: what it would be with more rows is
    uncertain by the interval that it has now and by the one that it would have then (predictive power, or assurance:
    O'Hagan, Stevens & Campbell 2005, doi:10.1002/pst.175).
    """
    up, down = estimate.high - estimate.value, estimate.value - estimate.low
    # The wider side: no copies among 300 rows leave an interval with one end, and the share may still be 1 in 300.
    up = down = max(up, down)
    spread = up / NormalDist().inv_cdf((1 + confidence) / 2)
    if spread <= 0:
        return None

    def decides(factor: float) -> bool:
        shrunk = 1 / math.sqrt(factor)
        future = NormalDist(estimate.value, spread * math.sqrt(1 + 1 / factor))
        doubtful = limits.in_doubt(up * shrunk, down * shrunk)
        return sum(future.cdf(high) - future.cdf(low) for low, high in doubtful) <= 1 - _POWER

    few, many = 0.0, math.log(_MOST)
    if not decides(_MOST):
        return None
    for _ in range(40):
        middle = (few + many) / 2
        few, many = (few, middle) if decides(math.exp(middle)) else (middle, many)
    return math.exp(many)


def rows_sentence(measurement: Measurement, estimate: Estimate, limits: Limits, sizes: Sizes | None) -> str:
    """One sentence on how many rows would decide it, and of which kind, as far as `sizes` are known."""
    factor = factor_needed(estimate, limits, measurement.confidence)
    if factor is None:
        return "No number of rows that one could bring would decide it: the figure lies too near the bound."
    have = measurement.n_synthetic
    there = have + 1 if sizes is None else sizes.rows.get("synthetic", have)
    if measurement.sampled and have < there:
        every = "all there are" if sizes is None else f"all {there:,} there are"
        needed = round_up(factor * have)
        return f"It looked at {have:,} synthetic rows; about {needed:,} would decide it, and `--exact` takes {every}."
    kinds = [] if sizes is None else [kind for kind in sizes.rests_on if kind in sizes.rows]
    if sizes is None or not kinds:
        return f"About {round_up(factor * have):,} rows of each kind would decide it."
    needs = [f"{round_up(factor * sizes.rows[kind]):,} {kind}" for kind in kinds]
    if len(kinds) == 1:
        short = ": it is the holdout that is short" if kinds == ["holdout"] else ""
        return f"About {needs[0]} rows would decide it (there are {sizes.rows[kinds[0]]:,}){short}."
    times = f"{factor:.2g}" if factor < 10 else f"{round_up(factor):,}"
    return f"About {times} times as many rows would decide it: {', '.join(needs[:-1])} and {needs[-1]}."


def round_up(rows: float) -> int:
    """`rows` with two digits, rounded up."""
    size = 10 ** max(0, math.floor(math.log10(max(rows, 1))) - 1)
    return int(math.ceil(rows / size) * size)
