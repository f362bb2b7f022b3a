"""One model of the target, of real rows and some of the synthetic ones: its score, and its error on every test row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.errors import BadInput
from synthwright.evaluation._learners.prediction import LEARNERS, fit_rows, scored
from synthwright.evaluation._learners.scores import squared_errors
from synthwright.evaluation._learners.task import matrix
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.bench import require_task
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.slices import Slice
from synthwright.learning.learner import CannotLearn, Learner
from synthwright.learning.threads import one_thread

__all__ = ["LEARNERS", "Trial", "error_change", "error_mean", "require_task", "trial"]


@dataclass(frozen=True, eq=False)
class Trial:
    """`score` is the headline; `made` was predicted for the test rows, `rows` of the holdout, and `y` is the truth."""

    score: Figure
    made: np.ndarray
    y: np.ndarray
    rows: np.ndarray

    def errors(self, label: int | None = None) -> np.ndarray:
        """The squared error of each test row: Brier's score of classes, the share of the target's variance of numbers.

        With `label`, that of the chance that the row is of this class: what all rows say of it, not only its own, so
        that calling a class more often is no merit in itself.
        """
        if label is not None:
            return np.asarray((self.made[:, label] - (self.y == label)) ** 2)
        spread = 1.0 if self.made.ndim > 1 else float(np.var(self.y)) or 1.0
        return squared_errors(self.made, self.y) / spread


def trial(comparison: Comparison, learner: tuple[str, Learner], kept: np.ndarray | None) -> Trial:
    """The learner fitted on all real rows and the synthetic rows where `kept` is true (none of them: ``None``).

    Raises
    ------
    BadInput
        The learner can't learn this target.
    """
    task, (name, settings) = require_task(comparison), learner
    rows: list[tuple[Part, np.ndarray]] = [("train", np.arange(len(task.y["train"])))]
    if kept is not None and (chosen := np.flatnonzero(kept[task.rows["synthetic"]])).size:
        rows.append(("synthetic", chosen))
    try:
        with one_thread():
            model = fit_rows(comparison, task, name, rows, settings=settings)
            made = model(matrix(comparison, task, "holdout", settings.view))
    except CannotLearn as error:
        raise BadInput(f"The learner {name} can't learn this target.", evidence=str(error)) from error
    return Trial(scored(comparison, task, made)[task.headline], made, task.y["holdout"], task.rows["holdout"])


def error_mean(comparison: Comparison, of: Trial, member: np.ndarray) -> Figure:
    """The mean error of the test rows that are `member`, of which there is one at least."""
    return _mean(comparison, of, of.errors(), member[of.rows])


def error_change(comparison: Comparison, before: Trial, after: Trial, of: Slice) -> Figure | None:
    """How much less the slice is mistaken `after`: its test rows, or its class in all rows; ``None`` below two rows."""
    inside = np.ones(len(before.rows), dtype=bool) if of.label is not None else of.of("holdout")[before.rows]
    if np.count_nonzero(inside) < 2:
        return None
    return _mean(comparison, before, before.errors(of.label) - after.errors(of.label), inside)


def _mean(comparison: Comparison, of: Trial, values: np.ndarray, inside: np.ndarray) -> Figure:
    """The mean of the `values` of the test rows `inside`; the others move it by nothing, so means of slices add up."""
    middle = float(values[inside].mean())
    moves = np.where(inside, (values - middle) / np.count_nonzero(inside), 0.0)
    return Figure(middle, {"holdout": row_moves(comparison, "holdout", of.rows, moves)})
