"""A table: Arrow columns as they came in, a schema that says what they are, provenance beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from synthwright.canonical import digest_table
from synthwright.data.columns import levels_of, numbers_of, to_arrow
from synthwright.data.schema import Schema
from synthwright.errors import BadInput

if TYPE_CHECKING:
    from synthwright.data.frames import Origin

__all__ = ["BLOCK_ROWS", "Table"]

BLOCK_ROWS = 65_536  # rows per block: fixed, because block k of a draw must not depend on who draws it


@dataclass(frozen=True, eq=False)
class Table:
    """Rows and columns of one kind of thing.

    `data` keeps the Arrow types of the input; `schema` has one `Column` per Arrow column, in the same order.
    `origin` is row-aligned provenance (record_id, method, block, parents, request, depth) or ``None`` for real data.
    `frame` remembers what came in (pandas with its dtypes, polars, a CSV file), so that the same kind goes out.
    """

    schema: Schema
    data: pa.Table
    origin: pa.Table | None = None
    frame: Origin | None = None

    def __post_init__(self) -> None:
        if tuple(self.data.column_names) != self.schema.names:
            raise BadInput(
                "The schema does not describe this table.",
                evidence=f"Schema: {list(self.schema.names)[:8]}; table: {self.data.column_names[:8]}.",
                remedy="Give them the same columns in the same order.",
            )
        if self.origin is not None and self.origin.num_rows != self.data.num_rows:
            raise BadInput(f"{self.origin.num_rows} rows of provenance belong to {self.data.num_rows} rows of data.")

    @classmethod
    def of(cls, schema: Schema, columns: Mapping[str, np.ndarray], *, frame: Origin | None = None) -> Table:
        """Build a table from model values: what `numbers` gives for numeric columns, what `levels` gives for others.

        Numbers are moved onto the column's grid and stored in its Arrow type; NaN and code -1 become missing.
        """
        arrays = [to_arrow(column, columns[column.name]) for column in schema]
        return cls(schema, pa.Table.from_arrays(arrays, names=list(schema.names)), frame=frame)

    @classmethod
    def concat(cls, tables: Sequence[Table]) -> Table:
        """The rows of all `tables`, one after another; they share one schema."""
        first = tables[0]
        origins = [table.origin for table in tables]
        together = pa.concat_tables(origins) if all(origin is not None for origin in origins) else None
        return cls(first.schema, pa.concat_tables([table.data for table in tables]), together, first.frame)

    def __len__(self) -> int:
        return int(self.data.num_rows)

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return self.schema.names

    def numbers(self, name: str) -> np.ndarray:
        """A numeric column as float64, NaN where missing; datetimes in the column's `unit` since 1970.

        Booleans and numeric categories have numbers too; a column without numbers raises `BadInput`.
        """
        return numbers_of(self.schema[name], self.data[name])

    def levels(self, name: str) -> np.ndarray:
        """A discrete column as int32 codes into the schema's categories.

        -1 is missing; a value that is not in the schema's list (rare, or unseen) is ``len(categories)``.
        """
        return levels_of(self.schema[name], self.data[name])

    def model_values(self) -> dict[str, np.ndarray]:
        """`numbers` of numeric columns and `levels` of discrete ones, as `of` takes them."""
        return {
            column.name: self.numbers(column.name) if column.is_numeric else self.levels(column.name)
            for column in self.schema
        }

    def missing(self, name: str) -> np.ndarray:
        """True where the cell is missing."""
        return np.asarray(self.data[name].is_null().to_numpy(), dtype=bool)

    def select(self, names: Sequence[str]) -> Table:
        """The same rows with only these columns, in this order."""
        return replace(self, schema=self.schema.select(names), data=self.data.select(list(names)), frame=None)

    def take(self, rows: np.ndarray) -> Table:
        """The rows with these positions (or where a boolean mask is true), in this order."""
        picked = np.flatnonzero(rows) if rows.dtype == bool else rows
        indices = pa.array(picked, type=pa.int64())
        origin = None if self.origin is None else self.origin.take(indices)
        return replace(self, data=self.data.take(indices), origin=origin)

    def head(self, n: int) -> Table:
        """The first `n` rows."""
        origin = None if self.origin is None else self.origin.slice(0, n)
        return replace(self, data=self.data.slice(0, n), origin=origin)

    def blocks(self, size: int = BLOCK_ROWS) -> Iterator[Table]:
        """The rows in blocks of `size`, in order; can be called again."""
        for start in range(0, len(self), size):
            origin = None if self.origin is None else self.origin.slice(start, size)
            yield replace(self, data=self.data.slice(start, size), origin=origin)

    def with_schema(self, schema: Schema) -> Table:
        """The same rows under another schema of the same columns."""
        return replace(self, schema=schema)

    def digest(self) -> str:
        """SHA-256 of names, types and values in row order; independent of chunks and file formats."""
        return digest_table(self.data)

    def to_arrow(self) -> pa.Table:
        """The columns as an Arrow table, in the types of the input."""
        return self.data

    def to_pandas(self) -> Any:
        """A pandas frame, with the dtypes of the input where it was pandas."""
        from synthwright.data.frames import to_pandas

        return to_pandas(self)

    def to_polars(self) -> Any:
        """A polars frame."""
        from synthwright.data.frames import to_polars

        return to_polars(self)

    def to_native(self) -> Any:
        """The same kind of frame that came in: pandas for pandas, polars for polars; a `Table` for a file."""
        from synthwright.data.frames import to_native

        return to_native(self)
