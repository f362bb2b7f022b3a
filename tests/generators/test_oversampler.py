"""The estimator: scikit-learn's conventions, forms in and out, and agreement with imbalanced-learn."""

from collections import Counter

import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn.base import clone
from sklearn.datasets import make_classification

import synthwright as sw
from synthwright.errors import BadInput, SynthwrightError, UnknownName, UsageError

METHODS = [
    f"tabular.{name}" for name in ("smote", "smote_nc", "borderline_smote", "adasyn", "noise", "random_oversample")
]


def data(n=300, weights=(0.8,), seed=0):
    return make_classification(n, 6, n_informative=4, weights=list(weights), random_state=seed)


@pytest.mark.parametrize("method", METHODS)
def test_classes_are_balanced_and_originals_come_first(method):
    X, y = data()
    made, labels = sw.Oversampler(method).fit_resample(X, y)
    assert (made[:300] == X).all()
    assert (labels[:300] == y).all()
    assert len(set(Counter(labels.tolist()).values())) == 1
    assert made.dtype == X.dtype


def test_frames_come_out_as_they_went_in():
    X, y = data()
    frame = pd.DataFrame(X, columns=list("abcdef"))
    frame["n"] = np.arange(300, dtype=np.int16)
    frame["c"] = pd.Categorical.from_codes(np.arange(300) % 3, ["u", "v", "w"])
    frame["s"] = np.where(np.arange(300) % 2, "left", "right")
    frame["b"] = pd.array(np.arange(300) % 2 == 0, dtype="boolean")
    labels = pd.Series(np.where(y, "yes", "no"), name="class", dtype="category")
    made, answer = sw.Oversampler("tabular.smote_nc", settings={"scale": "std"}).fit_resample(frame, labels)
    assert made.dtypes.to_dict() == frame.dtypes.to_dict()
    pd.testing.assert_frame_equal(made.iloc[:300], frame)
    assert (answer.dtype, answer.name) == (labels.dtype, "class")
    polar, _ = sw.Oversampler("tabular.smote_nc").fit_resample(pl.from_pandas(frame), pl.Series(np.asarray(y)))
    assert isinstance(polar, pl.DataFrame)


def test_missing_cells_and_named_label_columns_are_taken():
    X, y = data()
    X[::7, 0] = np.nan
    X[:, 1] = np.arange(300) % 4
    made, _ = sw.Oversampler("tabular.smote_nc", categorical_features=[1]).fit_resample(X, y)
    assert set(made[:, 1]) == {0, 1, 2, 3}
    assert np.isnan(made[300:, 0]).any()


def test_one_seed_gives_one_result_and_none_another_each_time():
    X, y = data()
    rows = [sw.Oversampler("tabular.smote", random_state=seed).fit_resample(X, y)[0] for seed in (1, 1, 2, None, None)]
    assert (rows[0] == rows[1]).all()
    assert not (rows[0] == rows[2]).all()
    assert not (rows[3] == rows[4]).all()


def test_parameters_can_be_read_set_and_cloned():
    made = sw.Oversampler("tabular.smote", sampling_strategy=0.5, random_state=3)
    assert clone(made).get_params() == made.get_params()
    assert made.set_params(method="tabular.noise").method == "tabular.noise"


@pytest.mark.parametrize(("method", "mixed"), [("tabular.smote", False), ("tabular.random_oversample", True)])
def test_scikit_learn_is_told_whether_a_method_takes_labels_and_gaps(method, mixed):
    told = sw.Oversampler(method).__sklearn_tags__().input_tags
    assert (told.categorical, told.string, told.allow_nan) == (mixed, mixed, mixed)


def test_strategy_says_how_many_rows_are_made():
    X, y = data()
    sampler = sw.Oversampler(sw.tabular.Smote(), sampling_strategy=lambda labels: {1: int((labels == 1).sum()) + 7})
    _, labels = sampler.fit_resample(X, y)
    assert sampler.sampling_strategy_ == {1: 7}
    assert len(labels) == 307


def test_methods_that_learn_make_rows_too():
    X, y = data()
    made, labels = sw.Oversampler("tabular.independent").fit_resample(pd.DataFrame(X, columns=list("abcdef")), y)
    assert len(made) == len(labels) == 2 * Counter(y.tolist())[0]


@pytest.mark.parametrize(
    ("settings", "change", "error", "said"),
    [
        ({"method": "tabular.smotee"}, {}, UnknownName, "smotee"),
        ({"method": 3}, {}, UsageError, "is no method"),
        ({"settings": {"k": 3}}, {}, UnknownName, "setting"),
        ({"settings": {"k_neighbors": 200}}, {}, BadInput, "k is larger than the class"),
        ({"sampling_strategy": [0, 1]}, {}, UsageError, "list"),
        ({"sampling_strategy": True}, {}, UsageError, "bool"),
        ({"sampling_strategy": {5: 400}}, {}, UnknownName, "class"),
        ({"sampling_strategy": {1: 3}}, {}, UsageError, "can't have 3"),
        ({"sampling_strategy": 0.01}, {}, UsageError, "above the ratio"),
        ({"random_state": "x"}, {}, UsageError, "whole number"),
        ({"categorical_features": [9]}, {}, UsageError, "no column of X: 9"),
        ({}, {"y": np.zeros(300)}, BadInput, "1 class"),
        ({}, {"X": np.full((300, 6), np.inf)}, BadInput, "infinite"),
        ({"method": "tabular.smote"}, {"X": np.full((300, 6), np.nan)}, BadInput, "NaN"),
        ({}, {"y": None}, BadInput, "requires y"),
        ({}, {"y": np.arange(299)}, ValueError, "inconsistent"),
    ],
)
def test_what_can_not_be_balanced_is_said(settings, change, error, said):
    X, y = data()
    with pytest.raises(error, match=said) as caught:
        sw.Oversampler(**settings).fit_resample(**{"X": X, "y": y, **change})
    assert error is ValueError or isinstance(caught.value, SynthwrightError)


def test_a_ratio_of_many_classes_is_refused():
    X, y = make_classification(200, 6, n_informative=4, n_classes=3, random_state=0)
    with pytest.raises(UsageError, match="A ratio speaks of two classes; the target has 3"):
        sw.Oversampler(sampling_strategy=0.5).fit_resample(X, y)
