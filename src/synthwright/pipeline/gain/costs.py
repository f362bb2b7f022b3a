"""What an arm costs in CPU time, beside what it gains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.pipeline.gain.cells import Cell
from synthwright.pipeline.gain.store import Made

__all__ = ["Cost", "cost_of"]


@dataclass(frozen=True, slots=True)
class Cost:
    """CPU seconds of making the rows of an arm once (fit and draw) and of training on its blend; means over seeds.

    `per_point` is both per hundredth of the score gained, ``None`` where nothing is; `share` is both as part of the
    same for the arm with the largest gain.
    """

    making: float
    training: float
    per_point: float | None
    share: float | None

    @property
    def total(self) -> float:
        """Making and training."""
        return self.making + self.training


def cost_of(cell: Cell, stages: Sequence[Mapping[Cell, Made]], gain: float, best: float | None) -> Cost:
    """What `cell` costs, given its `gain` and what the arm with the largest gain costs."""
    making = float(np.mean([one[cell].making for one in stages]))
    training = float(np.mean([one[cell].training for one in stages]))
    total = making + training
    per_point = total / (100 * gain) if gain > 0 else None
    return Cost(making, training, per_point, total / best if best else None)
