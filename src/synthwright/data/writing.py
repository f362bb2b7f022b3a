"""Tables to files: CSV, TSV, Parquet, JSON Lines, Arrow, chosen by the ending; whole files, the same bytes each time."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.canonical import to_json
from synthwright.data.frames import with_texts
from synthwright.data.intake import SYNTHETIC_MARK
from synthwright.data.table import Table
from synthwright.errors import UsageError
from synthwright.files import write

__all__ = ["SYNTHETIC_MARK", "write_table"]

_SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz", ".parquet", ".arrow", ".feather")
_ROWS = 65_536  # rows per piece of text, so that memory stays flat


def write_table(
    table: Table, path: str | Path, *, spreadsheet_safe: bool = False, mark: str = "synthetic"
) -> None:
    """`path` holds the rows of `table`, in the format of its ending, or is as it was.

    Numbers are written with the fewest digits that read back exactly, missing cells as nothing (CSV) or null. Parquet
    and Arrow files carry the synthetic `mark` if the table has provenance. `spreadsheet_safe` puts ``'`` before texts
    that a spreadsheet would run as a formula (CSV only).

    Raises
    ------
    UsageError
        The ending is none of these, or the place can't be written to.
    """
    path = Path(path)
    ending = next((known for known in _SUFFIXES if path.name.lower().endswith(known)), None)
    if ending is None:
        raise UsageError(
            f"{path.name} has no ending that says its format.", remedy=f"Use one of {', '.join(_SUFFIXES)}."
        )
    if ending in {".parquet", ".arrow", ".feather"}:
        write(path, lambda temporary: _binary(table, temporary, mark, parquet=ending == ".parquet"))
        return
    form: Callable[[pa.Table, BinaryIO], None]
    if ending.startswith(".jsonl"):
        form = _json_lines
    else:
        delimiter = "\t" if ending.startswith(".tsv") else ","

        def form(data: pa.Table, file: BinaryIO) -> None:
            _delimited(data, file, delimiter=delimiter, safe=spreadsheet_safe)

    write(path, lambda temporary: _text(table, temporary, form, zipped=ending.endswith(".gz")))


def _binary(table: Table, path: Path, mark: str, *, parquet: bool) -> None:
    told = {SYNTHETIC_MARK: mark.encode()} if table.origin is not None else None
    data = table.data.combine_chunks().replace_schema_metadata(told)
    if parquet:
        import pyarrow.parquet

        pyarrow.parquet.write_table(data, path, compression="zstd", row_group_size=1 << 20)
    else:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, data.schema) as writer:
            writer.write_table(data)


def _text(table: Table, path: Path, form: Callable[[pa.Table, BinaryIO], None], *, zipped: bool) -> None:
    data = with_texts(table)
    with path.open("wb") as file:
        if zipped:
            with gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as inner:  # no name, no time: same bytes
                form(data, inner)  # type: ignore[arg-type]  # GzipFile writes bytes
        else:
            form(data, file)


def _delimited(data: pa.Table, file: BinaryIO, *, delimiter: str, safe: bool) -> None:
    names = _quoted(pa.array(data.column_names, pa.large_string()), delimiter)
    file.write((delimiter.join(names.to_pylist()) + "\n").encode())
    for start in range(0, data.num_rows, _ROWS):
        piece = data.slice(start, _ROWS).combine_chunks()
        cells = [_cells(column, delimiter, safe=safe) for column in piece.columns]
        if len(cells) == 1:  # an empty line is no row: a missing cell alone on its line is written as ""
            cells = [pc.if_else(pc.equal(cells[0], ""), '""', cells[0])]
        lines = pc.binary_join_element_wise(*cells, pa.scalar(delimiter, pa.large_string()))
        file.write("".join(f"{line}\n" for line in lines.to_pylist()).encode())


def _cells(column: pa.ChunkedArray, delimiter: str, *, safe: bool) -> pa.ChunkedArray:
    """The column as text, quoted where needed; nothing for missing."""
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    textual = pa.types.is_string(column.type) or pa.types.is_large_string(column.type)
    text = _as_text(column)
    if textual:
        if safe:
            risky = pc.match_substring_regex(text, r"^[\s]*[=+\-@\t\r]")
            text = pc.if_else(risky, pc.binary_join_element_wise("'", text, ""), text)
        text = _quoted(text, delimiter)
    return pc.fill_null(text, "")


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is not None:
        utc = column.cast(pa.timestamp(kind.unit, tz="UTC"))
        return pc.binary_join_element_wise(pc.local_timestamp(utc).cast(pa.large_string()), "Z", "")
    if pa.types.is_floating(kind):
        # Arrow writes 3.0 as "3": a column of floats stays one when read back.
        return column.cast(pa.large_string())
    return column.cast(pa.large_string())


def _quoted(text: Any, delimiter: str) -> Any:
    special = pc.match_substring_regex(text, rf'[{delimiter}"\r\n]|^\s|\s$')
    if not pc.any(special).as_py():
        return text
    doubled = pc.binary_join_element_wise('"', pc.replace_substring(text, '"', '""'), '"', "")
    return pc.if_else(special, doubled, text)


def _json_lines(data: pa.Table, file: BinaryIO) -> None:
    for start in range(0, data.num_rows, _ROWS):
        rows = data.slice(start, _ROWS).to_pylist()
        file.write("".join(to_json(row, indent=None) for row in rows).encode())
