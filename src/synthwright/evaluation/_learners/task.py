"""The task that a target column sets: which rows, which columns, which classes; encoded once for every learner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column
from synthwright.errors import shorten
from synthwright.evaluation._counts.counting import rarest
from synthwright.evaluation._counts.naming import distinctly
from synthwright.evaluation._neighbours.drawing import drawn_rows
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.features import Features
from synthwright.learning.learner import View
from synthwright.seeding import Streams

__all__ = ["Task", "class_titles", "halves", "matrix", "task_of"]

FIT_ROWS = 50_000  # more rows move the area under the curve by less than its interval
TEST_ROWS = 20_000  # an area under the curve of .93 is then known to .002
_FEWEST = 20  # rows with a known target, in each part
_CLASSES = 100  # a booster grows one tree per class and round
_FARTHEST = 1e100  # a square of 1e200, and its product with as many rows, still is a number


@dataclass(frozen=True, eq=False)
class Task:
    """Predicting the target from the other compared columns.

    `rows` are positions of rows with a known target, per part, at most 50,000 (20,000 of the holdout). `y` holds their
    numbers, or their classes as positions among those that train shows (any other class comes last).
    """

    target: Column
    features: Features
    rows: Mapping[Part, np.ndarray]
    y: Mapping[Part, np.ndarray]

    @property
    def headline(self) -> str:
        """The score that stands for the task: the area under the ROC curve, or R2."""
        return "auc" if self.target.is_discrete else "r2"

    @property
    def classes(self) -> int:
        """How many codes `y` may hold: the classes that train shows, and one for any other; 0 for numbers."""
        return int(self.y["train"].max()) + 2 if self.target.is_discrete else 0

    @property
    def trained(self) -> np.ndarray:
        """True for the classes that train shows."""
        return np.bincount(self.y["train"], minlength=self.classes) > 0

    @property
    def minority(self) -> int:
        """The class that train shows least often."""
        return rarest(np.bincount(self.y["train"], minlength=self.classes))


def task_of(comparison: Comparison, *, fit_rows: int = FIT_ROWS) -> Task | str:
    """The task that the target column sets, or why there is none; at most `fit_rows` rows of a part are learnt from."""
    return comparison.keep(("task", fit_rows), lambda: _task(comparison, fit_rows))


def _task(comparison: Comparison, fit_rows: int) -> Task | str:
    target = comparison.schema.target
    if target is None or not target.is_modelled:
        return "no column that a model could predict has the role target"
    names = [name for name in comparison.columns if name != target.name]
    if not names:
        return "there is no column to predict the target from"
    rows: dict[Part, np.ndarray] = {}
    y: dict[Part, np.ndarray] = {}
    for part in comparison.parts:
        values = comparison.part(part).levels(target.name) if target.is_discrete else _finite(comparison, part, target)
        known = values >= 0 if target.is_discrete else ~np.isnan(values)
        limit = TEST_ROWS if part == "holdout" else fit_rows
        rows[part] = drawn_rows(comparison, part, limit, "utility", among=np.flatnonzero(known))
        y[part] = values[rows[part]]
    for part in ("train", "holdout"):
        if len(y[part]) < _FEWEST:
            return f"the target is known in {len(y[part])} rows of {part}, and it needs {_FEWEST}"
        if np.ptp(y[part]) == 0:
            return f"the target has one value in {part}: there is nothing to predict"
    if target.is_discrete:
        shown = np.unique(y["train"])
        if len(shown) > _CLASSES:
            return f"the target has {len(shown)} classes, and at most {_CLASSES} are modelled"
        at = {part: np.searchsorted(shown, codes) for part, codes in y.items()}
        y = {part: np.where(np.isin(codes, shown), at[part], len(shown)) for part, codes in y.items()}
    elif flaw := _uncountable(y):
        return flaw
    if len(y["synthetic"]) == 0:
        return "the target is missing in every synthetic row"
    return Task(target, Features.of(comparison.train.take(rows["train"]), names), rows, y)


def _finite(comparison: Comparison, part: Part, target: Column) -> np.ndarray:
    values = comparison.part(part).numbers(target.name)
    return np.where(np.isfinite(values), values, np.nan)


def _uncountable(y: Mapping[Part, np.ndarray]) -> str:
    """Why the numbers to predict can't be scored, or nothing: every score of numbers adds up squares."""
    if max(float(np.abs(values).max(initial=0)) for values in y.values()) > _FARTHEST:
        return f"the target holds numbers beyond {_FARTHEST:g}, and their squares can't be added up: use a larger unit"
    if min(float(np.ptp(y[part])) for part in ("train", "holdout")) < 1 / _FARTHEST:
        return f"the target's numbers differ by less than {1 / _FARTHEST:g}, which squares to 0: use a smaller unit"
    return ""


def matrix(comparison: Comparison, task: Task, part: Part, view: View) -> np.ndarray:
    """The rows ``task.rows[part]`` without the target, as one view of the features; encoded once."""
    codes = comparison.keep(
        ("task codes", part, task), lambda: task.features.codes(comparison.part(part).take(task.rows[part]))
    )
    if view == "codes":
        return codes
    return comparison.keep(("task expanded", part, task), lambda: task.features.expanded(codes))


def halves(comparison: Comparison, task: Task) -> tuple[np.ndarray, np.ndarray]:
    """Positions in ``task.rows["train"]`` of two equal random halves of train; groups stay whole.

    A model of one half and a model of the other are to each other what a model of fresh real rows is to either.
    """

    def deal() -> tuple[np.ndarray, np.ndarray]:
        rows, streams = task.rows["train"], Streams(comparison.seed).at("evaluation", "utility", "halves")
        if comparison.schema.having("group"):
            first = comparison.codes("train").block[rows] % 2 == 0
            one, two = np.flatnonzero(first), np.flatnonzero(~first)
        else:
            one, two = np.array_split(streams.rng().permutation(len(rows)), 2)
        n = min(len(one), len(two))
        return np.sort(one[:n]), np.sort(two[:n])

    return comparison.keep(("task halves", task), deal)


def class_titles(comparison: Comparison, task: Task) -> dict[int, str]:
    """Names of the classes that at least 5 train rows have, by their code in ``task.y``."""
    shown, counts = np.unique(comparison.train.levels(task.target.name)[task.rows["train"]], return_counts=True)
    labels = categories_of(task.target)
    named = {
        at: shorten(str(labels[level]))
        for at, level in enumerate(shown)
        if level < len(labels) and counts[at] >= MINIMUM_ROWS
    }
    return dict(zip(named, distinctly(named.values()), strict=True))
