"""Where the rows of an arm come from: a generator, an over-sampler, or a control that has nothing new to tell."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.generators.fitting import fit_model
from synthwright.generators.oversampling import class_counts, oversample
from synthwright.generators.protocol import Generator
from synthwright.registry import name_of

__all__ = ["DUPLICATES", "REAL", "SHUFFLED", "Arm", "arm_of", "balancing_ratio", "rows_of"]


@dataclass(frozen=True)
class Arm:
    """What is added to the real rows.

    ``draws``: rows of a fitted generator, any number. ``balances``: as many as bring every class to the size of the
    largest. ``given``: rows from elsewhere, as many as there are. ``repeats``: train's own rows again. ``shuffles``:
    rows of the generator with their targets dealt out.
    """

    name: str
    how: Literal["draws", "balances", "given", "repeats", "shuffles", "nothing"]
    generator: Generator[Table] | None = None
    rows: Table | None = field(default=None, compare=False, repr=False)


REAL = Arm("real rows alone", "nothing")
DUPLICATES = Arm("real rows again", "repeats")
SHUFFLED = Arm("shuffled targets", "shuffles")


def arm_of(generator: Generator[Any], *, classes: bool) -> Arm:
    """The arm of a method: over-samplers balance classes, where there are any; all others draw."""
    balances = classes and generator.info.keeps_records
    return Arm(name_of("generator", generator), "balances" if balances else "draws", generator)


def balancing_ratio(train: Table) -> float:
    """New rows per row of `train` that bring every class to the size of the largest."""
    counts = class_counts(train).values()
    return max(counts) * len(counts) / sum(counts) - 1


def rows_of(arm: Arm, train: Table, rows: int, context: Context) -> Table:
    """`rows` rows of `arm` (as many as it takes, if it balances; at most those that were given).

    The first ones never depend on `rows`.

    Raises
    ------
    BadInput
        The method can't learn from `train`.
    """
    if arm.rows is not None:
        return arm.rows.head(rows)
    if arm.generator is None:
        return train.take(np.arange(max(rows, 1)) % len(train))
    seed = context.streams.at("draw").integer()
    if arm.how == "balances":
        if len(set(class_counts(train).values())) == 1:
            return train.head(0)
        whole = oversample(train, arm.generator, seed=seed, context=context)
        return replace(whole.take(np.arange(len(train), len(whole))), origin=None)
    made = fit_model(train, arm.generator, context).sample(rows, seed=seed, context=context)
    return made if arm.how == "draws" else _dealt(made, context)


def _dealt(table: Table, context: Context) -> Table:
    """The same rows, their targets dealt out at random."""
    target = table.schema.target
    if target is None:
        return table
    order = context.streams.at("deal").rng().permutation(len(table))
    at = table.data.column_names.index(target.name)
    return replace(table, data=table.data.set_column(at, target.name, table.data[target.name].take(order)))
