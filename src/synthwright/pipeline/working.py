"""Tables between stages: what is read back equals what was written, in types, schema, order and lineage."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from synthwright.data.frames import origin_from_json, origin_to_json
from synthwright.data.lineage import REAL, Lineage, lineage_of, marked
from synthwright.data.reading import read_table
from synthwright.data.schema_file import read_schema, schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.files import write, write_json

__all__ = ["drawn_rows", "files_of", "get_table", "put_arrow", "put_table"]


def put_table(path: Path, table: Table) -> None:
    """`path` (a Parquet file) and the schema beside it hold `table`."""
    put_arrow(path, table.data)
    told = {"schema": schema_to_json(table.schema), "frame": origin_to_json(table.frame)}
    lineage = lineage_of(table)
    write_json(_schema_path(path), told if lineage == REAL else {**told, "lineage": asdict(lineage)})


def put_arrow(path: Path, data: pa.Table) -> None:
    """`path` holds `data` as Parquet with its Arrow types."""
    write(path, lambda temporary: pq.write_table(data, temporary, compression="zstd"))


def get_table(path: Path) -> Table:
    """Read back what `put_table` wrote."""
    try:
        beside = json.loads(_schema_path(path).read_text(encoding="utf-8"))
        lineage = Lineage(**beside["lineage"]) if "lineage" in beside else REAL
        data = marked(pq.read_table(path), lineage)
        return Table(schema_from_json(beside["schema"]), data, frame=origin_from_json(beside["frame"]))
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise BadInput(f"The working file {path.name} can't be read.", evidence=str(error)[:200]) from error


def drawn_rows(path: Path, schema: Path) -> Table:
    """The synthetic rows in `path`, under the run's schema, which also lists columns that the model left out."""
    declared, names = read_schema(schema), pq.read_schema(path).names
    return read_table(path, schema=declared.select(name for name in declared.names if name in names))


def files_of(path: Path) -> tuple[Path, Path]:
    """The two files that hold a table."""
    return path, _schema_path(path)


def _schema_path(path: Path) -> Path:
    return path.with_suffix(".schema.json")
