"""What one way of keeping a rule does to a table: encode it before a method learns, decode what the method draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Protocol, Self

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import arrow_type
from synthwright.data.calendar import NANOSECONDS
from synthwright.data.columns import to_arrow
from synthwright.data.domains import bounds_of
from synthwright.data.schema import Column, Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.errors import BadInput

__all__ = [
    "Step",
    "alone_column",
    "column_from_state",
    "column_state",
    "fresh_name",
    "known_after",
    "numbers_column",
    "storable",
    "stored",
    "swapped",
]

_LAST_DAY = 2_932_896 * 86_400  # seconds from 1970 to the end of year 9999
_FIRST_DAY = -719_162 * 86_400  # to the start of year 1
_EXACT = 2.0**53  # whole numbers up to here are exact as a float64


class Step(Protocol):
    """Between a table as people know it and the table that a method learns; `decode` undoes `encode`."""

    @property
    def takes(self) -> tuple[str, ...]:
        """The columns that the method does not see."""
        ...

    @property
    def gives(self) -> tuple[Column, ...]:
        """The columns that it sees instead."""
        ...

    @property
    def inputs(self) -> frozenset[str]:
        """The columns that `takes` are decoded from, beside `gives`: they have to be decoded first."""
        ...

    def learnt(self, table: Table, schema: Schema) -> Self:
        """The same step with the columns `gives` that `table` calls for; `schema` has the names in use."""
        ...

    def encode(self, table: Table) -> Table:
        """`table` with `gives` in place of `takes`; as it is where it has none of these."""
        ...

    def known(self, names: frozenset[str]) -> frozenset[str] | None:
        """What follows from the values of `names` for the encoded table; ``None`` if that can't be said exactly."""
        ...

    def decode(self, table: Table, schema: Schema) -> tuple[Table, np.ndarray]:
        """`table` with `takes`, as in `schema`, in place of `gives`; and the rows whose new values fit."""
        ...

    def state(self) -> dict[str, Any]:
        """All of it as JSON types."""
        ...

    def words(self) -> tuple[str, str]:
        """What is done (``derive`` or ``encode``) and a line that says how."""
        ...


def swapped(table: Table, drop: tuple[str, ...], put: Mapping[Column, pa.Array | pa.ChunkedArray]) -> Table:
    """`table` without the columns `drop`, and with those of `put` behind the others."""
    kept = [column for column in table.schema if column.name not in drop]
    arrays = [table.data[column.name] for column in kept]
    columns = [*kept, *put]
    data = pa.Table.from_arrays([*arrays, *put.values()], names=[column.name for column in columns])
    return replace(table, schema=Schema(tuple(columns)), data=data, frame=None)


def known_after(step: Step, names: frozenset[str]) -> frozenset[str] | None:
    """`Step.known` of a step whose new columns follow exactly from the old ones and its inputs."""
    if names.isdisjoint(step.takes):
        return names
    if not step.inputs <= names:
        return None
    return names.difference(step.takes) | {one.name for one in step.gives}


def fresh_name(wanted: str, *schemas: Schema) -> str:
    """`wanted`, or something close to it that no column of `schemas` is called."""
    while any(wanted in schema for schema in schemas):
        wanted += "'"
    return wanted


def numbers_column(name: str, like: Column, values: np.ndarray) -> Column:
    """A column for differences of values of `like`; its bounds are protected as inferred ones are."""
    whole = like.kind in {"integer", "datetime"}
    plain = Column(
        name=name,
        kind="integer" if whole else "float",
        missing=bool(np.isnan(values).any()),
        decimals=None if whole else like.decimals,
        dtype="int64" if whole else "double",
    )
    return replace(plain, bounds=bounds_of(plain, pa.chunked_array([pa.array(values)])))


def alone_column(name: str, like: Column, values: np.ndarray) -> Column:
    """A column for the values of `like` themselves, under another name."""
    return replace(like, name=name, role="feature", missing=bool(np.isnan(values).any()), distribution=None)


def stored(column: Column, values: np.ndarray) -> pa.Array:
    """`values` on the grid and in the type of `column`, which are not moved into its bounds."""
    return to_arrow(replace(column, bounds=None), np.where(storable(column, values, bounded=False), values, np.nan))


def storable(column: Column, values: np.ndarray, *, bounded: bool = True) -> np.ndarray:
    """True where the column takes the value: inside its bounds and its type, missing only if that is allowed."""
    fits = np.isfinite(values)
    with np.errstate(invalid="ignore"):
        if bounded and column.bounds is not None:
            # Half a grid step of room: values are moved onto the grid when they are stored.
            room = (column.step or 0.0) * 0.49
            fits &= (values >= column.bounds[0] - room) & (values <= column.bounds[1] + room)
        low, high = _ends(column)
        fits &= (values >= low) & (values <= high)
    return np.asarray(fits | np.isnan(values)) if column.missing or not bounded else fits


def _ends(column: Column) -> tuple[float, float]:
    """The smallest and largest number that the column's type holds exactly."""
    kind = arrow_type(column)
    if pa.types.is_decimal(kind):
        top = 10.0 ** (kind.precision - kind.scale) - 1
        return -top, top
    if pa.types.is_integer(kind):
        width = 2.0 ** (kind.bit_width if pa.types.is_unsigned_integer(kind) else kind.bit_width - 1)
        low = 0.0 if pa.types.is_unsigned_integer(kind) else -width
        return max(low, -_EXACT), min(width - 1, _EXACT)
    if column.kind == "datetime":
        ticks = NANOSECONDS["second"] / NANOSECONDS[column.unit or "second"]
        reach = 9.2e9 if pa.types.is_timestamp(kind) and kind.unit == "ns" else np.inf  # seconds that fit as 2^63 ns
        return max(_FIRST_DAY, -reach) * ticks, min(_LAST_DAY, reach) * ticks
    top = float(np.finfo(np.float32).max) if pa.types.is_float32(kind) else np.finfo(np.float64).max
    return -float(top), float(top)


def column_state(column: Column | None) -> Any:
    """A column as JSON types."""
    return None if column is None else schema_to_json(Schema((column,)))


def column_from_state(state: Any) -> Column | None:
    """Read back `column_state`; raises `BadInput` for anything else."""
    if state is None:
        return None
    columns = schema_from_json(state).columns
    if len(columns) != 1:
        raise BadInput("A saved constraint speaks of more than one new column.")
    return columns[0]
