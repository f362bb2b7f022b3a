"""Several figures drawn together, for statistics of them that have no slope: ranks, and where a curve is crossed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation.measured import POWER
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.seeding import Streams

__all__ = ["around", "extremes", "joint_draws", "within_draws"]

_DRAWS = 1_000  # leaves a spread 2 % of noise


def joint_draws(figures: Sequence[Figure], streams: Streams, draws: int) -> np.ndarray:
    """What `figures` could have been with other rows, (draws, figures): normal, with the covariance of their moves.

    The limit of a bootstrap that draws rows (or whole groups) and computes every figure from the same ones, without
    computing them again.
    """
    made = np.tile([figure.value for figure in figures], (draws, 1))
    for part in sorted({part for figure in figures for part in figure.moves}):
        units = max(len(figure.moves.get(part, ())) for figure in figures)
        if units < 2:
            continue
        moves = np.stack([figure.moves.get(part, np.zeros(units)) for figure in figures])
        noise = streams.at("joint", part).rng().normal(size=(draws, len(figures)))
        # Any root of the covariance will do; this one needs no more than the figures have rows.
        values, vectors = np.linalg.eigh(moves @ moves.T * (units / (units - 1)))
        made += (noise * np.sqrt(np.maximum(values, 0))) @ vectors.T
    return made


def within_draws(value: float, drawn: np.ndarray, confidence: float = 0.95) -> Estimate:
    """`value` inside the percentile interval of what was drawn (Efron 1979)."""
    low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2])
    return Estimate(value, min(value, float(low)), max(value, float(high)))


def around(value: float, drawn: np.ndarray, *, low: float = -math.inf, high: float = math.inf) -> Estimate:
    """`value` inside its normal interval, with the spread of what was drawn, kept within ``low .. high``.

    For statistics that noise shifts to one side (the largest of several, the agreement of ranks): what is drawn holds
    the noise twice, so its quantiles lie to that side of what is to be estimated, and only its spread is right.
    """
    half = normal(0.95) * float(np.std(drawn))
    return Estimate(value, max(low, min(value, value - half)), min(high, max(value, value + half)))


def extremes(
    one: Measurement,
    mine: Sequence[Figure],
    theirs: Sequence[Figure],
    streams: Streams,
    *,
    least: bool = False,
    low: float = -math.inf,
    high: float = math.inf,
) -> Measurement:
    """`one`, measured from the largest (`least`: smallest) of some figures, with intervals of its own kind.

    They stay within ``low .. high``, and the excess within the width of that. The interval of whichever figure is the
    largest would be wider: another one takes its place when it falls.
    """
    drawn = joint_draws([*mine, *theirs], streams, _DRAWS)
    pick = np.min if least else np.max
    own, unseen = pick(drawn[:, : len(mine)], axis=1), pick(drawn[:, len(mine) :], axis=1)
    excess, holdout = one.excess, one.holdout
    if excess is None or holdout is None:
        return one
    return replace(
        one,
        estimate=around(one.estimate.value, own, low=low, high=high),
        holdout=around(holdout.value, unseen, low=low, high=high),
        excess=around(excess.value, own - unseen, low=low - high, high=high - low),
        detectable=(normal(0.95) + POWER) * float(np.std(own - unseen)),
    )
