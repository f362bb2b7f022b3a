"""The experiment: every arm on an inner split of train, to choose by, and on all of train, to be judged on the holdout.

A validation row is never seen by the generator that is judged on it: generators are fitted twice per seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.engines.context import Context, Event
from synthwright.evaluation.alignment import align
from synthwright.evaluation.blends import Blend, Scores, blend_scores, require_unseen
from synthwright.pipeline.gain.arms import DUPLICATES, REAL, SHUFFLED, Arm, balancing_ratio, rows_of
from synthwright.pipeline.gain.plan import Plan
from synthwright.seeding import Streams

__all__ = ["Cell", "Scored", "carried_out"]

_VALIDATION = 0.25


@dataclass(frozen=True, slots=True)
class Cell:
    """One way to train: the arm's name, synthetic rows per real row, with real rows or without, and the learner."""

    arm: str
    ratio: float
    real: bool
    learner: str


# One mapping per seed.
Scored = tuple[Mapping[Cell, Scores], ...]


@dataclass(frozen=True, slots=True)
class _Item:
    judged: bool
    seed: int
    arm: Arm


def carried_out(train: Table, holdout: Table, plan: Plan, context: Context) -> tuple[Scored, Scored]:
    """Every cell's scores, to choose by (on inner validation rows) and to judge by (on the holdout), per seed.

    Raises
    ------
    BadInput
        The target sets no task, a method can't learn from `train`, or the holdout is not unseen.
    """
    for arm in plan.arms:
        if arm.rows is not None:
            together = align(train, arm.rows, holdout)
            require_unseen(arm.name, together.synthetic, train.select(together.train.names), together.part("holdout"))
    arms = (REAL, DUPLICATES, *_shuffled(plan), *plan.arms)
    items = [_Item(judged, seed, arm) for seed in range(plan.seeds) for judged in (False, True) for arm in arms]
    found: list[dict[Cell, Scores]] = []
    for scores in context.engine.stream(partial(_scores, train, holdout, plan, context.streams), items):
        found.append(scores)
        item = items[len(found) - 1]
        what = f"{item.arm.name}, seed {item.seed}, {'holdout' if item.judged else 'validation'}"
        context.progress(Event("gain", len(found), len(items), what))
    chosen: list[dict[Cell, Scores]] = [{} for _ in range(plan.seeds)]
    judged: list[dict[Cell, Scores]] = [{} for _ in range(plan.seeds)]
    for item, scores in zip(items, found, strict=True):
        (judged if item.judged else chosen)[item.seed].update(scores)
    return tuple(chosen), tuple(judged)


def _shuffled(plan: Plan) -> tuple[Arm, ...]:
    """Targets dealt out over rows of the first method that draws."""
    drawn = next((arm for arm in plan.arms if arm.how == "draws"), None)
    return () if drawn is None else (Arm(SHUFFLED.name, SHUFFLED.how, drawn.generator),)


def _scores(train: Table, holdout: Table, plan: Plan, streams: Streams, item: _Item) -> dict[Cell, Scores]:
    named, test = balancing_ratio(train) if item.arm.how == "balances" else 0.0, holdout
    if not item.judged:
        train, test = split(train, holdout=_VALIDATION, seed=plan.seed + item.seed)
    at = streams.at("gain", "judged" if item.judged else "chosen", item.seed, item.arm.name)
    blends = _blends(item.arm, plan)
    most = max(blend.ratio for blend in blends)
    made = rows_of(item.arm, train, round(most * len(train)), Context(streams=at))
    if len(made) == 0:
        return {}
    if item.arm.how == "balances":
        blends = (Blend(len(made) / len(train)),)  # called by what it is of all of train
    known = [name for name in train.names if name in made.schema]
    if item.arm.rows is not None:
        blends = tuple(blend for blend in blends if round(blend.ratio * len(train)) <= len(made))
    comparison = align(train.select(known), made.select(known), test.select(known), seed=plan.seed)
    scores = blend_scores(comparison, blends, plan.learners)
    return {
        Cell(item.arm.name, named or blend.ratio, blend.real, learner): one for (blend, learner), one in scores.items()
    }


def _blends(arm: Arm, plan: Plan) -> tuple[Blend, ...]:
    if arm.how == "nothing":
        return (Blend(0.0),)
    if arm.how in {"draws", "given"}:
        alone = sorted({1.0, max(plan.ratios)})
        return (*(Blend(ratio) for ratio in plan.ratios), *(Blend(ratio, real=False) for ratio in alone))
    return (Blend(1.0),)
