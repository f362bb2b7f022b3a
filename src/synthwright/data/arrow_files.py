"""Parquet files and folders of them, Arrow and Feather files, JSON Lines."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.json as arrow_json

from synthwright.data.decoding import read_bytes, to_utf8
from synthwright.errors import BadInput, shorten

__all__ = ["read_arrow_file", "read_json_lines", "read_parquet"]

_INDEX = re.compile(r"__index_level_\d+__")  # what pandas calls an unnamed index that it stores as a column
_BLOCK = 1 << 24  # bytes that one thread parses at a time
_REFUSALS = (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, pa.ArrowKeyError, OSError)


def read_parquet(path: Path) -> pa.Table:
    """A Parquet file, or all of them in a folder, in the order of their names."""
    from pyarrow import parquet

    if path.is_dir() and not any(part.suffix in {".parquet", ".pq"} for part in path.rglob("*")):
        raise BadInput(
            f"{path.name} is a folder without Parquet files.", remedy="Give a file, or a folder of .parquet part files."
        )
    try:
        return _sound(parquet.read_table(path), path)
    except _REFUSALS as error:
        raise _unreadable(path, "Parquet", error) from error


def read_arrow_file(path: Path) -> pa.Table:
    """An Arrow IPC file or stream, or a Feather file."""
    from pyarrow import feather

    try:
        with pa.OSFile(str(path)) as file:
            start = file.read(6)
        if start[:4] in {b"ARRO", b"FEA1"}:
            return _sound(feather.read_table(path, memory_map=False), path)
        with pa.OSFile(str(path)) as file:
            return _sound(pa.ipc.open_stream(file).read_all(), path)
    except _REFUSALS as error:
        raise _unreadable(path, "Arrow", error) from error


def read_json_lines(path: Path) -> pa.Table:
    """One JSON object per line, or one list of objects; dates stay text here, so that offsets are not lost."""
    content, _ = to_utf8(read_bytes(path), name=path.name)
    if content.lstrip()[:1] == b"[":
        content = _one_per_line(content, path)
    try:
        try:
            return _parsed(content, block=_BLOCK)
        except pa.ArrowInvalid:  # once more in one block: lines of any length fit, and faults carry their row number
            return _parsed(content, block=max(_BLOCK, min(len(content), (1 << 31) - 1)))
    except pa.ArrowInvalid as error:
        raise BadInput(
            f"{path.name} can't be read as JSON Lines.",
            evidence=re.sub(r"in row (\d+)", lambda found: f"in row {int(found[1]) + 1}", shorten(str(error), 300)),
            remedy="Write one flat JSON object per line, with values of one type per key.",
        ) from error


def _parsed(content: bytes, *, block: int) -> pa.Table:
    def read(schema: pa.Schema | None) -> pa.Table:
        return arrow_json.read_json(
            pa.BufferReader(content),
            read_options=arrow_json.ReadOptions(block_size=block),
            parse_options=arrow_json.ParseOptions(newlines_in_values=False, explicit_schema=schema),
        )

    table = read(None)
    stamped = [field.name for field in table.schema if pa.types.is_timestamp(field.type)]
    if not stamped:
        return table
    return read(pa.schema([(name, pa.string()) for name in stamped])).select(table.column_names)


def _one_per_line(content: bytes, path: Path) -> bytes:
    try:
        records = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadInput(
            f"{path.name} is not JSON.", evidence=str(error)[:200], remedy="Write one object per line."
        ) from error
    return "\n".join(json.dumps(record) for record in records).encode()


def _sound(table: pa.Table, path: Path) -> pa.Table:
    """`table` without pandas' index columns, once every offset and every text in it has been checked."""
    try:
        table.validate(full=True)
    except pa.ArrowInvalid as error:
        raise BadInput(f"{path.name} is damaged.", evidence=shorten(str(error), 200)) from error
    return table.select([name for name in table.column_names if not _INDEX.fullmatch(name)])


def _unreadable(path: Path, form: str, error: BaseException) -> BadInput:
    return BadInput(
        f"{path.name} can't be read as {form}.",
        evidence=shorten(str(error), 200),
        remedy="It may be cut short or be of another format: copy it again, or check its ending.",
    )
