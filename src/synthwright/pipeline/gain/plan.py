"""What a gain experiment is asked to do, checked before anything is spent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from synthwright.errors import UsageError
from synthwright.evaluation.blends import RowLearner
from synthwright.learning.learner import Learner
from synthwright.pipeline.gain.arms import Arm

__all__ = ["RATIOS", "Plan", "checked_ratios"]

RATIOS = (0.25, 0.5, 1.0, 2.0, 5.0)
_MOST = 100.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Arms, synthetic rows per real row, learners by name, and the number of seeds.

    Every seed has a split of train of its own (by `group` or `time`, where one is named), generators fitted anew, rows
    drawn anew, and learners with randomness of their own.
    """

    arms: tuple[Arm, ...]
    ratios: tuple[float, ...]
    learners: Mapping[str, Learner | RowLearner]
    seeds: int
    seed: int
    group: str | None = None
    time: str | None = None

    def __post_init__(self) -> None:
        if not self.arms:
            raise UsageError("There is no method to try.", remedy="Name one, such as tabular.honest_trees.")
        names = [arm.name for arm in self.arms]
        if len(set(names)) < len(names):
            raise UsageError("A method is named twice.", evidence=", ".join(names), remedy="Name each once.")
        if not 1 <= self.seeds <= 100:
            raise UsageError(f"{self.seeds} is no number of seeds.", remedy="Give one from 1 to 100; 3 are usual.")


def checked_ratios(ratios: Sequence[float]) -> tuple[float, ...]:
    """`ratios` in order, each once, without 0 (real rows alone are always there) and with 1.

    Raises
    ------
    UsageError
        One is no number from 0 to 100.
    """
    wrong = [one for one in ratios if not 0 <= one <= _MOST]
    if wrong:
        raise UsageError(
            f"{wrong[0]} is no ratio.", remedy=f"Give synthetic rows per real row, from 0 to {_MOST:.0f}, such as 0.5."
        )
    return tuple(sorted({1.0, *(float(one) for one in ratios if one > 0)}))
