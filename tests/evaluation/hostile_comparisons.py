"""Comparisons nobody would wish for: what other tools, bad splits and broken exports hand in; about 300 rows each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
from planted_tables import PEOPLE, people, with_column

from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison

ROLES = PEOPLE.with_target("member").with_sensitive(["city"])
NUMBERS = ("age", "income")


def part(rows: int, seed: int) -> Table:
    return people(rows, seed).with_schema(ROLES)


def three(change: Callable[[Table], Table] = lambda table: table, *, to: str = "all") -> Comparison:
    """Train, synthetic and holdout of 300, 300 and 150 fresh rows, of which `to` (or all) were changed."""
    parts = {"train": part(300, 0), "synthetic": part(300, 1), "holdout": part(150, 2)}
    changed = {name: change(table) if to in {name, "all"} else table for name, table in parts.items()}
    return align(**changed, against={"benchmark": part(80, 3)})


def constant(table: Table) -> Table:
    for name in table.names:
        table = with_column(table, name, table.data[name].take(pa.array([0] * len(table))))
    return table


def missing(*names: str) -> Callable[[Table], Table]:
    def change(table: Table) -> Table:
        for name in names:
            table = with_column(table, name, pa.nulls(len(table), table.data[name].type))
        return table

    return change


def put(name: str, value: object, *rows: int) -> Callable[[Table], Table]:
    """The cells of `rows` in column `name` hold `value`."""

    def change(table: Table) -> Table:
        cells = table.data[name].to_pylist()
        for row in rows or range(len(cells)):
            cells[row] = value
        kind = table.data[name].type
        return with_column(table, name, pa.array(cells, kind if not isinstance(value, float) else pa.float64()))

    return change


def disguised(table: Table) -> Table:
    """As a careless export would have it: text everywhere, other spellings, other order, row numbers."""
    frame = {
        "Unnamed: 0": pa.array(range(len(table))),
        "Grade": pa.array([grade.upper() for grade in table.data["grade"].to_pylist()]),
        "joined": pa.array([day.strftime("%d.%m.%Y") for day in table.data["joined"].to_pylist()]),
        "member": pa.array(["yes" if one else "no" for one in table.data["member"].to_pylist()]),
        "city": pa.array([f" {city}" for city in table.data["city"].to_pylist()]),
        "age": pa.array([f"{age}.0" for age in table.data["age"].to_pylist()]),
        "income": pa.array(["" if one is None else repr(one) for one in table.data["income"].to_pylist()]),
    }
    return read_table(pa.table(frame))


def distinct_labels(table: Table) -> Table:
    """10,000 declared categories, and hardly one of them twice."""
    labels = tuple(f"c{at}" for at in range(10_000))
    at = np.random.default_rng(len(table)).permutation(10_000)[: len(table)]
    city = replace(ROLES["city"], categories=labels, source="declared")
    return with_column(table, "city", pa.array([labels[one] for one in at])).with_schema(ROLES.replacing(city))


def only(*names: str) -> Callable[[Table], Table]:
    return lambda table: table.select(names)


def regrouped(table: Table) -> Table:
    """Ten groups, each on both sides of the split."""
    groups = pa.array([f"g{at % 10}" for at in range(len(table))])
    schema = Schema((*ROLES.columns, Column(name="unit", kind="id", role="group")))
    return Table(schema, table.data.append_column("unit", groups))


def months(table: Table) -> Table:
    return with_column(table, "joined", pa.array(np.arange(len(table), dtype=np.int32) + 30_000).cast(pa.date32()))


def copied() -> Comparison:
    train = part(300, 0)
    return align(train, train, part(150, 2), against={"benchmark": train})


HOSTILE: dict[str, Callable[[], Comparison]] = {
    "other dtypes and spellings": lambda: three(disguised, to="synthetic"),
    "unseen categories": lambda: three(put("city", "Atlantis"), to="synthetic"),
    "all rows identical": lambda: three(constant),
    "synthetic rows identical": lambda: three(constant, to="synthetic"),
    "train identical": lambda: three(constant, to="train"),
    "columns all missing": lambda: three(missing("income", "city", "joined")),
    "columns missing in synthetic": lambda: three(missing("age", "city", "joined", "member"), to="synthetic"),
    "columns missing in train": lambda: three(missing("age", "city", "joined"), to="train"),
    "columns missing in holdout": lambda: three(missing("age", "city", "member"), to="holdout"),
    "target missing everywhere": lambda: three(missing("member")),
    "everything missing": lambda: three(missing(*PEOPLE.names), to="synthetic"),
    "one class": lambda: three(put("member", True), to="synthetic"),
    "one class in train": lambda: three(put("member", True), to="train"),
    "class of one row": lambda: three(lambda table: put("member", True, 0)(put("member", False)(table))),
    "one group": lambda: three(put("city", "city 1")),
    "10,000 categories": lambda: three(distinct_labels),
    "outlier in synthetic": lambda: three(put("income", 1e300, 3), to="synthetic"),
    "outlier in train": lambda: three(put("income", 1e300, 3), to="train"),
    "outlier in holdout": lambda: three(put("income", -1e300, 3), to="holdout"),
    "many outliers": lambda: three(put("income", 1e300, 3, 4, 5, 6, 7)),
    "outliers of both signs in train": lambda: three(
        lambda t: put("income", -1e300, 3, 4)(put("income", 1e300, 5, 6)(t))
    ),
    "huge and tiny numbers": lambda: three(put("income", 1e-300, *range(50))),
    "one synthetic row": lambda: three(lambda table: table.head(1), to="synthetic"),
    "one holdout row": lambda: three(lambda table: table.head(1), to="holdout"),
    "two train rows": lambda: three(lambda table: table.head(2), to="train"),
    "one row each": lambda: three(lambda table: table.head(1)),
    "train twice the holdout": three,
    "no holdout": lambda: align(part(300, 0), part(300, 1)),
    "a copy": copied,
    "one number": lambda: three(only("income")),
    "one label": lambda: three(only("city")),
    "the target alone": lambda: three(only("member")),
    "numbers alone": lambda: three(only(*NUMBERS)),
    "groups across the split": lambda: three(regrouped),
    "another month": lambda: three(months, to="holdout"),
    "distant dates": lambda: three(put("joined", None, 0, 1), to="synthetic"),
}
