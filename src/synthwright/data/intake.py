"""What may become a table: flat columns with names of their own, finite numbers, one form per type."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.delimited import check_names
from synthwright.errors import BadInput, shorten

__all__ = ["LINEAGE_KEYS", "SYNTHETIC_MARK", "admit"]

SYNTHETIC_MARK = b"synthwright"  # key in the metadata of files that hold synthetic rows
# Keys beside it: how many generators lie between the rows and real ones (1 where it is not said), and the share of rows
# that are synthetic (1 where it is not said); `data.lineage` reads them.
LINEAGE_KEYS = (b"synthwright.depth", b"synthwright.share")


def admit(data: pa.Table, *, where: str) -> pa.Table:
    """`data` with NaN as missing and Arrow's variants of one type (string views, half floats) folded together.

    Only the synthetic mark and the lineage survive of the metadata. `where` names the source in messages.

    Raises
    ------
    BadInput
        No rows or columns, repeated or empty names, nested, binary or time-of-day columns, infinite numbers.
    """
    if data.num_columns == 0:
        raise BadInput(f"There are no columns in {where}.", remedy="Give a table with named columns.")
    check_names(list(data.column_names), where=where)
    if data.num_rows == 0:
        raise BadInput(
            f"There are no rows in {where}.",
            evidence=f"It has {data.num_columns} column names and nothing below them.",
            remedy="Give a table with rows.",
        )
    columns = [_admitted(name, data[name]) for name in data.column_names]
    told = data.schema.metadata or {}
    kept = {key: told[key] for key in (SYNTHETIC_MARK, *LINEAGE_KEYS) if SYNTHETIC_MARK in told and key in told}
    fields = [pa.field(name, column.type) for name, column in zip(data.column_names, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=kept or None))


def _admitted(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_run_end_encoded(kind):
        column = pc.run_end_decode(column)
        kind = column.type
    if pa.types.is_dictionary(kind):
        return _dictionary(name, column)
    _refuse(name, kind)
    if pa.types.is_null(kind):
        return column.cast(pa.string())
    if pa.types.is_string_view(kind):
        return column.cast(pa.string())
    if pa.types.is_floating(kind):
        return _finite(name, column.cast(pa.float32()) if pa.types.is_float16(kind) else column)
    return column


def _dictionary(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    """One dictionary without missing or repeated values; plain values where they are points on a line."""
    inner = column.type.value_type
    _refuse(name, inner)
    if (
        pa.types.is_temporal(inner)
        or pa.types.is_floating(inner)
        or pa.types.is_decimal(inner)
        or pa.types.is_null(inner)
    ):
        return _admitted(name, column.cast(inner))
    column = column.unify_dictionaries()
    first = column.chunk(0).dictionary if column.num_chunks else pa.array([], inner)
    sound = first.null_count == 0 and pc.count_distinct(first).as_py() == len(first)
    if sound and not pa.types.is_string_view(inner):
        return column
    plain = column.cast(pa.string() if pa.types.is_string_view(inner) else inner)
    return plain.dictionary_encode().unify_dictionaries()


def _finite(name: str, column: pa.ChunkedArray) -> pa.ChunkedArray:
    if pc.all(pc.is_finite(column)).as_py() in {True, None}:  # None: no cell has a number
        return column
    infinite = pc.sum(pc.is_inf(column)).as_py()
    if infinite:
        raise BadInput(
            f"Column {shorten(name)!r} holds infinite numbers.",
            evidence=f"{infinite:,} of {len(column):,} cells.",
            remedy="Replace them by missing values or by a finite limit.",
        )
    return pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)


def _refuse(name: str, kind: pa.DataType) -> None:
    remedy = ""
    if pa.types.is_nested(kind):
        remedy = "Spread it over plain columns, or drop it."
    elif pa.types.is_time(kind) or pa.types.is_duration(kind) or pa.types.is_interval(kind):
        remedy = "Store it as a number, such as seconds."
    elif not (
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_date(kind)
        or pa.types.is_timestamp(kind)
        or pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
        or pa.types.is_dictionary(kind)
    ):
        remedy = "Turn it into numbers, dates or text, or drop it."
    if remedy:
        raise BadInput(
            f"Column {shorten(name)!r} can't be part of a table.",
            evidence=f"It is stored as {shorten(str(kind))}.",
            remedy=remedy,
        )
