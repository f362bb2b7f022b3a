"""Three tables from anywhere, brought under train's schema: column order, dtypes, spelling; or a clear refusal."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.data.text_cells import parse_dates, parse_numbers
from synthwright.errors import BadInput, shorten
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.overlap import check_holdout

__all__ = ["align"]

EXACT = 2.0**53  # integers beyond are not told apart as float64


def align(train: Table, synthetic: Table, holdout: Table | None = None, *, seed: int = 0) -> Comparison:
    """The comparison of `synthetic` (and `holdout`) with `train`, all under train's schema and column order.

    Values are kept as they are: a label that train does not have, a fraction in a column of integers or a number out
    of range stays visible. Only their storage changes (numbers stored as text, integers as floats, category dtypes).
    Identifiers and free text that synthetic or holdout lack are left out everywhere.

    Raises
    ------
    BadInput
        Missing or extra columns, a column whose values can't be read as train's kind, no rows, or a holdout that is
        synthetic or overlaps train (`check_holdout`).
    """
    others = {"The synthetic table": synthetic} | ({} if holdout is None else {"The holdout": holdout})
    for who, table in [("Train", train), *others.items()]:
        if len(table) == 0:
            raise BadInput(f"{who} has no rows.", remedy="Give a table with rows.")
    absent = {column.name for table in others.values() for column in train.schema if column.name not in table.names}
    kept = [column for column in train.schema if column.is_modelled or column.name not in absent]
    if len(kept) < len(train.schema):
        schema = replace(train.schema, columns=tuple(kept))
        data = train.data.select([column.name for column in kept])
        train = replace(train, schema=schema, data=data, frame=None)
    if not any(column.is_modelled for column in kept):
        raise BadInput(
            "There is nothing to compare: train has identifiers and free text only.",
            remedy="Declare the kind of at least one column as a number, a date or a category.",
        )
    aligned = [_conform(table, train, who) for who, table in others.items()]
    comparison = Comparison(train, aligned[0], aligned[1] if holdout is not None else None, seed)
    if comparison.holdout is not None:
        check_holdout(train, comparison.holdout)
    return comparison


def _conform(table: Table, train: Table, who: str) -> Table:
    """`table` with train's columns, in train's types wherever no value changes by it."""
    missing = [name for name in train.names if name not in table.names]
    extra = [name for name in table.names if name not in train.names]
    extra = [name for name in extra if table.schema[name].is_modelled]
    if missing or extra:
        told = [f"{what}: {_listed(names)}." for what, names in (("Missing", missing), ("Extra", extra)) if names]
        raise BadInput(
            f"{who} does not have train's columns.",
            evidence=" ".join(told),
            remedy="Give all tables the same columns; their order and dtypes may differ.",
        )
    columns = [_column(train.schema[name], table.data[name], train.data[name].type, who) for name in train.names]
    fields = [pa.field(name, column.type) for name, column in zip(train.names, columns, strict=True)]
    data = pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=table.data.schema.metadata))
    return Table(train.schema, data, table.origin)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(repr(shorten(name)) for name in names[:8]) + more


def _column(column: Column, values: pa.ChunkedArray, stored: pa.DataType, who: str) -> pa.ChunkedArray:
    stored = stored.value_type if pa.types.is_dictionary(stored) else stored
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_large_string(values.type):
        values = values.cast(pa.string())
    if values.type == stored:
        return values
    if values.null_count == len(values):
        return pa.chunked_array([pa.nulls(len(values), stored)])
    if not column.is_modelled:
        return values.cast(stored) if pa.types.is_string(stored) else values
    if column.is_discrete:
        return _labels(values, stored)
    converted = _dates(values, stored) if column.kind == "datetime" else _numbers(values, stored)
    if converted is None:
        what = "dates" if column.kind == "datetime" else "numbers"
        raise BadInput(
            f"{who} has no {what} in column {shorten(column.name)!r}, but train has.",
            evidence=f"Train stores it as {stored}, {who[0].lower() + who[1:]} as {values.type}{_example(values)}.",
            remedy=f"Write {what} (ISO 8601 for dates), or declare the column categorical in the schema.",
        )
    return converted


def _example(values: pa.ChunkedArray) -> str:
    """The first text that is no number; only of text columns, and short."""
    if not pa.types.is_string(values.type):
        return ""
    odd = values.filter(pc.invert(pc.match_substring_regex(values, r"^\s*-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$")))
    return f", with cells such as {shorten(odd[0].as_py(), 30)!r}" if len(odd) else ""


def _numbers(values: pa.ChunkedArray, stored: pa.DataType) -> pa.ChunkedArray | None:
    """Numbers in train's type if every value survives, otherwise float64; ``None`` if they are no numbers."""
    kind = values.type
    if pa.types.is_string(kind):
        parsed = parse_numbers(values, padded=True)
        if parsed is None:
            return None
        values, kind = parsed.values, parsed.values.type
    elif pa.types.is_boolean(kind):
        values, kind = values.cast(pa.int8()), pa.int8()
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    try:
        return values.cast(stored)  # checked: fractions into integers and overflows are refused
    except pa.ArrowInvalid:
        return values.cast(pa.float64(), safe=False)


def _dates(values: pa.ChunkedArray, stored: pa.DataType) -> pa.ChunkedArray | None:
    if pa.types.is_string(values.type):
        parsed = parse_dates(values)
        if parsed is None:
            return None
        values = parsed.values
    if not (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        return None
    if pa.types.is_date(values.type) and pa.types.is_timestamp(stored):
        values = values.cast(pa.timestamp("s"))
    return values.cast(stored, safe=False)


def _labels(values: pa.ChunkedArray, stored: pa.DataType) -> pa.ChunkedArray:
    """Labels in train's type; spelled as they are where some of them have no place in it."""
    if pa.types.is_string(stored) or pa.types.is_large_string(stored):
        return _as_text(values)
    try:
        if pa.types.is_string(values.type):
            values = pc.utf8_trim_whitespace(values)
            if pa.types.is_boolean(stored):
                values = pc.utf8_lower(values)  # Arrow reads true, false, 1, 0
        elif pa.types.is_floating(values.type) and pa.types.is_boolean(stored):
            values = values.cast(pa.int64())
        return values.cast(stored)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return _as_text(values)


def _as_text(values: pa.ChunkedArray) -> pa.ChunkedArray:
    if pa.types.is_boolean(values.type):  # Python, pandas and CSV files write True, not Arrow's true
        return pc.if_else(values, "True", "False")
    if pa.types.is_floating(values.type):
        whole = values.filter(pc.is_finite(values))
        if len(whole) and np.all(np.mod(whole.to_numpy(), 1) == 0) and pc.max(pc.abs(whole)).as_py() < EXACT:
            values = values.cast(pa.int64())  # integers that pandas stored as floats because some are missing
    return values.cast(pa.string())
