"""What models learn from real and synthetic rows together: the predictions that a gain experiment compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
import pyarrow as pa

from synthwright.data.columns import categories_of
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.evaluation._aligning.overlap import require_unseen
from synthwright.evaluation._learners.prediction import LEARNERS, fit_rows
from synthwright.evaluation._learners.task import Task, matrix
from synthwright.evaluation._statistics.tables import over_tables
from synthwright.evaluation.bench import MOST_ROWS, require_task
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.estimators import balanced
from synthwright.learning.learner import CannotLearn, Learner
from synthwright.seeding import Streams

__all__ = [
    "LEARNERS",
    "MOST_ROWS",
    "Blend",
    "RowLearner",
    "blend_predictions",
    "over_tables",
    "require_unseen",
]


@dataclass(frozen=True, slots=True)
class Blend:
    """All rows of train, or none, and `ratio` synthetic rows for each of them.

    `weighted`: the classes weigh the same. ``part=(k, at)``: of train's rows only part `at` of `k` equal random ones.
    """

    ratio: float
    real: bool = True
    weighted: bool = False
    part: tuple[int, int] = (1, 0)


@runtime_checkable
class RowLearner(Protocol):
    """A learner that takes rows as people know them, not as a matrix."""

    def predict(
        self, train: Table, test: Table, *, target: Column, labels: Sequence[str] | None, seed: int
    ) -> np.ndarray:
        """Probabilities of `labels` (n, K), or numbers (n,), for the rows of `test`, which lack the target."""
        ...


def blend_predictions(
    comparison: Comparison, wanted: Sequence[tuple[Blend, str]], learners: Mapping[str, Learner | RowLearner], draw: int
) -> Iterator[np.ndarray]:
    """What each learner, fitted on each blend, says of the holdout: class probabilities (n, K), or numbers (n,).

    The first rows of synthetic are used. `draw` numbers the learners' own randomness. Learners have a fixed budget
    (trees, or a convex optimum): more rows don't silently mean more training.

    Raises
    ------
    BadInput
        The target sets no task that can be learnt, or a learner can't learn it.
    """
    task = require_task(comparison)
    for blend, name in wanted:
        learner, rows = learners[name], _rows(comparison, task, blend, draw)
        if isinstance(learner, RowLearner):
            yield _by_rows(comparison, task, learner, rows, draw)
            continue
        weighing = balanced(learner) if blend.weighted else learner
        try:
            model = fit_rows(comparison, task, name, rows, settings=weighing, draw=draw)
            yield model(matrix(comparison, task, "holdout", learner.view))
        except CannotLearn as error:
            raise BadInput(f"The learner {name} can't learn this target.", evidence=str(error)) from error


def _rows(comparison: Comparison, task: Task, blend: Blend, draw: int) -> list[tuple[Part, np.ndarray]]:
    real = len(task.y["train"])
    made = min(len(task.y["synthetic"]), round(blend.ratio * real))
    parts: list[tuple[Part, np.ndarray]] = [("synthetic", np.arange(made))] if made else []
    if not blend.real:
        return parts
    parts_of_train, at = blend.part
    if parts_of_train == 1:
        return [("train", np.arange(real)), *parts]
    order = Streams(comparison.seed).at("evaluation", "utility", "curve", draw).rng().permutation(real)
    return [("train", np.sort(np.array_split(order, parts_of_train)[at])), *parts]


def _by_rows(
    comparison: Comparison, task: Task, learner: RowLearner, rows: Sequence[tuple[Part, np.ndarray]], draw: int
) -> np.ndarray:
    """The rows are shuffled: what reads them one after another must not meet all the real ones first."""
    order = Streams(comparison.seed).at("evaluation", "utility", "order", draw)
    together = _together([comparison.part(part).take(task.rows[part][at]) for part, at in rows])
    together = together.take(order.rng().permutation(len(together)))
    names = [name for name in comparison.schema.names if name != task.target.name]
    test = comparison.part("holdout").take(task.rows["holdout"]).select(names)
    seed = order.at("seed").integer()
    if not task.classes:
        return learner.predict(together, test, target=task.target, labels=None, seed=seed)
    levels, named = comparison.train.levels(task.target.name)[task.rows["train"]], categories_of(task.target)
    labels = [_spelt(named[level]) if level < len(named) else "" for level in np.unique(levels)]
    made = learner.predict(together, test, target=task.target, labels=labels, seed=seed)
    return np.column_stack([made, np.zeros(len(made))])  # a class that train does not show is never called


def _spelt(label: object) -> str:
    """A class as text files have it."""
    return str(label).lower() if isinstance(label, bool) else str(label)


def _together(tables: Sequence[Table]) -> Table:
    """The rows of all, one after another; parts may store text or numbers in narrower or wider types."""
    decoded = []
    for table in tables:
        kinds = [one.type.value_type if pa.types.is_dictionary(one.type) else one.type for one in table.data.schema]
        fields = [pa.field(name, kind) for name, kind in zip(table.names, kinds, strict=True)]
        decoded.append(table.data.cast(pa.schema(fields)))
    return Table(tables[0].schema, pa.concat_tables(decoded, promote_options="permissive"), frame=tables[0].frame)
