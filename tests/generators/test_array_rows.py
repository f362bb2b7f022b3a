"""Arrays of numbers take a short way through the over-samplers, to the very same rows."""

from __future__ import annotations

import numpy as np
import polars
import pytest

import synthwright as sw
from synthwright.errors import BadInput
from synthwright.generators import array_rows, oversampler
from synthwright.generators.settings import make_generator

METHODS = {
    "random_oversample": {},
    "smote": {"scale": "std"},
    "smote_nc": {},
    "borderline_smote": {"kind": "borderline-2"},
    "adasyn": {},
    "svm_smote": {},
    "kmeans_smote": {},
}


def three_classes(dtype=np.float64, rows=240, seed=0):
    rng = np.random.default_rng(seed)
    y = rng.choice(["a", "b", "c"], rows, p=[0.6, 0.25, 0.15])
    X = rng.normal(size=(rows, 4)) + (y == "b")[:, None] * 0.5 + (y == "c")[:, None]
    return X.astype(dtype), y


@pytest.mark.filterwarnings("ignore:.*neighbour")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("method", METHODS)
def test_both_ways_make_the_same_rows(method, dtype, monkeypatch):
    X, y = three_classes(dtype)
    made = []
    asked = {"settings": METHODS[method], "sampling_strategy": {"b": 150, "c": 144}, "random_state": 3}
    short = array_rows.array_rows
    monkeypatch.setattr(oversampler, "array_rows", lambda *given: made.append(short(*given)) or made[-1])
    quick = sw.Oversampler(f"tabular.{method}", **asked).fit_resample(X, y)
    assert made[0] is not None
    monkeypatch.setattr(oversampler, "array_rows", lambda *given: None)
    slow = sw.Oversampler(f"tabular.{method}", **asked).fit_resample(X, y)
    assert quick[0].dtype == slow[0].dtype == dtype
    assert np.array_equal(quick[0], slow[0])
    assert np.array_equal(quick[1], slow[1])


def test_blocks_are_cut_where_a_table_cuts_them():
    X, y = three_classes(rows=60)
    counts = {"a": 70_000, "b": int((y == "b").sum()), "c": int((y == "c").sum())}
    made, _ = sw.Oversampler("tabular.smote", sampling_strategy=counts).fit_resample(X, y)
    other, _ = sw.Oversampler("tabular.smote", sampling_strategy=counts).fit_resample(polars.DataFrame(X), y)
    assert np.array_equal(made, other.to_numpy())


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda X: np.where(np.arange(X.size).reshape(X.shape) == 5, np.nan, X),
        lambda X: X * 1e200,
        lambda X: np.round(X).astype(np.int64),
        lambda X: X.tolist(),
    ],
)
def test_what_is_no_array_of_usual_floats_goes_the_long_way(spoilt):
    X, y = three_classes()
    codes = np.unique(y, return_inverse=True)[1]
    assert array_rows.array_rows(X, codes, np.array([0, 1, 1]), make_generator("tabular.smote", {}), 0) is not None
    found = array_rows.array_rows(spoilt(X), codes, np.array([0, 1, 1]), make_generator("tabular.smote", {}), 0)
    assert found is None


def test_a_class_that_is_too_small_is_refused_by_its_name():
    X, y = three_classes()
    y[:] = "a"
    y[:1] = "c"
    with pytest.raises(BadInput, match="has one row"):
        sw.Oversampler("tabular.smote").fit_resample(X, y)
