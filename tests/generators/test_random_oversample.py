"""Real rows drawn again, evenly, and inside the class that is asked for."""

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.fitting import fit_model
from synthwright.generators.protocol import Given
from synthwright.generators.tabular.random_oversample import RandomOversample
from synthwright.seeding import Streams


def model(n=10):
    columns = (
        Column(name="x", kind="integer", bounds=(0, 99)),
        Column(name="y", kind="categorical", categories=("a", "b"), missing=True),
    )
    labels = ["a", "b", None, "b", "b"] * (n // 5)
    table = Table(Schema(columns), pa.table({"x": np.arange(n), "y": labels}))
    return fit_model(table, RandomOversample(), Context(streams=Streams(0)))


def test_every_row_is_as_likely_as_the_next():
    """10,000 draws of 10 rows: each 1,000 times, sd 30; one of them beyond 150 (5 sd) once in 100,000 seeds."""
    counts = np.bincount(model().sample(10_000, seed=1).numbers("x").astype(int))
    assert np.abs(counts - 1_000).max() < 150


def test_every_row_names_its_parent():
    drawn = model().sample(20, seed=1)
    assert [[x] for x in drawn.data["x"].to_pylist()] == drawn.origin["parents"].to_pylist()


def test_fixed_classes_draw_among_their_rows():
    """Rows 0 and 5 are a; 1, 3, 4, 6, 8, 9 are b; 2 and 7 have no label."""
    fitted = model()
    labels = ["a", "b", None] * 100
    fixed = Table(fitted.schema.select(["y"]), pa.table({"y": labels}))
    drawn = fitted.sample(300, seed=2, given=Given(fixed=fixed))
    found = {label: set() for label in labels}
    for row in drawn.data.to_pylist():
        found[row["y"]].add(row["x"])
    assert found == {"a": {0, 5}, "b": {1, 3, 4, 6, 8, 9}, None: {2, 7}}


def test_values_that_no_row_has_together_are_named():
    fitted = model()
    fixed = Table(fitted.schema.select(["x", "y"]), pa.table({"x": [0, 3], "y": ["a", "a"]}))
    with pytest.raises(BadInput, match="has x = 3, y = a") as caught:
        fitted.sample(2, given=Given(fixed=fixed))
    assert caught.value.evidence == "1 of 2 fixed rows have no match."
