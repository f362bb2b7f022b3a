"""Training rows inside the models of methods that keep them, as an Arrow file."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from synthwright.data.arrow_types import arrow_type
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.files import write_bytes

__all__ = ["read_rows", "write_rows"]


def write_rows(path: Path, rows: Table) -> None:
    """`path` is an Arrow file of `rows` without compression, chunks or foreign metadata."""
    plain = rows.data.combine_chunks().replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_file(sink, plain.schema) as writer:
        writer.write_table(plain)
    write_bytes(path, sink.getvalue())


def read_rows(path: Path, schema: Schema) -> Table:
    """Read back `write_rows`, with the columns and types that `schema` says.

    Raises
    ------
    BadInput
        No such plain file, a damaged one, or one with other columns.
    """
    if path.is_symlink() or not path.is_file():
        raise BadInput(f"The model has no file {path.name}.", evidence=str(path), remedy="Save the model again.")
    try:
        with pa.OSFile(str(path)) as file:
            data = pa.ipc.open_file(file).read_all()
        data.validate(full=True)
    except (pa.ArrowException, OSError) as error:
        raise BadInput(f"{path.name} of the model can't be read.", evidence=str(error)[:200]) from error
    wanted = [(column.name, arrow_type(column)) for column in schema]
    if [(field.name, field.type) for field in data.schema] != wanted:
        shown = ", ".join(f"{shorten(field.name, 20)}: {field.type}" for field in list(data.schema)[:5])
        raise BadInput(
            f"{path.name} of the model does not fit its schema.", evidence=f"It holds {shorten(shown, 200)}."
        )
    return Table(schema, data)
