"""From what a user asks to the experiment and its answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.evaluation.alignment import align
from synthwright.evaluation.blends import LEARNERS, headline
from synthwright.files import write_json, write_text, writing_folder
from synthwright.generators.protocol import Generator
from synthwright.learning.learner import Learner
from synthwright.pipeline.gain.arms import Arm, arm_of
from synthwright.pipeline.gain.experiment import carried_out
from synthwright.pipeline.gain.plan import Plan, checked_ratios
from synthwright.pipeline.gain.result import Gain, concluded

__all__ = ["find_gain", "write_gain"]


def find_gain(
    train: Table,
    holdout: Table,
    methods: Sequence[Generator[Table]],
    context: Context,
    *,
    given: Mapping[str, Table],
    ratios: Sequence[float],
    learners: Mapping[str, Learner],
    seeds: int,
    seed: int,
) -> Gain:
    """What every arm gains over the real rows of `train` on `holdout`, and which one to use.

    Raises
    ------
    BadInput
        There is no target to predict, a method can't learn from `train`, or `given` rows hold rows of the holdout.
    UsageError
        No method, one named twice, a ratio or a number of seeds that is none.
    """
    target = train.schema.target
    if target is None:
        raise BadInput("No column has the role target.", remedy="Name the column to predict: --target COLUMN.")
    score = headline(align(train, train, holdout, seed=seed))
    arms = [arm_of(method, classes=target.is_discrete) for method in methods]
    arms += [Arm(name, "given", None, rows) for name, rows in given.items()]
    plan = Plan(
        arms=tuple(arms), ratios=checked_ratios(ratios), learners={**LEARNERS, **learners}, seeds=seeds, seed=seed
    )
    return concluded(*carried_out(train, holdout, plan, context), score, [arm.name for arm in arms])


def write_gain(found: Gain, folder: Path, page: str) -> None:
    """`folder` holds every figure (gain.json) and the page (gain.html), or is as it was."""
    with writing_folder(folder) as temporary:
        write_json(temporary / "gain.json", found.to_json_value())
        write_text(temporary / "gain.html", page)
