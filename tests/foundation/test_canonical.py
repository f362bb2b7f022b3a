"""One byte form per value: digests speak of content, never of writers, chunks or encodings."""

import datetime
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from synthwright.canonical import digest_file, digest_json, digest_table, plain, to_json


@dataclass(frozen=True)
class Point:
    x: int
    y: tuple[float, ...]


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (Point(1, (2.0,)), {"x": 1, "y": [2.0]}),
        ({3: np.float32(0.5)}, {"3": 0.5}),
        (np.array([[1, 2]]), [[1, 2]]),
        ({"b", "a"}, ["a", "b"]),
        (np.bool_(True), True),
        (True, True),
        (Path("a") / "b", "a/b"),
        (datetime.date(2024, 5, 1), "2024-05-01"),
        (None, None),
    ],
)
def test_values_take_their_json_form(value, form):
    assert plain(value) == form
    assert json.loads(to_json(value)) == form


@pytest.mark.parametrize("value", [float("nan"), float("inf"), [np.float64("nan")], {"a": -np.inf}])
def test_numbers_that_json_lacks_are_refused(value):
    with pytest.raises(ValueError, match="no place in a JSON file"):
        plain(value)


def test_what_has_no_json_form_is_refused():
    with pytest.raises(TypeError, match="object has no JSON form"):
        plain({"a": object()})


def test_a_digest_is_of_the_sorted_form():
    assert digest_json({"b": 1, "a": "ø"}) == hashlib.sha256('{"a":"ø","b":1}'.encode()).hexdigest()


def test_a_files_digest_is_of_its_bytes(tmp_path):
    (tmp_path / "x").write_bytes(b"abc")
    assert digest_file(tmp_path / "x").startswith("ba7816bf")  # the first test vector of SHA-256 (FIPS 180-2)


CELLS = {
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.float64(): st.floats(allow_nan=False),
    pa.bool_(): st.booleans(),
    pa.string(): st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    pa.binary(): st.binary(max_size=4),
    pa.timestamp("us", tz="UTC"): st.integers(-(2**60), 2**60),
    pa.date32(): st.integers(-(10**6), 10**6),
    pa.time64("us"): st.integers(0, 86_399_999_999),
    pa.decimal128(10, 2): st.decimals(-1000, 1000, places=2),
}


@given(st.data(), st.sampled_from(list(CELLS)))
def test_chunks_do_not_count(data, kind):
    cells = data.draw(st.lists(st.none() | CELLS[kind], max_size=12))
    cut = data.draw(st.integers(0, len(cells)))
    whole = pa.chunked_array([pa.array(cells, kind)])
    parts = pa.chunked_array([pa.array(cells[:cut], kind), pa.array([], kind), pa.array(cells[cut:], kind)])
    assert digest_table(pa.table({"x": whole})) == digest_table(pa.table({"x": parts}))


@given(st.data(), st.sampled_from(list(CELLS)))
def test_every_cell_counts(data, kind):
    cells = data.draw(st.lists(st.none() | CELLS[kind], min_size=1, max_size=6))
    others = data.draw(st.lists(st.none() | CELLS[kind], min_size=1, max_size=6))
    same = digest_table(pa.table({"x": pa.array(cells, kind)})) == digest_table(pa.table({"x": pa.array(others, kind)}))
    assert same == (cells == others)


@pytest.mark.parametrize("index", [pa.int8(), pa.int32()])
def test_encodings_of_text_do_not_count(index):
    plain_text = pa.array(["b", None, "a", "b"])
    coded = pa.DictionaryArray.from_arrays(pa.array([1, None, 0, 1], index), pa.array(["a", "b"]))
    forms = [plain_text, coded, plain_text.cast(pa.large_string()), plain_text.cast(pa.string_view())]
    assert len({digest_table(pa.table({"x": form})) for form in forms}) == 1


def test_the_two_zeros_are_one():
    assert digest_table(pa.table({"x": [0.0]})) == digest_table(pa.table({"x": [-0.0]}))


def test_bytes_under_nulls_do_not_count():
    missing = pa.array([False, True]).buffers()[1]
    left, right = (
        pa.Array.from_buffers(pa.int64(), 2, [pa.py_buffer(b"\x01"), pa.py_buffer(np.array([5, junk]))])
        for junk in (7, 8)
    )
    assert missing is not None
    assert left.null_count == 1
    assert digest_table(pa.table({"x": left})) == digest_table(pa.table({"x": right}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"x": pa.array([1])}, {"y": pa.array([1])}),
        ({"x": pa.array([1], pa.int64())}, {"x": pa.array([1], pa.int32())}),
        ({"x": pa.array(["1"])}, {"x": pa.array([1])}),
        ({"x": pa.array(["ab", "c"])}, {"x": pa.array(["a", "bc"])}),
        ({"x": pa.array([None, ""])}, {"x": pa.array(["", None])}),
        ({"x": pa.array([1]), "y": pa.array([2])}, {"y": pa.array([2]), "x": pa.array([1])}),
        ({"x": pa.array([Decimal("1.0")])}, {"x": pa.array([Decimal("1.00")])}),
        ({}, {"x": pa.array([], pa.int64())}),
    ],
)
def test_names_types_order_and_borders_count(one, other):
    assert digest_table(pa.table(one)) != digest_table(pa.table(other))


def test_rows_in_another_order_are_another_table():
    table = pa.table({"x": [1, 2]})
    assert digest_table(table) != digest_table(table.take([1, 0]))
