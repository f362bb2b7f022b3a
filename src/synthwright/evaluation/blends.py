"""What models learn from real and synthetic rows together: the scores that a gain experiment compares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.errors import BadInput
from synthwright.evaluation._aligning.overlap import require_unseen
from synthwright.evaluation._learners.prediction import LEARNERS, fit_rows, scored
from synthwright.evaluation._learners.task import Task, matrix, task_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.tables import over_tables
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.learner import CannotLearn, Learner

__all__ = ["LEARNERS", "Blend", "Scores", "blend_scores", "headline", "over_tables", "require_unseen"]

_MOST_ROWS = 500_000  # of a part to learn from: 100,000 real rows and five synthetic ones for each

Scores = Mapping[str, Figure]  # by the name of the score


@dataclass(frozen=True, slots=True)
class Blend:
    """All rows of train, or none, and `ratio` synthetic rows for each of them."""

    ratio: float
    real: bool = True


def blend_scores(
    comparison: Comparison, blends: Sequence[Blend], learners: Mapping[str, Learner]
) -> dict[tuple[Blend, str], Scores]:
    """Every score on the holdout of every learner fitted on every blend; the first rows of synthetic are used.

    Learners have a fixed budget (trees, or a convex optimum): more rows don't silently mean more training.

    Raises
    ------
    BadInput
        The target sets no task that can be learnt, or a learner can't learn it.
    """
    task = _task(comparison)
    found = {}
    for blend in blends:
        rows = _rows(task, blend)
        for name, learner in learners.items():
            try:
                model = fit_rows(comparison, task, name, rows, settings=learner)
            except CannotLearn as error:
                raise BadInput(f"The learner {name} can't learn this target.", evidence=str(error)) from error
            found[blend, name] = scored(comparison, task, model(matrix(comparison, task, "holdout", learner.view)))
    return found


def headline(comparison: Comparison) -> str:
    """The score that stands for the task: ``"auc"`` or ``"r2"``."""
    return _task(comparison).headline


def _task(comparison: Comparison) -> Task:
    task = task_of(comparison, fit_rows=_MOST_ROWS)
    if isinstance(task, str):
        raise BadInput("There is nothing to train a model for.", evidence=f"{task[:1].upper()}{task[1:]}.")
    return task


def _rows(task: Task, blend: Blend) -> list[tuple[Part, np.ndarray]]:
    real = len(task.y["train"])
    made = min(len(task.y["synthetic"]), round(blend.ratio * real))
    parts: list[tuple[Part, np.ndarray]] = [("synthetic", np.arange(made))] if made else []
    return [("train", np.arange(real)), *parts] if blend.real else parts
