"""Verdicts are read as people write them, and refused where they could mean something else."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pyarrow as pa
import pytest
from sheets import key_of

from synthwright import files
from synthwright.data.reading import read_table
from synthwright.errors import BadInput
from synthwright.report.review_sheet import review_sheet
from synthwright.review.form import blank_form
from synthwright.review.numbers import row_numbers
from synthwright.review.planting import Planted
from synthwright.review.sampling import choose
from synthwright.review.sheet import ReviewKey, make_sheet
from synthwright.review.verdicts import read_answers, sheet_of
from synthwright.seeding import Streams

KEY = key_of((20,), (500,), planted=5)
HEAD = "row,verdict,comment,reviewer,sheet\n"


def written(tmp_path, text, name="ann.csv", encoding="utf-8"):
    path = tmp_path / name
    files.write_bytes(path, text.encode(encoding))
    return path


def answers(tmp_path, *lines, head=HEAD, **options):
    text = head + "".join(f"{line}\n" for line in lines)
    return read_answers([written(tmp_path, text, **options)], KEY)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("good", "good"), (" GOOD ", "good"), ("Ok.", "good"), ("okay", "good"), ("Plausible", "good"), ("g", "good"),
        ("Bad", "bad"), ("B", "bad"), ("reject", "bad"), ("Wrong!", "bad"),
        ("unsure", "unsure"), ("?", "unsure"), ("Not sure", "unsure"), ("don't know", "unsure"),
        ("don\u2019t know", "unsure"),
    ],
)  # fmt: skip
def test_words_are_read_as_people_write_them(tmp_path, text, word):
    (ann,) = answers(tmp_path, f'1,"{text}",,,{KEY.sheet}')
    assert ann.words == {0: word}


@pytest.mark.parametrize("word", ["yes", "x", "1", "goood", "good?bad", "-"])
def test_words_that_could_mean_anything_are_refused(tmp_path, word):
    with pytest.raises(BadInput, match="no verdict") as caught:
        answers(tmp_path, "1,good", f"2,{word}")
    assert "line 3" in str(caught.value)


@pytest.mark.parametrize(
    ("delimiter", "encoding", "start"),
    [
        (";", "utf-8", ""),
        ("\t", "utf-16", ""),
        (",", "utf-8-sig", ""),
        (";", "cp1252", ""),
        (";", "utf-8-sig", "sep=;\n"),
    ],
)
def test_any_spreadsheets_file_is_read(tmp_path, delimiter, encoding, start):
    lines = [
        ["Row", " Verdict ", "COMMENT", "reviewer", "sheet"],
        ["3", "bad", "zu früh für ein Kind", "Jürg", KEY.sheet],
    ]
    text = start + "\r\n".join(delimiter.join(line) for line in [*lines, *[["", "", "", "", ""]] * 2]) + "\r\n"
    (found,) = read_answers([written(tmp_path, text, encoding=encoding)], KEY)
    assert (found.reviewer, found.words, found.comments) == ("Jürg", {2: "bad"}, {2: "zu früh für ein Kind"})


def test_order_gaps_doubles_and_further_columns_do_not_matter(tmp_path):
    lines = ("9,good,,,x,y", "2,BAD,odd,,,", "2,bad,odd,,,", "4,,,,,", "7,,only a comment,,,", "", "5,good")
    (ann,) = answers(tmp_path, *lines)
    assert ann.words == {8: "good", 1: "bad", 4: "good"}
    assert ann.comments == {1: "odd", 6: "only a comment"}
    assert ann.reviewer == "ann"


def test_who_contradicts_himself_is_unsure(tmp_path):
    (ann,) = answers(tmp_path, "2,bad,one", "2,good,two")
    assert ann.words == {1: "unsure"}
    assert ann.comments == {1: "one / two"}


def test_reviewers_are_told_apart_by_name_or_file(tmp_path):
    first = written(tmp_path, HEAD + "1,good,,Ann\n2,bad,,bob\n3,good,,ANN \n", "one.csv")
    second = written(tmp_path, HEAD + "1,bad\n", "cyd.csv")
    found = {one.reviewer: one.words for one in read_answers([first, second], KEY)}
    assert found == {"Ann": {0: "good", 2: "good"}, "bob": {1: "bad"}, "cyd": {0: "bad"}}


def test_row_numbers_come_back_from_spreadsheets_in_many_forms():
    texts = [
        "7",
        " 7 ",
        "7.0",
        "7,00",
        "#7",
        "Row 7",
        "007",
        "1900-01-07",
        "07.01.1900",
        "1/7/1900",
        "1/7/00",
        "1900-01-07 00:00:00",
    ]
    assert row_numbers(texts, 20) == [7] * len(texts)
    assert row_numbers(["13/1/1900", "7/1/1900"], 20) == [13, 7]  # the 13 says that days come first
    assert row_numbers(["", "x", "0", "21", "7.5", "-3", "1900-13-01", "1e1"], 20) == [None] * 8


def test_dates_of_spreadsheets_count_a_day_that_never_was():
    """Serial 59 is the 28th of February 1900, 61 the 1st of March: 60 is a 29th that Excel made up."""
    assert row_numbers(["1900-02-28", "1900-03-01"], 100) == [59, 61]
    for serial in (61, 100, 366, 5_000):
        assert row_numbers([(date(1899, 12, 30) + timedelta(days=serial)).isoformat()], 5_000) == [serial]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02\x03", "NUL"),
        (b"PK\x03\x04" + b"x" * 50, "an Excel workbook"),
        (b"row,comment,sheet\n1,x,y\n", "no column called 'verdict'"),
        (b"row,verdict\n1,good\n", "no column called 'sheet'"),
        (HEAD.encode() + b"1,\n2,\n", "no verdict in"),
        (HEAD.encode() + b"26,good\n", "rows that the sheet does not have"),
        (HEAD.encode() + b"one,good\n", "rows that the sheet does not have"),
        (HEAD.encode() + b",good\n", "rows that the sheet does not have"),
        (HEAD.encode() + b'1,"' + b"x" * 200_000 + b'"\n', "as CSV"),
    ],
)
def test_what_is_no_list_of_verdicts_is_refused_with_its_reason(tmp_path, content, told):
    path = tmp_path / "ann.csv"
    files.write_bytes(path, content)
    with pytest.raises(BadInput, match=told):
        read_answers([path], KEY)


def test_a_file_that_is_not_there_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(BadInput, match="no file"):
            read_answers([path], KEY)


def test_the_sheet_is_named_by_the_lines(tmp_path):
    one = written(tmp_path, HEAD + "1,good,,,sheet-a\n2,bad\n", "one.csv")
    other = written(tmp_path, HEAD + "1,good,,,sheet-b\n", "other.csv")
    none = written(tmp_path, HEAD + "1,good\n", "none.csv")
    assert sheet_of([one, none]) == "sheet-a"
    with pytest.raises(BadInput, match="which review sheet") as caught:
        sheet_of([one, other])
    assert "sheet-a, sheet-b" in str(caught.value)
    with pytest.raises(BadInput, match="No line names a sheet"):
        sheet_of([none])


def test_a_key_comes_back_and_a_changed_one_is_refused(tmp_path):
    path = tmp_path / "key.json"
    files.write_json(path, KEY.to_json_value())
    assert ReviewKey.read(path) == KEY
    text = path.read_text(encoding="utf-8")
    for old, new in (("planted", "sampled"), ('"rows": 500', '"rows": 50'), ('"kind"', '"kine"'), ("{", "[")):
        files.write_text(path, text.replace(old, new, 1))
        with pytest.raises(BadInput, match="key of a review sheet"):
            ReviewKey.read(path)


def sheet_with(columns):
    table = read_table(columns)
    nothing = Planted(table=table.head(0), why=())
    chosen = choose(table, None, len(table), Streams(0))
    return make_sheet(table, chosen, nothing, None, run="x", seed=0, order=Streams(0).rng(), name="=1+1")


def test_no_cell_of_the_form_is_a_formula_and_numbers_stay_numbers():
    texts = ["=cmd|' /C calc'!A0", "+1", "-2+3", "@SUM(A1)", "\t=1", "a,b", 'say "x"', "plain"] * 2
    numbers = [-1.5, 2.0, -3.25] * 5 + [None]
    form = blank_form(sheet_with({"=evil()": texts, "verdict": numbers}))
    assert form.startswith("\ufeffrow,verdict,comment,reviewer,sheet,'=evil(),verdict (data)\n")
    rows = list(csv.reader(io.StringIO(form.removeprefix("\ufeff"))))[1:]
    for row in rows:
        for cell in row:
            assert not cell.lstrip().startswith(("=", "+", "@"))
            assert not cell.lstrip().startswith("-") or float(cell) < 0
    assert {row[6] for row in rows} == {"-1.5", "2", "-3.25", ""}
    assert {row[5].removeprefix("'") for row in rows} == set(texts)


def test_the_page_holds_no_script_no_address_and_nothing_that_is_not_escaped():
    hostile = "<script>alert(1)</script><img src=http://x>\x1b\u202e"
    page = review_sheet(sheet_with({"<b>name": [hostile] * 6, "long": ["y" * 5_000] * 6}))
    assert "<script" not in page
    assert "<img" not in page
    assert "\x1b" not in page
    assert "\u202e" not in page
    assert "src=" not in page.replace("img src=", "")
    assert "3,500 more characters" in page
    assert "default-src 'none'" in page


def test_planted_rows_are_not_told_on_the_sheet():
    table = read_table({"a": pa.array(range(100)), "b": pa.array(range(100))})
    chosen = choose(table, None, 20, Streams(0))
    sheets = [
        make_sheet(
            table,
            chosen,
            Planted(table=table.head(5), why=("secret",) * 5),
            None,
            run="x",
            seed=0,
            order=Streams(0).rng(),
        )
    ]
    for text in (review_sheet(sheets[0]), blank_form(sheets[0])):
        assert "planted" not in text
        assert "secret" not in text
    places = [at for at, row in enumerate(sheets[0].key.rows) if row.kind == "planted"]
    assert places != list(range(20, 25))
