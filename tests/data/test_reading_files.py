"""Text files of every make read as the same table; what is a number, a date or missing is decided by column."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pyarrow.parquet
import pytest

from synthwright.data.decoding import to_utf8
from synthwright.data.delimited import sniff_delimiter
from synthwright.data.demo import DEMO_TARGET, demo_path
from synthwright.data.intake import SYNTHETIC_MARK
from synthwright.data.reading import is_marked, read_table
from synthwright.data.table import Table
from synthwright.data.writing import write_table

PEOPLE = "name,age,city\nJosé,31,Köln\nZoë,28,\n"


def read(tmp_path, content, name="t.csv", **settings):
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_table(tmp_path / name, **settings)


def cells(tmp_path, *values, name="t.csv"):
    """One column of these cells beside a counter."""
    lines = "".join(f"{number},{value}\n" for number, value in enumerate(values))
    return read(tmp_path, f"n,v\n{lines}", name)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("zipped", [False, True])
def test_encoding_delimiter_and_gzip_are_found(tmp_path, encoding, delimiter, zipped):
    content = PEOPLE.replace(",", delimiter).encode(encoding)
    table = read(tmp_path, gzip.compress(content) if zipped else content)
    assert table.data.to_pylist() == [
        {"name": "José", "age": 31, "city": "Köln"},
        {"name": "Zoë", "age": 28, "city": None},
    ]


def test_the_euro_sign_of_windows_is_read():
    text, encoding = to_utf8("Preis in €: fünf, Größe: groß, Käse „gut“\n".encode("cp1252") * 5, name="t.csv")
    assert encoding == "cp1252"
    assert "€" in text.decode()


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b;c\n1,2;3\n", ","),
        ("a;b;c\n1,5;2,5;3\n", ";"),
        ('a,b\n"x;y;z;w",2\n"p;q;r;s",4\n', ","),
        ("only\n1\n2\n", ","),
        ("text\nhello, world\n", ","),
        ("a\tb\nx,y\t1\n", "\t"),
    ],
)
def test_the_delimiter_is_the_one_that_cuts_lines_evenly(text, delimiter):
    assert sniff_delimiter(text.encode()) == delimiter


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_all_line_ends_are_read(tmp_path, ends):
    table = read(tmp_path, f"a,b{ends}1,x{ends}2,y{ends}")
    assert table.data.to_pydict() == {"a": [1, 2], "b": ["x", "y"]}


def test_quoted_cells_may_hold_anything(tmp_path):
    table = read(tmp_path, 'a,b\n"x, ""y""\nz",1\n"",2\n')
    assert table.data.to_pydict() == {"a": ['x, "y"\nz', None], "b": [1, 2]}


def test_rows_of_many_megabytes_are_read(tmp_path):
    long = "x" * 20_000_000
    assert read(tmp_path, f'a,b\n"{long}",1\nshort,2\n').data["a"].to_pylist()[0] == long


def test_one_column_keeps_its_missing_cells(tmp_path):
    table = read_table(pa.table({"a": ["x", None, "y", None]}))
    write_table(table, tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv").data.equals(table.data)


def test_leading_zeros_stay_text(tmp_path):
    assert cells(tmp_path, "00123", "04567", "10115").data["v"].to_pylist() == ["00123", "04567", "10115"]


@pytest.mark.parametrize(
    "value", ["+491701234567", "0x1F", "1_000", "12A", "K-12", "1,5", "$", "1,23,4", "12345678901234567890123"]
)
def test_what_only_looks_like_a_number_stays_text(tmp_path, value):
    quoted = f'"{value}"'
    assert cells(tmp_path, quoted, quoted).data["v"].to_pylist() == [value, value]


def test_numbers_of_all_forms_are_read(tmp_path):
    assert cells(tmp_path, " 1.5 ", "-.5", "1e3", "0", "").data["v"].to_pylist() == [1.5, -0.5, 1000.0, 0.0, None]


@pytest.mark.parametrize("marker", ["NA", "NaN", "null", "?", "n/a", "None", "unknown", "-"])
def test_a_marker_among_numbers_is_missing_and_the_reason_says_so(tmp_path, marker):
    table = cells(tmp_path, "1", marker, "3", marker)
    assert table.data["v"].to_pylist() == [1, None, 3, None]
    assert f"2 cells with '{marker}'" in table.schema["v"].reason.replace("Cells", "cells")


@pytest.mark.parametrize("marker", ["NA", "None", "unknown", "?"])
def test_a_marker_among_texts_is_text(tmp_path, marker):
    assert cells(tmp_path, "low", marker, "high").data["v"].to_pylist() == ["low", marker, "high"]


def test_one_word_among_many_numbers_keeps_the_column_text(tmp_path):
    values = [str(number) for number in range(9_000)]
    values[4_323] = "twelve"
    assert cells(tmp_path, *values).data["v"].to_pylist() == values


def test_not_a_number_in_a_frame_is_missing():
    import polars

    for source in (pa.table({"v": [1.0, float("nan")]}), polars.DataFrame({"v": [1.0, float("nan")]})):
        table = read_table(source)
        assert table.data["v"].to_pylist() == [1.0, None]
        assert table.schema["v"].missing


def test_a_column_of_markers_alone_is_text(tmp_path):
    assert cells(tmp_path, "NA", "NA").data["v"].to_pylist() == ["NA", "NA"]


def test_decimal_commas_are_read_where_the_comma_is_no_delimiter(tmp_path):
    table = read(tmp_path, "n;v\n1;1,5\n2;-20\n3;NA\n")
    assert table.data["v"].to_pylist() == [1.5, -20.0, None]
    assert "comma" in table.schema["v"].reason


def test_words_for_true_and_false_stay_text(tmp_path):
    assert cells(tmp_path, *["TRUE", "FALSE"] * 5).schema["v"].kind == "categorical"


@pytest.mark.parametrize(
    ("values", "kind", "unit"),
    [
        (["0001-01-01", "9999-12-31"], "date32[day]", "day"),
        (["2024-02-29 10:00", "2024-03-01 11:30"], "timestamp[s]", "minute"),
        (["2024-02-29T10:00:00.250", "2024-03-01T11:30:00"], "timestamp[ms]", "millisecond"),
        (["2024-02-29T10:00:00+02:00", "2024-03-01T11:30:00Z"], "timestamp[s, tz=UTC]", "minute"),
    ],
)
def test_dates_are_read_in_their_own_unit(tmp_path, values, kind, unit):
    column = cells(tmp_path, *values).schema["v"]
    assert (column.kind, column.dtype, column.unit) == ("datetime", kind, unit)


@pytest.mark.parametrize(
    "values", [["1/8/90", "1/9/90"], ["2024-13-45", "2024-01-01"], ["20240101", "x"], ["10:00", "11:00"]]
)
def test_other_dates_stay_text(tmp_path, values):
    assert cells(tmp_path, *values).schema["v"].kind != "datetime"


def test_offset_and_no_offset_in_one_column_stay_text(tmp_path):
    table = cells(tmp_path, "2024-01-01T10:00:00Z", "2024-01-01T10:00:00")
    assert table.schema["v"].dtype == "string"


def test_one_slip_in_a_thousand_dates_becomes_missing_and_is_told(tmp_path):
    table = cells(tmp_path, *["2024-01-01", "2024-01-02"] * 600, "2024-02-30")
    assert table.schema["v"].kind == "datetime"
    assert table.data["v"].null_count == 1
    assert "1 cells that are no dates" in table.schema["v"].reason
    assert cells(tmp_path, *["2024-01-01"] * 100, "soon").schema["v"].kind != "datetime"


def test_json_lines_keep_offsets_and_missing_keys(tmp_path):
    content = '{"a": 1, "at": "2024-01-01T10:00:00+02:00"}\n{"a": 2.5, "b": "x", "at": null}\n'
    table = read(tmp_path, content, "t.jsonl")
    assert table.data["a"].to_pylist() == [1.0, 2.5]
    assert table.schema["at"].dtype == "timestamp[s, tz=UTC]"
    assert table.data["at"].to_pylist()[0].hour == 8
    assert table.data["b"].to_pylist() == [None, "x"]


def test_a_json_list_of_objects_is_read(tmp_path):
    assert read(tmp_path, '[{"a": 1}, {"a": 2}]', "t.json").data.to_pydict() == {"a": [1, 2]}


def test_an_empty_text_is_missing_in_csv_and_a_value_in_json(tmp_path):
    assert read(tmp_path, '{"a": ""}\n', "t.jsonl").data["a"].to_pylist() == [""]
    assert read(tmp_path, 'a,b\n"",1\n').data["a"].to_pylist() == [None]


def test_a_folder_of_parts_is_one_table(tmp_path):
    for part, rows in enumerate([[1, 2], [3]]):
        pyarrow.parquet.write_table(pa.table({"a": rows}), tmp_path / f"part-{part}.parquet")
    assert read_table(tmp_path).data["a"].to_pylist() == [1, 2, 3]


def test_the_index_that_pandas_stores_is_left_out(tmp_path):
    import pandas

    pandas.DataFrame({"a": [1, 2]}, index=[7, 9]).to_parquet(tmp_path / "t.parquet")
    assert read_table(tmp_path / "t.parquet").names == ("a",)


def test_a_declared_kind_decides_how_cells_are_read(tmp_path):
    schema = tmp_path / "schema.yaml"
    schema.write_text(
        "columns:\n"
        "  zip: {kind: categorical}\n"
        "  plot: {kind: integer}\n"
        "  sold: {kind: boolean}\n"
        "  grade: {kind: ordinal, categories: [3, 2, 1], source: declared}\n"
    )
    text = "plot,zip,sold,grade,left out\n007,10115,true,1,x\n012,20095,FALSE,3,y\n"
    table = read(tmp_path, text, schema=schema)
    assert table.data.to_pydict() == {
        "zip": ["10115", "20095"],
        "plot": [7, 12],
        "sold": [True, False],
        "grade": [1, 3],
    }
    assert table.levels("grade").tolist() == [2, 0]
    assert table.schema["plot"].bounds is not None


def test_a_declared_date_without_dtype_keeps_its_offset(tmp_path):
    (tmp_path / "schema.yaml").write_text("columns: {at: {kind: datetime}}\n")
    table = read(tmp_path, "at\n2024-01-01T10:00:00+02:00\n", schema=tmp_path / "schema.yaml")
    assert table.schema["at"].dtype == "timestamp[s, tz=UTC]"


def test_the_demo_table_is_the_published_one():
    table = read_table(demo_path(), target=DEMO_TARGET)
    assert (len(table), len(table.names)) == (12_330, 18)
    assert table.data["Revenue"].to_pylist().count("TRUE") == 1_908


def test_the_slices_are_read(adult, shoppers, beijing, birdstrikes, default_credit):
    tables = [adult, shoppers, beijing, birdstrikes, default_credit]
    assert [len(table) for table in tables] == [1000] * 5
    assert all(table.schema.target is not None for table in tables)


@pytest.mark.parametrize("ending", ["parquet", "arrow"])
def test_files_with_synthetic_rows_carry_the_mark(tmp_path, ending):
    real = read_table(pa.table({"a": [1, 2]}))
    made = Table(real.schema, real.data, origin=pa.table({"record_id": [0, 1]}))
    write_table(real, tmp_path / f"real.{ending}")
    write_table(made, tmp_path / f"made.{ending}")
    assert not is_marked(tmp_path / f"real.{ending}")
    assert is_marked(tmp_path / f"made.{ending}")
    again = read_table(tmp_path / f"made.{ending}")
    assert is_marked(again)
    assert again.data.schema.metadata == {SYNTHETIC_MARK: b"synthetic"}
    assert is_marked(made)
    assert not is_marked(real)
    assert not is_marked("nowhere.parquet")


def test_the_mark_survives_a_second_writing(tmp_path):
    real = read_table(pa.table({"a": [1, 2]}))
    made = Table(real.schema, real.data, origin=pa.table({"record_id": [0, 1]}))
    write_table(made, tmp_path / "1.parquet")
    write_table(read_table(tmp_path / "1.parquet"), tmp_path / "2.parquet")
    assert is_marked(tmp_path / "2.parquet")
