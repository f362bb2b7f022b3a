"""Files say what the table says, byte for byte, or do not change at all."""

from __future__ import annotations

import datetime as dt
import decimal
import json

import pyarrow as pa
import pytest

from synthwright.data.reading import read_table
from synthwright.data.writing import write_table
from synthwright.errors import SynthwrightError


def text(tmp_path, ending="csv", **columns):
    write_table(read_table(pa.table(columns)), tmp_path / f"t.{ending}")
    return (tmp_path / f"t.{ending}").read_bytes().decode()


def test_csv_is_plain(tmp_path):
    out = text(
        tmp_path,
        n=[1, None, -3],
        x=[0.1, 1e-7, None],
        whole=[1.0, 2.0, None],
        t=["a", "b, c", 'say "hi"\nnow'],
        flag=[True, False, None],
        day=[dt.date(1, 1, 1), None, dt.date(9999, 12, 31)],
        at=pa.array([0, None, 1], pa.timestamp("s", tz="Europe/Berlin")),
        money=[decimal.Decimal("1.10"), None, decimal.Decimal("-0.05")],
    )
    assert out == (
        "n,x,whole,t,flag,day,at,money\n"
        "1,0.1,1.0,a,true,0001-01-01,1970-01-01 00:00:00Z,1.10\n"
        ',1e-7,2.0,"b, c",false,,,\n'
        '-3,,,"say ""hi""\nnow",,9999-12-31,1970-01-01 00:00:01Z,-0.05\n'
    )


def test_json_lines_are_json(tmp_path):
    out = text(
        tmp_path,
        "jsonl",
        **{'say "hi"': ["é\n", None], "n": [2**53 + 1, None], "x": [1.0, 2.0], "d": [dt.date(2024, 1, 1)] * 2},
    )
    assert [json.loads(line) for line in out.splitlines()] == [
        {'say "hi"': "é\n", "n": 2**53 + 1, "x": 1.0, "d": "2024-01-01"},
        {'say "hi"': None, "n": None, "x": 2.0, "d": "2024-01-01"},
    ]


def test_formulas_are_defused_only_when_asked_and_only_in_texts(tmp_path):
    table = read_table(pa.table({"t": ["=1+1", " @x", "-a", "+b", "fine", "\tq"], "n": [-1, -2, -3, -4, -5, -6]}))
    write_table(table, tmp_path / "plain.csv")
    write_table(table, tmp_path / "safe.csv", spreadsheet_safe=True)
    assert (tmp_path / "plain.csv").read_text().splitlines()[1] == "=1+1,-1"
    assert (tmp_path / "safe.csv").read_text().splitlines()[1:] == [
        "'=1+1,-1",
        "' @x,-2",
        "'-a,-3",
        "'+b,-4",
        "fine,-5",
        "'\tq,-6",
    ]


@pytest.mark.parametrize("ending", ["csv.gz", "jsonl.gz"])
def test_gzip_files_hold_no_time_and_no_name(tmp_path, ending):
    """RFC 1952: flags in byte 3, the time of writing in bytes 4 to 7."""
    write_table(read_table(pa.table({"a": [1, 2]})), tmp_path / f"t.{ending}")
    assert (tmp_path / f"t.{ending}").read_bytes()[3:8] == bytes(5)


def test_many_blocks_are_one_file(tmp_path):
    rows = 70_000
    table = read_table(pa.table({"n": range(rows), "x": [0.5] * (rows - 1) + [1.0]}))
    write_table(table, tmp_path / "t.csv.gz")
    assert read_table(tmp_path / "t.csv.gz").digest() == table.digest()


def test_parquet_holds_no_names_of_libraries(tmp_path, adult):
    import pyarrow.parquet

    write_table(read_table(adult.to_pandas()), tmp_path / "t.parquet")
    assert b"pandas" not in pyarrow.parquet.read_metadata(tmp_path / "t.parquet").metadata


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "jsonl", "parquet", "arrow"])
def test_a_failed_writing_leaves_the_old_file(tmp_path, ending, adult, monkeypatch):
    path = tmp_path / f"t.{ending}"
    write_table(adult, path)
    old = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("synthwright.files._sync", full)
    with pytest.raises(SynthwrightError, match="no room left"):
        write_table(adult.head(5), path)
    assert path.read_bytes() == old
    assert list(tmp_path.iterdir()) == [path]
