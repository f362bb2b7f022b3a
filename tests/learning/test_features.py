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
    rows = [*labels, *labels[300:]]  # the last hundred twice
    made = Features.of(table([0.0] * 500, rows, schema), ["c"]).codes(table([0.0] * 400, labels, schema))[:, 0]
    assert made.max() == LARGEST_CODE
    assert len(set(made[300:])) == 100
    assert np.sum(made == LARGEST_CODE) > 100


def test_no_columns_give_an_empty_matrix():
    none = Features.of(TRAIN, [])
    assert none.expanded(none.codes(TRAIN)).shape == (5, 0)
