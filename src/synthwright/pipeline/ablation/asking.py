"""From what a user asks to an ablation and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UsageError
from synthwright.evaluation.alignment import align
from synthwright.evaluation.blends import require_unseen
from synthwright.evaluation.slices import column_slices
from synthwright.evaluation.trials import LEARNERS, require_task
from synthwright.generators.protocol import Generator
from synthwright.learning.learner import Learner
from synthwright.pipeline.ablation.experiment import Plan, carried_out
from synthwright.pipeline.ablation.result import Ablation, concluded
from synthwright.pipeline.gain.arms import Arm, arm_of
from synthwright.pipeline.keeping import Store

__all__ = ["find_contributions", "judge_of", "require_ratio", "require_seeds"]

_MOST = 100.0


def find_contributions(
    train: Table,
    holdout: Table,
    methods: Sequence[Generator[Table]],
    context: Context,
    *,
    given: Mapping[str, Table],
    ratio: float,
    learners: Mapping[str, Learner],
    columns: Sequence[str] | None,
    seeds: int,
    seed: int,
    store: Store = Store(),  # noqa: B008  # frozen
) -> Ablation:
    """What each source, class and slice of synthetic rows earns on `holdout`, and where all of them hurt.

    Raises
    ------
    BadInput
        There is no target to predict, a method can't learn from `train`, or `given` rows hold rows of the holdout.
    UsageError
        No method, one named twice, a ratio or number of seeds that is none, or a column that rows can't be cut by.
    """
    target = train.schema.target
    if target is None:
        raise BadInput("No column has the role target.", remedy="Name the column to predict: --target COLUMN.")
    arms = [arm_of(method, classes=target.is_discrete) for method in methods]
    arms += [Arm(name, "given", None, rows) for name, rows in given.items()]
    if not arms:
        raise UsageError("There is no method to ablate.", remedy="Name one, such as tabular.honest_trees.")
    names = [arm.name for arm in arms]
    if len(set(names)) < len(names):
        raise UsageError("A method is named twice.", evidence=", ".join(names), remedy="Name each once.")
    require_ratio(ratio)
    require_seeds(seeds)
    together = align(train, train, holdout, seed=seed)
    score = require_task(together).headline
    column_slices(together, columns)
    for arm in arms:
        if arm.rows is not None:
            fitted = align(train, arm.rows, holdout)
            require_unseen(arm.name, fitted.synthetic, train.select(fitted.train.names), fitted.part("holdout"))
    judge = judge_of(learners)
    plan = Plan(
        arms=tuple(arms),
        ratio=ratio,
        learner=judge,
        columns=None if columns is None else tuple(columns),
        seeds=seeds,
        seed=seed,
    )
    return concluded(carried_out(train, holdout, plan, context, store), score=score, learner=judge[0], ratio=ratio)


def judge_of(learners: Mapping[str, Learner]) -> tuple[str, Learner]:
    """The one learner that was given, or boosted trees; raises `UsageError` where there are several."""
    if len(learners) > 1:
        raise UsageError("There are several estimators.", evidence=", ".join(learners), remedy="Give the one you use.")
    return next(iter(learners.items()), ("boosted", LEARNERS["boosted"]))


def require_ratio(ratio: float) -> None:
    """Raise `UsageError` unless `ratio` is synthetic rows per real row."""
    if not 0 < ratio <= _MOST:
        raise UsageError(f"{ratio} is no ratio.", remedy=f"Give synthetic rows per real row, up to {_MOST:.0f}.")


def require_seeds(seeds: int) -> None:
    """Raise `UsageError` unless `seeds` is a number of seeds."""
    if not 1 <= seeds <= 100:
        raise UsageError(f"{seeds} is no number of seeds.", remedy="Give one from 1 to 100; 5 are usual.")
