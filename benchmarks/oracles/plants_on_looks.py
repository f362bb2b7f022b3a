"""Planted tables that look wrong, or right: columns, pairs, modes, targets, odd columns.

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
    first_number,
    fresh,
    named_parts,
    rng_of,
    shuffled,
    with_absurd_cell,
    with_column,
)
from populations import MODES, Population

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

__all__ = [
    "a_single_row",
    "columns_shuffled",
    "exclusive_or",
    "exclusive_or_kept",
    "half_of_the_modes",
    "labels_renamed",
    "minority_thinned",
    "missing_at_random",
    "missing_in_the_wrong_rows",
    "odd_columns",
    "one_absurd_row",
    "one_mode_in_99_of_100_rows",
    "rare_mode_dropped",
    "shifted_a_little",
    "shifted_far",
    "target_flipped",
    "target_noisy",
    "ten_thousand_labels",
]


def half_of_the_modes(people: Population, rows: int, seed: int) -> Case:
    """Two of the four modes, which hold 57 % of the real rows."""
    return _from_modes(people, rows, seed, (MODES[0], 0.0, MODES[2], 0.0))


def one_mode_in_99_of_100_rows(people: Population, rows: int, seed: int) -> Case:
    """99 % of the rows from a mode that holds 40 % of the real ones."""
    return _from_modes(people, rows, seed, (0.99, 0.004, 0.004, 0.002))


def rare_mode_dropped(people: Population, rows: int, seed: int) -> Case:
    """All modes but the one that holds 3 % of the real rows, and the labels that belong to it."""
    return _from_modes(people, rows, seed, (*MODES[:3], 0.0))


def columns_shuffled(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows, every column of them in an order of its own."""
    case = fresh(people, rows, seed)
    return replace(case, synthetic=shuffled(case.synthetic, seed))


def shifted_a_little(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows, the first numeric column moved by half a standard deviation."""
    return _shifted(fresh(people, rows, seed), 0.5)


def shifted_far(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows, the first numeric column moved by 100 standard deviations."""
    return _shifted(fresh(people, rows, seed), 100.0)


def one_absurd_row(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows, in one of which the first numeric column is a million standard deviations off."""
    case, name = fresh(people, rows, seed), first_number(people)
    return replace(case, synthetic=with_absurd_cell(case.synthetic, name))


def labels_renamed(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows, every label of every column of labels replaced by one that train does not have."""
    case = fresh(people, rows, seed)
    made = case.synthetic
    for column in people.schema:
        if column.kind in {"categorical", "ordinal"} and column.role != "target":
            named = [None if value is None else f"other {value}" for value in made.data[column.name].to_pylist()]
            made = with_column(made, column.name, pa.array(named, pa.string()))
    return replace(case, synthetic=made)


def target_flipped(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows with the target reversed: the highest for the lowest, one class for the other, in equal numbers."""
    case = fresh(people, rows, seed)
    y = case.synthetic.model_values()["target"]
    if people.target == "float":
        order = np.argsort(y)
        turned = np.empty_like(y)
        turned[order] = y[order][::-1]
    else:
        turned, rng = y.copy(), rng_of(seed, "flip")
        count = int(min((y == 0).sum(), (y == 1).sum()))
        for level in (0, 1):
            turned[rng.choice(np.flatnonzero(y == level), count, replace=False)] = 1 - level
    return replace(case, synthetic=changed(case.synthetic, target=turned))


def target_noisy(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows, the targets of 30 % of them dealt out anew among themselves."""
    case, rng = fresh(people, rows, seed), rng_of(seed, "noise")
    y = case.synthetic.model_values()["target"].copy()
    hit = rng.choice(rows, int(0.3 * rows), replace=False)
    y[hit] = y[rng.permutation(hit)]
    return replace(case, synthetic=changed(case.synthetic, target=y))


def exclusive_or_kept(people: Population, rows: int, seed: int) -> Case:
    """Three more columns as in `exclusive_or`, in the synthetic rows too."""
    return exclusive_or(people, rows, seed, kept=True)


def exclusive_or(people: Population, rows: int, seed: int, *, kept: bool = False) -> Case:
    """Three more columns: any two are independent, the third is given by the other two; not so in the synthetic rows.

    Numbers, where the population has no labels: the sign of the third is the product of the signs of the others.
    """

    def more(table: Table, part: str, *, honest: bool) -> Table:
        rng = rng_of(seed, "xor", part)
        if any(column.is_discrete for column in people.schema):
            a, b, free = rng.integers(0, 2, (3, len(table)))
            cells = {"coin a": a, "coin b": b, "coin c": a ^ b if honest else free}
            return appended(table, {name: ("boolean", values.astype(np.int32)) for name, values in cells.items()})
        a, b, free = rng.normal(size=(3, len(table)))
        third = np.abs(free) * np.sign(a * b) if honest else free
        return appended(table, {"coin a": ("float", a), "coin b": ("float", b), "coin c": ("float", third)})

    case = fresh(people, rows, seed)
    return Case(*(more(one, part, honest=kept or part != "synthetic") for part, one in named_parts(case)))


def missing_at_random(people: Population, rows: int, seed: int) -> Case:
    """A fifth of one column missing at random in all three tables."""
    return missing_in_the_wrong_rows(people, rows, seed, wrong=False)


def missing_in_the_wrong_rows(people: Population, rows: int, seed: int, *, wrong: bool = True) -> Case:
    """A fifth of one column missing at random in real rows, and where another column is large in synthetic ones."""
    case, name, by = fresh(people, rows, seed), people.schema.names[2], people.schema.names[0]
    declared = people.schema.replacing(replace(people.schema[name], missing=True))

    def more(table: Table, part: str) -> Table:
        values, other = table.model_values()[name], np.nan_to_num(table.model_values()[by])
        other = other + 1e-6 * rng_of(seed, "tie", part).random(rows)  # among equal ones, any
        at_random = rng_of(seed, "missing", part).permutation(rows)[: rows // 5]
        lost = np.argsort(-other)[: rows // 5] if wrong and part == "synthetic" else at_random
        values = values.astype(float) if values.dtype.kind == "f" else values.copy()
        values[lost] = np.nan if values.dtype.kind == "f" else -1
        return changed(table.with_schema(declared), **{name: values})

    return Case(*(more(one, part) for part, one in named_parts(case)))


def odd_columns(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows with three more columns: all missing, one value throughout, labels in several scripts."""
    scripts = ("☃", "naïve", "数据", "", "x" * 300)

    def more(table: Table, part: str) -> Table:
        rng, n = rng_of(seed, "odd", part), len(table)
        columns = (
            Column(name="never filled", kind="float", missing=True),
            Column(name="constant", kind="integer"),
            Column(name="script", kind="categorical", categories=scripts),
        )
        cells = {"never filled": np.full(n, np.nan), "constant": np.full(n, 7.0), "script": _codes(rng, 5, n)}
        return Table.of(Schema((*table.schema, *columns)), {**table.model_values(), **cells})

    return Case(*(more(one, part) for part, one in named_parts(fresh(people, rows, seed))))


def ten_thousand_labels(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows with one more column of 10,000 labels, all of which were declared."""
    shop = Column(name="shop", kind="categorical", categories=tuple(f"shop {at}" for at in range(10_000)))

    def more(table: Table, part: str) -> Table:
        cells = {"shop": _codes(rng_of(seed, "shop", part), 10_000, len(table))}
        return Table.of(Schema((*table.schema, shop)), {**table.model_values(), **cells})

    return Case(*(more(one, part) for part, one in named_parts(fresh(people, rows, seed))))


def a_single_row(people: Population, rows: int, seed: int) -> Case:
    """One fresh row as the whole synthetic table."""
    case = fresh(people, rows, seed)
    return replace(case, synthetic=case.synthetic.head(1))


def minority_thinned(people: Population, rows: int, seed: int) -> Case:
    """Fresh rows of which only every fifth of the minority group is kept."""
    case = fresh(people, rows, seed)
    pool = people.draw(2 * rows, 10 * seed + 7)
    kept = (pool.levels("group") == 0) | (np.arange(2 * rows) % 5 == 0)
    return replace(case, synthetic=pool.take(np.flatnonzero(kept)[:rows]))


def _codes(rng: np.random.Generator, levels: int, rows: int) -> np.ndarray:
    return rng.integers(0, levels, rows).astype(np.int32)


def _from_modes(people: Population, rows: int, seed: int, modes: tuple[float, ...]) -> Case:
    return replace(fresh(people, rows, seed), synthetic=people.draw(rows, 10 * seed + 1, modes=modes))


def _shifted(case: Case, deviations: float) -> Case:
    column = next(column for column in case.train.schema if column.is_numeric and column.role != "target")
    values = case.synthetic.numbers(column.name)
    moved = values + deviations * np.nanstd(case.train.numbers(column.name))
    return replace(case, synthetic=changed(case.synthetic, **{column.name: moved}))
