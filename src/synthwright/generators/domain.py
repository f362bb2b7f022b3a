"""Conditions checked against what a model can draw, before any work is spent on them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import arrow_type
from synthwright.data.columns import categories_of
from synthwright.data.predicates import Predicate, Range
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.generators.conditions import level
from synthwright.generators.protocol import Given

__all__ = ["checked_given"]


def checked_given(given: Given, schema: Schema, n: int) -> Given:
    """`given` with `fixed` in the schema's own types; every column and value in it can occur.

    Raises
    ------
    UnknownName
        `schema` has no such column.
    BadInput
        A value lies outside its column's domain, or two conditions contradict each other.
    UsageError
        `fixed` has another number of rows than are drawn.
    """
    for predicate in given.where:
        _check(predicate, schema[predicate.column])
    if given.fixed is None:
        return given
    if len(given.fixed) != n:
        raise UsageError(
            f"{n:,} rows were asked for, but {len(given.fixed):,} rows are fixed.",
            remedy="Ask for as many rows as are fixed.",
        )
    fixed = _adopted(given.fixed, schema)
    for predicate in given.where:
        if predicate.column in fixed.schema and not predicate.holds(fixed).all():
            raise BadInput(f"A condition on {shorten(predicate.column)!r} contradicts the rows that are fixed.")
    return replace(given, fixed=fixed)


def _check(predicate: Predicate, column: Column) -> None:
    if not column.is_modelled:
        raise BadInput(
            f"Column {shorten(column.name)!r} can't be conditioned on.",
            evidence=f"Its kind is {column.kind}: its values are made up, not learnt.",
        )
    if isinstance(predicate, Range):
        ranges = [(predicate.low, predicate.high)]
    else:
        if None in predicate.values:
            _check_missing(column)
        present = [value for value in predicate.values if value is not None]
        if column.is_discrete:
            for value in present:
                level(column, value)
            return
        ranges = [(float(value), float(value)) for value in present]
    for low, high in ranges:
        if column.bounds is not None and (low > column.bounds[1] or high < column.bounds[0]):
            raise _outside(column, str(low) if low == high else f"{low} to {high}")


def _check_missing(column: Column) -> None:
    if not column.missing:
        raise BadInput(f"Column {shorten(column.name)!r} is never missing.", remedy="Give a value instead of None.")


def _outside(column: Column, found: str) -> BadInput:
    low, high = column.bounds or (-np.inf, np.inf)
    return BadInput(
        f"Column {shorten(column.name)!r} never has such a value.",
        evidence=f"{shorten(found)} lies outside {low} to {high}{_unit(column)}.",
        remedy="Give a value inside, or declare wider bounds in the schema before fitting.",
    )


def _unit(column: Column) -> str:
    return "" if column.kind != "datetime" else f" ({column.unit or 'second'}s since 1970)"


def _adopted(fixed: Table, schema: Schema) -> Table:
    """`fixed` under the model's schema and types, every value inside its domain."""
    wanted = schema.select(fixed.schema.names)
    arrays = [_cast(column, fixed.data[column.name]) for column in wanted]
    adopted = Table(wanted, pa.Table.from_arrays(arrays, names=list(wanted.names)))
    for column in wanted:
        missing = adopted.missing(column.name)
        if missing.any():
            _check_missing(column)
        if column.is_discrete:
            outside = adopted.levels(column.name) >= len(categories_of(column))
        elif column.is_numeric and column.bounds is not None:
            values = adopted.numbers(column.name)
            with np.errstate(invalid="ignore"):
                outside = (values < column.bounds[0]) | (values > column.bounds[1])
        else:
            continue
        if outside.any():
            value = str(adopted.data[column.name][int(np.argmax(outside))].as_py())
            if column.is_numeric:
                raise _outside(column, value)
            level(column, value)
    return adopted


def _cast(column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    wanted = arrow_type(column)
    if cells.type == wanted:
        return cells
    if pa.types.is_dictionary(cells.type):
        cells = cells.cast(cells.type.value_type)
    try:
        if pa.types.is_dictionary(wanted):
            return cells.cast(wanted.value_type).dictionary_encode().cast(wanted)
        return cells.cast(wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadInput(
            f"The fixed values of column {shorten(column.name)!r} are not of its type.",
            evidence=f"They are stored as {cells.type}, the column as {wanted}.",
        ) from error
