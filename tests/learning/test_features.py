"""Encodings of five rows that can be checked by eye."""

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.learning.features import LARGEST_CODE, Features

SCHEMA = Schema(
    (
        Column(name="x", kind="float", missing=True),
        Column(name="c", kind="categorical", categories=("a", "b"), missing=True),
    )
)


def table(x, c, schema=SCHEMA):
    return Table(schema, pa.table({"x": pa.array(x, pa.float64()), "c": pa.array(c, pa.string())}))


TRAIN = table([0.0, 2.0, None, 4.0, 2.0], ["a", "b", None, "b", "b"])
FEATURES = Features.of(TRAIN, ["x", "c"])


def test_codes_keep_numbers_levels_and_what_is_missing():
    codes = FEATURES.codes(table([1.5, None, np.inf], ["b", None, "new"]))
    assert np.array_equal(codes, [[1.5, 1.0], [np.nan, np.nan], [np.nan, 2.0]], equal_nan=True)
    assert FEATURES.categorical == (1,)


def test_expanded_is_standardised_with_flags_and_one_hot():
    """Mean 2 and spread sqrt(2) of 0, 2, 4, 2, whose ends are drawn in to .006 and 3.994; then a missing flag."""
    expanded = FEATURES.expanded(FEATURES.codes(TRAIN))
    assert expanded[:, 0] == pytest.approx([-np.sqrt(2), 0, 0, np.sqrt(2), 0], abs=1e-6)
    assert expanded[:, 1:].tolist() == [[0, 1, 0], [0, 0, 1], [1, 0, 0], [0, 0, 1], [0, 0, 1]]


def test_an_absurd_cell_is_drawn_in_for_linear_models():
    expanded = FEATURES.expanded(FEATURES.codes(table([1e300], ["a"])))
    assert np.abs(expanded).max() < 2


def test_the_rarest_of_many_levels_share_the_last_code():
    labels = tuple(f"l{at}" for at in range(400))
    schema = SCHEMA.replacing(Column(name="c", kind="categorical", categories=labels))
    rows = [*labels, *labels[300:]] * 40  # the last hundred twice as often
    made = Features.of(table([0.0] * len(rows), rows, schema), ["c"]).codes(table([0.0] * 400, labels, schema))[:, 0]
    assert made.max() == LARGEST_CODE
    assert len(set(made[300:])) == 100
    assert np.sum(made == LARGEST_CODE) > 100


def test_fresh_rows_hold_any_other_value_as_often_as_the_rows_learnt_from():
    """2,000 even levels, 3 rows each on average: listed are those that have 5 by luck, and fresh rows have fewer."""
    rng = np.random.default_rng(3)
    counts = np.bincount(rng.integers(0, 2_000, 6_000), minlength=2_000)
    labels = tuple(f"l{at}" for at in np.flatnonzero(counts >= 5))
    schema = SCHEMA.replacing(Column(name="c", kind="categorical", categories=labels))
    learnt = [f"l{at}" for at in np.repeat(np.arange(2_000), counts)]
    fresh = [f"l{at}" for at in rng.integers(0, 2_000, 6_000)]
    features = Features.of(table([0.0] * 6_000, learnt, schema), ["c"])
    other = features.codes(table([0.0], ["new"], schema))[0, 0]
    shares = [np.mean(features.codes(table([0.0] * 6_000, rows, schema))[:, 0] == other) for rows in (learnt, fresh)]
    assert sum(level in labels for level in learnt) > 1.5 * sum(level in labels for level in fresh)
    assert abs(shares[0] - shares[1]) < 3 * np.sqrt(0.25 / 6_000)


def test_common_levels_keep_a_code_of_their_own():
    labels = tuple(f"l{at}" for at in range(100))
    schema = SCHEMA.replacing(Column(name="c", kind="categorical", categories=labels))
    rows = [label for label in labels for _ in range(40)]
    features = Features.of(table([0.0] * 4_000, rows, schema), ["c"])
    assert len(set(features.codes(table([0.0] * 101, [*labels, "new"], schema))[:, 0])) == 101


def test_no_columns_give_an_empty_matrix():
    none = Features.of(TRAIN, [])
    assert none.expanded(none.codes(TRAIN)).shape == (5, 0)
