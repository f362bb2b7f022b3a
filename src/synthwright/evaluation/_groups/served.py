"""How a model serves each sensitive group of the test rows: selection, errors and calibration as figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._groups.group_figures import largest_gap, largest_of, spread_of
from synthwright.evaluation._groups.sensitive import Grouping
from synthwright.evaluation._learners.prediction import Ration, predicted
from synthwright.evaluation._learners.task import Task
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison

__all__ = ["Answers", "answers_of", "gaps_of", "served"]

_FEWEST = 20  # test rows of a group, and of those that a rate is taken of


@dataclass(frozen=True, eq=False)
class Answers:
    """One number per test row: the true outcome, what a model calls it, and the score behind that.

    Classes: 1 and 0 for the rarest class and the others, the score its probability. Numbers: in standard deviations of
    train, called and score being the same.
    """

    truth: np.ndarray
    called: np.ndarray
    score: np.ndarray
    classes: bool


def answers_of(comparison: Comparison, task: Task, ration: Ration) -> Answers:
    """What boosted trees fitted on `ration` rows say of the holdout rows; the models are those of `utility.tstr`."""
    made, y = predicted(comparison, task, "boosted", ration), task.y["holdout"]
    if task.classes:
        positive = task.minority
        called = made.argmax(axis=1) == positive
        return Answers((y == positive) * 1.0, called * 1.0, made[:, positive], True)
    spread = float(task.y["train"].std()) or 1.0
    return Answers(y / spread, made / spread, made / spread, False)


def served(comparison: Comparison, task: Task, grouping: Grouping, answers: Answers) -> Mapping[str, Figure]:
    """The differences between groups that have enough test rows; a name is absent where fewer than two have.

    ``demographic_parity``: of the mean answer (the selection rate). ``equalized_odds``: the larger of those of the true
    and the false positive rate (classes only). ``calibration``: the largest |mean score - mean outcome| of a group.
    """
    truth, called = answers.truth, answers.called

    def rates(values: np.ndarray, among: np.ndarray) -> list[Figure]:
        return _rates(comparison, task, grouping, values, among)

    found: dict[str, Figure] = {}
    if len(selected := rates(called, np.ones(len(truth), dtype=bool))) > 1:
        found["demographic_parity"] = spread_of(selected)
        found["calibration"] = largest_gap(gaps_of(comparison, task, grouping, answers))
    if answers.classes:
        odds = [spread_of(one) for one in (rates(called, truth == 1), rates(called, truth == 0)) if len(one) > 1]
        if len(odds) == 2:
            found["equalized_odds"] = largest_of(odds)
    return found


def gaps_of(comparison: Comparison, task: Task, grouping: Grouping, answers: Answers) -> list[Figure]:
    """Mean score minus mean outcome of every group that has enough test rows."""
    everyone = np.ones(len(answers.truth), dtype=bool)
    return _rates(comparison, task, grouping, answers.score - answers.truth, everyone)


def _rates(
    comparison: Comparison, task: Task, grouping: Grouping, values: np.ndarray, among: np.ndarray
) -> list[Figure]:
    """The mean of `values` over the test rows `among` of each group that has enough of these."""
    member = grouping.of("holdout")[task.rows["holdout"]]
    return [
        _mean(comparison, task, values, inside)
        for group in range(len(grouping))
        if (inside := among & (member == group)).sum() >= _FEWEST
    ]


def _mean(comparison: Comparison, task: Task, values: np.ndarray, inside: np.ndarray) -> Figure:
    mean, rows = float(values[inside].mean()), int(inside.sum())
    # Divided as a sample variance is: of 20 rows the spread about their own mean is a fortieth too small.
    influence = np.where(inside, (values - mean) / np.sqrt(rows * max(rows - 1, 1)), 0.0)
    return Figure(mean, {"holdout": row_moves(comparison, "holdout", task.rows["holdout"], influence)})
