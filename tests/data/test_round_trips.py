"""What comes in goes out: every kind of frame and file, with dtypes, order, categories and decimals."""

from __future__ import annotations

import datetime as dt
import decimal
import string

import numpy as np
import pandas
import polars
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal as assert_same_pandas
from polars.testing import assert_frame_equal as assert_same_polars

from synthwright.data.frames import Origin, origin_from_json, origin_to_json
from synthwright.data.reading import read_table
from synthwright.data.table import Table
from synthwright.data.writing import write_table
from synthwright.errors import BadInput

QUIET = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # tables are small as they come; shrinking them takes minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=12)
NAMES = st.lists(
    st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=9).filter(str.strip),
    min_size=4,
    max_size=4,
    unique=True,
)


@st.composite
def tables(draw):
    """An Arrow table of all types that a file can hold, with missing cells."""
    rows = draw(st.integers(1, 12))

    def column(values, kind):
        return pa.array(draw(st.lists(st.none() | values, min_size=rows, max_size=rows)), kind)

    whole = st.integers(-(2**63), 2**63 - 1)
    moment = st.datetimes(dt.datetime(1, 1, 1), dt.datetime(9999, 12, 31))  # noqa: DTZ001  # naive on purpose
    columns = [
        column(whole, pa.int64()),
        column(st.floats(allow_nan=False, allow_infinity=False), pa.float64()),
        column(TEXT, pa.string()),
        column(st.booleans(), pa.bool_()),
        column(moment, pa.timestamp("us")),
        column(moment.map(lambda at: at.replace(tzinfo=dt.UTC)), pa.timestamp("us", tz="UTC")),
        column(st.dates(), pa.date32()),
    ]
    names = [*draw(NAMES), "zoned date", "naïve", "день"]
    if len(set(names)) < len(names):
        names = list(string.ascii_lowercase[: len(columns)])
    return pa.table(columns, names=names)


@QUIET
@given(data=tables())
def test_arrow_comes_back_as_it_was(data):
    assert read_table(data).to_native().equals(data)


@QUIET
@given(data=tables())
def test_pandas_comes_back_as_it_was(data):
    frame = data.to_pandas()
    assert_same_pandas(read_table(frame).to_native(), frame)


@QUIET
@given(data=tables())
def test_polars_comes_back_as_it_was(data):
    frame = polars.from_arrow(data)
    assert_same_polars(read_table(frame).to_native(), frame)


@pytest.mark.parametrize("ending", ["parquet", "arrow", "feather"])
@QUIET
@given(data=tables())
def test_typed_files_come_back_as_they_were(data, ending, tmp_path):
    table = read_table(data)
    write_table(table, tmp_path / f"t.{ending}")
    again = read_table(tmp_path / f"t.{ending}")
    assert again.data.equals(table.data)
    assert again.schema == table.schema


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "tsv", "jsonl", "jsonl.gz"])
@QUIET
@given(data=tables())
def test_text_files_come_back_as_they_were_under_their_schema(data, ending, tmp_path):
    table = read_table(data)
    write_table(table, tmp_path / f"t.{ending}")
    again = read_table(tmp_path / f"t.{ending}", schema=table.schema)
    assert again.digest() == table.digest()


@QUIET
@given(data=tables())
def test_equal_tables_give_equal_bytes(data, tmp_path):
    for ending in ("csv.gz", "parquet", "jsonl", "arrow"):
        first, second = tmp_path / f"1.{ending}", tmp_path / f"2.{ending}"
        write_table(read_table(data), first)
        write_table(Table(read_table(data).schema, pa.concat_tables([data.slice(0, 1), data.slice(1)])), second)
        assert first.read_bytes() == second.read_bytes()


PANDAS = pandas.DataFrame(
    {
        "int8": np.array([1, -2, 3], np.int8),
        "uint16": np.array([1, 2, 65_535], np.uint16),
        "uint64": np.array([1, 2, 2**64 - 1], np.uint64),
        "float32": np.array([0.1, np.nan, 3], np.float32),
        "bool": [True, False, True],
        "Int64": pandas.array([2**53 + 1, None, -1], "Int64"),
        "UInt8": pandas.array([1, None, 2], "UInt8"),
        "Float64": pandas.array([0.5, None, 2], "Float64"),
        "boolean": pandas.array([True, None, False], "boolean"),
        "str": pandas.array(["a", None, "c"], "str"),
        "string": pandas.array(["a", None, "c"], "string"),
        "object": pandas.Series(["a", None, "c"], dtype=object),
        "decimal": pandas.Series([decimal.Decimal("1.10"), None, decimal.Decimal("-2.35")], dtype=object),
        "dates": pandas.Series([dt.date(1, 1, 1), None, dt.date(9999, 12, 31)], dtype=object),
        "flags": pandas.Series([True, None, False], dtype=object),
        "category": pandas.Categorical(["b", None, "a"], categories=["a", "b", "never"]),
        "ordered": pandas.Categorical(["low", "high", None], categories=["low", "mid", "high"], ordered=True),
        "numbers": pandas.Categorical([3, 1, None], categories=[3, 1, 2]),
        "ns": pandas.Series([1, pandas.NaT, 10**18]).astype("datetime64[ns]"),
        "s": pandas.to_datetime(["2020-01-01", None, "2021-01-01"]).astype("datetime64[s]"),
        "zoned": pandas.to_datetime(["2020-03-29 00:30", None, "2021-01-01 00:00"]).tz_localize("Europe/Berlin"),
        "arrow": pandas.array([1, None, 3], dtype=pandas.ArrowDtype(pa.int16())),
        "iso": ["2020-01-01", "2020-02-29", "2021-12-31"],
        "iso T": ["2020-01-01T10:00:00", "2020-02-29T00:00:01", "2021-12-31T23:59:59"],
        "iso zone": ["2020-01-01 10:00:00+02:00", "2020-02-29 00:00:01+02:00", "2021-12-31 23:59:59+02:00"],
        "iso Z": ["2020-01-01T10:00:00Z", "2020-02-29T00:00:01Z", "2021-12-31T23:59:59Z"],
    }
)


@pytest.mark.parametrize("name", PANDAS.columns)
def test_each_pandas_dtype_comes_back(name):
    frame = PANDAS[[name]]
    assert_same_pandas(read_table(frame).to_native(), frame)


def test_pandas_object_columns_keep_their_kind_of_missing():
    for missing in (None, float("nan")):
        frame = pandas.DataFrame({"a": pandas.Series(["x", missing, "y"], dtype=object)})
        assert isinstance(read_table(frame).to_native()["a"].iloc[1], type(missing))


def test_pandas_columns_named_by_numbers_come_back():
    for frame in (pandas.DataFrame([[1, 2], [3, 4]]), pandas.DataFrame([[1, 2]], columns=[2019, 2020])):
        assert_same_pandas(read_table(frame).to_native(), frame)


def test_missing_values_in_an_int64_column_go_out_as_nullable_integers():
    schema = read_table(pandas.DataFrame({"a": [1, 2, 3], "b": [True, False, True]}))
    holes = schema.data.set_column(0, "a", pa.array([1, None, 3])).set_column(1, "b", pa.array([True, None, False]))
    out = Table(schema.schema, holes, frame=schema.frame).to_native()
    assert [str(dtype) for dtype in out.dtypes] == ["Int64", "boolean"]
    assert out["a"].tolist()[::2] == [1, 3]


POLARS = polars.DataFrame(
    {
        "i8": polars.Series([1, None, 3], dtype=polars.Int8),
        "u64": polars.Series([1, None, 2**64 - 1], dtype=polars.UInt64),
        "f32": polars.Series([0.1, None, 3], dtype=polars.Float32),
        "text": ["a", None, "ü"],
        "flag": [True, None, False],
        "cat": polars.Series(["b", None, "a"], dtype=polars.Categorical),
        "enum": polars.Series(["b", None, "a"], dtype=polars.Enum(["b", "a", "never"])),
        "date": [dt.date(1, 1, 1), None, dt.date(9999, 12, 31)],
        "ms": polars.Series([0, None, 1], dtype=polars.Int64).cast(polars.Datetime("ms")),
        "zoned": polars.Series([0, None, 1], dtype=polars.Int64).cast(polars.Datetime("us", "Asia/Tokyo")),
        "decimal": polars.Series(["1.10", None, "2.35"]).cast(polars.Decimal(10, 2)),
        "iso": ["2020-01-01", "2020-02-29", None],
        "nothing": polars.Series([None, None, None], dtype=polars.String),
    }
)


@pytest.mark.parametrize("name", POLARS.columns)
def test_each_polars_dtype_comes_back(name):
    assert_same_polars(read_table(POLARS.select(name)).to_native(), POLARS.select(name))


def test_a_lazy_frame_is_collected():
    assert_same_polars(read_table(POLARS.select("i8").lazy()).to_native(), POLARS.select("i8"))


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6).reshape(3, 2),
        np.array([[0.5, np.nan], [1, 2]]),
        np.array([[True, False]]),
        np.array([["a", "b"], ["c", "d"]]),
        np.array([(1, 0.5, "x"), (2, 2.5, "y")], dtype=[("a", "i4"), ("b", "f8"), ("c", "U3")]),
        np.array([["2020-01-01", "2021-01-01"]], dtype="datetime64[s]"),
    ],
)
def test_numpy_comes_back_as_it_was(array):
    out = read_table(array).to_native()
    assert out.dtype == array.dtype
    assert out.shape == array.shape
    np.testing.assert_array_equal(out, array)


def test_masked_cells_are_missing():
    table = read_table(np.ma.masked_array([[1, 2], [3, 4]], mask=[[0, 1], [0, 0]]))
    assert table.data.to_pylist() == [{"x0": 1, "x1": None}, {"x0": 3, "x1": 4}]


def test_records_come_back_with_all_keys():
    assert read_table([{"a": 1}, {"b": "x"}]).to_native() == [{"a": 1, "b": None}, {"a": None, "b": "x"}]


def test_a_dict_of_columns_is_a_table():
    assert read_table({"a": [1, 2], "b": np.array([0.5, 1.5])}).data.to_pydict() == {"a": [1, 2], "b": [0.5, 1.5]}


def test_anything_with_an_arrow_stream_is_a_table():
    class Stream:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table({"a": [1, 2]}).__arrow_c_stream__(requested_schema)

    assert read_table(Stream()).data.to_pydict() == {"a": [1, 2]}


def test_a_record_batch_is_a_table():
    assert len(read_table(pa.RecordBatch.from_pydict({"a": [1, 2]}))) == 2


def test_a_frame_that_narwhals_knows_is_a_table():
    import narwhals

    assert read_table(narwhals.from_native(pandas.DataFrame({"a": [1, 2]}))).data.to_pydict() == {"a": [1, 2]}


def test_arrow_types_come_back():
    data = pa.table(
        {
            "view": pa.array(["a", None], pa.string_view()),
            "large": pa.array(["a", None], pa.large_string()),
            "half": pa.array(np.array([0.5, 2], np.float16)),
            "decimal": pa.array([decimal.Decimal("1.10"), None], pa.decimal128(5, 2)),
            "null": pa.nulls(2),
            "codes": pa.array(["x", "y"]).dictionary_encode(),
            "day": pa.array([0, 86_400_000], pa.date64()),
        }
    )
    assert read_table(data).to_native().equals(data)


def test_integers_beyond_2_to_the_53_come_back_exactly_from_csv(tmp_path):
    numbers = [2**53 + 1, -(2**63), 2**63 - 1, None]
    write_table(read_table(pa.table({"n": numbers, "m": [1, 2, 3, 4]})), tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv").data["n"].to_pylist() == numbers


def test_a_name_of_100_kb_comes_back_from_csv(tmp_path):
    name = "é" * 50_000
    write_table(read_table(pa.table({name: [1, 2], "b": [3, 4]})), tmp_path / "t.csv")
    assert read_table(tmp_path / "t.csv").names == (name, "b")


def test_csv_keeps_trailing_zeros_of_prices(tmp_path):
    text = "price,n\n0.30,1\n12.50,2\n3.00,3\n"
    (tmp_path / "in.csv").write_text(text)
    table = read_table(tmp_path / "in.csv")
    write_table(table, tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text() == text
    assert table.to_pandas()["price"].tolist() == [0.3, 12.5, 3.0]
    write_table(table, tmp_path / "out.jsonl")
    assert (tmp_path / "out.jsonl").read_text().splitlines()[0] == '{"price": 0.3, "n": 1}'


def test_what_came_in_survives_json():
    origin = read_table(PANDAS).frame
    assert origin.texts
    assert origin_from_json(origin_to_json(origin)) == origin
    assert origin_from_json(origin_to_json(None)) is None


@pytest.mark.parametrize(
    "state", [{}, {"kind": "excel", "dtypes": [], "texts": [], "labels": "text"}, {"kind": 3}, [1]]
)
def test_a_hostile_origin_is_refused(state):
    with pytest.raises(BadInput, match="origin"):
        origin_from_json(state)


def test_other_frames_can_be_asked_for(adult):
    assert adult.to_pandas().shape == adult.to_polars().shape == (1000, 15)
    assert adult.to_native() is adult
    assert adult.frame == Origin("file")
