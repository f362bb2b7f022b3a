"""Cells of a numeric column: atoms and intervals of at least five rows, whose ends tell nobody's value."""

import numpy as np
import pytest

from synthwright.data.grid import MINIMUM_ROWS, Grid
from synthwright.data.schema import Column
from synthwright.errors import BadInput

REAL = Column(name="x", kind="float", bounds=(-1e9, 1e9))
WHOLE = Column(name="x", kind="integer", bounds=(-1_000_000_000, 1_000_000_000))
CENTS = Column(name="x", kind="float", decimals=2, bounds=(0, 1e9))


def values(kind, n, seed=1):
    rng = np.random.default_rng(seed)
    return {
        "normal": rng.normal(size=n),
        "two hills": np.concatenate([rng.normal(size=n // 2), 1e4 + rng.normal(size=n - n // 2)]),
        "zeros": np.where(rng.random(n) < 0.4, 0.0, rng.gamma(2, 50, n)),
        "outliers": np.concatenate([rng.normal(size=n - 3), [1e6, -1e7, 1e8]]),
        "wide whole": np.round(rng.normal(0, 1e5, n)),
    }[kind]


KINDS = ["normal", "two hills", "zeros", "outliers", "wide whole"]


@pytest.mark.parametrize("n", [10, 60, 500, 5_000])
@pytest.mark.parametrize("kind", KINDS)
def test_cells_are_apart_and_hold_five_rows_each(kind, n):
    data = values(kind, n)
    grid = Grid.of(WHOLE if kind == "wide whole" else REAL, data)
    assert (grid.low <= grid.high).all()
    assert (grid.high[:-1] <= grid.low[1:]).all()
    assert len(grid) <= 2 * 256 + 16
    assert np.bincount(grid.encode(data), minlength=len(grid)).min() >= MINIMUM_ROWS


@pytest.mark.parametrize("n", [10, 60, 500, 5_000])
@pytest.mark.parametrize("kind", KINDS)
def test_no_cell_ends_at_a_value_that_fewer_than_five_rows_have(kind, n):
    """Whole numbers far apart included; there the cell ends on a neighbouring point of the grid."""
    data = values(kind, n)
    grid = Grid.of(WHOLE if kind == "wide whole" else REAL, data)
    distinct, counts = np.unique(data, return_counts=True)
    rare = distinct[counts < MINIMUM_ROWS]
    share = np.isin(np.concatenate([grid.low, grid.high]), rare).mean()
    assert share < 0.05 if kind == "wide whole" else share == 0


def test_the_farthest_four_on_either_side_are_out_of_reach():
    data = np.concatenate([np.random.default_rng(1).normal(size=500), [50.0, 60, 70, 80], [-50, -60, -70, -80.0]])
    grid = Grid.of(REAL, data)
    assert grid.low[0] > -10
    assert grid.high[-1] < 10


def test_no_cell_reaches_into_a_gap():
    grid = Grid.of(REAL, values("two hills", 1_000))
    spanning = (grid.low < 5_000) & (grid.high > 5_000)
    assert spanning.sum() <= 1  # the one interval that holds rows of both hills
    assert not ((grid.high[~spanning] > 10) & (grid.high[~spanning] < 9_990)).any()


@pytest.mark.parametrize(("column", "step"), [(WHOLE, 1.0), (CENTS, 0.01), (REAL, None)])
def test_values_come_back_on_the_grid_of_the_column(column, step):
    data = np.round(values("zeros", 2_000), 2 if column is CENTS else 0 if column is WHOLE else 12)
    grid = Grid.of(column, data)
    assert grid.step == step
    drawn = grid.decode(grid.encode(data), np.random.default_rng(0).random(len(data)))
    assert (drawn[data == 0] == 0).all()
    if step is not None:
        assert np.allclose(drawn / step, np.round(drawn / step), atol=1e-6)
    assert abs(np.median(drawn) - np.median(data)) < 2
    assert (grid.encode(drawn) == grid.encode(data)).mean() > 0.999


def test_dense_whole_numbers_are_atoms():
    ages = np.repeat(np.arange(20.0, 60), 30)
    grid = Grid.of(WHOLE, ages)
    assert grid.low.tolist() == grid.high.tolist() == list(range(20, 60))


def test_a_value_that_one_row_has_is_no_atom_however_dense_the_other_values_are():
    """Ages one apart, and a few amounts a thousand apart: the range ends beside the fifth largest, not on it."""
    data = np.concatenate([np.repeat(np.arange(20.0, 60), 30), 1_000 * np.arange(1.0, 51) + 7])
    grid = Grid.of(WHOLE, data)
    ends = np.concatenate([grid.low, grid.high])
    assert not np.isin(ends, data[-50:]).any()
    assert grid.high[-1] > data[-5]


@pytest.mark.parametrize("data", [[3.5], [1.25, 2.5, 3.75, 4.0], [1.0, 2, 3, 4, 5, 6, 7]])
def test_too_few_values_leave_one_cell_over_the_bounds(data):
    grid = Grid.of(REAL, np.array(data))
    assert (grid.low.tolist(), grid.high.tolist()) == ([-1e9], [1e9])


def test_missing_values_stay_missing():
    grid = Grid.of(REAL, np.array([np.nan, 1.0, 1, 1, 1, 1, np.inf]))
    assert grid.encode(np.array([np.nan, 1.0])).tolist() == [-1, 0]
    assert np.isnan(grid.decode(np.array([-1]), np.array([0.5])))[0]
    assert len(Grid.of(REAL, np.array([np.nan]))) == 1


def test_a_value_between_two_cells_belongs_to_the_nearer():
    grid = Grid(np.array([0.0, 10]), np.array([1.0, 12]), None)
    assert grid.encode(np.array([-5, 0.5, 5, 6, 11, 99])).tolist() == [0, 0, 0, 1, 1, 1]


def test_a_grid_survives_its_json():
    grid = Grid.of(CENTS, values("zeros", 300))
    back = Grid.from_state(grid.state())
    assert (back.low == grid.low).all()
    assert (back.high == grid.high).all()
    assert back.step == grid.step


@pytest.mark.parametrize(
    "state",
    [
        {},
        {"low": [], "high": [], "step": None},
        {"low": [0], "high": [1, 2], "step": None},
        {"low": [1], "high": [0], "step": None},
        {"low": [0, 1], "high": [2, 3], "step": None},
        {"low": [0], "high": [1], "step": 0},
        {"low": [0], "high": [float("inf")], "step": None},
        {"low": ["x"], "high": [1], "step": None},
    ],
)
def test_cells_that_are_not_in_order_are_refused(state):
    with pytest.raises(BadInput):
        Grid.from_state(state)
