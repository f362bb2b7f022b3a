"""One blend per seed, learnt from with everything, with nothing synthetic, and without one piece after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.slices import Slice, slices_of
from synthwright.evaluation.trials import error_change, require_task, trial
from synthwright.evaluation.variety import Figure
from synthwright.learning.learner import Learner
from synthwright.pipeline.ablation.blending import Blended, blended
from synthwright.pipeline.digesting import arm_told, learner_key, table_told
from synthwright.pipeline.gain.arms import Arm
from synthwright.pipeline.keeping import Store, made_once
from synthwright.pipeline.memory import Memory
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


def carried_out(train: Table, holdout: Table, plan: Plan, context: Context, store: Store) -> list[Tried]:
    """The figures of every seed; those that `store` has are not made again.

    Raises
    ------
    BadInput
        A method or the learner can't learn.
    """
    fits = Memory.of(store, train, plan.seed)
    if fits.base is not None:
        arms = [arm_told(arm) for arm in plan.arms]
        known = fits.at(table_told(holdout), arms, plan.ratio, plan.learner[0], learner_key(plan.learner[1]))
        known = known.at(list(plan.columns or ()), plan.columns is None)
    else:
        known = fits
    found = made_once(
        range(plan.seeds),
        lambda seed: _remembered(known.at(seed)),
        partial(_kept, train, holdout, plan, context.streams, fits, known),
        context,
        stage="ablate",
        note=lambda seed: f"seed {seed}",
    )
    return list(found.values())


def _kept(train: Table, holdout: Table, plan: Plan, streams: Streams, fits: Memory, known: Memory, seed: int) -> Tried:
    """The figures of one seed, kept as soon as they are there."""
    made = _tried(train, holdout, plan, streams, fits, seed)
    named = {"without": made.without, "places": made.places}
    figures = {"real": made.real, "full": made.full} | {
        f"{what} {at}": one for what, some in named.items() for at, one in enumerate(some.values())
    }
    counts = {"without": made.rows, "places": made.tested}
    told = {what: [[part.kind, part.words, counts[what][part]] for part in some] for what, some in named.items()}
    known.at(seed).keep(figures, told)
    return made


def _remembered(known: Memory) -> Tried | None:
    """What `_kept` kept."""
    if (found := known.figures()) is None:
        return None
    figures, told = found
    parts = {what: [Part(kind, words) for kind, words, _ in told[what]] for what in ("without", "places")}
    counts = {what: dict(zip(some, (row[2] for row in told[what]), strict=True)) for what, some in parts.items()}
    named = {what: {part: figures[f"{what} {at}"] for at, part in enumerate(some)} for what, some in parts.items()}
    return Tried(
        figures["real"], figures["full"], named["without"], named["places"], counts["without"], counts["places"]
    )


def _tried(train: Table, holdout: Table, plan: Plan, streams: Streams, fits: Memory, seed: int) -> Tried:
    blend = blended(train, holdout, plan.arms, plan.ratio, plan.seed, streams.at("ablation", seed), fits.at(seed))
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
