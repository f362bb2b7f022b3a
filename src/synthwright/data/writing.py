"""Tables to files: CSV, TSV, Parquet, JSON Lines, Arrow, chosen by the ending; equal tables give equal bytes."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.frames import with_texts
from synthwright.data.intake import SYNTHETIC_MARK
from synthwright.data.lineage import lineage_of, marked
from synthwright.data.table import Table
from synthwright.data.text_cells import is_text
from synthwright.errors import UsageError
from synthwright.files import write

__all__ = ["SYNTHETIC_MARK", "as_text", "csv_text", "write_table"]

_SUFFIXES = (".csv", ".csv.gz", ".tsv", ".tsv.gz", ".jsonl", ".jsonl.gz", ".parquet", ".arrow", ".feather")
_ROWS = 65_536  # rows per piece of text, so that memory stays flat


def write_table(table: Table, path: str | Path, *, spreadsheet_safe: bool = False, mark: str = "synthetic") -> None:
    """`path` holds the rows of `table`, in the format of its ending, or is as it was.

    Numbers are written with the fewest digits that read back exactly, missing cells as nothing (CSV) or null. Parquet
    and Arrow files carry the synthetic `mark` and the depth if the table has provenance. `spreadsheet_safe` puts ``'``
    before texts (names of columns, too) that a spreadsheet would run as a formula (CSV only).

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
    zipped = ending.endswith(".gz")
    if ending.startswith(".jsonl"):
        write(path, lambda temporary: _text(table, temporary, _json_lines, zipped=zipped))
        return
    lines = partial(_delimited, delimiter="\t" if ending.startswith(".tsv") else ",", safe=spreadsheet_safe)
    write(path, lambda temporary: _text(table, temporary, lines, zipped=zipped))


def csv_text(data: pa.Table, *, spreadsheet_safe: bool = False) -> str:
    """`data` as the text of a CSV file, the way `write_table` writes one."""
    return "".join(_delimited(data, ",", safe=spreadsheet_safe))


def _binary(table: Table, path: Path, mark: str, *, parquet: bool) -> None:
    if table.origin is None:
        carried = (table.data.schema.metadata or {}).get(SYNTHETIC_MARK, b"")
        mark = carried.decode(errors="replace")
    data = marked(table.data.combine_chunks(), lineage_of(table), mark)
    if parquet:
        import pyarrow.parquet

        pyarrow.parquet.write_table(data, path, compression="zstd", row_group_size=1 << 20)
    else:
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, data.schema) as writer:
            writer.write_table(data)


def _text(table: Table, path: Path, lines: Callable[[pa.Table], Iterator[str]], *, zipped: bool) -> None:
    data = with_texts(table, file=True, decimals=lines is not _json_lines)
    with path.open("wb") as file:
        # No name and no time inside the gzip file: equal tables give equal bytes.
        inner = gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) if zipped else file
        for piece in lines(data):
            inner.write(piece.encode())
        if zipped:
            inner.close()


def _delimited(data: pa.Table, delimiter: str, *, safe: bool) -> Iterator[str]:
    """The header line, then the rows in pieces of text."""
    names = pa.array(data.column_names, pa.large_string())
    yield delimiter.join(_quoted(_harmless(names) if safe else names, delimiter).to_pylist()) + "\n"
    whole = _whole_floats(data)
    for piece in _pieces(data):
        cells = []
        for name, column in zip(piece.column_names, piece.columns, strict=True):
            text = as_text(column, whole=name in whole)
            if is_text(decoded(column).type):
                text = _quoted(_harmless(text) if safe else text, delimiter)
            cells.append(pc.fill_null(text, ""))
        if len(cells) == 1:  # an empty line is no row: a missing cell alone on its line is written as ""
            cells = [pc.if_else(pc.equal(cells[0], ""), pa.scalar('""', pa.large_string()), cells[0])]
        yield _lines(cells, delimiter)


def _json_lines(data: pa.Table) -> Iterator[str]:
    """The rows as JSON objects, in pieces of text."""
    whole = _whole_floats(data)
    for piece in _pieces(data):
        cells = []
        for at, (name, column) in enumerate(zip(piece.column_names, piece.columns, strict=True)):
            text, kind = as_text(column, whole=name in whole), decoded(column).type
            if is_text(kind) or pa.types.is_temporal(kind):
                codes = text.combine_chunks().dictionary_encode()
                quoted = [json.dumps(value, ensure_ascii=False) for value in codes.dictionary.to_pylist()]
                text = pa.array(quoted, pa.large_string()).take(codes.indices)
            opening = ("{" if at == 0 else "") + json.dumps(name, ensure_ascii=False) + ": "
            cells.append(_joined(opening, pc.fill_null(text, "null"), "}" if at == data.num_columns - 1 else ""))
        yield _lines(cells, ", ")


def _pieces(data: pa.Table) -> Iterator[pa.Table]:
    for start in range(0, data.num_rows, _ROWS):
        yield data.slice(start, _ROWS).combine_chunks()


def _lines(cells: list[Any], delimiter: str) -> str:
    joined = pc.binary_join_element_wise(*cells, pa.scalar(delimiter, pa.large_string()))
    return "".join(f"{line}\n" for line in joined.to_pylist())


def _whole_floats(data: pa.Table) -> set[str]:
    """Float columns without decimals: they are written as 3.0, since 3 would read back as an integer."""
    floats = [name for name in data.column_names if pa.types.is_floating(data[name].type)]
    return {name for name in floats if pc.all(pc.equal(pc.round(data[name]), data[name])).as_py() is not False}


def as_text(column: pa.ChunkedArray, *, whole: bool = False) -> pa.ChunkedArray:
    """The cells as text: fewest digits that read back exactly, ISO dates, instants in UTC with a Z."""
    column = decoded(column)
    if pa.types.is_timestamp(column.type) and column.type.tz is not None:
        utc = column.cast(pa.timestamp(column.type.unit, tz="UTC"))
        return _joined("", pc.local_timestamp(utc).cast(pa.large_string()), "Z")
    text = column.cast(pa.large_string())
    if whole:
        plain = pc.match_substring_regex(text, r"^-?\d+$")  # not 1e+20
        text = pc.if_else(plain, _joined("", text, ".0"), text)
    return text


def _harmless(text: Any) -> Any:
    """Texts that begin like a formula, with ``'`` before them."""
    return pc.if_else(pc.match_substring_regex(text, r"^\s*[=+\-@\t\r]"), _joined("'", text, ""), text)


def _quoted(text: Any, delimiter: str) -> Any:
    """Texts with a delimiter, quote, line end or blank edge in quotes."""
    special = pc.match_substring_regex(text, rf'[{delimiter}"\r\n]|^\s|\s$')
    if not pc.any(special).as_py():
        return text
    return pc.if_else(special, _joined('"', pc.replace_substring(text, '"', '""'), '"'), text)


def _joined(before: str, text: Any, after: str) -> Any:
    ends = [pa.scalar(end, pa.large_string()) for end in (before, after, "")]
    return pc.binary_join_element_wise(ends[0], text, ends[1], ends[2])
