"""Rows as 64-bit hashes: equal rows have equal hashes, however their columns are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.table import Table

__all__ = ["mix", "row_hashes", "value_hashes"]

_MISSING = np.uint64(0x9E3779B97F4A7C15)
_SEED = np.uint64(0x2545F4914F6CDD1D)


def row_hashes(table: Table, names: Sequence[str] | None = None) -> np.ndarray:
    """One uint64 per row over the columns `names` (default: the modelled ones), the same on every machine and run.

    Numbers and dates are compared by value, everything else as text; missing cells are equal to one another. Among a
    million different rows two share a hash with a chance of 3 in 100 million.
    """
    combined = np.full(len(table), _SEED)
    chosen = [column.name for column in table.schema if column.is_modelled] if names is None else names
    for name in chosen:
        # Chaining the mix makes columns order-dependent: (a, b) and (b, a) differ.
        combined = mix(combined ^ _column(table, name))
    return combined


def _column(table: Table, name: str) -> np.ndarray:
    if table.schema[name].is_numeric:
        values = table.numbers(name) + 0.0  # -0.0 equals 0.0
        return np.where(np.isnan(values), _MISSING, mix(values.view(np.uint64)))
    return value_hashes(table.data[name])


def value_hashes(values: pa.ChunkedArray) -> np.ndarray:
    """One uint64 per cell of any Arrow type, compared as text; missing cells are equal to one another."""
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_nested(values.type) or pa.types.is_null(values.type):
        texts = pa.array([None if one is None else repr(one) for one in values.to_pylist()], type=pa.string())
    else:
        texts = values.cast(pa.large_string() if pa.types.is_large_string(values.type) else pa.string())
    coded = (texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts).dictionary_encode()
    digests = b"".join(hashlib.blake2b(text.encode(), digest_size=8).digest() for text in coded.dictionary.to_pylist())
    known = np.append(np.frombuffer(digests, dtype="<u8"), _MISSING)
    at = np.asarray(pc.fill_null(coded.indices, len(known) - 1).to_numpy(zero_copy_only=False))
    return np.asarray(known[at])


def mix(bits: np.ndarray) -> np.ndarray:
    """`bits` (uint64) scrambled one to one, so that every input bit flips every output bit half the time.

    The finaliser of SplitMix64 (Steele, Lea & Flood 2014), doi:10.1145/2714064.2660195.
    """
    mixed = bits + _MISSING
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))
