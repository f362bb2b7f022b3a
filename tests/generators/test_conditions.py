"""Conditions as people write them become predicates, or an error that names the column and the way out."""

import datetime
import math

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.predicates import OneOf, Range
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UnknownName, UsageError
from synthwright.generators.conditions import parse_given, predicates_of
from synthwright.generators.domain import checked_given
from synthwright.generators.protocol import Given

SCHEMA = Schema(
    (
        Column(name="age", kind="integer", bounds=(0, 120)),
        Column(name="price", kind="float", decimals=2, bounds=(0, 50), missing=True, dtype="decimal128(6, 2)"),
        Column(name="sex", kind="categorical", categories=("F", "M")),
        Column(name="floor", kind="categorical", categories=(1, 2, 3)),
        Column(name="size", kind="ordinal", categories=("S", "M", "L", "XL")),
        Column(name="member", kind="boolean"),
        Column(name="day", kind="datetime", unit="day", dtype="date32[day]", bounds=(0, 30_000)),
        Column(name="at", kind="datetime", unit="second", dtype="timestamp[us, tz=Europe/Oslo]"),
        Column(name="card", kind="id"),
    )
)


def of(**given):
    return predicates_of(given, SCHEMA)


@pytest.mark.parametrize(
    ("given", "predicate"),
    [
        ({"sex": "F"}, OneOf("sex", ("F",))),
        ({"sex": {"M", "F"}}, OneOf("sex", ("F", "M"))),
        ({"age": 30}, OneOf("age", (30.0,))),
        ({"age": (30, 40)}, Range("age", 30, 40)),
        ({"age": ("30", None)}, Range("age", 30, math.inf)),
        ({"age": (None, 9)}, Range("age", -math.inf, 9)),
        ({"price": None}, OneOf("price", (None,))),
        ({"price": [None, 1.5]}, OneOf("price", (1.5, None))),
        ({"floor": "2"}, OneOf("floor", (2,))),
        ({"floor": np.int64(2)}, OneOf("floor", (2,))),
        ({"size": ("M", "XL")}, OneOf("size", ("M", "L", "XL"))),
        ({"size": (None, "M")}, OneOf("size", ("S", "M"))),
        ({"member": True}, OneOf("member", (True,))),
        ({"member": "no"}, OneOf("member", (False,))),
        ({"day": "1970-01-11"}, OneOf("day", (10.0,))),
        ({"day": (datetime.date(1970, 1, 2), "1970-01-03")}, Range("day", 1, 2)),
        ({"at": ("1970-01-01T01:00:00", "1970-01-01 00:00:05Z")}, Range("at", 0, 5)),  # Oslo is an hour ahead
        ({"at": ("1970-01-01T02:00:00+02:00", None)}, Range("at", 0, math.inf)),
    ],
)
def test_friendly_values_become_predicates(given, predicate):
    assert of(**given) == (predicate,)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sex": "X"}, "'X' is no value of column 'sex'"),
        ({"member": 2}, "no value of column 'member'"),
        ({"floor": True}, "no value of column 'floor'"),
        ({"age": "old"}, "'old' is not a number"),
        ({"age": math.nan}, "not a number"),
        ({"age": (40, 30)}, "upside down"),
        ({"age": (1, 2, 3)}, "3 ends"),
        ({"age": set()}, "empty"),
        ({"size": ("XL", "S")}, "upside down"),
        ({"sex": ("F", "M")}, "has no ranges"),
        ({"day": "soon"}, "not a date"),
        ({"day": 7}, "not a date"),
        ({"at": "2024-03-31 02:30:00"}, "not a date"),  # the hour that Oslo skipped
    ],
)
def test_values_of_the_wrong_kind_are_named(given, said):
    with pytest.raises(BadInput, match=said):
        of(**given)


def test_an_unknown_column_is_met_with_the_closest_one():
    with pytest.raises(UnknownName, match="Did you mean 'age'"):
        of(agee=3)


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("age=30..40", {"age": ("30", "40")}),
        ("age=..40", {"age": (None, "40")}),
        ("age=30..", {"age": ("30", None)}),
        ("sex=F", {"sex": "F"}),
        ("sex=", {"sex": None}),
        ("city=A,B", {"city": frozenset({"A", "B"})}),
        ('city="Paris, TX",Rome', {"city": frozenset({"Paris, TX", "Rome"})}),
        ('dots="a..b"', {"dots": "a..b"}),
        ("eq=a=b", {"eq": "a=b"}),
    ],
)
def test_command_line_conditions_are_parsed(text, given):
    assert parse_given(text) == given


def test_several_texts_make_one_mapping():
    assert parse_given("age=3", "sex=F") == {"age": "3", "sex": "F"}


@pytest.mark.parametrize("texts", [["age"], ["=3"], ["age=3", "age=4"]])
def test_texts_that_are_no_conditions_are_usage_errors(texts):
    with pytest.raises(UsageError):
        parse_given(*texts)


def checked(given, n=2):
    return checked_given(Given.of(given, SCHEMA), SCHEMA, n)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"age": 130}, "never has such a value"),
        ({"age": (121, 125)}, "lies outside 0 to 120"),
        ({"age": None}, "never missing"),
        ({"sex": None}, "never missing"),
        ({"card": "x1"}, "can't be conditioned on"),
        ({"day": "1960-01-01"}, "days since 1970"),
    ],
)
def test_values_that_never_occur_are_refused_before_any_work(given, said):
    with pytest.raises(BadInput, match=said):
        checked(given)


def table(**columns):
    return Table(Schema(tuple(Column(name=name, kind="id") for name in columns)), pa.table(columns))


def test_fixed_rows_take_on_the_models_types():
    given = Given(fixed=table(age=pa.array([3, 4], pa.int8()), sex=pa.array(["F", "M"]).dictionary_encode()))
    fixed = checked(given).fixed
    assert fixed.data.schema.types == [pa.int64(), pa.string()]
    assert fixed.schema == SCHEMA.select(["age", "sex"])


@pytest.mark.parametrize(
    ("columns", "error", "said"),
    [
        ({"age": [3, 200]}, BadInput, "never has such a value"),
        ({"age": [3, None]}, BadInput, "never missing"),
        ({"age": ["a", "b"]}, BadInput, "not of its type"),
        ({"sex": ["F", "X"]}, BadInput, "'X' is no value"),
        ({"city": ["F", "X"]}, UnknownName, "no column called 'city'"),
        ({"age": [3]}, UsageError, "1 rows are fixed"),
    ],
)
def test_fixed_rows_outside_the_domain_are_refused(columns, error, said):
    with pytest.raises(error, match=said):
        checked(Given(fixed=table(**columns)))


def test_a_condition_that_contradicts_the_fixed_rows_is_refused():
    with pytest.raises(BadInput, match="contradicts"):
        checked(Given(fixed=table(age=[3, 50]), where=(Range("age", 0, 10),)))


def test_conditions_pass_through_unchanged():
    given = Given(where=(Range("age", 0, 10),))
    assert Given.of(given, SCHEMA) is given
    assert Given.of(None, SCHEMA) == Given()
