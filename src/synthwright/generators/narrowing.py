"""Predicates narrowed to what their columns can show: values on the grid, inside the domain, one predicate a column."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from synthwright.data.predicates import OneOf, Predicate, Range
from synthwright.data.schema import Column, Schema
from synthwright.errors import BadInput, shorten
from synthwright.generators.conditions import level

__all__ = ["narrowed", "outside", "require_missing"]

_CLOSE = 1e-6  # of a step: what arithmetic in floats leaves between a value and its place on the grid


def narrowed(where: Iterable[Predicate], schema: Schema) -> tuple[Predicate, ...]:
    """One predicate for each column that `where` speaks of, in the order of first mention; each can hold.

    Raises
    ------
    UnknownName
        `schema` has no such column.
    BadInput
        A value is not on the column's grid or outside its domain, or predicates contradict each other.
    """
    found: dict[str, Predicate] = {}
    for predicate in where:
        column = schema[predicate.column]
        checked = _checked(predicate, column)
        known = found.get(column.name)
        found[column.name] = checked if known is None else _both(column, known, checked)
    return tuple(found.values())


def _checked(predicate: Predicate, column: Column) -> Predicate:
    if not column.is_modelled:
        raise BadInput(
            f"Column {shorten(column.name)!r} can't be conditioned on.",
            evidence=f"Its kind is {column.kind}: its values are made up, not learnt.",
            remedy="Leave the condition out; rows that are given whole keep their own values.",
        )
    if isinstance(predicate, Range):
        return _range(predicate, column)
    if None in predicate.values:
        require_missing(column)
    present = [value for value in predicate.values if value is not None]
    if column.is_discrete:
        for value in present:
            level(column, value)
        return predicate
    on_grid = [_on_grid(column, float(value)) for value in present]
    for value in on_grid:
        _require_inside(column, value, value)
    return OneOf(column.name, (*on_grid, *([None] if None in predicate.values else [])))


def _range(predicate: Range, column: Column) -> Range:
    step, low, high = column.step, predicate.low, predicate.high
    if step is not None:
        low = low if math.isinf(low) else _place(column, math.ceil(low / step - _CLOSE))
        high = high if math.isinf(high) else _place(column, math.floor(high / step + _CLOSE))
        if low > high:
            raise BadInput(
                f"No value of column {shorten(column.name)!r} lies in the range.",
                evidence=f"{predicate.low:g} to {predicate.high:g} holds none of its values, which are {step:g} apart.",
                remedy="Widen the range.",
            )
    _require_inside(column, low, high)
    return Range(column.name, low, high)


def _on_grid(column: Column, value: float) -> float:
    """`value` as the column stores it."""
    step = column.step
    if step is None:
        return value
    place = value / step
    if abs(place - round(place)) > max(_CLOSE, abs(place) * 1e-12):
        ends = [f"{_place(column, end):.12g}" for end in (math.floor(place), math.ceil(place))]
        raise BadInput(
            f"Column {shorten(column.name)!r} never has the value {value:.12g}.",
            evidence=f"Its values are {step:g} apart: {' and '.join(ends)} are the nearest{_unit(column)}.",
            remedy="Give one of them, or a range around the value.",
        )
    return _place(column, round(place))


def _place(column: Column, number: int) -> float:
    """Grid point `number`, in the bits of `Table.numbers`."""
    if column.decimals is None or column.kind != "float":
        return float(number)
    return float(np.round(number * 10.0**-column.decimals, column.decimals))


def _both(column: Column, one: Predicate, other: Predicate) -> Predicate:
    """The predicate that holds where both do."""
    if isinstance(one, Range) and isinstance(other, Range):
        low, high = max(one.low, other.low), min(one.high, other.high)
        if low <= high:
            return Range(column.name, low, high)
    else:
        listed, rest = (one, other) if isinstance(one, OneOf) else (other, one)
        kept = tuple(value for value in listed.values if _allows(rest, value)) if isinstance(listed, OneOf) else ()
        if kept:
            return OneOf(column.name, kept)
    raise BadInput(
        f"The conditions on {shorten(column.name)!r} contradict each other.",
        evidence=f"No value satisfies both {_told(one)} and {_told(other)}.",
        remedy="Keep one of them.",
    )


def _allows(predicate: Predicate, value: object) -> bool:
    if isinstance(predicate, Range):
        return isinstance(value, int | float) and predicate.low <= value <= predicate.high
    return value in predicate.values


def _told(predicate: Predicate) -> str:
    if isinstance(predicate, Range):
        return f"{predicate.low:g} to {predicate.high:g}"
    return shorten(", ".join("missing" if value is None else str(value) for value in predicate.values))


def _require_inside(column: Column, low: float, high: float) -> None:
    if column.bounds is not None and (low > column.bounds[1] or high < column.bounds[0]):
        raise outside(column, f"{low:g}" if low == high else f"{low:g} to {high:g}")


def require_missing(column: Column) -> None:
    """`column` can be missing; raises `BadInput` otherwise."""
    if not column.missing:
        raise BadInput(f"Column {shorten(column.name)!r} is never missing.", remedy="Give a value instead of None.")


def outside(column: Column, found: str, row: int | None = None) -> BadInput:
    """The error for a value beyond the column's bounds."""
    low, high = column.bounds or (-np.inf, np.inf)
    place = "" if row is None else f"Row {row:,}: "
    return BadInput(
        f"Column {shorten(column.name)!r} never has such a value.",
        evidence=f"{place}{shorten(found)} lies outside {low} to {high}{_unit(column)}.",
        remedy="Give a value inside, or declare wider bounds in the schema before fitting.",
    )


def _unit(column: Column) -> str:
    return "" if column.kind != "datetime" else f" ({column.unit or 'second'}s since 1970)"
