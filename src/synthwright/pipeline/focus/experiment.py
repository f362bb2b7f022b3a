"""Synthetic rows drawn for the worst slices, beside as many that are drawn without a condition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.evaluation.slices import Slice
from synthwright.evaluation.trials import error_change, trial
from synthwright.evaluation.variety import Figure
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator, Given
from synthwright.generators.settings import settings_of
from synthwright.learning.learner import Learner
from synthwright.pipeline.ablation.blending import joined
from synthwright.pipeline.digesting import learner_key, table_told
from synthwright.pipeline.keeping import made_once
from synthwright.pipeline.memory import Memory
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


def carried_out(train: Table, holdout: Table, plan: Plan, context: Context, fits: Memory) -> list[Tried]:
    """The figures of every seed; what `fits` remembers is not made again.

    Raises
    ------
    BadInput
        The method can't learn from `train`, or can make no row of any of the slices.
    """
    known = fits
    if fits.base is not None:
        slices = [[one.words, repr(one.where), asked] for one, asked in zip(plan.slices, plan.asked, strict=True)]
        name, learner = plan.learner
        known = fits.at(table_told(holdout), settings_of(plan.generator), slices, name, learner_key(learner))
    found = made_once(
        range(plan.seeds),
        lambda seed: _remembered(known.at(seed)),
        partial(_kept, train, holdout, plan, context.streams, fits, known),
        context,
        stage="focus",
        note=lambda seed: f"seed {seed}",
    )
    return list(found.values())


def _kept(train: Table, holdout: Table, plan: Plan, streams: Streams, fits: Memory, known: Memory, seed: int) -> Tried:
    """The figures of one seed, kept as soon as they are there."""
    made = _tried(train, holdout, plan, streams, fits, seed)
    figures = {"real": made.real, "focused_score": made.focused_score, "uniform_score": made.uniform_score}
    for name, some in (("focused", made.focused), ("uniform", made.uniform)):
        figures |= {f"{name} {at}": one for at, one in enumerate(some) if one is not None}
    known.at(seed).keep(figures, [list(made.found), list(made.tested)])
    return made


def _remembered(known: Memory) -> Tried | None:
    """What `_kept` kept."""
    if (kept := known.figures()) is None:
        return None
    figures, (found, tested) = kept
    places = range(len(found))
    return Tried(
        real=figures["real"],
        focused_score=figures["focused_score"],
        uniform_score=figures["uniform_score"],
        found=tuple(found),
        tested=tuple(tested),
        focused=tuple(figures.get(f"focused {at}") for at in places),
        uniform=tuple(figures.get(f"uniform {at}") for at in places),
    )


def _tried(train: Table, holdout: Table, plan: Plan, streams: Streams, fits: Memory, seed: int) -> Tried:
    context = Context(streams=streams.at("focus", seed))
    model = fits.at(seed).fitted(train, plan.generator, context)
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
