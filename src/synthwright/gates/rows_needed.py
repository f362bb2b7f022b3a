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
_ALONE = 3.0  # more of one kind of rows is easier to get than more of all, up to three times as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Rows there are of each kind, and which the interval gets narrower with; none, if train's count as much."""

    rows: Mapping[str, int]
    rests_on: tuple[str, ...] = ("synthetic", "holdout")


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


def rows_sentence(
    measurement: Measurement, estimate: Estimate, limits: Limits, *, excess: bool, sizes: Sizes | None
) -> str:
    """One sentence on how many rows would decide it, and of which kind, as far as `sizes` are known."""
    factor = factor_needed(estimate, limits, measurement.confidence)
    if factor is None:
        return "No number of rows that one could bring would decide it: the figure lies too near the bound."
    have = measurement.n_synthetic
    if measurement.sampled:
        needed = round_up(factor * have)
        there = "all there are" if sizes is None else f"all {sizes.rows.get('synthetic', have):,} there are"
        return f"It looked at {have:,} synthetic rows; about {needed:,} would decide it, and `--exact` takes {there}."
    unseen = sizes.rows.get("holdout") if sizes is not None else None
    share = _share_of_holdout(measurement, excess, sizes)
    if unseen is None or share is None:
        return f"About {round_up(factor * have):,} rows of each kind would decide it."
    alone = {"synthetic": _alone(factor, 1 - share), "holdout": _alone(factor, share)}
    if alone["synthetic"] <= _ALONE * factor:
        return f"About {round_up(alone['synthetic'] * have):,} synthetic rows would decide it (there are {have:,})."
    if alone["holdout"] <= _ALONE * factor:
        return (
            f"About {round_up(alone['holdout'] * unseen):,} holdout rows would decide it (there are {unseen:,}): "
            "it is the holdout that is short."
        )
    return (
        f"About {round_up(factor * have):,} synthetic and {round_up(factor * unseen):,} holdout rows would decide it "
        f"(there are {have:,} and {unseen:,})."
    )


def _share_of_holdout(measurement: Measurement, excess: bool, sizes: Sizes | None) -> float | None:
    """The holdout's share of the variance; ``None`` where real and synthetic rows can't be told apart."""
    if sizes is None:
        return None
    if excess and measurement.holdout is not None:
        ours, theirs = (one.high - one.low for one in (measurement.estimate, measurement.holdout))
        return theirs**2 / (ours**2 + theirs**2) if ours + theirs > 0 else None
    if len(sizes.rests_on) == 1:
        return float(sizes.rests_on == ("holdout",))
    unseen = sizes.rows.get("holdout")
    if not unseen or not sizes.rests_on:
        return None
    return measurement.n_synthetic / (measurement.n_synthetic + unseen)


def _alone(factor: float, share: float) -> float:
    """How many times as many rows of one kind do it alone, if they make up this share of the variance."""
    left = 1 / factor - (1 - share)
    return share / left if left > 0 else math.inf


def round_up(rows: float) -> int:
    """`rows` with two digits, rounded up."""
    size = 10 ** max(0, math.floor(math.log10(max(rows, 1))) - 1)
    return int(math.ceil(rows / size) * size)
