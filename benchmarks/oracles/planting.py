"""What all plants share: three tables under one schema, fresh rows, and small changes of a table."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from populations import Population

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.seeding import Streams

__all__ = [
    "Case",
    "Plant",
    "appended",
    "changed",
    "collapsed_rows",
    "ending_in_copies",
    "first_number",
    "fresh",
    "named_parts",
    "rng_of",
    "shuffled",
    "with_absurd_cell",
    "with_column",
]


@dataclass(frozen=True)
class Case:
    """Three tables under one schema."""

    train: Table
    synthetic: Table
    holdout: Table


Plant = Callable[[Population, int, int], Case]


def fresh(people: Population, rows: int, seed: int) -> Case:
    """Three independent draws."""
    return Case(*(people.draw(rows, 10 * seed + at) for at in range(3)))


def changed(table: Table, **columns: np.ndarray) -> Table:
    """`table` with these model values instead."""
    return Table.of(table.schema, {**table.model_values(), **columns})


def with_column(table: Table, name: str, values: pa.Array) -> Table:
    """`table` with one column replaced as it stands in Arrow."""
    return Table(table.schema, table.data.set_column(table.data.column_names.index(name), name, values))


def shuffled(table: Table, seed: int = 0) -> Table:
    """Every column in an order of its own: same columns, no dependence."""
    return changed(
        table,
        **{name: rng_of(seed, "shuffle", name).permutation(values) for name, values in table.model_values().items()},
    )


def ending_in_copies(made: Table, train: Table, rows: np.ndarray) -> Table:
    """`made` with its last rows replaced by these rows of train."""
    return Table.concat([made.head(len(made) - len(rows)), train.take(rows)])


def collapsed_rows(values: np.ndarray, rows: int) -> np.ndarray:
    """Positions of at most `rows` rows: all with the commonest of `values`, and one in fifty of the others."""
    distinct, counts = np.unique(values, return_counts=True)
    keep = (values == distinct[counts.argmax()]) | (np.arange(len(values)) % 50 == 0)
    return np.flatnonzero(keep)[:rows]


def first_number(people: Population) -> str:
    """The first numeric column that is no target."""
    return next(column.name for column in people.schema if column.is_numeric and column.role != "target")


def rng_of(seed: int, *names: str) -> np.random.Generator:
    """The stream of one purpose."""
    return Streams(seed).at("plants", *names).rng()


def named_parts(case: Case) -> list[tuple[str, Table]]:
    """The three tables with their names, in the order of `Case`."""
    return [("train", case.train), ("synthetic", case.synthetic), ("holdout", case.holdout)]


def with_absurd_cell(table: Table, name: str) -> Table:
    """`table` with one cell of `name` a million standard deviations off."""
    values = table.numbers(name).copy()
    values[np.flatnonzero(~np.isnan(values))[0]] = np.nanmean(values) + 1e6 * np.nanstd(values)
    return changed(table, **{name: values})


def appended(table: Table, cells: dict[str, tuple[str, np.ndarray]]) -> Table:
    """`table` with more columns of model values, features all of them, which may miss cells."""
    columns = tuple(Column(name=name, kind=kind, missing=True) for name, (kind, _) in cells.items())  # type: ignore[arg-type]
    values = {name: found for name, (_, found) in cells.items()}
    return Table.of(Schema((*table.schema, *columns)), {**table.model_values(), **values})
