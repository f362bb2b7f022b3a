"""How many real rows are the synthetic rows worth, to a model of the target?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._learners.curve import DECAY, Point, rows_reaching, training_noise
from synthwright.evaluation._learners.prediction import (
    Task,
    equal_rations,
    figures,
    fit_rows,
    floor,
    scored,
    task_of,
    taught,
)
from synthwright.evaluation._learners.task import halves, matrix
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.resampling import joint_draws, within_draws
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import POWER
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["Worth"]

_SMALLEST = 40  # rows: with fewer, trees with leaves of 20 rows make no split
_FEWEST = 8 * _SMALLEST  # rows in a half: with samples of an eighth, the noise of training is known at all
_STEP = 4  # sizes from half of one half down: a factor of 4 halves the distance to what endless rows would teach
_REPEATS = 3  # disjoint samples of an eighth; half a half has two, and smaller ones carry little weight: two
_DRAWS = 2_000  # leaves the ends of an interval 4 % of its width


@dataclass(frozen=True, kw_only=True)
class Worth:
    """The number of real rows on which boosted trees score what they score on n synthetic ones.

    The learning curve of real rows (no rows: the floor; then sizes up to the whole of train, at most 50,000) is made
    monotone and read off backwards, linear in the logarithm of the rows. n is at most half of train, so that the curve
    goes on beyond it: at its end the answer is "at least as many". `holdout` is the same for n rows of train's other
    half, of which the curve up to n knows nothing.

    The estimand is the number that the expected scores give; the interval holds for other test rows and for other
    training rows of all sizes, whose variance is taken to fall as their number to the power 1.5. Parts: scores
    along the curve.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="How many real rows teach a model as much as the synthetic ones?",
        source="original; learning curve by isotonic regression, joint normal draws of its scores",
        measures=("utility.worth",),
        needs=frozenset({"holdout", "target"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The number of rows; skipped where train is too small for a curve, or teaches nothing."""
        name = self.info.measures[0]
        task = task_of(comparison)
        if isinstance(task, str):
            return [Skipped(name, task)]
        half, (n, rations) = len(halves(comparison, task)[0]), equal_rations(comparison, task)
        if half < _FEWEST:
            told = f"{2 * half} rows of train have a known target, and a learning curve needs {2 * _FEWEST}"
            return [Skipped(name, told)]
        whole = figures(comparison, task, "boosted", (("half", half), ("other half", half)))[task.headline]
        lowest = floor(comparison, task)[task.headline]
        if reason := taught(task, whole - lowest):
            return [Skipped(name, reason)]
        made, fresh = (
            figures(comparison, task, "boosted", rations[part])[task.headline] for part in ("synthetic", "holdout")
        )
        curve = [Point(0, [lowest]), *_points(comparison, task, half), Point(2 * half, [whole])]
        streams = Streams(comparison.seed).at("evaluation", "utility", "worth")
        scores = np.array([[*(point.score.value for point in curve), made.value, fresh.value]])
        value, ceiling = _rows(curve, scores)[0].tolist()
        rows = _rows(curve, _drawn(curve, [made, fresh], n, streams))
        more = rows[:, 0] - rows[:, 1]
        excess = within_draws(value - ceiling, more)
        return [
            Measurement(
                metric=name,
                estimate=within_draws(value, rows[:, 0]),
                better="higher",
                n_real=2 * half,
                n_synthetic=n,
                sampled=n < len(comparison.synthetic),
                holdout=within_draws(ceiling, rows[:, 1]),
                baseline=Estimate.exact(0.0),
                excess=excess,
                detectable=min((excess.high - excess.low) / 2 + POWER * float(np.std(more)), 2.0 * half),
                parts={f"{point.rows} real rows": point.score.estimate() for point in reversed(curve)},
            )
        ]


def _points(comparison: Comparison, task: Task, half: int) -> list[Point]:
    """The curve between no rows and all: disjoint samples of the first half of train, then that half, ascending."""
    first, test = halves(comparison, task)[0], matrix(comparison, task, "holdout", "codes")
    order = Streams(comparison.seed).at("evaluation", "utility", "curve").rng().permutation(first)
    points = [Point(half, [figures(comparison, task, "boosted", (("half", half),))[task.headline]])]
    rows = half // 2
    while rows >= _SMALLEST:
        scores = []
        for at in range(_REPEATS if rows == half // 2 // _STEP else 2):
            picked = np.sort(order[at * rows : (at + 1) * rows])
            model = fit_rows(comparison, task, "boosted", [("train", picked)])
            scores.append(scored(comparison, task, model(test))[task.headline])
        points.append(Point(rows, scores))
        rows //= _STEP
    return points[::-1]


def _drawn(curve: Sequence[Point], compared: Sequence[Figure], n: int, streams: Streams) -> np.ndarray:
    """Joint draws of the curve's scores and of two models of `n` rows: other test rows, other training rows."""
    drawn = joint_draws([*(point.score for point in curve), *compared], streams, _DRAWS)
    freedom, one_row = _training_noise(curve, compared[1] if n == curve[-2].rows else None)
    spread = [0.0, *(np.sqrt(max(one_row / p.rows**DECAY, p.variance) / len(p.scores)) for p in curve[1:])]
    spread += [np.sqrt(one_row / n**DECAY)] * len(compared)
    rng = streams.at("training").rng()
    # The variance itself is known from a few models only: Student's distribution, not the normal one.
    scale = np.sqrt(freedom / rng.chisquare(freedom, (_DRAWS, 1)))
    return np.asarray(drawn + scale * rng.normal(size=drawn.shape) * spread)


def _training_noise(curve: Sequence[Point], twin: Figure | None) -> tuple[int, float]:
    """Degrees of freedom, and the variance that scores of models of one row would have.

    `twin` is the score of a model of as many other rows as the last point but one has.
    """
    # Scores of the smallest samples vary more than that: with few splits, luck decides.
    points = [point for point in curve if len(point.scores) > 1 and point.rows * 8 >= curve[-2].rows]
    if twin is not None:
        points.append(Point(curve[-2].rows, [*curve[-2].scores, twin]))
    return training_noise(points)


def _rows(curve: Sequence[Point], scores: np.ndarray) -> np.ndarray:
    """Rows at which the monotone curve reaches the last two scores, (draws, 2); `scores` is (draws, curve + 2)."""
    return rows_reaching([point.rows for point in curve], scores[:, : len(curve)], scores[:, len(curve) :])
