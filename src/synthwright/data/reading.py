"""Any table that a data scientist holds, read into a `Table` with a schema."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from synthwright.data.arrow_files import read_arrow_file, read_json_lines, read_parquet
from synthwright.data.declaring import as_declared, listed_columns
from synthwright.data.decoding import is_gzip
from synthwright.data.delimited import read_delimited
from synthwright.data.frames import Origin, is_written
from synthwright.data.inference import complete_schema, infer_schema
from synthwright.data.intake import SYNTHETIC_MARK, admit
from synthwright.data.parsing import parse_cells, parse_texts
from synthwright.data.schema import Schema
from synthwright.data.schema_file import read_schema
from synthwright.data.sources import from_frame
from synthwright.data.table import Table
from synthwright.data.text_cells import Parsed, is_text
from synthwright.errors import BadInput, shorten

__all__ = ["is_marked", "read_table"]

_FOREIGN = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "Save the sheet as CSV, or read it with pandas first."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", "Save the sheet as CSV, or read it with pandas first."),
    (b"SQLite format 3", "an SQLite database", "Export the table as CSV or Parquet."),
    (b"%PDF", "a PDF document", "Give CSV, Parquet, JSON Lines or Arrow."),
    (b"BZh", "a bzip2 file", "Unpack it first; gzip works as it is."),
    (b"\xfd7zXZ", "an xz file", "Unpack it first; gzip works as it is."),
    (b"\x28\xb5\x2f\xfd", "a zstd file", "Unpack it first; gzip works as it is."),
)


def read_table(source: Any, *, target: str | None = None, schema: Schema | str | Path | None = None) -> Table:
    """`source` as a `Table`: a path, a data frame, an array, records.

    Paths: CSV, TSV (any of ``, ; tab |``; gzip; any usual encoding), Parquet (a file or a folder of parts), JSON
    Lines, Arrow and Feather. In CSV an empty cell is missing; NA, null, ? and the like are missing only in columns
    whose other cells are all numbers. Text that is dates throughout (ISO 8601) becomes dates.

    Without `schema` it is inferred, with a reason per column; with one, columns that it does not list are left out,
    and what it leaves open (bounds, categories) is filled in from the data.

    Raises
    ------
    BadInput
        The source can't be read as a table, or does not fit the schema; the message names file, column and line.
    """
    if isinstance(source, Table):
        return source if target is None else source.with_schema(source.schema.with_target(target))
    declared = read_schema(schema) if isinstance(schema, str | Path) else schema
    where = shorten(Path(source).name) if isinstance(source, str | Path) else f"the {type(source).__name__}"
    if isinstance(source, str | Path):
        data, delimiter = _from_path(Path(source))
        origin = Origin("file")
    else:
        data, origin = from_frame(source)
        delimiter = ""
    data = admit(data, where=where)
    if declared is not None:
        data = listed_columns(declared, data, where=where)
    data, notes, forms = _typed(data, declared, cells=bool(delimiter), comma=delimiter not in {"", ","})
    data = admit(data, where=where)  # once more: text cells may have held inf
    if declared is None:
        found = _with_formats(infer_schema(data, target=target, notes=notes), forms)
    else:
        found = complete_schema(declared, data)
        found = found if target is None else found.with_target(target)
    return Table(found, data, frame=replace(origin, texts=forms))


def _with_formats(schema: Schema, forms: tuple[tuple[str, str], ...]) -> Schema:
    """`schema` with the form of dates that are written in another than ISO's."""
    written = {name: form for name, form in forms if form.startswith("%")}
    return schema.replacing(*(replace(schema[name], format=form) for name, form in written.items()))


def is_marked(source: Any) -> bool:
    """True if `source` (a path, Arrow table or `Table`) carries the mark of files that hold our synthetic rows."""
    if isinstance(source, Table):
        return source.origin is not None or SYNTHETIC_MARK in (source.data.schema.metadata or {})
    if isinstance(source, pa.Table):
        return SYNTHETIC_MARK in (source.schema.metadata or {})
    if not isinstance(source, str | Path) or not Path(source).exists():
        return False
    path = Path(source)
    if _form(path) not in {"parquet", "arrow"}:
        return False
    table = read_parquet(path) if _form(path) == "parquet" else read_arrow_file(path)
    return SYNTHETIC_MARK in (table.schema.metadata or {})


def _from_path(path: Path) -> tuple[pa.Table, str]:
    """The table, and the delimiter of a text file, whose cells have no types yet; ``""`` for other files."""
    if not path.exists():
        raise BadInput(f"There is no file {path}.", remedy="Check the path; remote files must be downloaded first.")
    form = _form(path)
    try:
        if form == "text":
            return read_delimited(path)
        return {"parquet": read_parquet, "arrow": read_arrow_file, "json": read_json_lines}[form](path), ""
    except OSError as error:
        raise BadInput(f"{path.name} can't be opened.", evidence=str(error)) from error


def _form(path: Path) -> str:
    """parquet, arrow, json or text: by the first bytes where they tell, otherwise by the ending."""
    if path.is_dir():
        return "parquet"
    if not path.is_file():
        raise BadInput(f"{path} is no plain file.", remedy="Give a file or a folder of Parquet files.")
    try:
        with path.open("rb") as file:
            start = file.read(16)
        unzipped = path.name.removesuffix(".gz") if is_gzip(path) else path.name
    except OSError as error:
        raise BadInput(f"{path.name} can't be opened.", evidence=str(error)) from error
    for magic, what, remedy in _FOREIGN:
        if start.startswith(magic):
            raise BadInput(f"{path.name} is {what}.", remedy=remedy)
    suffix = Path(unzipped).suffix.lower()
    if start[:4] == b"PAR1" or (suffix in {".parquet", ".pq"}):
        return "parquet"
    if start[:6] == b"ARROW1" or suffix in {".arrow", ".feather", ".ipc", ".arrows"}:
        return "arrow"
    return "json" if suffix in {".jsonl", ".ndjson", ".json"} else "text"


def _typed(
    data: pa.Table, declared: Schema | None, *, cells: bool, comma: bool
) -> tuple[pa.Table, dict[str, str], tuple[tuple[str, str], ...]]:
    """The columns in their types, notes on what was done to them, and the text forms to go back to."""
    notes, forms, columns = {}, [], []
    for name in data.column_names:
        column = data[name]
        if declared is not None:
            parsed = as_declared(declared[name], column, cells=cells, comma=comma)
        elif is_text(column.type):
            parsed = parse_cells(column, comma=comma) if cells else parse_texts(column)
        else:
            parsed = Parsed(column)
        columns.append(parsed.values)
        if parsed.note:
            notes[name] = parsed.note
        if parsed.text and (not cells or pa.types.is_floating(parsed.values.type) or is_written(parsed.text)):
            forms.append((name, parsed.text))  # ISO dates of text files go out in one plain form instead
    fields = [pa.field(name, column.type) for name, column in zip(data.column_names, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=data.schema.metadata)), notes, tuple(forms)
