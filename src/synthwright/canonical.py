"""One byte form per value: JSON and table digests that do not depend on writers, versions or chunking."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

__all__ = ["digest_file", "digest_json", "digest_table", "plain", "to_json"]


def plain(value: Any) -> Any:
    """`value` as JSON types: dataclasses, mappings, tuples, NumPy scalars and arrays become dicts, lists, numbers.

    Raises
    ------
    TypeError
        Something in `value` has no JSON form.
    ValueError
        A number is not finite: unknown is ``None``, never NaN.
    """
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        if not math.isfinite(value):
            raise ValueError(f"{value} has no place in a JSON file; unknown is None")
        return float(value)
    if isinstance(value, np.bool_):
        return bool(value)
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return [plain(item) for item in value.tolist()]
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    if isinstance(value, PurePath):
        return value.as_posix()
    if hasattr(value, "isoformat"):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form")


def to_json(value: Any, *, indent: int | None = 1) -> str:
    """`value` as JSON text ending in a newline; equal values give equal text. Order of keys is kept: it is content."""
    return json.dumps(plain(value), indent=indent, ensure_ascii=False, allow_nan=False) + "\n"


def digest_json(value: Any) -> str:
    """SHA-256 of the value's JSON form with sorted keys."""
    text = json.dumps(plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def digest_file(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_table(table: pa.Table) -> str:
    """SHA-256 of a table's content: names, types, nulls and values, in row order.

    Chunking, dictionary encoding, Parquet writer versions and bytes under nulls do not count.
    """
    whole = hashlib.sha256()
    whole.update(str(table.num_rows).encode())
    for name, column in zip(table.column_names, table.columns, strict=True):
        whole.update(
            json.dumps([name, _logical_type(column.type)], ensure_ascii=False).encode("utf-8", "surrogatepass")
        )
        whole.update(_digest_column(column))
    return whole.hexdigest()


def _logical_type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return _logical_type(kind.value_type)
    if pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return "string"
    return str(kind)


def _digest_column(column: pa.ChunkedArray) -> bytes:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    digest = hashlib.sha256()
    digest.update(np.packbits(column.is_null().to_numpy()).tobytes())
    kind = column.type
    if pa.types.is_floating(kind):
        # One zero and no payload under nulls: -0.0 == 0.0 must not give two digests.
        values = pc.fill_null(column.cast(pa.float64()), 0.0).to_numpy() + 0.0
        digest.update(values.tobytes())
    elif pa.types.is_integer(kind):
        wide = pa.uint64() if kind == pa.uint64() else pa.int64()
        digest.update(pc.fill_null(column.cast(wide), 0).to_numpy().tobytes())
    elif pa.types.is_boolean(kind):
        digest.update(np.packbits(pc.fill_null(column, False).to_numpy()).tobytes())
    elif (
        pa.types.is_timestamp(kind)
        or pa.types.is_date64(kind)
        or pa.types.is_time64(kind)
        or pa.types.is_duration(kind)
    ):
        digest.update(pc.fill_null(column.cast(pa.int64()), 0).to_numpy().tobytes())
    elif pa.types.is_date32(kind) or pa.types.is_time32(kind):
        digest.update(pc.fill_null(column.cast(pa.int32()), 0).to_numpy().tobytes())
    else:
        for chunk in column.cast(pa.large_string()).chunks if _is_text(kind) else column.chunks:
            for value in chunk.to_pylist():
                text = b"" if value is None else str(value).encode("utf-8", "surrogatepass")
                digest.update(len(text).to_bytes(8, "little") + text)
    return digest.digest()


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
