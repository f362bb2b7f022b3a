"""Arrow types as text and back: a schema file says ``timestamp[us, tz=UTC]`` and means it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from synthwright.data.schema import Column
from synthwright.errors import BadInput, shorten

__all__ = ["arrow_type", "decoded", "parse_type", "stored", "stored_list", "type_name"]

_DEFAULTS = {"integer": "int64", "float": "double", "boolean": "bool", "datetime": "timestamp[us]"}
_TIMESTAMP = re.compile(r"timestamp\[(s|ms|us|ns)(?:, tz=([^\]]{1,64}))?\]")
_DECIMAL = re.compile(r"decimal(128|256)?\((\d{1,2}), (-?\d{1,2})\)")
_DICTIONARY = re.compile(r"dictionary<values=(.{1,80}), indices=(u?int\d{1,2}), ordered=([01])>")


def type_name(kind: pa.DataType) -> str:
    """The text form of an Arrow type, as `arrow_type` reads it."""
    return str(kind)


def decoded(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """`cells` (chunked or an array) as plain values, not as codes of a dictionary."""
    return cells.cast(cells.type.value_type) if pa.types.is_dictionary(cells.type) else cells


def stored(cells: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """`cells` (chunked or an array) in the type `kind`, a dictionary's or not; raises what a cast of Arrow raises."""
    if pa.types.is_dictionary(kind):
        return decoded(cells).cast(kind.value_type).dictionary_encode().cast(kind)
    return decoded(cells).cast(kind)


def stored_list(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """`values` as an array of the type `kind`, a dictionary's or not."""
    plain = kind.value_type if pa.types.is_dictionary(kind) else kind
    return stored(pa.array(values, plain), kind)


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type that a column is stored in: what its schema says, otherwise the plain type of its kind."""
    if not column.dtype:
        if column.kind in _DEFAULTS:
            return parse_type(_DEFAULTS[column.kind])
        first = next(iter(column.categories or ()), "")
        return pa.array([first]).type if column.kind in {"categorical", "ordinal"} else pa.string()
    try:
        return parse_type(column.dtype)
    except (ValueError, KeyError) as error:
        raise BadInput(
            f"Column {shorten(column.name)!r} has a dtype that Arrow does not know.",
            evidence=f"dtype: {shorten(column.dtype)}",
            remedy="Remove `dtype:` from it in the schema, or write one such as int64, string, timestamp[us].",
        ) from error


def parse_type(text: str) -> pa.DataType:
    """The Arrow type that `type_name` writes as `text`; raises ValueError for anything else."""
    if match := _TIMESTAMP.fullmatch(text):
        return pa.timestamp(match[1], tz=match[2])
    if match := _DECIMAL.fullmatch(text):
        make = pa.decimal256 if match[1] == "256" else pa.decimal128
        return make(int(match[2]), int(match[3]))
    if match := _DICTIONARY.fullmatch(text):
        return pa.dictionary(parse_type(match[2]), parse_type(match[1]), ordered=match[3] == "1")
    return pa.type_for_alias(
        {"double": "float64", "float": "float32", "halffloat": "float16"}.get(text.split("[", maxsplit=1)[0], text)
    )
