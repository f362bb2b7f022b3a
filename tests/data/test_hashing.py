"""Equal rows have equal hashes in any storage, different ones different hashes."""

from __future__ import annotations

import datetime as dt
import hashlib
import struct

import numpy as np
import pandas
import polars
import pyarrow as pa
import pytest

from synthwright.data.hashing import drawn_hashes, row_hashes, value_hashes
from synthwright.data.permutation import permuted
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table


def hashes(values):
    return row_hashes(read_table(pa.table({"v": values})), ["v"]).tolist()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ([1, 2, None], pa.array([1.0, 2.0, None])),
        ([1, 2], pa.array([1, 2], pa.uint8())),
        ([0.0], pa.array([-0.0])),
        (["a", None, "é"], pa.array(["a", None, "é"], pa.large_string())),
        (["a", "b", "a"], pa.array(["a", "b", "a"]).dictionary_encode()),
        ([dt.date(2024, 5, 31)], pa.array([dt.datetime(2024, 5, 31)], pa.timestamp("ns"))),  # noqa: DTZ001
        (pa.array([1], pa.timestamp("s")), pa.array([1_000_000], pa.timestamp("us"))),
    ],
)
def test_storage_does_not_change_a_hash(first, second):
    assert hashes(first) == hashes(second)


def test_integers_beyond_2_to_the_53_have_hashes_of_their_own():
    numbers = [2**53, 2**53 + 1, 2**53 + 2, 2**63 - 1, 2**63 - 2, -(2**63), -(2**63) + 1]
    assert len(set(hashes(numbers))) == len(numbers)
    assert len(set(hashes(pa.array([2**64 - 1, 2**64 - 2, 2**63], pa.uint64())))) == 3


def test_missing_is_a_value_of_its_own():
    assert hashes([None, 0, 1])[0] not in hashes([None, 0, 1])[1:]
    assert hashes([None, ""])[0] != hashes([None, ""])[1]


def test_cells_hash_by_their_text():
    """BLAKE2b of "x" with 8 bytes, little-endian."""
    expected = int.from_bytes(hashlib.blake2b(b"x", digest_size=8).digest(), "little")
    assert value_hashes(pa.chunked_array([["x"], ["y", "x"]])).tolist()[::2] == [expected, expected]


def test_columns_are_not_interchangeable():
    first, second = row_hashes(read_table(pa.table({"a": [1, 2], "b": [2, 1]})))
    assert first != second


def test_a_hundred_thousand_rows_do_not_collide():
    """The chance of any collision among 10^5 64-bit hashes is 3e-10."""
    rows = read_table(pa.table({"a": np.arange(100_000) % 1000, "b": np.arange(100_000) // 1000 / 7}))
    assert len(np.unique(row_hashes(rows))) == 100_000


def test_chunks_and_libraries_do_not_matter(adult):
    expected = row_hashes(adult)
    names = adult.names
    chunked = pa.concat_tables([adult.data.slice(0, 7), adult.data.slice(7)])
    for source in (chunked, adult.to_pandas(), adult.to_polars()):
        np.testing.assert_array_equal(row_hashes(read_table(source), names), row_hashes(adult, names))
    assert len(expected) == 1000
    assert isinstance(adult.to_pandas(), pandas.DataFrame)
    assert isinstance(adult.to_polars(), polars.DataFrame)


def splitmix(state):
    """SplitMix64 in plain integers, as published (Steele, Lea, Flood 2014, figure 16)."""
    state = (state + 0x9E3779B97F4A7C15) % 2**64
    state = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    state = ((state ^ (state >> 27)) * 0x94D049BB133111EB) % 2**64
    return state ^ (state >> 31)


def test_a_row_hashes_by_the_formula():
    """Splits rest on these numbers: every column's hash is chained into the row's by SplitMix64."""
    assert splitmix(0) == 0xE220A8397B1DCDAF  # the first output for seed 0, published with the reference code
    one_as_float = struct.unpack("<Q", struct.pack("<d", 1.0))[0]
    text = int.from_bytes(hashlib.blake2b(b"x", digest_size=8).digest(), "little")
    expected = splitmix(splitmix(0x2545F4914F6CDD1D ^ splitmix(one_as_float)) ^ text)
    assert row_hashes(read_table(pa.table({"n": [1], "t": ["x"]})), ["n", "t"]).tolist() == [expected]


@pytest.mark.parametrize("size", [1, 2, 3, 100, 1000, 4096])
def test_a_permutation_hits_every_number_once(size):
    out = permuted(np.arange(size, dtype=np.uint64), size, key=7)
    assert sorted(out.tolist()) == list(range(size))


def test_a_permutation_looks_drawn():
    """Correlation of place and number over 100,000: its sd is .0032, so five sd are .016."""
    out = permuted(np.arange(100_000, dtype=np.uint64), 100_000, key=1).astype(float)
    assert abs(np.corrcoef(np.arange(100_000), out)[0, 1]) < 0.016
    assert not np.array_equal(out, permuted(np.arange(100_000, dtype=np.uint64), 100_000, key=2))


def test_hashes_of_drawn_cells_are_those_of_the_table_put_together():
    rng = np.random.default_rng(0)
    rows = {"x": rng.integers(0, 3, 50), "label": rng.integers(0, 3, 50)}
    data = pa.table({"x": [0.0, -0.0, None], "label": ["a", None, "b"]})
    schema = Schema((Column(name="x", kind="float"), Column(name="label", kind="categorical", categories=("a", "b"))))
    together = pa.table({name: data[name].take(at) for name, at in rows.items()})
    drawn = drawn_hashes(Table(schema, data), ("x", "label"), rows.__getitem__, 50)
    assert np.array_equal(drawn, row_hashes(Table(schema, together)))
    assert len(set(drawn.tolist())) == 6  # two numbers (0.0 and -0.0 are one) times three labels
