"""Any table that a data scientist holds, read into a `Table` with a schema."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from synthwright.data.arrow_files import read_arrow_file, read_json_lines, read_parquet
from synthwright.data.arrow_types import arrow_type
from synthwright.data.decoding import is_gzip
from synthwright.data.delimited import read_delimited
from synthwright.data.frames import Origin
from synthwright.data.inference import complete_schema, infer_schema
from synthwright.data.intake import SYNTHETIC_MARK, admit
from synthwright.data.schema import Column, Schema
from synthwright.data.schema_file import read_schema
from synthwright.data.sources import from_frame
from synthwright.data.table import Table
from synthwright.data.text_cells import Parsed, parse_cells, parse_dates, parse_numbers
from synthwright.errors import BadInput, UnknownName, shorten

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
        data, texts, extra = _from_path(Path(source))
        origin = Origin("file")
    else:
        data, origin = from_frame(source)
        texts, extra = False, ""
    data = admit(data, where=where)
    if declared is not None:
        data = _columns_of(declared, data, where)
    data, notes, forms = _typed(data, declared, cells=texts, delimiter=extra)
    data = admit(data, where=where)
    if declared is None:
        found = infer_schema(data, target=target, notes=notes)
    else:
        found = complete_schema(declared, data)
        found = found if target is None else found.with_target(target)
    return Table(found, data, frame=replace(origin, texts=forms))


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


def _from_path(path: Path) -> tuple[pa.Table, bool, str]:
    """The table, whether its cells are untyped text, and the delimiter."""
    if not path.exists():
        raise BadInput(f"There is no file {path}.", remedy="Check the path; remote files must be downloaded first.")
    form = _form(path)
    try:
        if form == "parquet":
            return read_parquet(path), False, ""
        if form == "arrow":
            return read_arrow_file(path), False, ""
        if form == "json":
            return read_json_lines(path), False, ""
        table, delimiter = read_delimited(path)
    except OSError as error:
        raise BadInput(f"{path.name} can't be opened.", evidence=str(error)) from error
    return table, True, delimiter


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


def _columns_of(schema: Schema, data: pa.Table, where: str) -> pa.Table:
    """The columns that `schema` lists, in its order."""
    absent = [name for name in schema.names if name not in set(data.column_names)]
    if absent:
        close = UnknownName.among("column", absent[0], data.column_names)
        raise BadInput(
            f"The schema lists {len(absent)} column{'s' * (len(absent) > 1)} that {where} does not have.",
            evidence=f"{shorten(absent[0])!r}. {close.evidence}".strip(),
            remedy="Correct the name in the schema, or give the table that belongs to it.",
        )
    return data.select(list(schema.names))


def _typed(
    data: pa.Table, declared: Schema | None, *, cells: bool, delimiter: str
) -> tuple[pa.Table, dict[str, str], tuple[tuple[str, str], ...]]:
    """The columns in their types: as declared, otherwise as text cells and texts of dates show."""
    notes, forms, columns = {}, [], []
    for name in data.column_names:
        column = data[name]
        plain = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
        if declared is not None:
            parsed = _as_declared(declared[name], column, cells=cells, delimiter=delimiter)
        elif plain and cells:
            parsed = parse_cells(column, delimiter=delimiter)
        elif plain:
            parsed = parse_dates(column) or Parsed(column)
        else:
            parsed = Parsed(column)
        columns.append(parsed.values)
        if parsed.note:
            notes[name] = parsed.note
        if parsed.text and not cells:  # a file keeps no memory of its text: dates go out in ISO form
            forms.append((name, parsed.text))
    fields = [pa.field(name, column.type) for name, column in zip(data.column_names, columns, strict=True)]
    return pa.Table.from_arrays(columns, schema=pa.schema(fields, metadata=data.schema.metadata)), notes, tuple(forms)


def _as_declared(column: Column, values: pa.ChunkedArray, *, cells: bool, delimiter: str) -> Parsed:
    """`values` in the type that the schema asks for; where it names none, in any type that fits its kind."""
    plain = pa.types.is_string(values.type) or pa.types.is_large_string(values.type)
    parsed = Parsed(values)
    wanted = arrow_type(column) if column.dtype or (column.kind in _KINDS_OF_NUMBERS and plain) else None
    if column.categories and cells and not column.dtype:
        wanted = arrow_type(column)
    if plain and column.kind in {"integer", "float"} and cells:
        parsed = parse_numbers(values, comma=delimiter != ",", padded=True) or parsed
    elif plain and column.kind == "datetime":
        parsed = parse_dates(values) or parsed
    if wanted is None or parsed.values.type == wanted:
        return parsed
    if column.kind == "datetime" and not column.dtype and parsed is not None and parsed.text:
        return parsed
    if column.kind in {"integer", "float"} and not column.dtype and not pa.types.is_string(parsed.values.type):
        return parsed
    try:
        return replace(parsed, values=parsed.values.cast(wanted))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowTypeError) as error:
        raise BadInput(
            f"Column {shorten(column.name)!r} does not hold what the schema says.",
            evidence=f"Expected {column.kind} ({wanted}), found {values.type}: {shorten(str(error), 160)}",
            remedy="Correct the cells, or its kind and dtype in the schema.",
        ) from error


_KINDS_OF_NUMBERS = frozenset({"integer", "float", "boolean", "datetime"})
