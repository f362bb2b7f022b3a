"""The test rows of a gain experiment: what predictions for them are worth, as a whole, per class and per group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.evaluation._groups.within import headline_within, scored_groups
from synthwright.evaluation._learners.prediction import Task, scored, task_of, without_skill
from synthwright.evaluation._learners.rare_scores import class_scores, score_rare
from synthwright.evaluation._learners.scores import LOWER_IS_BETTER, Score
from synthwright.evaluation._learners.task import class_titles
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison

__all__ = ["LOWER_IS_BETTER", "MOST_ROWS", "Bench", "Scores", "require_task"]

MOST_ROWS = 500_000  # of a part to learn from: 100,000 real rows and five synthetic ones for each

Scores = Mapping[str, Figure]  # by the name of the score


@dataclass(frozen=True, eq=False)
class Bench:
    """The rows of a test table with a known target (at most 20,000), and the task that train sets."""

    comparison: Comparison
    task: Task

    @classmethod
    def of(cls, train: Table, test: Table, *, seed: int = 0) -> Self:
        """The bench of `test` for models that learn from `train` and whatever is added to it.

        Raises
        ------
        BadInput
            The target sets no task that can be learnt, or `test` shares rows with `train`.
        """
        comparison = align(train, train, test, seed=seed)
        return cls(comparison, require_task(comparison))

    @property
    def headline(self) -> str:
        """The score that stands for the task: ``"auc"`` or ``"r2"``."""
        return self.task.headline

    @property
    def n_real(self) -> int:
        """The rows of train whose target is known."""
        return len(self.task.y["train"])

    def scores(self, made: np.ndarray) -> Scores:
        """Every score of these predictions: class probabilities (n, K), or numbers (n,)."""
        task, found = self.task, dict(scored(self.comparison, self.task, made))
        if task.classes:
            rare = score_rare(made, task.y["holdout"], task.minority, task.trained)
            found |= {name: self._figure(one) for name, one in rare.items()}
        return found

    def parts(self, made: np.ndarray) -> dict[str, Scores]:
        """Recall and F1 of every class, and the headline score within every sensitive group that is large enough."""
        task, y = self.task, self.task.y["holdout"]
        found: dict[str, Scores] = {}
        if task.classes:
            for k, title in class_titles(self.comparison, task).items():
                if (y == k).any():
                    scores = class_scores(made, y, k)
                    found[f"class {title}"] = {name: self._figure(one) for name, one in scores.items()}
        groups = self.comparison.keep("scored groups", lambda: scored_groups(self.comparison, task))
        within = headline_within(self.comparison, task, made, groups)
        return found | {name: {task.headline: figure} for name, figure in within.items()}

    def without_skill(self) -> Scores:
        """Every score of always answering train's class frequencies, or its mean."""
        return self.scores(without_skill(self.task))

    def _figure(self, score: Score) -> Figure:
        test = self.task.rows["holdout"]
        return Figure(score.value, {"holdout": row_moves(self.comparison, "holdout", test, score.influence)})


def require_task(comparison: Comparison) -> Task:
    """The task that the target sets; raises `BadInput` where it sets none."""
    task = task_of(comparison, fit_rows=MOST_ROWS)
    if isinstance(task, str):
        raise BadInput("There is nothing to train a model for.", evidence=f"{task[:1].upper()}{task[1:]}.")
    return task
