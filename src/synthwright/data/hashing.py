"""Rows as 64-bit hashes: equal rows have equal hashes, however their columns are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.table import Table

__all__ = ["coded_hashes", "drawn_hashes", "mix", "row_hashes", "value_hashes"]

_MISSING = np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(0x2545F4914F6CDD1D)
_ALL = slice(None)


def row_hashes(table: Table, names: Sequence[str] | None = None) -> np.ndarray:
    """One uint64 per row over the columns `names` (default: the modelled ones), the same on every machine and run.

    Numbers and dates are compared by value, everything else as text; missing cells are equal to one another. Among a
    million different rows two share a hash with a chance of 3 in 100 million.
    """
    chosen = [column.name for column in table.schema if column.is_modelled] if names is None else names
    return _chained(len(table), (_column(table, name) for name in chosen))


def drawn_hashes(table: Table, names: Sequence[str], drawn: Callable[[str], np.ndarray], n: int) -> np.ndarray:
    """What `row_hashes` gives for `n` rows whose cells in each column are those of `table` at ``drawn(name)``.

    The rows themselves are never put together.
    """
    return _chained(n, (_column(table, name, drawn(name)) for name in names))


def _chained(n: int, columns: Iterable[np.ndarray]) -> np.ndarray:
    combined = np.full(n, _SEED)
    for column in columns:
        # Chaining the mix makes columns order-dependent: (a, b) and (b, a) differ.
        combined = mix(combined ^ column)
    return combined


def _column(table: Table, name: str, rows: np.ndarray | slice = _ALL) -> np.ndarray:
    if table.schema[name].is_numeric:
        values = table.numbers(name)[rows] + 0.0  # -0.0 equals 0.0
        return np.where(np.isnan(values), _MISSING, mix(values.view(np.uint64)))
    codes, known = coded_hashes(table.data[name])
    return np.asarray(known[codes[rows]])


def value_hashes(values: pa.ChunkedArray) -> np.ndarray:
    """One uint64 per cell of any Arrow type, compared as text; missing cells are equal to one another."""
    codes, known = coded_hashes(values)
    return np.asarray(known[codes])


def coded_hashes(values: pa.ChunkedArray) -> tuple[np.ndarray, np.ndarray]:
    """What `value_hashes` gives, as codes (one per cell) and the hash of each code; missing cells have the last one."""
    values = decoded(values)
    if pa.types.is_nested(values.type) or pa.types.is_null(values.type):
        texts = pa.array([None if one is None else repr(one) for one in values.to_pylist()], type=pa.string())
    else:
        texts = values.cast(pa.large_string() if pa.types.is_large_string(values.type) else pa.string())
    coded = (texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts).dictionary_encode()
    digests = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in coded.dictionary.to_pylist())
    known = np.append(np.frombuffer(digests, dtype="<u8"), _MISSING)
    return np.asarray(pc.fill_null(coded.indices, len(known) - 1).to_numpy(zero_copy_only=False)), known


def mix(bits: np.ndarray) -> np.ndarray:
    """`bits` (uint64) scrambled one to one, so that every input bit flips every output bit half the time.

    The finaliser of SplitMix64 (Steele, Lea & Flood 2014), doi:10.1145/2714064.2660195.
    """
    mixed = bits + _MISSING
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
