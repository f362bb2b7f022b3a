"""Classes come out with exactly the counts that the strategy asks for, the original rows first."""

from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, SynthwrightError, UnknownName, UsageError
from synthwright.generators.oversampling import oversample
from synthwright.generators.tabular.independent import Independent
from synthwright.generators.tabular.random_oversample import RandomOversample

THREE = {"a": 50, "b": 20, "c": 5}


def table(counts=THREE, *, dtype=None, **target):
    labels = [label for label, count in counts.items() for _ in range(count)]
    labels = np.random.default_rng(1).permutation(np.array(labels, dtype=object)).tolist()
    columns = (
        Column(name="x", kind="integer", bounds=(0, 1_000)),
        Column(**{"name": "y", "role": "target", "kind": "categorical", "categories": tuple(counts), **target}),
    )
    return Table(Schema(columns), pa.table({"x": np.arange(len(labels)), "y": pa.array(labels, dtype)}))


def counted(drawn):
    return dict(Counter(drawn.data["y"].to_pylist()))


@pytest.mark.parametrize("generator", [RandomOversample(), Independent()])
@pytest.mark.parametrize(
    ("strategy", "counts"),
    [
        ("auto", {"a": 50, "b": 50, "c": 50}),
        ("not majority", {"a": 50, "b": 50, "c": 50}),
        ("all", {"a": 50, "b": 50, "c": 50}),
        ("minority", {"a": 50, "b": 20, "c": 50}),
        ("not minority", {"a": 50, "b": 50, "c": 5}),
        ({"c": 9}, {"a": 50, "b": 20, "c": 9}),
        ({"a": 60, "b": 20}, {"a": 60, "b": 20, "c": 5}),
        (lambda y: {"b": int((y == "b").sum()) + 1}, {"a": 50, "b": 21, "c": 5}),
    ],
)
def test_classes_have_the_counts_that_were_asked_for(generator, strategy, counts):
    assert counted(oversample(table(), generator, strategy=strategy)) == counts


@pytest.mark.parametrize(("ratio", "minority"), [(1.0, 41), (1, 41), (0.5, 20), (0.3, 12)])
def test_a_number_is_the_ratio_of_two_classes(ratio, minority):
    """int(ratio x 41), as imbalanced-learn rounds."""
    made = oversample(table({"no": 41, "yes": 11}), RandomOversample(), strategy=ratio)
    assert counted(made) == {"no": 41, "yes": minority}


def test_the_originals_come_first_and_unchanged():
    real = table()
    made = oversample(real, Independent(), seed=3)
    assert made.head(len(real)).digest() == real.digest()
    assert made.schema == real.schema
    assert made.data.schema == real.data.schema


def test_balanced_classes_get_no_rows():
    assert oversample(table({"a": 9, "b": 9}), RandomOversample()).digest() == table({"a": 9, "b": 9}).digest()


def test_random_oversampling_repeats_rows_of_the_class():
    real = table()
    rows = set(zip(*real.data.to_pydict().values(), strict=True))
    assert set(zip(*oversample(real, RandomOversample()).data.to_pydict().values(), strict=True)) == rows


@pytest.mark.parametrize("count", [1, 2])
def test_a_class_of_one_row_can_be_filled_up(count):
    """Its label is rarer than 5 and so in no inferred list of categories."""
    real = table({"a": 30, "c": count}, categories=("a",))
    assert counted(oversample(real, RandomOversample())) == {"a": 30, "c": 30}


@pytest.mark.parametrize(
    ("made", "counts"),
    [
        (table({True: 30, False: 8}, kind="boolean", categories=None), {True: 30, False: 30}),
        (table({1: 30, 0: 8}, kind="integer", categories=None, bounds=(0, 1)), {1: 30, 0: 30}),
        (table({"a": 30, "b": 8}, dtype=pa.dictionary(pa.int8(), pa.string())), {"a": 30, "b": 30}),
    ],
)
def test_labels_of_every_type_are_balanced(made, counts):
    made = made.with_schema(
        Schema((made.schema["x"], Column(**{**fields_of(made.schema["y"]), "dtype": str(made.data["y"].type)})))
    )
    assert counted(oversample(made, RandomOversample())) == counts


def fields_of(column):
    return {name: getattr(column, name) for name in column.__dataclass_fields__}


def test_one_seed_gives_one_result():
    first, again, other = (oversample(table(), Independent(), seed=seed).digest() for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize(
    ("made", "strategy", "error", "said"),
    [
        (table({"a": 20}), "auto", BadInput, "has 1 class"),
        (table(role="feature"), "auto", BadInput, "role target"),
        (table({"a": 20, None: 3}, categories=("a",)), "auto", BadInput, "3 rows have no label"),
        (table({1.5: 20, 2.5: 9}, kind="float", categories=None), "auto", BadInput, "has no classes"),
        (table(), {"d": 60}, UnknownName, "no class called 'd'"),
        (table(), {"a": 10}, UsageError, "can't have 10 rows"),
        (table(), {"a": 60.5}, UsageError, "can't have 60.5 rows"),
        (table(), 0.5, UsageError, "has 3"),
        (table(), "most", UnknownName, "strategy"),
        (table({"a": 20, "b": 10}), 0.4, UsageError, "above the ratio"),
        (table({"a": 20, "b": 10}), 0.0, UsageError, "not in"),
        (table({"a": 20, "b": 10}), float("nan"), UsageError, "not in"),
        (table({"a": 20, "b": 10}), 1.5, UsageError, "not in"),
    ],
)
def test_what_can_not_be_balanced_is_said(made, strategy, error, said):
    with pytest.raises(error, match=said) as caught:
        oversample(made, RandomOversample(), strategy=strategy)
    assert isinstance(caught.value, SynthwrightError)


def test_columns_that_can_not_be_made_are_named():
    made = table()
    texts = Schema((*made.schema.columns, Column(name="note", kind="text")))
    with pytest.raises(BadInput, match="'note': free text"):
        oversample(Table(texts, made.data.append_column("note", pa.array(["hm"] * 75))), RandomOversample())
