"""A rule says for every row whether it is obeyed; a slip in a rule is told with its place; no rule is ever run."""

import datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.constraints import evaluate_rule, parse_rule, rules_of
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput

SCHEMA = Schema(
    (
        Column(name="a", kind="integer", missing=True),
        Column(name="b", kind="float", missing=True),
        Column(name="c", kind="float", decimals=2, missing=True, dtype="decimal128(8, 2)"),
        Column(name="sex", kind="categorical", categories=("F", "M"), source="declared"),
        Column(name="marital-status", kind="categorical", categories=("it's", "Single"), missing=True),
        Column(name="code", kind="categorical", categories=(1, 2), dtype="int64"),
        Column(name="grade", kind="ordinal", categories=("low", "mid", "high"), missing=True),
        Column(name="married", kind="boolean", missing=True),
        Column(name="born", kind="datetime", unit="day", dtype="date32[day]", missing=True),
        Column(name="seen", kind="datetime", unit="minute", dtype="timestamp[us]"),
        Column(name="note", kind="text"),
    )
)
DAY = datetime.date
TABLE = Table(
    SCHEMA,
    pa.table(
        {
            "a": pa.array([1, 2, None, 4]),
            "b": pa.array([0.1, 2.5, 3.0, None]),
            "c": pa.array([Decimal("0.30"), Decimal("2.50"), None, Decimal("4.00")], pa.decimal128(8, 2)),
            "sex": pa.array(["F", "M", "F", "M"]).dictionary_encode(),
            "marital-status": pa.array(["it's", "Single", None, "Single"]),
            "code": pa.array([1, 2, 2, 1]),
            "grade": pa.array(["low", "high", None, "mid"]),
            "married": pa.array([True, False, None, True]),
            "born": pa.array([DAY(2000, 1, 1), DAY(2020, 6, 1), None, DAY(2024, 1, 2)], pa.date32()),
            "seen": pa.array([datetime.datetime(2024, 1, 1, 12)] * 4, pa.timestamp("us")),  # noqa: DTZ001  # no zone
            "note": pa.array(["x", "y", "x", "M"]),
        }
    ),
)


@pytest.mark.parametrize(
    ("text", "broken"),
    [
        ("a <= 2", [3]),
        ("a<b", [0]),  # 1 < .1 is false; rows with a missing side stay open
        ("a == b or a == b + c", [0, 1]),
        ("b + 0.2 == c", [1]),  # .1 + .2 is .30000000000000004 in float64
        ("b != 0.1", [0]),
        ("0 <= a <= 2", [3]),
        ("a * 2 - 1 > 2", [0]),
        ("-a >= -(2)", [3]),
        ("10 / (a - 1) >= 5", [3]),  # row 0 divides by zero: unknown
        ("a in (1, 4)", [1]),
        ("a not in (1, -2, 4.0)", [0, 3]),
        ("sex == 'F'", [1, 3]),
        ('sex != "F"', [0, 2]),
        ("sex in ('M')", [0, 2]),
        ("`marital-status` == 'it''s'", [1, 3]),
        ("sex == note", [0, 1, 2]),
        ("code == 1", [1, 2]),
        ("grade <= 'mid'", [1]),
        ("grade == 'low'", [1, 3]),
        ("married", [1]),
        ("not married", [0, 3]),
        ("married == false", [0, 3]),
        ("a is missing", [0, 1, 3]),
        ("a is not missing and b is not missing", [2, 3]),
        ("when sex == 'M' then not married", [3]),
        ("when a is missing then sex == 'M'", [2]),
        ("when married then a > 1", [0]),
        ("born <= '2020-06-01'", [3]),
        ("born < seen", [3]),
        ("born + 1 < seen", [3]),
        ("seen - 721 < born", [0, 1]),  # a number counts the units of its date: 12 hours and 1 minute
        ("a > 1 or b > 1", [0]),
        ("a > 1 and b > 1", [0]),  # 4 > 1 and unknown is unknown
        ("a > 4 and b > 1", [0, 1, 3]),  # 4 > 4 is false, whatever b is
    ],
)
def test_a_rule_is_broken_by_exactly_these_rows(text, broken):
    assert np.flatnonzero(~evaluate_rule(TABLE, parse_rule(text, SCHEMA))).tolist() == broken


@pytest.mark.parametrize(
    ("text", "at", "words"),
    [
        ("a <= bb", 6, ["no column 'bb'", "Did you mean 'b'?"]),
        ("a = b", 3, ["==", "no comparison"]),
        ("a + b", 3, ["not a condition"]),
        ("a <= ", 6, ["too early"]),
        ("a <= 'x'", 3, ["column 'a'", "can't be compared"]),
        ("sex < 'M'", 5, ["column 'sex'", "order"]),
        ("sex == 'W'", 8, ["no category 'W'"]),
        ("grade <= 'midd'", 10, ["no category 'midd'", "Did you mean 'mid'?"]),
        ("born > '2020-13-01'", 8, ["2020-13-01"]),
        ("born - seen > 3", 6, ["days", "minutes"]),
        ("sex + 1 > 2", 5, ["column 'sex'"]),
        ("a in (b)", 8, ["list"]),
        ("a is 3", 6, ["missing"]),
        ("when a > 1 b > 2", 12, ["then"]),
        ("a > 1 b > 2", 7, ["nothing can follow"]),
        ("(a > 1", 7, [")"]),
        ("a > 1 ; import os", 7, ["';'"]),
        ("__import__('os') == 1", 11, ["nothing can follow"]),
        ("a.real > 1", 2, ["'.'"]),
        ("not a", 5, ["column 'a'", "not a condition"]),
        ("a + 1 is missing", 7, ["only a column"]),
        ("", 1, ["too early"]),
        ("(" * 60 + "a > 1" + ")" * 60, 41, ["brackets"]),
        ("not " * 60 + "married", 161, ["brackets"]),
        ("a > " + "1" * 2_000, 2_001, ["2,000"]),
    ],
)
def test_a_slip_is_told_with_rule_position_and_column(text, at, words):
    with pytest.raises(BadInput) as caught:
        parse_rule(text, SCHEMA)
    told = str(caught.value)
    assert f"position {at}:" in told
    assert repr(text[:40])[:-1] in told
    assert all(word in told for word in words), told


def test_large_numbers_are_compared_to_the_last_whole_one():
    schema = Schema((Column(name="x", kind="integer"), Column(name="y", kind="integer")))
    table = Table(schema, pa.table({"x": [2**52, 2**52], "y": [2**52 + 1, 2**52]}))
    assert evaluate_rule(table, parse_rule("x == y", schema)).tolist() == [False, True]


def test_cancelling_sums_are_forgiven_their_rounding_and_float32_its_own():
    schema = Schema((Column(name="x", kind="float"), Column(name="y", kind="float")))
    wide = Table(schema, pa.table({"x": [1e9 + 0.1, 1e9 + 0.1], "y": [0.1, 0.1001]}))
    assert evaluate_rule(wide, parse_rule("x - 1000000000 == y", schema)).tolist() == [True, False]
    narrow = Table(schema, pa.table({"x": pa.array([0.1, 0.1], pa.float32()), "y": [0.1, 0.101]}))
    assert evaluate_rule(narrow, parse_rule("x == y", schema)).tolist() == [True, False]


def test_a_schema_checks_its_constraints_when_it_is_made():
    with pytest.raises(BadInput, match="no column 'agee'"):
        Schema((Column(name="age", kind="integer"),), ("agee >= 0",))


def test_a_schema_that_loses_columns_keeps_the_rules_on_the_others():
    schema = Schema(
        (Column(name="a", kind="integer"), Column(name="b", kind="integer"), Column(name="c", kind="integer")),
        ("a <= b", "c > 0"),
    )
    assert schema.select(["c", "a"]).constraints == ("c > 0",)
    assert schema.select(["c", "a"]).names == ("c", "a")


def test_what_a_schema_leaves_open_goes_with_anything_until_data_fill_it_in():
    schema = Schema(
        (
            Column(name="grade", kind="ordinal"),
            Column(name="size", kind="categorical"),
            Column(name="day", kind="datetime"),
            Column(name="other", kind="datetime", unit="day"),
        ),
        ("grade <= 'mid'", "size == 3", "day - other >= 0"),
    )
    assert [rule.columns for rule in rules_of(schema)] == [("grade",), ("size",), ("day", "other")]


def test_no_rows_break_no_rule():
    assert evaluate_rule(TABLE.head(0), parse_rule("a <= b", SCHEMA)).tolist() == []
