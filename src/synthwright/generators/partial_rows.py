"""Partial rows as people bring them: a frame, a file, a mapping of arrays, read in the types of the model's columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from synthwright.data.arrow_types import arrow_type, type_name
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten

__all__ = ["is_array", "read_rows"]


def is_array(value: Any) -> bool:
    """True for one value per row (NumPy, Arrow, a pandas or polars column); lists, tuples and sets are conditions."""
    if isinstance(value, pa.Array | pa.ChunkedArray):
        return True
    plain = isinstance(value, str | bytes | Mapping | list | tuple | set | frozenset)
    return not plain and hasattr(value, "__len__") and hasattr(value, "__array__") and getattr(value, "ndim", 1) > 0


def read_rows(source: Any, schema: Schema) -> Table:
    """`source` (whatever reads as a table) with each column read as the column of `schema` that has its name.

    Raises
    ------
    UnknownName
        It has a column that `schema` has not.
    BadInput
        It can't be read as a table, has no column, or holds cells of another kind than the column.
    """
    from synthwright.data.reading import read_table

    if isinstance(source, str) and not Path(source).exists():
        raise UsageError(
            f"{shorten(source)!r} is no file with partial rows.",
            remedy="Give a mapping such as {'age': (30, 40)}, a frame, or the path of a file.",
        )
    if isinstance(source, Mapping):
        source = {str(name): _one_line(str(name), cells) for name, cells in source.items()}
    try:
        plain = read_table(source)
    except BadInput as error:
        raise BadInput(
            f"The partial rows can't be read: {error.problem}", evidence=error.evidence, remedy=error.remedy
        ) from error
    told = Schema(tuple(_plain(schema[name]) for name in plain.names))
    if isinstance(source, Table):
        return plain.with_schema(told)
    return Table(told, read_table(source, schema=told).data)


def _plain(column: Column) -> Column:
    """The column with the type in which its rows are stored, and nothing that takes part in drawing."""
    return replace(column, dtype=column.dtype or type_name(arrow_type(column)), distribution=None, role="feature")


def _one_line(name: str, cells: Any) -> Any:
    if getattr(cells, "ndim", 1) != 1:
        raise UsageError(
            f"The values given for column {shorten(name)!r} have {cells.ndim} dimensions.",
            remedy="Give one value per row: an array of one dimension.",
        )
    return cells
