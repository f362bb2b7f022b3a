"""Where the rows of an arm come from: a generator, an over-sampler, or a control that has nothing new to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.oversampling import class_counts, oversample
from synthwright.generators.protocol import Generator
from synthwright.registry import name_of

__all__ = [
    "CURVE",
    "DUPLICATES",
    "OVERSAMPLED",
    "REAL",
    "SHUFFLED",
    "WEIGHTS",
    "Arm",
    "arm_of",
    "balancing_ratio",
    "controls_for",
    "fitted",
    "labelled",
    "rows_of",
    "shuffled",
]


@dataclass(frozen=True)
class Arm:
    """What is added to the real rows.

    ``draws``: rows of a fitted generator, any number. ``balances``: as many as bring every class to the size of the
    largest. ``given``: rows from elsewhere, as many as there are. ``repeats``: train's own rows again. ``weighs``:
    nothing, but classes weigh the same. ``fewer``: some of the real rows.
    """

    name: str
    how: Literal["draws", "balances", "given", "repeats", "weighs", "fewer", "nothing"]
    generator: Generator[Table] | None = None
    rows: Any = field(default=None, compare=False, repr=False)  # of the kind that the experiment is about

    @property
    def is_fitted(self) -> bool:
        """True if a model is fitted that can draw more rows later."""
        return self.how == "draws"


REAL = Arm("real rows alone", "nothing")
DUPLICATES = Arm("real rows again", "repeats")
WEIGHTS = Arm("class weights", "weighs")
CURVE = Arm("fewer real rows", "fewer")
OVERSAMPLED = "tabular.random_oversample"
SHUFFLED = "shuffled targets"


def arm_of(generator: Generator[Any], *, classes: bool) -> Arm:
    """The arm of a method: over-samplers balance classes, where there are any; all others draw."""
    balances = classes and generator.info.keeps_records
    return Arm(name_of("generator", generator), "balances" if balances else "draws", generator)


def controls_for(arms: Sequence[Arm], *, classes: bool) -> tuple[Arm, ...]:
    """What has nothing new to tell: real rows again, class weights, and real rows of small classes again."""
    if not classes:
        return (DUPLICATES,)
    from synthwright.generators.settings import make_generator

    drawn_again = arm_of(make_generator(OVERSAMPLED), classes=True)
    known = {arm.name for arm in arms}
    return (DUPLICATES, WEIGHTS, *(() if OVERSAMPLED in known else (drawn_again,)))


def balancing_ratio(train: Table) -> float:
    """New rows per labelled row of `train` that bring every class to the size of the largest."""
    counts = class_counts(labelled(train)).values()
    return max(counts) * len(counts) / sum(counts) - 1


def labelled(train: Table) -> Table:
    """The rows whose target is known: the others have no class to be balanced."""
    target = train.schema.target
    return train if target is None else train.take(~train.missing(target.name))


def fitted(arm: Arm, train: Table, context: Context) -> Model:
    """The generator of `arm` after it has learnt from `train`. Raises `BadInput` where it can't."""
    assert arm.generator is not None  # noqa: S101  # arms that draw have one
    return fit_model(train, arm.generator, context)


def rows_of(arm: Arm, train: Table, rows: int, context: Context, model: Model | None = None) -> Table:
    """`rows` rows of `arm` (as many as it takes, if it balances; at most those that were given).

    The first ones never depend on `rows`. `model` is what `fitted` gives, where that is at hand.

    Raises
    ------
    BadInput
        The method can't learn from `train`.
    """
    if arm.rows is not None:
        given: Table = arm.rows
        return given.head(rows)
    if arm.how in {"nothing", "weighs", "fewer"}:
        return train  # none of them are used, and a comparison needs some
    if arm.generator is None:
        return train.take(np.arange(rows) % len(train))
    seed = context.streams.at("draw").integer()
    if arm.how == "balances":
        # Identifiers and free text teach no learner anything, and over-samplers can't make them.
        known = labelled(train).select([column.name for column in train.schema if column.is_modelled])
        if len(set(class_counts(known).values())) == 1:
            return train.head(0)
        whole = oversample(known, arm.generator, seed=seed, context=context)
        return replace(whole.take(np.arange(len(known), len(whole))), origin=None)
    return (model or fitted(arm, train, context)).sample(rows, seed=seed, context=context)


def shuffled(table: Table, context: Context) -> Table:
    """The same rows, their targets dealt out at random."""
    target = table.schema.target
    if target is None:
        return table
    order = context.streams.at("deal").rng().permutation(len(table))
    at = table.data.column_names.index(target.name)
    return replace(table, data=table.data.set_column(at, target.name, table.data[target.name].take(order)))
