"""Every cause of trouble that a table, a schema or a split can have ends in one clear error of the right class."""

from __future__ import annotations

import decimal
import gzip
import io
import sqlite3
import sys
import zipfile

import numpy as np
import pandas
import polars
import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet
import pytest

from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.splitting import split
from synthwright.data.writing import write_table
from synthwright.errors import BadInput, SynthwrightError, UnknownName, UsageError

ROWS = "".join(f"{number},x\n" for number in range(30))


def parquet_bytes(table=None):
    sink = io.BytesIO()
    pyarrow.parquet.write_table(pa.table({"a": list(range(100))}) if table is None else table, sink)
    return sink.getvalue()


def half_a_character():
    """A text column whose only cell is the first byte of a two-byte character."""
    offsets, text = pa.py_buffer(np.array([0, 1], np.int32)), pa.py_buffer(b"\xc3")
    return pa.table({"t": pa.StringArray.from_buffers(1, offsets, text)})


def arrow_bytes():
    sink = io.BytesIO()
    pyarrow.feather.write_feather(pa.table({"a": list(range(100))}), sink)
    return sink.getvalue()


def zip_bytes():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("xl/workbook.xml", "<x/>")
    return sink.getvalue()


def sqlite_bytes():
    connection = sqlite3.connect(":memory:")
    connection.execute("create table t (a)")
    return connection.serialize()


# name of the file, its bytes, and a word that the message must contain
FILES = {
    "empty file": ("t.csv", b"", "empty"),
    "only blank lines": ("t.csv", b"\n\n \n", "empty"),
    "only a byte order mark": ("t.csv", b"\xef\xbb\xbf", "empty"),
    "header only": ("t.csv", b"a,b\n", "no rows"),
    "header without line end": ("t.csv", b"a,b", "no rows"),
    "header repeats a name": ("t.csv", b"a,b,a\n1,2,3\n", "Columns 1 and 3"),
    "header has an empty name": ("t.csv", b"a,,c\n1,2,3\n", "Column 2"),
    "header has a blank name": ("t.csv", b"a, ,c\n1,2,3\n", "Column 2"),
    "pandas index without a name": ("t.csv", b",a\n0,1\n1,2\n", "index=False"),
    "row too short": ("t.csv", b"a,b\n1,2\n3\n", "Row #3"),
    "row too long": ("t.csv", b"a,b\n1,2\n3,4,5\n", "Row #3"),
    "ragged far below": ("t.csv", f"a,b\n{ROWS * 20}7\n".encode(), "Row #602"),
    "quote never closed": ("t.csv", b'a,b\n1,"2\n3,4\n5,6\n', "never closed"),
    "NUL character": ("t.csv", b"a,b\n1,2\n3,\x004\n", "Line 3"),
    "UTF-16 without mark": ("t.csv", "a,b\n1,2\n".encode("utf-16-le"), "NUL"),
    "broken UTF-16": ("t.csv", b"\xff\xfea\x00,\x00b\x00\n\x00\xd8", "utf-16"),
    "binary noise": ("t.csv", bytes(range(1, 256)) * 4 + b"\x00", "NUL"),
    "truncated gzip": ("t.csv.gz", gzip.compress(b"a,b\n1,2\n" * 1000)[:40], "gzip"),
    "gzip with damage inside": ("t.csv.gz", gzip.compress(b"a,b\n1,2\n")[:-6] + b"xxxxxx", "gzip"),
    "gzip of nothing": ("t.csv.gz", gzip.compress(b""), "empty"),
    "Excel workbook": ("t.xlsx", zip_bytes(), "Excel"),
    "Excel workbook named csv": ("t.csv", zip_bytes(), "Excel"),
    "old Excel workbook": ("t.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 100, "Excel"),
    "SQLite database": ("t.db", sqlite_bytes(), "SQLite"),
    "PDF": ("t.csv", b"%PDF-1.7 and so on", "PDF"),
    "infinite number in CSV": ("t.csv", b"a,b\n1,2\ninf,3\n-inf,4\n", "2 of 3"),
    "truncated Parquet": ("t.parquet", parquet_bytes()[:200], "Parquet"),
    "Parquet of noise": ("t.parquet", b"PAR1" + b"x" * 200 + b"PAR1", "Parquet"),
    "text named parquet": ("t.parquet", b"a,b\n1,2\n", "Parquet"),
    "empty Parquet file": ("t.parquet", b"", "Parquet"),
    "Parquet without rows": ("t.parquet", parquet_bytes(pa.table({"a": pa.array([], pa.int64())})), "no rows"),
    "Parquet with a list": ("t.parquet", parquet_bytes(pa.table({"a": [[1], [2]]})), "'a'"),
    "Parquet with a struct": ("t.parquet", parquet_bytes(pa.table({"s": [{"x": 1}]})), "'s'"),
    "Parquet with binary": ("t.parquet", parquet_bytes(pa.table({"raw": [b"\x01"]})), "'raw'"),
    "Parquet with half a character": ("t.parquet", parquet_bytes(half_a_character()), "damaged"),
    "truncated Arrow": ("t.arrow", arrow_bytes()[:300], "Arrow"),
    "Arrow of noise": ("t.arrow", b"ARROW1" + b"\x07" * 300, "Arrow"),
    "text named arrow": ("t.feather", b"a,b\n1,2\n", "Arrow"),
    "JSON cut short": ("t.jsonl", b'{"a": 1}\n{"a": \n', "JSON"),
    "JSON with mixed types": ("t.jsonl", b'{"a": 1}\n{"a": "x"}\n', "row 2"),
    "JSON nested": ("t.jsonl", b'{"a": {"b": 1}}\n', "'a'"),
    "JSON list": ("t.jsonl", b'{"a": [1, 2]}\n', "'a'"),
    "JSON of plain numbers": ("t.jsonl", b"1\n2\n", "JSON"),
    "JSON list never closed": ("t.json", b'[{"a": 1}, {"a"', "JSON"),
    "JSON list nested too deep": ("t.json", b"[" * 100_000, "JSON"),
    "JSON key twice": ("t.jsonl", b'{"a": 1, "a": 2}\n', "JSON"),
    "JSON is CSV": ("t.jsonl", b"a,b\n1,2\n", "JSON"),
    "JSON infinite": ("t.jsonl", b'{"a": 1e400}\n', "a"),
}


@pytest.mark.parametrize("cause", FILES)
def test_a_bad_file_is_refused_with_its_reason(cause, tmp_path):
    name, content, word = FILES[cause]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_table(tmp_path / name)
    assert word in str(caught.value)


def _lists():
    return pandas.DataFrame({"a": [[1], [2]]})


SOURCES = {
    "pandas column of mixed types": (lambda: pandas.DataFrame({"m": [1, "x"]}), "'m'"),
    "pandas column of lists": (_lists, "'a'"),
    "pandas complex numbers": (lambda: pandas.DataFrame({"z": [1j, 2j]}), "'z'"),
    "pandas durations": (lambda: pandas.DataFrame({"d": pandas.to_timedelta([1, 2], unit="s")}), "'d'"),
    "pandas periods": (lambda: pandas.DataFrame({"p": pandas.period_range("2020", periods=2, freq="D")}), "'p'"),
    "pandas intervals": (lambda: pandas.DataFrame({"i": pandas.interval_range(0, 2)}), "'i'"),
    "pandas times of day": (lambda: pandas.DataFrame({"t": [pandas.Timestamp("2020-01-01").time()]}), "'t'"),
    "pandas infinite": (lambda: pandas.DataFrame({"v": [1.0, np.inf, -np.inf]}), "2 of 3"),
    "pandas same name twice": (lambda: pandas.DataFrame([[1, 2]], columns=["a", "a"]), "'a'"),
    "pandas name of two kinds": (lambda: pandas.DataFrame({1: [1], "b": [2]}), "map(str)"),
    "pandas two levels of columns": (
        lambda: pandas.DataFrame([[1, 2]], columns=pandas.MultiIndex.from_tuples([("a", "b"), ("a", "c")])),
        "levels",
    ),
    "pandas without rows": (lambda: pandas.DataFrame({"a": []}), "no rows"),
    "pandas without columns": (lambda: pandas.DataFrame(index=range(3)), "no columns"),
    "polars nested": (lambda: polars.DataFrame({"a": [[1], [2]]}), "'a'"),
    "polars struct": (lambda: polars.DataFrame({"a": [{"x": 1}]}), "'a'"),
    "polars objects": (lambda: polars.DataFrame({"o": [object()]}, schema={"o": polars.Object}), "'o'"),
    "polars times": (lambda: polars.DataFrame({"t": [1]}).select(polars.col("t").cast(polars.Time)), "'t'"),
    "polars infinite": (lambda: polars.DataFrame({"v": [float("inf")]}), "infinite"),
    "Arrow same name twice": (lambda: pa.table([[1], [2]], names=["a", "a"]), "'a'"),
    "Arrow empty name": (lambda: pa.table([[1]], names=[""]), "no name"),
    "Arrow map": (lambda: pa.table({"m": pa.array([[("k", 1)]], pa.map_(pa.string(), pa.int64()))}), "'m'"),
    "Arrow binary categories": (lambda: pa.table({"c": pa.array([b"x"]).dictionary_encode()}), "'c'"),
    "one-dimensional array": (lambda: np.arange(5), "1 dimensions"),
    "three-dimensional array": (lambda: np.zeros((2, 2, 2)), "3 dimensions"),
    "array of mixed objects": (lambda: np.array([[1, "a"], ["b", 2]], dtype=object), "x0"),
    "array with infinity": (lambda: np.array([[1.0, np.inf]]), "'x1'"),
    "array of complex numbers": (lambda: np.zeros((2, 2), dtype=complex), "x0"),
    "records of mixed types": (lambda: [{"a": 1}, {"a": "x"}], "'a'"),
    "records with lists": (lambda: [{"a": [1]}], "'a'"),
    "records that are no dicts": (lambda: [1, 2, 3], "dict"),
    "no records": (list, "no columns"),
    "columns of unequal length": (lambda: {"a": [1, 2], "b": [1]}, "one length"),
    "columns that are numbers": (lambda: {"a": 1}, "one length"),
    "a number": (lambda: 5, "no table"),
    "nothing": (lambda: None, "no table"),
    "a pandas series": (lambda: pandas.Series([1, 2], name="a"), "no table"),
    "decimals too long for Arrow": (lambda: [{"d": decimal.Decimal("1e999")}], "'d'"),
    "integer beyond 64 bits": (lambda: [{"i": 2**70}], "'i'"),
}


@pytest.mark.parametrize("cause", SOURCES)
def test_a_bad_frame_is_refused_with_its_reason(cause):
    make, word = SOURCES[cause]
    with pytest.raises(BadInput) as caught:
        read_table(make())
    assert word in str(caught.value)


def test_a_missing_file_is_named():
    with pytest.raises(BadInput, match=r"no file .*nowhere\.csv"):
        read_table("nowhere.csv")


def test_a_folder_without_parts_is_refused(tmp_path):
    (tmp_path / "notes.txt").write_text("x")
    with pytest.raises(BadInput, match="without Parquet files"):
        read_table(tmp_path)


def test_parts_of_different_columns_are_refused(tmp_path):
    pyarrow.parquet.write_table(pa.table({"a": [1]}), tmp_path / "1.parquet")
    pyarrow.parquet.write_table(pa.table({"a": ["x"]}), tmp_path / "2.parquet")
    with pytest.raises(BadInput, match="Parquet"):
        read_table(tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_is_no_table(tmp_path):
    import os

    os.mkfifo(tmp_path / "t.csv")
    with pytest.raises(BadInput, match="no plain file"):
        read_table(tmp_path / "t.csv")


def test_an_unknown_target_brings_the_nearest_name(adult):
    with pytest.raises(UnknownName, match="Did you mean 'income'"):
        read_table(adult.data, target="incom")


def test_a_name_of_100_kb_is_shortened_in_messages():
    name = "n" * 100_000
    with pytest.raises(BadInput) as caught:
        read_table(pa.table({name: [float("inf")]}))
    assert len(str(caught.value)) < 500


SCHEMAS = {
    "column that the table lacks": (Schema((Column(name="aga", kind="integer"),)), BadInput, "Did you mean 'age'"),
    "text declared as integers": (Schema((Column(name="word", kind="integer"),)), BadInput, "'word'"),
    "text declared as dates": (Schema((Column(name="word", kind="datetime"),)), BadInput, "'word'"),
    "text declared as true or false": (Schema((Column(name="word", kind="boolean"),)), BadInput, "'word'"),
    "fractions declared as integers": (Schema((Column(name="half", kind="integer"),)), BadInput, "decimals"),
    "fractions declared as int64": (
        Schema((Column(name="half", kind="float", dtype="int64"),)),
        BadInput,
        "'half'",
    ),
    "unknown dtype": (Schema((Column(name="age", kind="integer", dtype="int7"),)), BadInput, "int7"),
    "too small a dtype": (Schema((Column(name="big", kind="integer", dtype="int8"),)), BadInput, "'big'"),
}


@pytest.mark.parametrize("cause", SCHEMAS)
def test_a_schema_that_does_not_fit_is_refused(cause):
    schema, error, word = SCHEMAS[cause]
    table = pa.table({"age": [1, 2], "word": ["x", "y"], "half": [0.5, 1.0], "big": [1, 1000]})
    with pytest.raises(error) as caught:
        read_table(table, schema=schema)
    assert word in str(caught.value)


def _table(**columns):
    return read_table(pa.table(columns))


SPLITS = {
    "share of 0": ({"holdout": 0.0}, UsageError),
    "share of 1": ({"holdout": 1.0}, UsageError),
    "negative share": ({"holdout": -0.5}, UsageError),
    "share that is no number": ({"holdout": float("nan")}, UsageError),
    "group and time": ({"group": "who", "time": "when"}, UsageError),
    "unknown group": ({"group": "whom"}, UnknownName),
    "unknown time": ({"time": "then"}, UnknownName),
    "one group": ({"group": "one"}, BadInput),
    "one time": ({"time": "same"}, BadInput),
    "time that is text": ({"time": "who"}, BadInput),
}


@pytest.mark.parametrize("cause", SPLITS)
def test_a_split_that_makes_no_sense_is_refused(cause):
    settings, error = SPLITS[cause]
    table = _table(who=["a", "b", "a", "b"] * 5, when=list(range(20)), one=["x"] * 20, same=[1] * 20)
    with pytest.raises(error):
        split(table, **settings)


@pytest.mark.parametrize("rows", [[1], [3, 3, 3, 3]])
def test_a_table_without_two_different_rows_cannot_be_split(rows):
    with pytest.raises(BadInput, match="only 1 different row"):
        split(_table(a=rows))


@pytest.mark.parametrize("name", ["t", "t.xlsx", "t.txt"])
def test_an_ending_without_a_format_is_refused(name, tmp_path):
    with pytest.raises(UsageError, match="ending"):
        write_table(_table(a=[1, 2]), tmp_path / name)


def test_an_unwritable_place_is_refused(tmp_path):
    with pytest.raises(SynthwrightError, match="can't be written"):
        write_table(_table(a=[1, 2]), tmp_path / "no" / "such" / "folder.csv")
    assert list(tmp_path.iterdir()) == []
