"""One blend per seed, learnt from with everything, with nothing synthetic, and without one piece after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context, Event
from synthwright.evaluation.slices import Slice, slices_of
from synthwright.evaluation.trials import error_change, require_task, trial
from synthwright.evaluation.variety import Figure
from synthwright.learning.learner import Learner
from synthwright.pipeline.ablation.blending import Blended, blended
from synthwright.pipeline.gain.arms import Arm
from synthwright.seeding import Streams

__all__ = ["Part", "Plan", "Tried", "carried_out"]

_FEWEST = 20  # synthetic rows that are left out, or test rows that are looked at: fewer say nothing


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the rows: what kind of piece it is, and what it is called."""

    kind: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is added, at which ratio, the learner that judges, the columns that rows are cut by, and seeds."""

    arms: tuple[Arm, ...]
    ratio: float
    learner: tuple[str, Learner]
    columns: tuple[str, ...] | None
    seeds: int
    seed: int


@dataclass(frozen=True, eq=False)
class Tried:
    """The figures of one seed.

    `without`: for each piece of the synthetic rows what the score loses where it is left out. `places`: for each slice
    of the test rows how much less they are mistaken with all synthetic rows than with none. `rows` counts either's.
    """

    real: Figure
    full: Figure
    without: Mapping[Part, Figure]
    places: Mapping[Part, Figure]
    rows: Mapping[Part, int]
    tested: Mapping[Part, int]


def carried_out(train: Table, holdout: Table, plan: Plan, context: Context) -> list[Tried]:
    """The figures of every seed. Raises `BadInput` where a method or the learner can't learn."""
    found: list[Tried] = []
    task = partial(_tried, train, holdout, plan, context.streams)
    for one in context.engine.stream(task, range(plan.seeds)):
        found.append(one)
        context.progress(Event("ablate", len(found), plan.seeds, f"seed {len(found) - 1}"))
    return found


def _tried(train: Table, holdout: Table, plan: Plan, streams: Streams, seed: int) -> Tried:
    blend = blended(train, holdout, plan.arms, plan.ratio, plan.seed, streams.at("ablation", seed))
    comparison = blend.comparison
    require_task(comparison)  # there is one, or an error
    slices = slices_of(comparison, plan.columns)
    every = np.ones(comparison.rows("synthetic"), dtype=bool)
    real, full = (trial(comparison, plan.learner, kept) for kept in (None, every))
    without, rows = dict[Part, Figure](), dict[Part, int]()
    for part, members in _pieces(blend, [arm.name for arm in plan.arms], slices):
        count = int(np.count_nonzero(members))
        if count >= _FEWEST:
            left = real if count == len(every) else trial(comparison, plan.learner, ~members)
            without[part], rows[part] = full.score - left.score, count
    places, tested = dict[Part, Figure](), dict[Part, int]()
    for one in slices:
        count = int(np.count_nonzero(one.of("holdout")[full.rows]))
        change = error_change(comparison, real, full, one)
        if change is not None and count >= _FEWEST:
            part = Part(one.kind, one.words)
            places[part], tested[part] = change, count
    return Tried(real.score, full.score, without, places, rows, tested)


def _pieces(blend: Blended, names: Sequence[str], slices: Sequence[Slice]) -> Iterator[tuple[Part, np.ndarray]]:
    """What is left out, one after another: sources, classes, each source's rows of a class, bands of columns."""
    sources = [(name, blend.source == at) for at, name in enumerate(names)]
    for name, members in sources:
        yield Part("source", name), members
    for one in slices:
        inside = one.of("synthetic")
        if one.kind == "group":
            continue
        yield Part(one.kind, one.words), inside
        if one.kind == "class" and len(sources) > 1:
            for name, members in sources:
                yield Part("class of a source", f"{name}, {one.words}"), inside & members
