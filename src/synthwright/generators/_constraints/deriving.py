"""A column that follows from others is computed, never modelled."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np
import pyarrow as pa

from synthwright.data.expressions import Expression, parse_value
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.rule_values import amounts_of
from synthwright.data.rule_writing import column_text
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.generators._constraints.steps import (
    alone_column,
    column_from_state,
    column_state,
    fresh_name,
    known_after,
    storable,
    stored,
    swapped,
)

__all__ = ["Derive"]


@dataclass(frozen=True)
class Derive:
    """`column` equals `value` in every row in which both are there.

    Where cells are missing, the method learns whether the column is `present`; or, if at least 5 rows have it without
    what it is computed from, the column itself (`rest`), whose values count where they can't be computed.
    """

    column: Column
    value: Expression
    present: Column | None = None
    rest: Column | None = None

    @property
    def takes(self) -> tuple[str, ...]:
        return (self.column.name,)

    @property
    def gives(self) -> tuple[Column, ...]:
        return tuple(one for one in (self.present, self.rest) if one is not None)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The columns that it is computed from."""
        return frozenset(self.value.columns)

    def learnt(self, table: Table, schema: Schema) -> Self:
        """The same step with columns for the missing cells of `table`; `schema` has the names in use."""
        name, numbers = self.column.name, table.numbers(self.column.name)
        gone, computable = np.isnan(numbers), np.isfinite(self._computed(table))
        if (~gone & ~computable).sum() >= MINIMUM_ROWS:
            label = fresh_name(f"{name} alone", table.schema, schema)
            return replace(self, rest=alone_column(label, self.column, numbers))
        if min(int(gone.sum()), len(gone) - int(gone.sum())) >= MINIMUM_ROWS:
            label = fresh_name(f"{name} is present", table.schema, schema)
            return replace(self, present=Column(name=label, kind="boolean", dtype="bool"))
        return self

    def declared(self, schema: Schema) -> Self:
        """The same step where no rows are: the column is drawn as its schema says, wherever it can't be computed."""
        gaps = any(schema[name].missing for name in self.inputs)
        if not (gaps or self.column.missing):
            return self
        return replace(self, rest=replace(self.column, name=fresh_name(f"{self.column.name} alone", schema)))

    def encode(self, table: Table) -> Table:
        name = self.column.name
        if name not in table.schema:
            return table
        numbers = table.numbers(name)
        put: dict[Column, Any] = {}
        if self.present is not None:
            put[self.present] = pa.array(np.isfinite(numbers))
        if self.rest is not None:
            put[self.rest] = stored(self.rest, numbers)
        return swapped(table, (name,), put)

    def known(self, names: frozenset[str]) -> frozenset[str] | None:
        return known_after(self, names)

    def decode(self, table: Table, schema: Schema) -> tuple[Table, np.ndarray]:
        values = self._computed(table)
        if self.rest is not None:
            alone = table.numbers(self.rest.name)
            values = np.where(np.isnan(alone) | np.isnan(values), alone, values)
        if self.present is not None:
            values = np.where(table.levels(self.present.name) == 1, values, np.nan)
        column = schema[self.column.name]
        put = {column: stored(column, values)}
        return swapped(table, tuple(one.name for one in self.gives), put), storable(column, values)

    def _computed(self, table: Table) -> np.ndarray:
        """The value in each row, NaN where it can't be computed (a missing cell, a division by zero)."""
        unit = (self.column.unit or "second") if self.column.kind == "datetime" else None
        values = amounts_of(table, self.value.tree, unit)
        return np.where(np.isfinite(values), values, np.nan)

    def state(self) -> dict[str, Any]:
        return {
            "step": "derive",
            "column": self.column.name,
            "value": self.value.text,
            "present": column_state(self.present),
            "rest": column_state(self.rest),
        }

    @classmethod
    def from_state(cls, state: Any, schema: Schema) -> Self:
        """Read back `state` for columns of `schema`; raises `BadInput` or `LookupError` unless it fits them."""
        value = parse_value(state["value"], schema)
        return cls(
            schema[state["column"]], value, column_from_state(state["present"]), column_from_state(state["rest"])
        )

    def words(self) -> tuple[str, str]:
        return "derive", f"{column_text(self.column.name)} = {self.value.text}"
