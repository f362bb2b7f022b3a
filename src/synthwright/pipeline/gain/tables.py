"""Tables as the subject of a gain experiment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.alignment import align
from synthwright.evaluation.bench import Bench
from synthwright.evaluation.blends import Blend, RowLearner, blend_predictions, require_unseen
from synthwright.generators.model import Model
from synthwright.learning.learner import Learner
from synthwright.pipeline.digesting import table_told
from synthwright.pipeline.gain.arms import Arm, balancing_ratio, controls_for, fitted, labelled, rows_of, shuffled
from synthwright.pipeline.gain.subject import Judge

__all__ = ["Tables"]

_VALIDATION = 0.25


@dataclass(frozen=True, kw_only=True)
class Tables:
    """Rows of a table, the learners of its target, and how it is split (by `group` or `time`, where one is named)."""

    learners: Mapping[str, Learner | RowLearner]
    seed: int
    group: str | None = None
    time: str | None = None

    def bench(self, train: Table, test: Table) -> Bench:
        """The rows of `test` with a known target. Raises `BadInput` as `Bench.of` does."""
        return Bench.of(train, test, seed=self.seed)

    def inner(self, train: Table, seed: int) -> tuple[Table, Table]:
        """Three quarters of `train`, and a quarter."""
        return split(train, holdout=_VALIDATION, seed=self.seed + seed, group=self.group, time=self.time)

    def admitted(self, arm: Arm, train: Table, holdout: Table) -> Arm:
        """Rows from elsewhere in train's spelling; raises `BadInput` where they hold rows of the holdout."""
        if arm.rows is None:
            return arm
        together = align(train, arm.rows, holdout)
        require_unseen(arm.name, together.synthetic, train.select(together.train.names), together.part("holdout"))
        return replace(arm, rows=together.synthetic)

    def controls(self, arms: Sequence[Arm], bench: Judge) -> tuple[Arm, ...]:
        """Real rows again; of classes also weights and over-sampling."""
        return controls_for(arms, classes=isinstance(bench, Bench) and bool(bench.task.classes))

    def balance(self, train: Table) -> float:
        """New rows per labelled row that bring every class to the size of the largest."""
        return balancing_ratio(train)

    def fitted(self, arm: Arm, train: Table, context: Context) -> Model:
        """The generator of `arm` after it has learnt from `train`. Raises `BadInput` where it can't."""
        return fitted(arm, train, context)

    def made(self, arm: Arm, train: Table, count: int, context: Context, model: Model | None) -> Table:
        """At most `count` rows of `arm`. Raises `BadInput` where it can't learn from `train`."""
        return rows_of(arm, train, count, context, model)

    def dealt(self, made: Table, count: int, context: Context) -> Table:
        """The first `count` rows, their targets dealt out at random."""
        return shuffled(made.head(count), context)

    def predicted(
        self, train: Table, made: Table, test: Table, wanted: Sequence[tuple[Blend | None, str]], draw: int
    ) -> Iterator[np.ndarray]:
        """What every learner says of `test`; columns that `made` lacks are left out. Raises `BadInput`."""
        known = [name for name in train.names if name in made.schema]
        comparison = align(train.select(known), made.select(known), test.select(known), seed=self.seed)
        every = Blend(len(made) / max(len(labelled(train)), 1))
        tasks = [(every if blend is None else blend, learner) for blend, learner in wanted]
        return blend_predictions(comparison, tasks, self.learners, draw)

    def told(self, records: Table) -> Any:
        """The digest of the rows, and their schema."""
        return table_told(records)
