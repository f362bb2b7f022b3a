"""Synthetic rows drawn for the worst slices, beside as many that are drawn without a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context, Event
from synthwright.errors import BadInput
from synthwright.evaluation.slices import Slice
from synthwright.evaluation.trials import error_change, trial
from synthwright.evaluation.variety import Figure
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator, Given
from synthwright.learning.learner import Learner
from synthwright.pipeline.ablation.blending import joined
from synthwright.seeding import Streams

__all__ = ["Plan", "Tried", "carried_out", "shares"]


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What draws, the slices to draw for, rows asked for each of them, the learner that judges, and seeds."""

    generator: Generator[Table]
    slices: tuple[Slice, ...]
    asked: tuple[int, ...]
    learner: tuple[str, Learner]
    seeds: int
    seed: int


@dataclass(frozen=True, eq=False)
class Tried:
    """The figures of one seed: scores, rows found per slice, and per slice how much less it is mistaken than without.

    ``focused[i]`` and ``uniform[i]`` are of slice i of the holdout; ``None`` where it has no rows there.
    """

    real: Figure
    focused_score: Figure
    uniform_score: Figure
    found: tuple[int, ...]
    tested: tuple[int, ...]
    focused: tuple[Figure | None, ...]
    uniform: tuple[Figure | None, ...]


def carried_out(train: Table, holdout: Table, plan: Plan, context: Context) -> list[Tried]:
    """The figures of every seed.

    Raises
    ------
    BadInput
        The method can't learn from `train`, or can make no row of any of the slices.
    """
    found: list[Tried] = []
    for one in context.engine.stream(partial(_tried, train, holdout, plan, context.streams), range(plan.seeds)):
        found.append(one)
        context.progress(Event("focus", len(found), plan.seeds, f"seed {len(found) - 1}"))
    return found


def _tried(train: Table, holdout: Table, plan: Plan, streams: Streams, seed: int) -> Tried:
    context = Context(streams=streams.at("focus", seed))
    model = fit_model(train, plan.generator, context)
    drawn = [
        _drawn(model, one, asked, context.at("slice", at))
        for at, (one, asked) in enumerate(zip(plan.slices, plan.asked, strict=True))
    ]
    tables = [table for table in drawn if table is not None]
    if not tables:
        told = "; ".join(one.words for one in plan.slices)
        raise BadInput("No row of the worst slices could be drawn.", evidence=told, remedy="Try another method.")
    counts = tuple(0 if table is None else len(table) for table in drawn)
    uniform = model.sample(sum(counts), seed=context.streams.at("uniform").integer(), context=context)
    blend = joined(train, holdout, [uniform, *tables], plan.seed)
    comparison, without = blend.comparison, blend.source == 0
    real, anywhere, there = (trial(comparison, plan.learner, kept) for kept in (None, without, ~without))
    slices = [one.among({"holdout": comparison.part("holdout")}) for one in plan.slices]
    return Tried(
        real=real.score,
        focused_score=there.score,
        uniform_score=anywhere.score,
        found=counts,
        tested=tuple(int(np.count_nonzero(one.of("holdout")[real.rows])) for one in slices),
        focused=tuple(error_change(comparison, real, there, one) for one in slices),
        uniform=tuple(error_change(comparison, real, anywhere, one) for one in slices),
    )


def _drawn(model: Model, of: Slice, asked: int, context: Context) -> Table | None:
    """The rows of the slice that could be found, at most `asked`; ``None`` if there are none."""
    seed = context.streams.at("draw").integer()
    try:
        table = model.draw(asked, seed=seed, given=Given(where=of.where or ()), short="return", context=context).table
    except BadInput:  # the condition is outside of what the model ever draws
        return None
    return table if len(table) else None


def shares(rows: int, parts: int) -> Sequence[int]:
    """`rows` in `parts` as equal as can be, the first ones larger."""
    return [rows // parts + (at < rows % parts) for at in range(parts)]
