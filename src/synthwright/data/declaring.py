"""Columns under a schema that people wrote: the listed ones, in its order, in the types it asks for."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import arrow_type, decoded
from synthwright.data.domains import decimals_of
from synthwright.data.parsing import dates_as, parse_written
from synthwright.data.schema import Column, Schema
from synthwright.data.text_cells import Parsed, is_text, parse_dates, parse_numbers
from synthwright.errors import BadInput, UnknownName, shorten

__all__ = ["as_declared", "listed_columns"]

_REFUSALS = (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError)


def listed_columns(schema: Schema, data: pa.Table, *, where: str) -> pa.Table:
    """The columns that `schema` lists, in its order; others are left out.

    Raises
    ------
    BadInput
        `data` lacks one of them.
    """
    there = set(data.column_names)
    absent = [name for name in schema.names if name not in there]
    if absent:
        hint = UnknownName.among("column", absent[0], there).evidence
        raise BadInput(
            f"The schema lists {len(absent)} column{'s' * (len(absent) > 1)} that {where} does not have.",
            evidence=f"{shorten(absent[0])!r}. {hint}".strip(),
            remedy="Correct the name in the schema, or give the table that belongs to it.",
        )
    return data.select(list(schema.names))


def as_declared(column: Column, values: pa.ChunkedArray, *, cells: bool, comma: bool) -> Parsed:
    """`values` in the column's dtype; where the schema names none, in any type that fits its kind.

    `cells`: the values are the text cells of a file, not yet of any type; `comma`: a comma may be the decimal sign.

    Raises
    ------
    BadInput
        They can't be converted.
    """
    wanted = arrow_type(column) if column.dtype else None
    parsed = Parsed(values)
    if is_text(values.type) and column.kind in {"integer", "float"} and not (wanted and pa.types.is_decimal(wanted)):
        parsed = parse_numbers(values, comma=comma, padded=True) or parse_written(values, comma=comma)
    elif is_text(values.type) and column.kind == "datetime":
        parsed = dates_as(values, column.format) if column.format else parse_dates(values) or parse_written(values)
    if wanted is None:
        still_text = is_text(parsed.values.type)
        if still_text and (column.kind in {"integer", "float", "boolean", "datetime"} or (cells and column.categories)):
            wanted = arrow_type(column)
        elif column.kind == "integer" and pa.types.is_floating(parsed.values.type) and decimals_of(parsed.values) != 0:
            raise _misfit(column, values, "some numbers have decimals")
    if wanted is None or parsed.values.type == wanted:
        return parsed
    try:
        return replace(parsed, values=_cast(parsed.values, wanted, column))
    except _REFUSALS as error:
        raise _misfit(column, values, str(error)) from error


def _cast(values: pa.ChunkedArray, wanted: pa.DataType, column: Column) -> pa.ChunkedArray:
    values = decoded(values)
    if pa.types.is_dictionary(wanted):
        return _coded(values.cast(wanted.value_type), wanted, column)
    if is_text(values.type) and not is_text(wanted):
        values = pc.utf8_trim_whitespace(values)
    if pa.types.is_date(values.type) and pa.types.is_timestamp(wanted):
        values = values.cast(pa.timestamp("s"))
    return values.cast(wanted)


def _coded(values: pa.ChunkedArray, wanted: pa.DataType, column: Column) -> pa.ChunkedArray:
    """`values` as dictionary codes: the column's categories in their order first, then any other value."""
    listed = pa.array(list(column.categories or ()), type=wanted.value_type)
    found = pc.unique(values.drop_null())
    others = found.filter(pc.invert(pc.is_in(found, value_set=listed)))
    levels = pa.concat_arrays([listed, others.take(pc.sort_indices(others))])
    at = pc.index_in(values, value_set=levels).combine_chunks()
    indices = (at.chunk(0) if isinstance(at, pa.ChunkedArray) else at).cast(wanted.index_type)
    return pa.chunked_array([pa.DictionaryArray.from_arrays(indices, levels, ordered=wanted.ordered)])


def _misfit(column: Column, values: pa.ChunkedArray, why: str) -> BadInput:
    kind = f"{column.kind} ({column.dtype})" if column.dtype else column.kind
    return BadInput(
        f"Column {shorten(column.name)!r} does not hold what the schema says.",
        evidence=f"Expected {kind}, found {shorten(str(values.type))}: {shorten(why, 160)}.",
        remedy="Correct the cells, or its kind and dtype in the schema.",
    )
