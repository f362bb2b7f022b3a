"""Missing cells are filled from what is known of the row; nothing else changes."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UsageError
from synthwright.generators.fitting import fit_model
from synthwright.generators.imputing import _known
from synthwright.generators.settings import make_generator
from synthwright.seeding import Streams

METHODS = ["tabular.gaussian_copula", "tabular.bayes_network", "tabular.honest_trees"]
every_method = pytest.mark.parametrize("method", METHODS)
SCHEMA = Schema(
    (
        Column(name="x", kind="float", bounds=(-5, 5), missing=True),
        Column(name="y", kind="float", decimals=3, bounds=(-5, 5), missing=True),
        Column(name="side", kind="categorical", categories=("left", "right"), missing=True),
    )
)


def people(n=2_000, seed=0, gone=0.2):
    """y follows x with correlation .95, side is the sign of x; a share of each is missing."""
    rng = np.random.default_rng(seed)
    x, noise = rng.normal(size=(2, n))
    y = np.round(0.95 * x + np.sqrt(1 - 0.95**2) * noise, 3)
    mask = rng.random((3, n)) < gone
    return Table(
        SCHEMA,
        pa.table(
            {
                "x": pa.array(np.clip(x, -5, 5), mask=mask[0]),
                "y": pa.array(np.clip(y, -5, 5), mask=mask[1]),
                "side": pa.array(np.where(x > 0, "right", "left"), mask=mask[2]),
            }
        ),
    )


@pytest.fixture(scope="module")
def models():
    return {name: fit_model(people(), make_generator(name), Context(streams=Streams(0))) for name in METHODS}


@every_method
def test_every_hole_is_filled_and_nothing_else_changes(models, method):
    holed = people(500, seed=9)
    filled = models[method].impute(holed, seed=1)
    assert filled.schema == holed.schema
    for name in holed.names:
        known = ~holed.missing(name)
        assert 0 < known.sum() < 500
        assert not filled.missing(name).any()
        assert filled.data[name].filter(pa.array(known)).equals(holed.data[name].filter(pa.array(known)))


@every_method
def test_what_is_filled_follows_from_what_is_known(models, method):
    """y from x: the regression leaves a deviation of .31, two draws .44 apart; blind draws would be 1.41 off.

    Trees of 2,000 rows leave .45 in their own samples: .55 to a row of the truth.
    """
    whole = people(2_000, seed=9, gone=0)
    holed = Table(SCHEMA, whole.data.set_column(1, "y", pa.nulls(2_000, pa.float64())))
    error = models[method].impute(holed, seed=1).numbers("y") - whole.numbers("y")
    assert error.std() < 0.6
    assert abs(error.mean()) < 0.05


@every_method
def test_filled_rows_never_depend_on_the_rows_after_them(models, method):
    holed = people(300, seed=9)
    whole = models[method].impute(holed, seed=1)
    assert models[method].impute(holed.head(120), seed=1).digest() == whole.head(120).digest()
    assert models[method].impute(holed, seed=1).digest() == whole.digest()
    assert models[method].impute(holed, seed=2).digest() != whole.digest()


@every_method
def test_rows_of_which_nothing_is_known_are_drawn_whole(models, method):
    empty = Table(
        SCHEMA, pa.table({column.name: pa.nulls(400, kind) for column, kind in zip(SCHEMA, TYPES, strict=True)})
    )
    filled = models[method].impute(empty, seed=1)
    assert np.corrcoef(filled.numbers("x"), filled.numbers("y"))[0, 1] > 0.85


TYPES = (pa.float64(), pa.float64(), pa.string())


def test_a_frame_with_other_columns_beside_comes_back_with_them(models):
    frame = pd.DataFrame({"note": ["p", "q"] * 6, "side": pd.Categorical(["left", None] * 6), "x": [-1.0, 2.0] * 6})
    filled = models[METHODS[0]].impute(frame, seed=1).to_pandas()
    assert list(filled.columns) == ["note", "side", "x"]
    assert filled["note"].tolist() == frame["note"].tolist()
    assert filled["side"].tolist()[1::2].count("right") >= 5
    assert str(filled["side"].dtype) == "category"


def test_a_label_that_the_model_never_met_stays_and_says_nothing(models):
    holed = Table(
        Schema((SCHEMA["x"], Column(name="side", kind="categorical", categories=("left", "up")))),
        pa.table({"x": pa.array([None, -2.0]), "side": ["up", "up"]}),
    )
    filled = models[METHODS[0]].impute(holed, seed=1)
    assert filled.data["side"].to_pylist() == ["up", "up"]
    assert filled.numbers("x")[1] == -2
    assert np.isfinite(filled.numbers("x")[0])
    values, known = _known(holed, SCHEMA.select(["x", "side"]))
    assert known.tolist() == [[False, False], [True, False]]
    assert values["side"].tolist() == [2, 2]


def test_a_whole_table_comes_back_as_it_was(models):
    whole = people(50, gone=0)
    assert models[METHODS[0]].impute(whole).digest() == whole.digest()


def test_methods_that_do_not_take_any_known_cells_say_which_do():
    noise = fit_model(people(200), make_generator("tabular.noise"), Context(streams=Streams(0)))
    with pytest.raises(UsageError, match=r"tabular\.gaussian_copula"):
        noise.impute(people(20, seed=3, gone=0.5))


def test_a_table_of_other_columns_is_refused(models):
    with pytest.raises(UsageError, match="no column that the model draws"):
        models[METHODS[0]].impute({"z": [1, 2, 3]})


def test_a_column_that_is_hardly_ever_there_can_not_be_filled():
    """Missing in 1,995 of 2,000 rows: 400 draws find one in two rows or so, and the error says how many."""
    whole = people(2_000, gone=0)
    rare = pa.array([0.5] * 5 + [None] * 1_995, pa.float64())
    table = Table(SCHEMA, whole.data.set_column(0, "x", rare))
    model = fit_model(table, make_generator("tabular.bayes_network"), Context(streams=Streams(0)))
    with pytest.raises(BadInput, match="can't be filled"):
        model.impute(table.head(60))
