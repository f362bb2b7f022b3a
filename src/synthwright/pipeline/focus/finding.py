"""Where a model of real rows errs most, on real rows that it has not seen: inner splits of train, never the holdout."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.alignment import align
from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.slices import Slice, column_slices
from synthwright.evaluation.trials import error_mean, trial
from synthwright.evaluation.variety import Figure, over_tables
from synthwright.learning.learner import Learner
from synthwright.pipeline.digesting import learner_key
from synthwright.pipeline.keeping import made_once
from synthwright.pipeline.memory import Memory

__all__ = ["Worst", "worst_slices"]

_VALIDATION = 0.25
_SAME = 0.5  # of the rows of either are shared: husbands and married men are one slice
_SUPPORT = 30  # validation rows of a slice: the mean of fewer errors is luck


@dataclass(frozen=True, eq=False)
class Worst:
    """A slice, and how much more its validation rows are mistaken than all of them, on average."""

    slice: Slice
    excess: Estimate


def worst_slices(
    train: Table,
    learner: tuple[str, Learner],
    context: Context,
    *,
    columns: Sequence[str] | None,
    most: int,
    seeds: int,
    seed: int,
    memory: Memory,
) -> list[Worst]:
    """At most `most` different slices that are worse than the whole, the worst first: by the excess less its error.

    It is a choice, not a finding: what comes of it is judged on the holdout.

    The slices are bands of `columns`, cut on all of train; errors come from a split of its own for every seed.

    Raises
    ------
    BadInput
        The target sets no task, or the learner can't learn it.
    UnknownName, UsageError
        A column is not there, or rows can't be cut by it.
    """
    slices = [one for one in column_slices(align(train, train, seed=seed), columns) if one.where is not None]
    kept = memory.at("worst", learner[0], learner_key(learner[1]), [one.words for one in slices])
    found = made_once(
        range(seeds),
        lambda number: _remembered(kept.at(number), len(slices)),
        partial(_kept, train, slices, learner, seed, kept),
        context,
        stage="focus",
        note=lambda number: f"errors, seed {number}",
    )
    worst = []
    for at, one in enumerate(slices):
        excesses = [figures[at] for figures in found.values()]
        known = [figure for figure in excesses if figure is not None]
        if known and len(known) == len(excesses):
            excess, error = over_tables(_apart(known))
            if excess.value > error:
                worst.append((excess.value - error, Worst(one, excess)))
    ranked = [one for _, one in sorted(worst, key=lambda pair: -pair[0])]
    return _different(ranked, train)[:most]


def _different(ranked: Sequence[Worst], train: Table) -> list[Worst]:
    """The slices in this order, without those whose rows are for the most part the rows of one before."""
    kept: list[tuple[Worst, np.ndarray]] = []
    for one in ranked:
        rows = one.slice.among({"train": train}).of("train")
        if all(np.count_nonzero(rows & known) < _SAME * np.count_nonzero(rows | known) for _, known in kept):
            kept.append((one, rows))
    return [one for one, _ in kept]


def _kept(
    train: Table, slices: Sequence[Slice], learner: tuple[str, Learner], seed: int, known: Memory, number: int
) -> list[Figure | None]:
    """`_excesses`, kept as soon as they are there."""
    made = _excesses(train, slices, learner, seed, number)
    known.at(number).keep({str(at): one for at, one in enumerate(made) if one is not None}, None)
    return made


def _remembered(known: Memory, slices: int) -> list[Figure | None] | None:
    """What `_kept` kept."""
    found = known.figures()
    return None if found is None else [found[0].get(str(at)) for at in range(slices)]


def _excesses(
    train: Table, slices: Sequence[Slice], learner: tuple[str, Learner], seed: int, number: int
) -> list[Figure | None]:
    """For each slice the mean error of its validation rows beyond that of all; ``None`` where it has too few."""
    inner, validation = split(train, holdout=_VALIDATION, seed=seed + number)
    comparison = align(inner, inner, validation, seed=seed)
    alone = trial(comparison, learner, None)
    whole = error_mean(comparison, alone, np.ones(comparison.rows("holdout"), dtype=bool))
    excesses: list[Figure | None] = []
    for one in slices:
        member = one.among({"holdout": comparison.part("holdout")}).of("holdout")
        enough = np.count_nonzero(member[alone.rows]) >= _SUPPORT
        excesses.append(error_mean(comparison, alone, member) - whole if enough else None)
    return excesses


def _apart(figures: Sequence[Figure]) -> list[Figure]:
    """Every seed has validation rows of its own: they are paired with no others."""
    return [figure.apart(f"seed {number}") for number, figure in enumerate(figures)]
