"""A column in order with others is learnt as its distance from them, so no draw can break the order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

import numpy as np

from synthwright.data.expressions import Expression, parse_value
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.rule_values import amounts_of
from synthwright.data.rule_writing import column_text
from synthwright.data.schema import Column, Role, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.generators._constraints.steps import (
    alone_column,
    column_from_state,
    column_state,
    fresh_name,
    known_after,
    numbers_column,
    storable,
    stored,
    swapped,
)

__all__ = ["Limit", "Order"]

_GOLDEN = 0.6180339887498949
_ROUNDED = 1e-9  # of a grid step: what rounding may have moved a limit from a grid point that it lies on


@dataclass(frozen=True, slots=True)
class Limit:
    """What the column is compared with; `strict` if they may not be equal."""

    value: Expression
    strict: bool


@dataclass(frozen=True)
class Order:
    """`column` lies above the largest of `limits` that a row has (below the smallest, if not `above`).

    Learnt is the `gap` between them, and, if at least 5 rows have no limit at all, the column itself (`rest`), whose
    values count there. Both are missing where the column is, and nowhere else; so a method that draws them apart still
    draws as many gaps. Limits are rounded to the column's grid, away from it: limit and gap add up to grid points.
    """

    column: Column
    limits: tuple[Limit, ...]
    above: bool
    gap: Column | None = None
    rest: Column | None = None

    @property
    def takes(self) -> tuple[str, ...]:
        return (self.column.name,)

    @property
    def gives(self) -> tuple[Column, ...]:
        return tuple(one for one in (self.gap, self.rest) if one is not None)

    @cached_property
    def inputs(self) -> frozenset[str]:
        """The columns that the limits are made of."""
        return frozenset(name for limit in self.limits for name in limit.value.columns)

    def learnt(self, table: Table, schema: Schema) -> Self:
        """The same step with columns for what `table` shows; `schema` has the names in use."""
        name = self.column.name
        numbers, alone = table.numbers(name), self._alone(table)
        side = "above" if self.above else "below"
        told = ", ".join(limit.value.text for limit in self.limits)
        label = fresh_name(f"{name} {side} {told}", table.schema, schema)
        gap = replace(numbers_column(label, self.column, self._gaps(table)), role=_role(self.column))
        rest = None
        if alone.sum() >= MINIMUM_ROWS:
            rest = alone_column(fresh_name(f"{name} alone", table.schema, schema), self.column, numbers)
        return replace(self, gap=gap, rest=rest)

    def encode(self, table: Table) -> Table:
        if self.column.name not in table.schema or self.gap is None:
            return table
        put = {self.gap: stored(self.gap, self._gaps(table))}
        if self.rest is not None:
            put[self.rest] = stored(self.rest, table.numbers(self.column.name))
        return swapped(table, (self.column.name,), put)

    def known(self, names: frozenset[str]) -> frozenset[str] | None:
        return known_after(self, names)

    def decode(self, table: Table, schema: Schema) -> tuple[Table, np.ndarray]:
        if self.gap is None:
            raise BadInput("A constraint has learnt nothing yet.")
        limit, gap = self._limit(table), table.numbers(self.gap.name)
        values = limit + gap if self.above else limit - gap
        if self.rest is not None:
            values = np.where(np.isnan(limit), table.numbers(self.rest.name), values)
        column = schema[self.column.name]
        put = {column: stored(column, values)}
        return swapped(table, tuple(one.name for one in self.gives), put), storable(column, values)

    def _gaps(self, table: Table) -> np.ndarray:
        """The gap of each row that has the column; rows out of order count as touching.

        Rows without limit get gaps of others, evenly over their distribution: they say nothing, and nothing is read
        from them.
        """
        limit, numbers = self._limit(table), table.numbers(self.column.name)
        gap = np.maximum(numbers - limit if self.above else limit - numbers, 0.0)
        alone, known = self._alone(table), np.sort(gap[np.isfinite(gap)])
        if len(known):
            # The golden ratio's multiples are spread evenly, in an order that no column has.
            places = np.arange(1, int(alone.sum()) + 1) * _GOLDEN % 1
            gap[alone] = known[(places * len(known)).astype(np.int64)]
        else:
            gap[alone] = 0.0
        return np.asarray(gap)

    def _alone(self, table: Table) -> np.ndarray:
        """The rows that have the column, but no limit."""
        return np.asarray(np.isfinite(table.numbers(self.column.name)) & np.isnan(self._limit(table)))

    def _limit(self, table: Table) -> np.ndarray:
        """The nearest value on the column's grid that all limits of a row allow; NaN where it has none."""
        sign = 1.0 if self.above else -1.0
        unit = (self.column.unit or "second") if self.column.kind == "datetime" else None
        nearest = np.full(len(table), np.nan)
        for limit in self.limits:
            values = sign * amounts_of(table, limit.value.tree, unit)
            values = np.where(np.isfinite(values), values, np.nan)
            nearest = np.fmax(nearest, _on_grid(values, self.column.step, strict=limit.strict))
        return sign * nearest

    def state(self) -> dict[str, Any]:
        return {
            "step": "order",
            "column": self.column.name,
            "above": self.above,
            "limits": [{"value": one.value.text, "strict": one.strict} for one in self.limits],
            "gap": column_state(self.gap),
            "rest": column_state(self.rest),
        }

    @classmethod
    def from_state(cls, state: Any, schema: Schema) -> Self:
        """Read back `state` for columns of `schema`; raises `BadInput` or `LookupError` unless it fits them."""
        limits = tuple(Limit(parse_value(one["value"], schema), bool(one["strict"])) for one in state["limits"])
        gap = column_from_state(state["gap"])
        if not limits or gap is None:
            raise BadInput("A saved order has no limits.")
        return cls(schema[state["column"]], limits, bool(state["above"]), gap, column_from_state(state["rest"]))

    def words(self) -> tuple[str, str]:
        pick = "" if len(self.limits) == 1 else "max" if self.above else "min"
        told = ", ".join(one.value.text for one in self.limits)
        base = f"{pick}({told})" if pick or " " in told else told
        return "encode", f"{column_text(self.column.name)} = {base} {'+' if self.above else '-'} gap"


def _role(column: Column) -> Role:
    return "target" if column.role == "target" else "feature"


def _on_grid(values: np.ndarray, step: float | None, *, strict: bool) -> np.ndarray:
    """`values` moved up to the grid, past it if `strict`."""
    if step is None:
        return values
    places = values / step
    if strict:
        return np.asarray((np.floor(places + _ROUNDED) + 1) * step)
    return np.asarray(np.ceil(places - _ROUNDED) * step)
