"""Distances by pencil, and what must not change them."""

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.matching.nearest import nearest
from synthwright.matching.ruler import Points, Ruler

SCHEMA = Schema(
    (
        Column(name="age", kind="integer", missing=True),
        Column(name="city", kind="categorical", categories=("Bonn", "Ulm")),
        Column(name="note", kind="text"),
    )
)


def table(ages, cities):
    data = {"age": pa.array(ages, pa.int64()), "city": pa.array(cities, pa.string())}
    return Table(SCHEMA, pa.table({**data, "note": [str(at) for at in range(len(ages))]}))


TRAIN = table([10, 20, 40, 1_000, 20], ["Bonn", "Ulm", "Ulm", "Bonn", "Ulm"])


def apart(one, other, train=TRAIN):
    ruler = Ruler.of(train)
    return float(nearest(ruler.place(table(*one)), ruler.place(table(*other))).distance[0, 0])


def test_distance_is_the_rank_difference_plus_one_per_differing_level():
    """Middle ranks .5, 2, 3.5, 4.5 of 10, 20, 40, 1000, stretched to 0 .. 1: 0, 3/8, 3/4, 1."""
    assert apart(([10], ["Bonn"]), ([20], ["Bonn"])) == pytest.approx(3 / 8, abs=2**-16)
    assert apart(([10], ["Bonn"]), ([1_000], ["Ulm"])) == pytest.approx(2.0, abs=2**-16)
    assert apart(([30], ["Ulm"]), ([40], ["Ulm"])) == pytest.approx((3 / 4 - 3 / 8) / 2, abs=2**-16)


def test_free_text_has_no_place_on_the_ruler():
    assert [column.name for column in Ruler.of(TRAIN).columns] == ["age", "city"]


def test_a_missing_cell_equals_a_missing_cell_and_is_far_from_every_value():
    assert apart(([None], ["Ulm"]), ([None], ["Ulm"])) == 0
    assert all(apart(([None], ["Ulm"]), ([age], ["Ulm"])) >= 0.5 for age in (-10_000, 10, 40, 10_000))


def test_a_value_beyond_train_is_farther_than_its_end_but_never_by_more_than_half_a_range():
    assert apart(([1_000], ["Ulm"]), ([1_100], ["Ulm"])) == pytest.approx(100 / 990, abs=2**-16)
    assert apart(([1_000], ["Ulm"]), ([10**12], ["Ulm"])) == 0.5


def test_one_absurd_row_in_train_moves_no_distance_by_more_than_one_rank():
    """Range scaling would shrink every other distance to nothing."""
    ages, cities = np.random.default_rng(0).permutation(999).tolist(), ["Ulm"] * 999
    plain, spoilt = table(ages, cities), table([*ages[:-1], 10**12], cities)
    before, after = (Ruler.of(one).place(plain).numbers for one in (plain, spoilt))
    assert np.abs(before - after).max() < 2 / 999


def test_a_monotone_transform_of_a_column_changes_no_distance():
    ages = [1, 5, 2, 8, 5, 13]
    one, other = table(ages, ["Ulm"] * 6), table([age**3 for age in ages], ["Ulm"] * 6)
    assert np.array_equal(Ruler.of(one).place(one).numbers, Ruler.of(other).place(other).numbers)


def test_unlisted_labels_have_a_code_of_their_own():
    placed = Ruler.of(TRAIN).place(table([10, 10, 10], ["Bonn", "Oslo", None]))
    assert placed.levels.tolist() == [[1, 3, 0]]


def test_vectors_of_differing_levels_are_one_apart():
    points = Points(np.zeros((1, 2), np.float32), np.array([[0, 2]], np.uint8))
    one, other = points.vectors([3])
    assert np.linalg.norm(one - other) == pytest.approx(1.0)


def test_a_column_without_values_or_with_one_is_no_obstacle():
    for ages in ([None, None], [7, 7]):
        train = table(ages, ["Bonn", "Ulm"])
        assert np.isfinite(Ruler.of(train).place(TRAIN).numbers).all()


def test_positions_beyond_one_byte_do_not_wrap_around():
    """200 levels and 100 more, stored as uint8: level 90 of the second column is position 290."""
    points = Points(np.empty((0, 1), dtype=np.float32), np.array([[7], [90]], dtype=np.uint8))
    assert np.flatnonzero(points.vectors([200, 100])[0]).tolist() == [7, 290]
