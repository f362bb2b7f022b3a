"""The rows of a mix: the real ones first, in their order, then the synthetic ones, each saying where it comes from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import stored
from synthwright.data.lineage import Lineage, marked
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

__all__ = ["REAL", "assembled", "column_names"]

REAL = "real"
_ADDED = ("source", "depth")
_MARK = "real and synthetic rows"  # whoever takes a mix for real rows is told


def column_names(schema: Schema) -> tuple[str, str]:
    """What the columns for source and lineage depth are called: ``source`` and ``depth``, if no column is yet."""
    return tuple(  # type: ignore[return-value]  # two of them
        next(one for one in (name, f"synthwright_{name}", f"synthwright_{name}_") if one not in schema)
        for name in _ADDED
    )


def assembled(real: Table, synthetic: Table, *, name: str, with_real: bool = True) -> Table:
    """`real` rows, unless they are left out, then `synthetic` ones, in the columns and types of `real` and two more.

    ``source`` is ``"real"`` or the method that made the row (`name` where its provenance does not say), ``depth`` 0 for
    real rows, else how many generators lie between the row and real ones (1 where it is not known). Columns that
    synthetic rows lack are missing in them.
    """
    names = column_names(real.schema)
    parts = [_part(real, real, [REAL] * len(real), np.zeros(len(real), np.int8), names)] if with_real else []
    methods, depths = _told(synthetic, name)
    parts.append(_part(synthetic, real, methods, depths, names))
    data = pa.concat_tables(parts, promote_options="permissive").unify_dictionaries()
    sources = tuple(dict.fromkeys(data[names[0]].unique().to_pylist()))
    columns = (
        Column(name=names[0], kind="categorical", categories=sources, source="declared", dtype="string"),
        Column(name=names[1], kind="integer", source="declared", dtype="int8"),
    )
    schema = replace(real.schema, columns=(*real.schema.columns, *columns))
    lineage = Lineage(int(depths.max(initial=1)), len(synthetic) / max(data.num_rows, 1))
    return Table(schema, marked(data, lineage, _MARK), frame=real.frame)


def _part(table: Table, like: Table, source: Sequence[str], depth: np.ndarray, names: tuple[str, str]) -> pa.Table:
    columns = {
        column: _as_in(table.data[column], like.data[column].type)
        if column in table.schema
        else pa.nulls(len(table), like.data[column].type)
        for column in like.names
    }
    told = {names[0]: pa.array(source, type=pa.string()), names[1]: pa.array(depth, type=pa.int8())}
    return pa.table({**columns, **told})


def _as_in(cells: pa.ChunkedArray, kind: pa.DataType) -> pa.ChunkedArray:
    """`cells` as a dictionary where real rows have one; other types that differ are widened when they meet."""
    if cells.type == kind or not pa.types.is_dictionary(kind):
        return cells
    return stored(cells, kind)


def _told(table: Table, name: str) -> tuple[list[str], np.ndarray]:
    """The method and depth of each row, by its provenance."""
    n, origin = len(table), table.origin
    if origin is None:
        return [name] * n, np.ones(n, np.int8)
    depth = np.maximum(origin["depth"].to_numpy(), 1) if "depth" in origin.column_names else np.ones(n)
    methods = origin["method"].to_pylist() if "method" in origin.column_names else [name] * n
    return [one or name for one in methods], depth.astype(np.int8)
