"""From what a user asks to rows for the worst slices and what they gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UsageError
from synthwright.evaluation.alignment import align
from synthwright.evaluation.trials import require_task
from synthwright.generators.protocol import Generator
from synthwright.learning.learner import Learner
from synthwright.pipeline.ablation.asking import judge_of, require_ratio, require_seeds
from synthwright.pipeline.focus.experiment import Plan, carried_out, shares
from synthwright.pipeline.focus.finding import worst_slices
from synthwright.pipeline.focus.result import FocusedGain, concluded
from synthwright.pipeline.keeping import Store
from synthwright.pipeline.memory import Memory
from synthwright.registry import name_of

__all__ = ["focus_on_errors"]

_MOST_SLICES = 20


def focus_on_errors(
    train: Table,
    holdout: Table,
    generator: Generator[Table],
    context: Context,
    *,
    ratio: float,
    slices: int,
    columns: Sequence[str] | None,
    learners: Mapping[str, Learner],
    seeds: int,
    seed: int,
    store: Store = Store(),  # noqa: B008  # frozen
) -> FocusedGain:
    """What `ratio` rows per real row, drawn for the worst `slices`, gain there and over all on `holdout`.

    Raises
    ------
    BadInput
        There is no target, the method can't learn from `train`, can make no row of these slices, or the holdout is not
        unseen.
    UsageError
        A ratio or a number of slices or seeds that is none, or a column that rows can't be cut by.
    """
    if train.schema.target is None:
        raise BadInput("No column has the role target.", remedy="Name the column to predict: --target COLUMN.")
    require_ratio(ratio)
    require_seeds(seeds)
    if not 1 <= slices <= _MOST_SLICES:
        raise UsageError(f"{slices} is no number of slices.", remedy=f"Give one from 1 to {_MOST_SLICES}; 3 are usual.")
    learner, name = judge_of(learners), name_of("generator", generator)
    score = require_task(align(train, train, holdout, seed=seed)).headline
    fits = Memory.of(store, train, seed)
    worst = worst_slices(train, learner, context, columns=columns, most=slices, seeds=seeds, seed=seed, memory=fits)
    if not worst:
        return concluded(worst, (), (), method=name, score=score, learner=learner[0])
    asked = tuple(shares(max(round(ratio * len(train)), len(worst)), len(worst)))
    plan = Plan(
        generator=generator,
        slices=tuple(one.slice for one in worst),
        asked=asked,
        learner=learner,
        seeds=seeds,
        seed=seed,
    )
    tried = carried_out(train, holdout, plan, context, fits)
    return concluded(worst, asked, tried, method=name, score=score, learner=learner[0])
