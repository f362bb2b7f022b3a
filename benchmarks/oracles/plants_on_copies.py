"""Planted tables with and without copies of train, disclosed secrets, and unlike members and others.

Each function takes a population, the number of train rows and a seed, and returns a `Case`. Unless it says otherwise
the synthetic table and the holdout have as many rows as train, and all rows are fresh draws before anything is planted.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from planting import (
    Case,
    appended,
    changed,
    ending_in_copies,
    first_number,
    fresh,
    named_parts,
    rng_of,
    with_absurd_cell,
)
from populations import Population

from synthwright.data.hashing import row_hashes
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

__all__ = [
    "addresses_kept",
    "copied",
    "copied_but_for_one_column",
    "copied_with_jitter",
    "few_coarse_columns",
    "few_coarse_columns_of_other_months",
    "negative_secret",
    "negative_secret_copied",
    "new_addresses",
    "one_in_a_hundred_copied",
    "other_months",
    "outlier_in_the_holdout",
    "outlier_in_train",
    "outliers_copied",
    "secret_independent",
    "train_twice_as_large",
]


def copied(people: Population, rows: int, seed: int) -> Case:
    """Train itself in another order."""
    case = fresh(people, rows, seed)
    return replace(case, synthetic=case.train.take(rng_of(seed, "order").permutation(rows)))


def one_in_a_hundred_copied(people: Population, rows: int, seed: int) -> Case:
    """99 % fresh rows, 1 % rows of train."""
    case = fresh(people, rows, seed)
    return _partly(case, rng_of(seed, "copies").choice(rows, max(1, rows // 100), replace=False))


def outliers_copied(people: Population, rows: int, seed: int) -> Case:
    """99.5 % fresh rows, and the 0.5 % most unusual rows of train, none of which occurs twice."""
    case = fresh(people, rows, seed)
    return _partly(case, np.argsort(-_unusualness(case.train), kind="stable")[: max(1, rows // 200)])


def copied_with_jitter(people: Population, rows: int, seed: int) -> Case:
    """Train, every float but 0 moved by a normal step of 1/1,000 of its column's standard deviation."""
    case, rng = copied(people, rows, seed), rng_of(seed, "jitter")
    moved = {}
    for column in people.schema:
        if column.kind == "float":
            values = case.synthetic.numbers(column.name)
            moved[column.name] = values + (values != 0) * 1e-3 * np.nanstd(values) * rng.normal(size=rows)
    return replace(case, synthetic=changed(case.synthetic, **moved))


def copied_but_for_one_column(people: Population, rows: int, seed: int) -> Case:
    """Train, one column of it shuffled."""
    case, name = copied(people, rows, seed), people.schema.names[1]
    mixed = rng_of(seed, "swap").permutation(case.synthetic.model_values()[name])
    return replace(case, synthetic=changed(case.synthetic, **{name: mixed}))


def secret_independent(people: Population, rows: int, seed: int) -> Case:
    """One more column, `secret`, 95 % of one label, independent of everything else; all rows are fresh."""
    case = fresh(people, rows, seed)
    return Case(
        *(_with_secret(one, (rng_of(seed, "secret", part).random(rows) < 0.05)) for part, one in named_parts(case))
    )


def negative_secret(people: Population, rows: int, seed: int) -> Case:
    """All rows fresh, with one more column, `secret`: a negative number, 0, or missing."""
    return negative_secret_copied(people, rows, seed, copied=False)


def negative_secret_copied(people: Population, rows: int, seed: int, *, copied: bool = True) -> Case:
    """Train itself, with one more column, `secret`: a negative number, 0, or missing."""

    def more(table: Table, part: str) -> Table:
        rng = rng_of(seed, "secret", part)
        values = np.round(-np.exp(rng.normal(5, 1, len(table))), 2)
        values[rng.random(len(table)) < 0.1] = 0.0
        values[rng.random(len(table)) < 0.1] = np.nan
        return appended(table, {"secret": ("float", values)})

    case = fresh(people, rows, seed)
    train = more(case.train, "train")
    made = train.take(rng_of(seed, "order").permutation(rows)) if copied else more(case.synthetic, "synthetic")
    return Case(train, made, more(case.holdout, "holdout"))


def train_twice_as_large(people: Population, rows: int, seed: int) -> Case:
    """All rows fresh; the holdout has half as many as train."""
    case = fresh(people, rows, seed)
    return replace(case, holdout=case.holdout.head(rows // 2))


def outlier_in_the_holdout(people: Population, rows: int, seed: int) -> Case:
    """All rows fresh; one number of one holdout row is a million standard deviations off."""
    case = fresh(people, rows, seed)
    return replace(case, holdout=with_absurd_cell(case.holdout, first_number(people)))


def outlier_in_train(people: Population, rows: int, seed: int) -> Case:
    """All rows fresh; one number of one train row is a million standard deviations off."""
    case = fresh(people, rows, seed)
    return replace(case, train=with_absurd_cell(case.train, first_number(people)))


def few_coarse_columns(people: Population, rows: int, seed: int, months: float = 0.0) -> Case:
    """Fresh rows of which only up to four columns of few labels are kept: nearly every row equals many others."""
    case = replace(fresh(people, rows, seed), holdout=people.draw(rows, 10 * seed + 2, months=months))
    coarse = [column.name for column in people.schema if column.is_discrete and len(column.categories or (0, 1)) <= 5]
    return Case(*(one.select(coarse[:4]) for _, one in named_parts(case)))


def few_coarse_columns_of_other_months(people: Population, rows: int, seed: int) -> Case:
    """Few coarse columns of fresh rows; those of the holdout come from four months later."""
    return few_coarse_columns(people, rows, seed, months=4.0)


def new_addresses(people: Population, rows: int, seed: int) -> Case:
    """All rows fresh, each with an e-mail address of its own."""
    return addresses_kept(people, rows, seed, kept=False)


def addresses_kept(people: Population, rows: int, seed: int, *, kept: bool = True) -> Case:
    """Fresh rows beside which the e-mail addresses of train's people were kept."""

    def more(table: Table, of: str) -> Table:
        keys = rng_of(seed, "address", of).permutation(10**6)[: len(table)]
        schema = Schema((*table.schema, Column(name="email", kind="id", role="key")))
        return Table(schema, table.data.append_column("email", pa.array([f"p{key}.{of}@example.org" for key in keys])))

    case = fresh(people, rows, seed)
    return Case(more(case.train, "t"), more(case.synthetic, "t" if kept else "s"), more(case.holdout, "h"))


def other_months(people: Population, rows: int, seed: int) -> Case:
    """All rows fresh; those of the holdout come from four months later, when everything has moved."""
    case = fresh(people, rows, seed)
    return replace(case, holdout=people.draw(rows, 10 * seed + 2, months=4.0))


def _partly(case: Case, rows: np.ndarray) -> Case:
    """`case` with its last synthetic rows replaced by these rows of train."""
    return replace(case, synthetic=ending_in_copies(case.synthetic, case.train, rows))


def _unusualness(table: Table) -> np.ndarray:
    """Sum over columns of minus the logarithm of how many rows share a label or lie as far out."""
    found = np.zeros(len(table))
    for values in table.model_values().values():
        distinct, at, counts = np.unique(np.nan_to_num(values), return_inverse=True, return_counts=True)
        if len(distinct) > 20:
            rank = (np.argsort(np.argsort(np.nan_to_num(values))) + 0.5) / len(table)
            found -= np.log(np.minimum(rank, 1 - rank))
        else:
            found -= np.log(counts[at] / len(table))
    _, at, counts = np.unique(row_hashes(table), return_inverse=True, return_counts=True)
    return np.where(counts[at] == 1, found, -np.inf)


def _with_secret(table: Table, ill: np.ndarray) -> Table:
    schema = Schema((*table.schema, Column(name="secret", kind="categorical", categories=("well", "ill"))))
    return Table.of(schema, {**table.model_values(), "secret": ill.astype(np.int32)})
