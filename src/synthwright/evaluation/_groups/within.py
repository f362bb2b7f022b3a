"""The headline score of a model within each sensitive group of the test rows."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthwright.evaluation._groups.sensitive import groupings
from synthwright.evaluation._learners.scores import score_classes, score_numbers
from synthwright.evaluation._learners.task import Task
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison

__all__ = ["EACH", "FEWEST", "headline_within", "scored_groups"]

FEWEST = 50  # test rows of a group
EACH = 10  # of them with, and as many without, the class that ranking is about


def scored_groups(comparison: Comparison, task: Task) -> dict[str, np.ndarray]:
    """True for the test rows of each group, single and crossed, that has enough of them to be scored."""
    found = groupings(comparison)
    named: dict[str, np.ndarray] = {}
    for division in () if isinstance(found, str) else found:
        member = division.of("holdout")[task.rows["holdout"]]
        named |= {label: member == at for at, label in enumerate(division.labels)}
    return {name: rows for name, rows in named.items() if _is_enough(task, rows)}


def headline_within(
    comparison: Comparison, task: Task, made: np.ndarray, groups: Mapping[str, np.ndarray]
) -> dict[str, Figure]:
    """The headline score of the predictions `made` within each of `groups`."""
    found = {}
    for name, rows in groups.items():
        y, said = task.y["holdout"][rows], made[rows]
        scores = score_classes(said, y, task.minority, _two(task)) if task.classes else score_numbers(said, y)
        influence = np.zeros(len(rows))
        influence[rows] = scores[task.headline].influence
        moves = row_moves(comparison, "holdout", task.rows["holdout"], influence)
        found[name] = Figure(scores[task.headline].value, {"holdout": moves})
    return found


def _is_enough(task: Task, rows: np.ndarray) -> bool:
    if rows.sum() < FEWEST:
        return False
    y = task.y["holdout"][rows]
    if not task.classes:
        return bool(np.ptp(y) > 0)
    minor = int((y == task.minority).sum())
    return min(minor, len(y) - minor) >= EACH


def _two(task: Task) -> np.ndarray:
    """Only the minority class is ranked: few rows of a group show every class."""
    return np.asarray(np.arange(task.classes) == task.minority)
