"""Conditions checked against what a model can draw, before any work is spent on them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import arrow_type, decoded, stored
from synthwright.data.columns import categories_of
from synthwright.data.predicates import Predicate
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UnknownName, UsageError, shorten
from synthwright.generators.conditions import level
from synthwright.generators.drawing import checked_count
from synthwright.generators.narrowing import narrowed, outside, require_missing
from synthwright.generators.protocol import Empty, Given

__all__ = ["asked_for", "checked_given"]


def asked_for(
    given: Any, schema: Schema, n: int | None, empty: Empty, left_out: Mapping[str, str]
) -> tuple[Given, int]:
    """What `given` says (see `Given.of`), checked, and how many rows are asked for: those given, unless `n` says it.

    Raises
    ------
    BadInput
        A condition speaks of a column in `left_out`, or as `checked_given`.
    UnknownName, UsageError
        As `checked_given`; or nothing says how many rows to draw.
    """
    try:
        told = Given.of(given, schema, empty=empty)
    except UnknownName as error:
        for name, why in left_out.items():
            if f"{shorten(name)!r}" in error.problem:
                raise BadInput(
                    f"Column {shorten(name)!r} can't be conditioned on.",
                    evidence=f"The model does not draw it: {why}.",
                    remedy="Leave it out of the conditions, or out of the partial rows.",
                ) from error
        raise
    if n is None and told.fixed is None:
        raise UsageError(
            "Nothing says how many rows to draw.", remedy="Give a number, or partial rows to be completed."
        )
    count = len(told.fixed) if n is None and told.fixed is not None else checked_count(n)
    return checked_given(told, schema, count), count


def checked_given(given: Given, schema: Schema, n: int) -> Given:
    """`given` with `fixed` in the schema's own types and one predicate per column; every value in it can occur.

    Raises
    ------
    UnknownName
        `schema` has no such column.
    BadInput
        A value lies outside its column's domain, or two conditions contradict each other.
    UsageError
        `fixed` has another number of rows than are drawn.
    """
    where = narrowed(given.where, schema)
    if given.fixed is None:
        return replace(given, where=where)
    if len(given.fixed) != n:
        raise UsageError(
            f"{n:,} rows were asked for, but {len(given.fixed):,} rows are fixed.",
            remedy="Ask for as many rows as are fixed.",
        )
    fixed = _adopted(given.fixed, schema, unknown=given.empty == "unknown")
    for predicate in where:
        if predicate.column in fixed.schema:
            _require_agreement(predicate, fixed, unknown=given.empty == "unknown")
    return replace(given, fixed=fixed, where=where)


def _require_agreement(predicate: Predicate, fixed: Table, *, unknown: bool) -> None:
    """The fixed rows satisfy `predicate`, as far as they say anything."""
    broken = ~predicate.holds(fixed)
    if unknown:
        broken &= ~fixed.missing(predicate.column)
    if broken.any():
        row = int(np.argmax(broken))
        value = fixed.data[predicate.column][row].as_py()
        raise BadInput(
            f"A condition on {shorten(predicate.column)!r} contradicts the rows that are fixed.",
            evidence=f"{int(broken.sum()):,} of {len(fixed):,} rows; row {row:,} has "
            f"{'no value' if value is None else shorten(str(value))}.",
            remedy="Leave the condition out, or the column or these rows.",
        )


def _adopted(fixed: Table, schema: Schema, *, unknown: bool) -> Table:
    """`fixed` under the model's schema and types, every value inside its domain."""
    wanted = schema.select(fixed.schema.names)
    arrays = [_cast(column, fixed.data[column.name]) for column in wanted]
    adopted = Table(wanted, pa.Table.from_arrays(arrays, names=list(wanted.names)))
    for column in wanted:
        if not unknown and adopted.missing(column.name).any():
            require_missing(column)
        if column.is_discrete:
            beyond = adopted.levels(column.name) >= len(categories_of(column))
        elif column.is_numeric and column.bounds is not None:
            values = adopted.numbers(column.name)
            with np.errstate(invalid="ignore"):
                beyond = (values < column.bounds[0]) | (values > column.bounds[1])
        else:
            continue
        if beyond.any():
            row = int(np.argmax(beyond))
            value = str(adopted.data[column.name][row].as_py())
            if column.is_numeric:
                raise outside(column, value, row)
            level(column, value)
    return adopted


def _cast(column: Column, cells: pa.ChunkedArray) -> pa.ChunkedArray:
    wanted = arrow_type(column)
    if cells.type == wanted:
        return cells
    try:
        return stored(cells, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadInput(
            f"The fixed values of column {shorten(column.name)!r} are not of its type.",
            evidence=f"They are stored as {decoded(cells).type}, the column as {wanted}.",
        ) from error
