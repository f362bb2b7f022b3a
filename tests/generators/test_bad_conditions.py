"""Whatever is wrong with a condition ends in one coded error that says what was asked, what was found, what to do."""

import datetime
import math
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from synthwright.data.predicates import OneOf, Range
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import SynthwrightError
from synthwright.generators.conditions import parse_given
from synthwright.generators.fitting import fit_model
from synthwright.generators.protocol import Given
from synthwright.generators.settings import make_generator
from synthwright.seeding import Streams

SCHEMA = Schema(
    (
        Column(name="age", kind="integer", bounds=(0, 99)),
        Column(name="price", kind="float", decimals=2, bounds=(0, 50), missing=True),
        Column(name="sex", kind="categorical", categories=("F", "M")),
        Column(name="state", kind="categorical", categories=("missing", "found"), missing=True),
        Column(name="size", kind="ordinal", categories=("S", "M", "L")),
        Column(name="day", kind="datetime", unit="day", dtype="date32[day]", bounds=(0, 30_000)),
        Column(name="member", kind="boolean"),
        Column(name="version", kind="integer", bounds=(3, 3)),
        Column(name="card", kind="id"),
        Column(name="note", kind="text"),
    )
)


@cache
def model(method="tabular.independent"):
    n, rng = 200, np.random.default_rng(0)
    cells = {
        "age": rng.integers(20, 60, n),
        "price": pa.array(rng.integers(0, 5_000, n) / 100, mask=rng.random(n) < 0.2),
        "sex": rng.choice(["F", "M"], n),
        "state": pa.array(rng.choice(["missing", "found"], n), mask=rng.random(n) < 0.2),
        "size": rng.choice(["S", "M", "L"], n),
        "day": pa.array(rng.integers(10_000, 20_000, n).astype(np.int32)).cast(pa.date32()),
        "member": rng.random(n) < 0.5,
        "version": np.full(n, 3),
        "card": [f"c{1_000 + i}" for i in range(n)],
        "note": [f"note {i}" for i in range(n)],
    }
    return fit_model(Table(SCHEMA, pa.table(cells)), make_generator(method), Context(streams=Streams(0)))


BAD = [
    ({"agee": 30}, "Did you mean 'age'"),
    ({"note": "x"}, "free text"),
    ({"card": "c1"}, "made up, not learnt"),
    ({"age": "old"}, "'old' is not a number"),
    ({"age": True}, "'True' is not a number"),
    ({"age": math.inf}, "is not a number"),
    ({"age": [30, [40]]}, "is not a number"),
    ({"age": {"low": 3}}, "is not a number"),
    ({"age": 30.5}, "30 and 31 are the nearest"),
    ({"price": 1.005}, "1 and 1.01 are the nearest"),
    ({"age": (30.2, 30.8)}, "holds none of its values"),
    ({"age": (40, 30)}, "upside down"),
    ({"age": (30, 40, 50)}, "3 ends"),
    ({"age": (120, None)}, "outside 0 to 99"),
    ({"age": None}, "never missing"),
    ({"age": set()}, "is empty"),
    ({"version": 4}, "never has such a value"),
    ({"sex": "Female"}, "is no value of column 'sex'"),
    ({"sex": "f"}, "Its values: 'F', 'M'"),
    ({"sex": ("F", "M")}, "has no ranges"),
    ({"size": ("L", "S")}, "upside down"),
    ({"size": ("S", "XL")}, "is no value of column 'size'"),
    ({"day": 12_000}, "is not a date"),
    ({"day": "last week"}, "is not a date"),
    ({"day": "2000-01-01 12:00"}, "apart"),
    ({"day": datetime.date(1950, 1, 1)}, "days since 1970"),
    ({"member": "perhaps"}, "no value of column 'member'"),
    (Given(where=(Range("age", 20, 30), Range("age", 40, 50))), "contradict each other"),
    (Given(where=(OneOf("sex", ("F",)), OneOf("sex", ("M",)))), "contradict each other"),
    (Given(where=(OneOf("price", (None,)), Range("price", 0, 50))), "contradict each other"),
    (parse_given("state=missing"), "is a value of column 'state', too"),
    ("age=30", "is no file with partial rows"),
    (("age", 30), "a tuple is partial rows and a mapping"),
    (({"age": (30, 40)}, {"sex": "F"}), "the first has to be partial rows"),
    (7, "partial rows can't be read"),
    ({"age": np.zeros((3, 3))}, "2 dimensions"),
    ({"age": np.array([30, 31]), "sex": np.array(["F"])}, "one length"),
    ({"age": np.array([30, 31, 32, 33])}, "3 rows were asked for, but 4 rows"),
    ({"age": np.array([30, 31, 300])}, "Row 2: 300 lies outside"),
    ({"sex": np.array(["F", "M", "X"])}, "'X' is no value"),
    ({"age": np.array([30.0, 31.5, 32.0])}, "does not hold what the schema says"),
    ({"age": np.array(["a", "b", "c"])}, "does not hold what the schema says"),
    ({"nothing": np.array([1, 2, 3])}, "no column called 'nothing'"),
    ({"note": np.array(["p", "q", "r"])}, "free text"),
    ({"age": np.array([30, 31, 32]), "Age": np.array([1, 2, 3])}, "no column called 'Age'"),
    (pd.DataFrame(), "partial rows can't be read"),
    (({"age": np.array([30, 31, 32])}, {"age": (31, 40)}), "row 0 has 30"),
]


@pytest.mark.parametrize(("given", "said"), BAD, ids=[str(number) for number in range(len(BAD))])
def test_a_bad_condition_ends_in_one_coded_error(given, said):
    with pytest.raises(SynthwrightError, match=said) as caught:
        model().sample(3, given=given)
    assert caught.value.exit_code in {2, 3}
    assert caught.value.evidence or caught.value.remedy


@pytest.mark.parametrize("method", ["tabular.independent", "tabular.honest_trees", "tabular.noise"])
def test_conditions_that_sound_odd_are_met(method):
    """Numbers and dates as texts, whole floats, levels of NumPy, a constant's own value, an end beyond the bounds."""
    given = {"age": ("25", 400.0), "sex": np.str_("F"), "member": "yes", "version": 3.0, "size": (None, "M")}
    given |= {"day": ("1990-01-01", None), "state": ["found", None]}
    drawn = model(method).sample(20, given=given, seed=1).to_pandas()
    assert drawn["age"].between(25, 99).all()
    assert set(drawn["sex"]) == {"F"}
    assert set(drawn["member"]) == {True}
    assert set(drawn["size"]) <= {"S", "M"}
    assert set(drawn["state"].dropna()) <= {"found"}
    assert (drawn["day"] >= datetime.date(1990, 1, 1)).all()


def test_words_for_missing_and_present_are_values_in_quotes():
    assert set(model().sample(9, given=parse_given('state="missing"')).data["state"].to_pylist()) == {"missing"}
    assert model().sample(9, given=parse_given("state=")).missing("state").all()
    assert model().sample(9, given=parse_given("price=missing")).missing("price").all()
    assert not model().sample(99, given=parse_given("price=present", "state=..")).missing("price").any()


def test_what_arithmetic_leaves_beside_the_grid_is_on_it():
    drawn = model().sample(4, given={"price": 0.1 + 0.2})
    assert drawn.numbers("price").tolist() == [0.3] * 4
    assert model().sample(4, given={"price": (0.3, 0.1 + 0.2)}).numbers("price").tolist() == [0.3] * 4


def test_an_option_that_does_not_exist_is_named():
    with pytest.raises(SynthwrightError, match="meaning of empty cells called 'null'"):
        model().sample(given=pd.DataFrame({"age": [30]}), empty="null")
    with pytest.raises(SynthwrightError, match="not found called 'maybe'"):
        model().sample(3, short="maybe")
    with pytest.raises(SynthwrightError, match="how many rows"):
        model().sample(given={"age": 30})
