"""A fitted model: drawing, judging, progress, errors before any work."""

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.predicates import Range
from synthwright.data.schema import Column, Schema
from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, NotReleased, UnknownName, UsageError
from synthwright.generators.fitting import fit_model
from synthwright.generators.protocol import Given
from synthwright.generators.tabular.independent import Independent
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))


@pytest.fixture(scope="module")
def model():
    columns = (
        Column(name="x", kind="float", bounds=(0, 100), decimals=1),
        Column(name="sex", kind="categorical", categories=("F", "M")),
        Column(name="one", kind="integer", bounds=(1, 1)),
    )
    rng = np.random.default_rng(3)
    data = {
        "x": rng.random(300).round(3) * 100,
        "sex": rng.choice(["F", "M"], 300),
        "one": np.ones(300, dtype=np.int64),
    }
    return fit_model(Table(Schema(columns), pa.table(data)), Independent(), CONTEXT)


@pytest.mark.parametrize("n", [-1, 1.5, True, "10"])
def test_a_count_that_is_none_is_a_usage_error(model, n):
    with pytest.raises(UsageError, match="can't be drawn"):
        model.sample(n)


@pytest.mark.parametrize("seed", [None, "1", 0.5, True])
def test_a_seed_that_is_no_number_is_a_usage_error(model, seed):
    with pytest.raises(UsageError, match="no whole number"):
        model.sample(1, seed=seed)


def test_none_are_none(model):
    nothing = model.sample(0)
    assert (len(nothing), nothing.names, nothing.origin.num_rows) == (0, ("x", "sex", "one"), 0)
    assert [len(block) for block in model.stream(0)] == [0]


def test_errors_come_before_the_first_block(model):
    for wrong, error in (
        ({"y": 1}, UnknownName),
        ({3: 1}, UnknownName),
        ({"x": 200}, BadInput),
        ({"sex": "Q"}, BadInput),
    ):
        with pytest.raises(error):
            model.stream(10, given=wrong)


def test_the_seed_alone_decides(model):
    """The context brings an engine and ears, its random streams are not used."""
    other = Context(streams=Streams(99, ("elsewhere",)))
    assert model.sample(50, seed=1, context=other).digest() == model.sample(50, seed=1).digest()


def test_a_condition_on_a_settled_column_holds_for_all_rows_or_for_none(model):
    assert len(model.sample(5, given={"one": 1})) == 5
    wider = replace(model, schema=model.schema.replacing(replace(model.schema["one"], bounds=(0, 5))))
    with pytest.raises(BadInput, match="0 rows have it"):
        wider.stream(5, given={"one": 2})


def test_a_settled_column_may_be_fixed_and_conditioned_on_at_once(model):
    wider = replace(model, schema=model.schema.replacing(replace(model.schema["one"], bounds=(0, 5))))
    fixed = Table(wider.schema.select(["one"]), pa.table({"one": [2, 3]}))
    given = Given(fixed=fixed, where=(Range("one", 2, 5), Range("one", 0, 3)))
    assert wider.sample(2, given=given).data["one"].to_pylist() == [2, 3]


def test_fixed_values_are_kept_beyond_the_columns_grid(model):
    """3.14159 in a column of one decimal comes out as 3.14159."""
    fixed = Table(model.schema.select(["x", "one"]), pa.table({"x": [3.14159, 2.0], "one": [1, 1]}))
    assert model.sample(2, given=Given(fixed=fixed)).data["x"].to_pylist() == [3.14159, 2.0]


def test_fixed_rows_cross_blocks_in_order(model):
    n = BLOCK_ROWS + 10
    sexes = np.where(np.arange(n) % 3 == 0, "F", "M")
    drawn = model.sample(n, given=Given(fixed=Table(model.schema.select(["sex"]), pa.table({"sex": sexes}))))
    assert (drawn.data["sex"].to_numpy(zero_copy_only=False) == sexes).all()
    assert drawn.origin["block"].to_pylist() == [0] * BLOCK_ROWS + [1] * 10


def test_progress_tells_how_many_candidates_fit(model):
    told = []
    model.sample(1_000, given={"x": (0, 50)}, context=replace(CONTEXT, progress=told.append))
    (event,) = told
    assert (event.stage, event.done, event.total) == ("sample", 1_000, 1_000)
    assert event.note.endswith("of the candidates fit")


def test_a_rejected_model_draws_nothing(model):
    rejected = model.judged_by("ab" * 32, "FAIL")
    with pytest.raises(NotReleased, match="rejected"):
        rejected.stream(1)
    with pytest.raises(NotReleased):
        model.judged_by("ab" * 32, "UNDECIDED", withheld=True).sample(1)
    for verdict in ("PASS", "UNDECIDED"):
        assert len(model.judged_by("ab" * 32, verdict).sample(3)) == 3


def test_an_empty_set_of_conditions_changes_nothing(model):
    assert model.sample(20, given={}).digest() == model.sample(20).digest()
