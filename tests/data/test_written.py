"""Numbers and dates as people write them: read as what they are, written again as they were."""

import datetime as dt
import re

import hypothesis.strategies as st
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given

import synthwright as sw
from synthwright.data.frames import to_native, to_pandas, with_texts
from synthwright.data.parsing import parse_written
from synthwright.data.reading import read_table
from synthwright.data.writing import write_table
from synthwright.data.written_dates import checked_format, date_forms, read_dates, write_dates
from synthwright.data.written_numbers import NumberForm, number_form
from synthwright.errors import BadInput


def column(*cells):
    return pa.chunked_array([pa.array(cells, pa.string())])


def read_as(parsed):
    return parsed.values.to_pylist()  # noqa: PD011  # an Arrow column


@pytest.mark.parametrize(
    ("cells", "numbers"),
    [
        (("$1,234.50", "$12.00", "-$3.20"), [1234.5, 12.0, -3.2]),
        (("$-3.20", "$12.00"), [-3.2, 12.0]),
        (("($5)", "$3", "$1,000"), [-5, 3, 1000]),
        (("1.234,56 €", "12,00 €"), [1234.56, 12.0]),
        (("EUR 12", "EUR 1.000.000"), [12, 1_000_000]),
        (("12 %", "3 %", None), [12, 3, None]),
        (("12.5%", "3%"), [12.5, 3.0]),
        (("90 min", "100 min"), [90, 100]),
        (("1'234.5", "12.5"), [1234.5, 12.5]),
        (("1\u00a0234\u00a0567", "12"), [1234567, 12]),
        (("1,234", "12,345,678"), [1234, 12345678]),
        (("0,5 kg", "12,25 kg"), [0.5, 12.25]),
    ],
)
def test_written_numbers_are_read_and_written_again(cells, numbers):
    parsed = parse_written(column(*cells))
    assert read_as(parsed) == numbers
    form = NumberForm.from_text(parsed.text.removeprefix("written:"))
    assert form.write(parsed.values).to_pylist() == list(cells)


@pytest.mark.parametrize(
    "cells",
    [
        ("12A", "13A"),  # seats
        ("K-10", "K-11"),  # codes
        ("1,2", "2,3"),  # pairs
        ("$1", "€2"),  # two currencies are no one quantity
        ("$1", "about $2"),
        ("($5", "$3"),
        ("1.234,5", "1,234.5"),  # two decimal signs
        ("12 %", "12 kg"),
        ("3:15", "4:20"),
        ("30/02/2020", "31/02/2020"),  # no calendar has them
        ("2020-13-01", "2020-14-01"),
    ],
)
def test_other_texts_are_left_alone(cells):
    parsed = parse_written(column(*cells))
    assert read_as(parsed) == list(cells)
    assert not parsed.text


def test_a_cell_beyond_the_sample_that_is_no_number_keeps_the_text():
    cells = ["$1"] * 5_000
    cells[1] = "about $2"
    assert read_as(parse_written(column(*cells))) == cells


def test_one_comma_is_the_decimal_sign_only_where_files_have_another_delimiter():
    assert read_as(parse_written(column("1,234 €", "5,678 €"))) == [1234, 5678]
    assert read_as(parse_written(column("1,234 €", "5,678 €"), comma=True)) == [1.234, 5.678]


def test_markers_among_written_numbers_are_missing_and_told():
    parsed = parse_written(column("$1", "n/a", "$2", "-"))
    assert read_as(parsed) == [1, None, 2, None]
    assert "2 cells with '-', 'n/a'" in parsed.note


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2, allow_nan=False), min_size=1, max_size=20),
    st.sampled_from([("$", ""), ("", " €"), ("CHF ", ""), ("", "%")]),
    st.sampled_from([",.", ".,", "'.", "\u202f,"]),
    st.sampled_from(["-$5", "$-5", "($5)"]),
)
def test_what_a_form_writes_it_reads_back(numbers, affixes, signs, negative):
    form = NumberForm(*affixes, signs[0], signs[1], 2, negative)
    written = form.write(pa.chunked_array([pa.array([float(one) for one in numbers])]))
    assert all(re.match(form.pattern, cell) for cell in written.to_pylist())
    read = [float(cell) for cell in form.read(written).to_pylist()]
    assert read == pytest.approx([float(one) for one in numbers], abs=0.006)
    found = number_form(written.to_pylist(), comma=False)
    assert found is not None
    assert [float(cell) for cell in found.read(written).to_pylist()] == read


@pytest.mark.parametrize(
    ("form", "cells"),
    [
        ("%d.%m.%Y", ("31.12.2024", "01.02.2024")),
        ("%-d.%-m.%y", ("31.12.24", "1.2.24")),
        ("%d/%m/%Y", ("31/12/2024", "01/02/2024")),
        ("%-m/%-d/%Y %-H:%M", ("12/31/2024 0:05", "1/2/2024 23:59")),
        ("%m/%d/%Y %I:%M %p", ("12/31/2024 12:00 AM", "01/02/2024 12:30 PM")),
        ("%m/%d/%Y %I:%M:%S%P", ("12/31/2024 01:02:03am", "01/02/2024 11:59:59pm")),
        ("%d-%b-%Y", ("31-Dec-2024", "01-Feb-2024")),
        ("%B %-d, %Y", ("December 31, 2024", "February 1, 2024")),
        ("%Y/%m/%d", ("2024/12/31", "2024/02/01")),
    ],
)
def test_dates_of_usual_forms_are_read_and_written_again(form, cells):
    assert form in date_forms(column(*cells), 1.0)
    dates = read_dates(column(*cells), form)
    first, second = (
        moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time())
        for moment in dates.to_pylist()
    )
    assert (first.year, first.month, first.day) == (2024, 12, 31)
    assert (second.month, second.day) in {(2, 1), (1, 2)}
    assert write_dates(dates, form).to_pylist() == list(cells)


def test_a_few_slips_become_missing_and_are_counted():
    cells = [f"{day:02}.{month:02}.2024" for day in range(1, 29) for month in range(1, 13)] * 4 + ["31.02.2024"]
    parsed = parse_written(column(*cells))
    assert read_as(parsed).count(None) == 1
    assert "1 cells that are no dates" in parsed.note


def test_day_and_month_that_can_be_taken_for_each_other_are_asked_for():
    cells = [f"01/{month:02}/2024" for month in range(1, 13)] * 3
    table = read_table(pa.table({"when": cells}))
    assert table.schema["when"].kind == "categorical"
    assert "day and month can't be told apart" in table.schema["when"].reason.replace("Day", "day")
    declared = sw.Schema((sw.Column(name="when", kind="datetime", format="%d/%m/%Y"),))
    read = read_table(pa.table({"when": cells}), schema=declared)
    assert read.data["when"].to_pylist()[1] == dt.date(2024, 2, 1)
    assert with_texts(read).column("when").to_pylist() == cells


@pytest.mark.parametrize("form", ["", "%d", "%d/%m", "%m/%Y", "%Q/%m/%d/%Y", "%d/%m/%Y %I:%M", "day"])
def test_a_format_that_names_no_date_is_refused(form):
    with pytest.raises(BadInput, match="no form of dates"):
        checked_format(form)


def test_the_schema_file_names_the_line_of_a_wrong_format(tmp_path):
    (tmp_path / "s.yaml").write_text('columns:\n  when:\n    kind: datetime\n    format: "%d"\n')
    with pytest.raises(BadInput, match=r"s\.yaml, line 4"):
        read_table(pa.table({"when": ["1"]}), schema=tmp_path / "s.yaml")
    (tmp_path / "s.yaml").write_text('columns:\n  when:\n    kind: text\n    format: "%d/%m/%Y"\n')
    with pytest.raises(BadInput, match="kind text has no format"):
        read_table(pa.table({"when": ["1"]}), schema=tmp_path / "s.yaml")


def test_files_go_out_as_they_came_and_frames_too(tmp_path):
    text = 'price;paid;share\n"1.234,50 €";31.12.2024;12 %\n"12,00 €";01.02.2024;3 %\n'
    (tmp_path / "in.csv").write_text(text, encoding="utf-8")
    table = read_table(tmp_path / "in.csv")
    assert [column.kind for column in table.schema] == ["float", "datetime", "integer"]
    assert table.schema["paid"].format == "%d.%m.%Y"
    write_table(table, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8") == (
        'price,paid,share\n"1.234,50 €",31.12.2024,12 %\n"12,00 €",01.02.2024,3 %\n'
    )
    assert to_pandas(table)["price"].tolist() == [1234.5, 12.0]  # typed unless written as text
    frame = pd.DataFrame({"price": ["$1,234.50", "$12.00"], "paid": ["12/31/2024", "01/02/2024"]})
    back = to_native(read_table(frame))
    pd.testing.assert_frame_equal(back, frame)


def test_synthetic_rows_of_a_frame_are_written_like_the_real_ones():
    cells = {"price": [f"${1000 + 7 * row:,}.00" for row in range(60)], "share": [f"{row % 9}%" for row in range(60)]}
    drawn = sw.fit(pd.DataFrame(cells), "tabular.independent").sample(20, seed=1).to_pandas()
    assert drawn["price"].str.fullmatch(r"\$1,\d{3}\.\d\d").all()
    assert drawn["share"].str.fullmatch(r"\d%").all()


@pytest.mark.parametrize("text", ["", "[]", "[1,2,3,4,5,6]", '["","","",".",99,"-$5"]', '["","","",".",null]'])
def test_a_saved_form_from_elsewhere_is_refused(text):
    with pytest.raises(BadInput, match="form of numbers"):
        NumberForm.from_text(text)
