"""Who sees which column is decided around the method."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.generators.fitting import FEWEST_ROWS, fit_model
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.tabular.independent import Independent
from synthwright.generators.tabular.random_oversample import RandomOversample
from synthwright.seeding import Streams

CONTEXT = Context(streams=Streams(0))


@dataclass(frozen=True)
class Watching:
    """`Independent`, noting what it was shown."""

    seen: list = field(default_factory=list, init=False)
    info: ClassVar[Any] = GeneratorInfo(summary="Watch.", source="double")

    def fit(self, reference, context):
        self.seen.append((reference, context))
        return Independent().fit(reference, context)


@dataclass(frozen=True)
class FromSchema(Watching):
    info: ClassVar[Any] = GeneratorInfo(summary="Watch.", source="double", needs_records=False)


def table(n=40):
    columns = (
        Column(name="note", kind="text"),
        Column(name="x", kind="integer", bounds=(0, 100)),
        Column(name="same", kind="integer", bounds=(1, 1)),
        Column(name="label", kind="categorical", categories=("a", "b")),
        Column(name="all_rare", kind="categorical", categories=()),
        Column(name="gone", kind="float", missing=True),
    )
    data = {
        "note": [f"note {i}" for i in range(n)],
        "x": np.arange(n) % 7,
        "same": np.ones(n, dtype=np.int64),
        "label": ["a", "b"] * (n // 2),
        "all_rare": [f"v{i}" for i in range(n)],
        "gone": pa.nulls(n, pa.float64()),
    }
    return Table(Schema(columns), pa.table(data))


def test_the_method_sees_what_can_be_learnt_and_nothing_else():
    watching = Watching()
    fit_model(table(), watching, CONTEXT)
    ((reference, context),) = watching.seen
    assert reference.names == ("x", "label")
    assert context.streams == Streams(0, ("fit",))


def test_what_is_left_out_is_said_with_the_reason():
    model = fit_model(table(), Independent(), CONTEXT)
    assert set(model.left_out) == {"note", "all_rare"}
    assert "free text" in model.left_out["note"]
    assert "5 rows" in model.left_out["all_rare"]
    assert model.schema.names == ("x", "same", "label", "gone")
    assert model.sample(3).names == ("x", "same", "label", "gone")


def test_a_method_that_keeps_records_keeps_rare_values_too():
    model = fit_model(table(), RandomOversample(), CONTEXT)
    assert set(model.left_out) == {"note"}
    assert set(model.sample(20).data["all_rare"].to_pylist()) <= {f"v{i}" for i in range(40)}


def test_a_method_that_needs_no_records_sees_none():
    watching = FromSchema()
    fit_model(table(), watching, CONTEXT)
    ((reference, _),) = watching.seen
    assert len(reference) == 0
    assert reference.names == ("x", "same", "label", "gone")


@pytest.mark.parametrize("n", [0, 1, FEWEST_ROWS - 1])
def test_too_few_rows_are_refused(n):
    with pytest.raises(BadInput, match=f"{n} rows are too few"):
        fit_model(table().head(n), Independent(), CONTEXT)


def test_the_fewest_rows_are_enough():
    assert len(fit_model(table().head(FEWEST_ROWS), Independent(), CONTEXT).sample(5)) == 5


@pytest.mark.parametrize("names", [["note"], ["same"], ["gone", "note", "all_rare"]])
def test_a_table_with_nothing_to_learn_is_refused_with_the_reasons(names):
    with pytest.raises(BadInput, match="No column is left") as caught:
        fit_model(table().select(names), Independent(), CONTEXT)
    assert all(repr(name) in caught.value.evidence for name in names)


def test_a_model_of_drawn_records_says_how_deep_they_are():
    first = fit_model(table(), Independent(), CONTEXT)
    second = fit_model(first.sample(50), Independent(), CONTEXT)
    assert set(second.sample(5).origin["depth"].to_pylist()) == {2}


def test_the_frame_that_came_in_goes_out():
    pandas = pytest.importorskip("pandas")
    from synthwright.data.frames import Origin  # beside its user

    came = Table(table().schema, table().data, frame=Origin("pandas", (("x", "int64"), ("note", "object"))))
    drawn = fit_model(came, Independent(), CONTEXT).sample(4)
    assert drawn.frame.dtypes == (("x", "int64"),)
    assert isinstance(drawn.to_native(), pandas.DataFrame)


def test_columns_come_out_in_the_types_they_came_in_without_a_word_in_the_schema():
    schema = Schema((Column(name="x", kind="integer", bounds=(0, 9)), Column(name="y", kind="boolean")))
    narrow = pa.table({"x": pa.array(range(10), pa.int8()), "y": [True, False] * 5})
    for generator in (Independent(), RandomOversample()):
        drawn = fit_model(Table(schema, narrow), generator, CONTEXT).sample(5)
        assert drawn.data.schema.types == [pa.int8(), pa.bool_()]
