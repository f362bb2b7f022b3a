"""Between Arrow columns and model values: numbers on a line, codes of levels, and back onto the column's grid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import arrow_type
from synthwright.data.calendar import NANOSECONDS
from synthwright.data.schema import Column, Unit
from synthwright.errors import BadInput, shorten

__all__ = ["categories_of", "levels_of", "numbers_of", "positions_in", "to_arrow"]

_ARROW_UNITS: dict[str, str] = {"s": "second", "ms": "millisecond", "us": "microsecond", "ns": "nanosecond"}


def numbers_of(column: Column, values: pa.ChunkedArray) -> np.ndarray:
    """`values` as float64 with NaN where missing; datetimes in `column.unit`s since 1970, rounded down."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values = values.cast(kind.value_type)
        kind = values.type
    if column.kind == "datetime":
        return _ticks(column, values)
    if not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_decimal(kind)
    ):
        raise BadInput(
            f"Column {shorten(column.name)!r} has no numbers.",
            evidence=f"It is stored as {kind}.",
            remedy="Give it the kind categorical, text or id in the schema.",
        )
    if pa.types.is_boolean(kind):
        values = values.cast(pa.int8())
    plain = values if kind == pa.float64() else values.cast(pa.float64(), safe=False)
    filled = pc.fill_null(plain, np.nan) if plain.null_count else plain
    return np.asarray(filled.to_numpy(), dtype=np.float64)


def levels_of(column: Column, values: pa.ChunkedArray) -> np.ndarray:
    """`values` as int32 positions in the column's categories; -1 missing, ``len(categories)`` any other value."""
    return positions_in(values, list(categories_of(column)))


def positions_in(values: pa.ChunkedArray, known: pa.Array | list[Any]) -> np.ndarray:
    """`values` as int32 positions in `known`; -1 missing, ``len(known)`` any other value."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        values, kind = values.cast(kind.value_type), kind.value_type
    try:
        listed = known.cast(kind) if isinstance(known, pa.Array) else pa.array(known, type=kind)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # stored otherwise than the schema says: compare as text
        values, listed = values.cast(pa.string()), _as_text(known)
    position = pc.index_in(values, value_set=listed)
    if position.null_count == 0:
        return np.array(position.to_numpy(), dtype=np.int32)
    codes = np.asarray(pc.fill_null(position, len(known)).to_numpy(), dtype=np.int32)
    return np.where(values.is_null().to_numpy(), np.int32(-1), codes).astype(np.int32)


def _as_text(known: pa.Array | list[Any]) -> pa.Array:
    """Values as Arrow writes them: 1.0 as 1, True as true; a mixed list as Python does."""
    try:
        return pa.array(known).cast(pa.string()) if isinstance(known, list) else known.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return pa.array([str(value) for value in known], type=pa.string())


def categories_of(column: Column) -> tuple[str | int | float | bool, ...]:
    """The levels of a discrete column; booleans need no list."""
    if column.kind == "boolean" and column.categories is None:
        return (False, True)
    if column.categories is None:
        raise BadInput(
            f"Column {shorten(column.name)!r} has no list of categories.",
            evidence=f"Its kind is {column.kind}.",
            remedy="Add `categories:` to it in the schema, or infer the schema from data.",
        )
    return column.categories


def to_arrow(column: Column, values: np.ndarray) -> pa.Array:
    """Model values (see `Table.of`) as an Arrow array of the column's stored type, on its grid."""
    stored = arrow_type(column)
    if column.is_discrete:
        return _from_levels(column, values, stored)
    numbers = np.asarray(values, dtype=np.float64)
    present = np.isfinite(numbers)
    missing = None if present.all() else ~present
    filled = numbers.copy() if missing is None else np.where(missing, 0.0, numbers)
    if column.bounds is not None:
        filled = np.clip(filled, *column.bounds)
    if column.kind == "datetime":
        return _from_ticks(column, np.round(filled), missing, stored)
    if column.kind == "integer":
        filled = np.round(filled)
    elif column.decimals is not None:
        filled = np.round(filled, column.decimals)
    if pa.types.is_decimal(stored):
        exact = [
            Decimal(f"{number:.{stored.scale}f}") if there else None
            for number, there in zip(filled, present, strict=True)
        ]
        return pa.array(exact, type=stored)
    plain = pa.array(filled, mask=missing)
    if plain.type == stored:
        return plain
    return plain.cast(stored, safe=False) if column.kind == "integer" else plain.cast(stored)


def _from_levels(column: Column, codes: np.ndarray, stored: pa.DataType) -> pa.Array:
    categories = categories_of(column)
    inner = stored.value_type if pa.types.is_dictionary(stored) else stored
    dictionary = pa.array(list(categories), type=inner)
    missing = (codes < 0) | (codes >= len(categories))
    indices = pa.array(np.where(missing, 0, codes).astype(np.int32), mask=missing)
    coded = pa.DictionaryArray.from_arrays(indices, dictionary)
    return coded.cast(stored) if pa.types.is_dictionary(stored) else coded.cast(inner)


def _ticks(column: Column, values: pa.ChunkedArray) -> np.ndarray:
    missing = values.is_null().to_numpy()
    if pa.types.is_date(values.type):
        values = values.cast(pa.timestamp("s"))
    if not pa.types.is_timestamp(values.type):
        raise BadInput(
            f"Column {shorten(column.name)!r} has no dates.",
            evidence=f"It is stored as {values.type}.",
            remedy="Give it another kind in the schema, or store dates.",
        )
    ticks = np.asarray(pc.fill_null(values.cast(pa.int64()), 0).to_numpy(), dtype=np.int64)
    ours, theirs = NANOSECONDS[column.unit or "second"], _nanoseconds(values.type)
    scaled = ticks // (ours // theirs) if ours >= theirs else ticks * (theirs // ours)
    return np.where(missing, np.nan, scaled.astype(np.float64))


def _from_ticks(column: Column, ticks: np.ndarray, missing: np.ndarray | None, stored: pa.DataType) -> pa.Array:
    ours = NANOSECONDS[column.unit or "second"]
    if pa.types.is_date(stored):
        seconds = pa.array(ticks.astype(np.int64) * (ours // NANOSECONDS["second"]), mask=missing)
        return seconds.cast(pa.timestamp("s")).cast(stored)
    theirs = _nanoseconds(stored)
    whole = ticks.astype(np.int64)
    scaled = whole * (ours // theirs) if ours >= theirs else whole // (theirs // ours)
    return pa.array(scaled, mask=missing).cast(stored)


def _nanoseconds(kind: pa.DataType) -> int:
    unit: Unit = _ARROW_UNITS[kind.unit]  # type: ignore[assignment]  # Arrow has these four units only
    return NANOSECONDS[unit]
