"""A margin holds counts of protected cells, and draws what it counted."""

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.generators.margins import Margin

LABEL = Column(name="y", kind="categorical", categories=("a", "b", "c"), missing=True)
NUMBER = Column(name="x", kind="integer", bounds=(0, 100))


def margin(column, values):
    return Margin.of(Table(Schema((column,)), pa.table({column.name: values})), column)


def test_levels_are_counted_with_missing_first_and_rare_values_nowhere():
    assert margin(LABEL, ["a", "b", "a", None, "rare", "a"]).counts.tolist() == [1, 3, 1, 0]


def test_draws_follow_the_counts():
    """3 : 1 : 1 of 50,000: 30,000 a, sd 110; beyond 550 (5 sd) once in a million seeds."""
    codes = margin(LABEL, ["a", "b", "a", None, "a"]).draw(50_000, np.random.default_rng(1))
    counts = np.bincount(codes + 1, minlength=4)
    assert abs(counts[1] - 30_000) < 550
    assert abs(counts[0] - 10_000) < 550
    assert counts[3] == 0


def test_point_masses_come_out_exactly():
    drawn = margin(NUMBER, [7] * 30 + [50] * 10).draw(4_000, np.random.default_rng(1))
    assert set(drawn) == {7.0, 50.0}
    assert abs((drawn == 7).mean() - 0.75) < 0.035  # 5 sd


def test_the_first_draws_never_depend_on_how_many():
    made = margin(NUMBER, np.arange(100))
    few, many = (made.draw(n, np.random.default_rng(3)) for n in (10, 500))
    assert (few == many[:10]).all()


def test_a_column_of_which_nothing_may_be_said_is_missing():
    assert (margin(LABEL, ["rare", "rarer"]).draw(5, np.random.default_rng(0)) == -1).all()


@pytest.mark.parametrize(("column", "values"), [(LABEL, ["a", None, "b"]), (NUMBER, list(range(60)))])
def test_a_margin_survives_its_json(column, values):
    made = margin(column, values)
    back = Margin.from_state(column, made.state())
    assert (back.draw(50, np.random.default_rng(1)) == made.draw(50, np.random.default_rng(1))).all()


@pytest.mark.parametrize(
    "state",
    [
        {},
        None,
        {"counts": [1, 2], "grid": None},
        {"counts": [1, 2, 3, -1], "grid": None},
        {"counts": [1, 2, 3, 2**60], "grid": None},
        {"counts": [[1, 2, 3, 4]], "grid": None},
        {"counts": [1, 1], "grid": {"low": [0], "high": [1], "step": None}},
    ],
)
def test_a_state_that_does_not_fit_is_refused(state):
    with pytest.raises(BadInput):
        Margin.from_state(LABEL, state)
