"""The cells of an experiment: which blends an arm is tried in, with which learners."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synthwright.evaluation.blends import Blend, RowLearner
from synthwright.learning.estimators import balanced
from synthwright.learning.learner import Learner
from synthwright.pipeline.gain.arms import Arm

__all__ = ["Cell", "blends_of", "cell_of", "learners_of"]

_FEWEST = 40  # real rows of a point of the learning curve: with fewer, trees with leaves of 20 rows make no split
_PARTS = (2, 4, 8)  # of train, for the learning curve; two of each size tell how luck with rows moves a model


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to train: the arm's name, synthetic rows per real row, with real rows or without, and the learner.

    `part` is ``(k, at)`` where only part `at` of `k` of the real rows are learnt from.
    """

    arm: str
    ratio: float
    real: bool
    learner: str
    part: tuple[int, int] = (1, 0)


def cell_of(arm: str, blend: Blend, learner: str) -> Cell:
    """What `learner` fitted on `blend` of the arm called `arm` is called."""
    return Cell(arm, blend.ratio, blend.real, learner, blend.part)


def blends_of(arm: Arm, ratios: Sequence[float], rows: int) -> tuple[Blend, ...]:
    """The blends of `arm` for `rows` real rows; a balancing arm has one, of whatever it makes."""
    if arm.how == "nothing":
        return (Blend(0.0),)
    if arm.how == "weighs":
        return (Blend(0.0, weighted=True),)
    if arm.how == "fewer":
        return tuple(Blend(0.0, part=(k, at)) for k in _PARTS if rows // k >= _FEWEST for at in (0, 1))
    if arm.how == "balances":
        return (Blend(1.0),)
    told = tuple(Blend(ratio) for ratio in ratios)
    if arm.how == "repeats":
        return told
    found = (*told, *(Blend(ratio, real=False) for ratio in sorted({1.0, max(ratios)})))
    if arm.rows is None:
        return found
    return tuple(blend for blend in found if round(blend.ratio * rows) <= len(arm.rows))


def learners_of(arm: Arm, learners: Mapping[str, Learner | RowLearner]) -> tuple[str, ...]:
    """The learners that `arm` is tried with: class weights only with those that have a setting for them."""
    if arm.how != "weighs":
        return tuple(learners)
    return tuple(
        name for name, one in learners.items() if not isinstance(one, RowLearner) and balanced(one) is not None
    )
