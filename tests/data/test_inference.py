"""Kinds, bounds and categories are guessed as documented, and never from fewer than 5 rows."""

from __future__ import annotations

import datetime as dt
import uuid

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthwright.data.domains import outward
from synthwright.data.inference import complete_schema, infer_schema
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

RNG = np.random.default_rng(0)


def column(values, name="v", **settings):
    return infer_schema(pa.table({name: values}), **settings)[name]


WORDS = ["red", "green", "blue"] * 20
PROSE = [f"the {n} quick brown foxes jump over {n} lazy dogs" for n in range(200)]
KINDS = {
    "texts of few values": (WORDS, "categorical"),
    "texts of one value": (["x"] * 40, "categorical"),
    "nothing at all": (pa.nulls(9, pa.string()), "categorical"),
    "no numbers at all": (pa.nulls(9, pa.float64()), "float"),
    "whole numbers": (RNG.integers(0, 50, 200), "integer"),
    "whole numbers that are all 0 or 1": ([0, 1] * 20, "integer"),
    "different whole numbers": (RNG.permutation(10**6)[:200], "integer"),
    "numbers": (RNG.normal(size=50), "float"),
    "row numbers": (np.arange(1, 101), "id"),
    "row numbers in tens": (np.arange(1000, 0, -10), "id"),
    "row numbers shuffled": (RNG.permutation(100), "id"),
    "row numbers with gaps": (np.cumsum(RNG.integers(1, 9, 100)), "id"),
    "four ages that happen to be even steps": ([20, 30, 40, 50], "integer"),
    "codes beyond 2^53": (RNG.integers(2**60, 2**62, 100), "id"),
    "few codes beyond 2^53": ([2**60, 2**61] * 30, "categorical"),
    "UUIDs": ([str(uuid.UUID(int=int(n))) for n in RNG.integers(0, 2**62, 50)], "id"),
    "e-mail addresses": ([f"user{n}@example.org" for n in range(50)], "id"),
    "codes with digits": ([f"N{n}{'ABC'[n % 3]}" for n in range(10, 200)], "id"),
    "codes of three letters": (
        ["".join(c) for c in RNG.permutation([(a, b, "X") for a in "ABCDEFG" for b in "ABCDEFG"])],
        "id",
    ),
    "names of people": ([f"{a} {b}" for a in ("Ann", "Bo", "Cy") for b in map("M{}ller".format, range(99))], "text"),
    "prose": (PROSE, "text"),
    "long answers of few kinds": (PROSE[:4] * 50, "categorical"),
    "half the rows in rare values": (["a", "b"] * 20 + [f"rare {n}" for n in range(60)], "text"),
    "true and false": ([True, False] * 9, "boolean"),
    "dates": ([dt.date(2024, 1, day) for day in range(1, 30)], "datetime"),
    "regular hours": ([dt.datetime(2024, 1, 1) + dt.timedelta(hours=n) for n in range(50)], "datetime"),  # noqa: DTZ001
    "categories": (pa.array(WORDS).dictionary_encode(), "categorical"),
    "ordered categories": (
        pa.DictionaryArray.from_arrays([0, 1] * 9, pa.array(["lo", "hi"]), ordered=True),
        "ordinal",
    ),
}


@pytest.mark.parametrize("what", KINDS)
def test_a_kind_is_guessed_with_a_reason(what):
    values, kind = KINDS[what]
    found = column(values)
    assert found.kind == kind
    assert found.reason.endswith(".")


def test_different_integers_named_as_identifiers_are_identifiers():
    numbers = RNG.permutation(10**7)[:100]
    for name in ("customer_id", "ID", "accountNo", "customerId", "key"):
        assert column(numbers, name).kind == "id"
    for name in ("paid", "humid", "price", "monkey", "number of visits"):
        assert column(numbers, name).kind == "integer"


def test_a_target_of_few_whole_numbers_is_classes():
    numbers = [0, 1, 2] * 20
    assert column(numbers).kind == "integer"
    assert column(numbers, target="v").kind == "categorical"
    assert column([0.0, 1.0] * 20, target="v").categories == (0.0, 1.0)
    assert "classes" in column(numbers, target="v").reason
    assert column(list(range(21)) * 20, target="v").kind == "integer"
    assert column(list(range(8)), target="v").kind == "integer"
    assert column([0.5, 1.5] * 20, target="v").kind == "float"


def test_categories_have_5_rows_and_come_by_frequency_then_name():
    found = column(["b"] * 6 + ["a"] * 6 + ["c"] * 9 + ["rare"] * 4)
    assert found.categories == ("c", "a", "b")
    assert "the 1 in fewer than 5 rows is not listed" in found.reason


def test_ordered_categories_keep_their_order():
    values = pa.DictionaryArray.from_arrays([2] * 9 + [0] * 5 + [1] * 3, pa.array(["lo", "mid", "hi"]), ordered=True)
    assert column(values).categories == ("lo", "hi")


def test_a_tiny_table_lists_no_category_and_says_what_to_do():
    found = column(["a", "b", "a", "b"])
    assert (found.kind, found.categories) == ("categorical", ())
    assert "source: declared" in found.reason
    assert Table(Schema((found,)), pa.table({"v": ["a", "b", "a", "b"]})).levels("v").tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (12_285, 1_490_400, (0, 1_500_000)),
        (17, 90, (16, 91)),
        (-40, 28, (-41, 29)),
        (0, 9, (0, 10)),
        (3, 3, (2, 4)),
        (0, 0, (0, 0)),
        (-9, 0, (-10, 0)),
        (100, 200, (90, 210)),
    ],
)
def test_bounds_move_outward_to_two_digits_of_the_range(low, high, expected):
    assert outward(low, high, whole=True) == expected


def test_bounds_of_fractions_move_outward():
    assert outward(0.013, 0.987, whole=False) == pytest.approx((0.01, 0.99))
    assert outward(0.45, 585.6, whole=False) == (0.0, 590.0)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.integers(-(2**50), 2**50), min_size=1, max_size=30))
def test_bounds_hold_all_values_and_are_nobodys(numbers):
    low, high = column(numbers * 1).bounds
    assert low <= min(numbers) <= max(numbers) <= high
    for bound in (low, high):
        assert bound == 0 or numbers.count(bound) not in {1, 2, 3, 4}
    assert not (min(numbers) >= 0 > low)
    assert not (max(numbers) <= 0 < high)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=30))
def test_bounds_of_any_floats_hold_all_values(numbers):
    low, high = column(numbers).bounds
    assert low <= min(numbers) <= max(numbers) <= high


def test_an_extreme_of_5_rows_stands_as_it_is():
    assert column([17] * 5 + [50] * 3 + [90] * 5).bounds == (17, 90)
    assert column([17] * 4 + [50] * 3 + [90] * 5).bounds == (16, 90)


def test_bounds_of_dates_are_calendar_units():
    def ends(*days):
        found = infer_schema(pa.table({"v": pa.array(days)}))["v"]
        return tuple(str(np.datetime64(int(bound), "D")) for bound in found.bounds)

    day = dt.date
    assert ends(day(1990, 1, 8), day(2002, 12, 30)) == ("1990-01-01", "2003-01-01")
    assert ends(day(2024, 1, 8), day(2024, 12, 30)) == ("2024-01-01", "2025-01-01")
    assert ends(day(2024, 1, 8), day(2024, 1, 12)) == ("2024-01-07", "2024-01-13")
    assert ends(day(1, 1, 1), day(9999, 12, 31)) == ("0001-01-01", "9999-12-31")


def test_bounds_of_hours_are_in_hours():
    found = infer_schema(pa.table({"v": [dt.datetime(2010, 1, 1, 5), dt.datetime(2014, 12, 31, 23)]}))["v"]  # noqa: DTZ001
    assert (found.unit, found.bounds) == ("hour", (350_640, 394_464))


@pytest.mark.parametrize(
    ("values", "decimals"),
    [
        ([1.0, 2.0, None], 0),
        ([0.1, 0.25], 2),
        ([0.3, 0.1 + 0.2], None),
        ([1e-9], 9),
        ([1e-10], None),
        ([1e300, -1e300], 0),
        (pa.array(np.array([0.1, 0.25], np.float32)), 2),
        ([1 / 3], None),
        ([361.7637419, 0.0], 7),
    ],
)
def test_decimals_are_the_fewest_that_write_every_value(values, decimals):
    assert column(values).decimals == decimals


def test_reasons_say_what_a_person_would_want_to_know():
    assert column([1.0, 2.0]).reason == "Numbers. All are whole, though stored as floats."
    assert column([1.5, 0.25]).reason == "Numbers. At most 2 decimals."
    assert column([1.5, 0.5]).reason == "Numbers. At most 1 decimal."
    assert column([1 / 3]).reason == "Numbers. They have no fixed number of decimals."
    assert "2024-05-31" in column([f"{n % 28 + 1}/{n % 12 + 1}/90 0:00" for n in range(300)]).reason
    assert column(WORDS).reason == "Text with 3 different values."
    noted = infer_schema(pa.table({"v": [1, 2]}), notes={"v": "2 cells were odd"})["v"].reason
    assert noted == "Whole numbers. 2 cells were odd."


def test_nothing_is_guessed_to_be_sensitive(adult):
    assert {column.role for column in adult.schema} == {"feature", "target"}


def test_adult_is_understood(adult):
    kinds = {column.name: column.kind for column in adult.schema}
    assert [name for name, kind in kinds.items() if kind == "integer"] == [
        "age",
        "fnlwgt",
        "education-num",
        "capital-gain",
        "capital-loss",
        "hours-per-week",
    ]
    assert set(kinds.values()) == {"integer", "categorical"}
    assert [column.name for column in adult.schema if column.missing] == ["workclass", "occupation", "native-country"]


def test_birdstrikes_are_understood(birdstrikes):
    assert birdstrikes.schema["Flight Date"].unit == "day"
    assert "None" in birdstrikes.schema["Effect Amount of damage"].categories
    assert birdstrikes.schema["Airport Name"].kind == "categorical"


def test_row_numbers_of_real_tables_are_identifiers(beijing, default_credit):
    assert beijing.schema["No"].kind == default_credit.schema["ID"].kind == "id"
    assert beijing.schema["datetime"].kind == "datetime"


def test_what_a_schema_leaves_open_is_filled_in():
    data = pa.table({"a": [1, 2, 3] * 9, "c": ["x", "y", "z"] * 9})
    declared = Schema(
        (
            Column(name="a", kind="float", bounds=(0, 9), source="declared"),
            Column(name="c", kind="categorical", categories=("z", "w"), missing=True, source="declared"),
        )
    )
    found = complete_schema(declared, data)
    assert (found["a"].bounds, found["a"].decimals, found["a"].dtype) == ((0, 9), 0, "int64")
    assert (found["c"].categories, found["c"].missing) == (("z", "w"), True)


def test_a_thousand_columns_are_fast():
    table = read_table(pa.table({f"c{n}": [n, n + 1, n] for n in range(1000)}))
    assert len(table.schema) == 1000
