"""Is there anything to learn, does more real data still help, and how small a gain could be seen?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._statistics.intervals import normal, student
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.pipeline.advice.trial import FOLDS, Tested, Trial
from synthwright.provenance.numbers import plain

__all__ = ["SATURATED", "Curve", "curve_of", "signal", "slope"]

_SHARES = (0.125, 0.25, 0.5)
_SMALLEST = 25  # rows of a point of the curve
SATURATED = {"AUC": 0.005, "R²": 0.01}  # twice the rows bring less than that: what nobody would collect rows for
_HOLDOUT = 0.25
_FACTORS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.99)  # 0.5: the score lacks what one row in n teaches; 0.99: it grows with log n


@dataclass(frozen=True, eq=False)
class Curve:
    """The score by number of real rows, and what the last doubling brought.

    Each doubling brings `shrinking` times what the one before did: the power law of learning curves (Viering & Loog
    2023, doi:10.1109/TPAMI.2022.3220744) that fits the points best. The interval of `doubling` is
    that of Nadeau & Bengio (2003), doi:10.1023/A:1024068626366: folds share their training rows, so their spread is
    widened by the ratio of test to training rows.
    """

    learner: str
    rows: tuple[int, ...]
    scores: tuple[float, ...]
    doubling: Estimate
    shrinking: float
    detectable: float

    @property
    def next(self) -> Estimate:
        """What the next doubling would bring if the curve went on as it did."""
        one = self.doubling
        return Estimate(one.value * self.shrinking, one.low * self.shrinking, one.high * self.shrinking)

    def saturated(self, score: str) -> bool:
        """True if twice as many rows would bring next to nothing, whatever the luck."""
        return self.next.high < SATURATED[score]

    def rising(self, score: str) -> bool:
        """True if twice as many rows would surely bring something, and a figure that is worth it."""
        return self.next.low > 0 and self.next.value >= SATURATED[score]


def curve_of(looked: Looked, trial: Trial, learner: str, whole: Tested) -> Curve | None:
    """The learning curve of `learner`; ``None`` where half of the rows are too few for a model, or in one fold."""
    learnt = len(trial.y) * (FOLDS - 1) // FOLDS
    if learnt // 2 < _SMALLEST:
        return None
    shares = [one for one in _SHARES if one * learnt >= _SMALLEST]
    points = [trial.tested(learner, one) for one in shares]
    steps = whole.folds - points[-1].folds
    if len(steps) < 2:
        return None
    spread = float(steps.std(ddof=1)) * (1 / len(steps) + 1 / (FOLDS - 1)) ** 0.5
    half = student(0.95, len(steps) - 1) * spread
    value = float(steps.mean())
    per_row = float(np.sqrt(((whole.influence - points[-1].influence) ** 2).sum() * len(trial.y)))
    tested = _HOLDOUT * len(looked.table)
    scores = (*(point.value for point in points), whole.value)
    return Curve(
        learner,
        (*(round(one * learnt) for one in shares), learnt),
        scores,
        Estimate(value, value - half, value + half),
        _shrinking(np.array(scores)),
        normal(0.95) * per_row / tested**0.5,
    )


def _shrinking(scores: np.ndarray) -> float:
    """The r in `_FACTORS` for which a - b r^k fits scores at doubling sizes best, larger sizes counting more.

    1, nothing assumed, where there are fewer than four points or the curve does not rise.
    """
    if len(scores) < 4:
        return 1.0
    step, weight = np.arange(len(scores)), np.sqrt(2.0 ** np.arange(len(scores)))
    fits = []
    for factor in _FACTORS:
        design = np.stack([np.ones(len(scores)), -(factor**step)], axis=1)
        found = np.linalg.lstsq(design * weight[:, None], scores * weight, rcond=None)[0]
        fits.append((float((((design @ found - scores) * weight) ** 2).sum()), float(found[1]), factor))
    _, falls, factor = min(fits)
    return factor if falls > 0 else 1.0


def signal(target: Target, learner: str, whole: Tested, without: Sequence[str] = ()) -> list[Finding]:
    """Whether the better of two models, without the columns that were left out, does better than no skill at all."""
    estimate = whole.estimate(confidence=0.975)  # the better of two learners: each has half of the false alarms
    told = f"Without {named(without)} the {learner}" if without else f"The {learner}"
    told += f" model reaches {target.score} {within(estimate)} on unseen rows"
    if estimate.low > target.floor:
        remedy = "There is something to learn."
        return [_signal(target, "note", estimate, f"{told}; without skill it would be {plain(target.floor)}.", remedy)]
    told += f", which can't be told from no skill ({plain(target.floor)})."
    remedy = "Look for columns that know something of the target, or more real rows: made up rows add no signal."
    return [_signal(target, "warn", estimate, told, remedy)]


def slope(target: Target, curve: Curve | None) -> list[Finding]:
    """What the last doubling of the real rows brought."""
    if curve is None:
        return []
    points = ", ".join(f"{plain(score)} with {rows:,}" for rows, score in zip(curve.rows, curve.scores, strict=True))
    further = within(curve.next, sign=True)
    told = (
        f"{target.score} by real rows ({curve.learner} model): {points}. The last doubling brought "
        f"{within(curve.doubling, sign=True)}; if the curve goes on as it did, the next would bring {further}."
    )
    if curve.saturated(target.score):
        remedy = "More rows of the same kind hardly help, real or made up: look for better columns or another model."
    elif curve.rising(target.score):
        remedy = "More real rows still help: price them first, and take what they bring as the most to hope for."
    else:
        remedy = "Whether more rows help can't be told from so few: the experiment has to show it."
    return [
        Finding(
            code="learning.slope",
            severity="note",
            figure=f"{target.score} gained by the last doubling of the real rows",
            value=curve.doubling,
            sentence=told,
            remedy=remedy,
        )
    ]


def _signal(target: Target, severity: str, value: Estimate, told: str, remedy: str) -> Finding:
    return Finding(
        code="learning.signal" if severity == "note" else "learning.no_signal",
        severity="note" if severity == "note" else "warn",
        figure=f"{target.score} on unseen rows",
        value=value,
        sentence=told,
        remedy=remedy,
        columns=(target.column.name,),
    )
