"""The estimator: scikit-learn's conventions, forms in and out, and agreement with imbalanced-learn."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import polars as pl
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.datasets import make_classification

import synthwright as sw
from synthwright.errors import BadInput, OutOfResource, SynthwrightError, UnknownName, UsageError

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


@dataclass(frozen=True)
class X_OF:  # noqa: N801  # it stands for the X of a test's arguments
    of: Callable


def mixed_cells(X):
    return np.where(np.arange(300)[:, None] == 3, "x", X.astype(object))


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
        ({"sampling_strategy": -0.5}, {}, UsageError, "not in"),
        ({"sampling_strategy": float("nan")}, {}, UsageError, "not in"),
        ({"sampling_strategy": None}, {}, UsageError, "NoneType"),
        ({"sampling_strategy": {1: 500.5}}, {}, UsageError, "can't have 500.5"),
        ({"sampling_strategy": {1: 10**13}}, {}, OutOfResource, "more than this machine can hold"),
        ({"sampling_strategy": lambda _: "a lot"}, {}, UnknownName, "strategy called 'a lot'"),
        ({"sampling_strategy": lambda _: [1, 2]}, {}, UsageError, "list says nothing about classes"),
        ({"sampling_strategy": lambda _: {7: 900}}, {}, UnknownName, "no class called '7'"),
        ({"settings": [3]}, {}, UsageError, "name nothing"),
        ({"settings": {"k_neighbors": "5"}}, {}, BadInput, "has to be a whole number"),
        ({}, {"X": X_OF(sparse.csr_matrix)}, BadInput, "Sparse data was passed.* dense data is required"),
        ({}, {"X": X_OF(lambda X: X + 1j)}, BadInput, "Complex data not supported"),
        ({}, {"X": X_OF(lambda X: X[:, 0])}, BadInput, "Expected 2D array, got 1D array"),
        ({}, {"X": X_OF(lambda X: X[:, :0])}, BadInput, "0 feature"),
        ({}, {"X": X_OF(lambda X: pd.DataFrame(X, columns=list("aabcde")))}, BadInput, "unique column names"),
        ({"method": "tabular.smote"}, {"X": X_OF(lambda X: X.astype(str))}, BadInput, "interpolates numbers"),
        ({}, {"X": X_OF(mixed_cells)}, BadInput, "does not hold values of one type"),
        ({}, {"y": np.where(np.arange(300) % 9, data()[1], np.nan)}, BadInput, "34 rows have no label"),
        ({}, {"y": [None, *"ab" * 149, "a"]}, BadInput, "1 rows have no label"),
        ({}, {"y": [1, *"ab" * 149, "a"]}, BadInput, "of different types"),
        ({}, {"y": np.linspace(0, 1, 300)}, BadInput, "Unknown label type: continuous"),
        ({}, {"y": np.ones((300, 2), int)}, BadInput, "Multilabel"),
        ({"random_state": "x"}, {}, UsageError, "whole number"),
        ({"categorical_features": [9]}, {}, UsageError, "no column of X: 9"),
        ({}, {"y": np.zeros(300)}, BadInput, "1 class"),
        ({}, {"X": np.full((300, 6), np.inf)}, BadInput, "infinite"),
        ({"method": "tabular.smote"}, {"X": np.full((300, 6), np.nan)}, BadInput, "NaN"),
        ({}, {"y": None}, BadInput, "requires y"),
        ({}, {"y": np.arange(299)}, BadInput, "inconsistent"),
    ],
)
def test_what_can_not_be_balanced_is_said(settings, change, error, said):
    X, y = data()
    change = {name: one.of(X) if isinstance(one, X_OF) else one for name, one in change.items()}
    with pytest.raises(error, match=said) as caught:
        sw.Oversampler(**settings).fit_resample(**{"X": X, "y": y, **change})
    assert isinstance(caught.value, SynthwrightError)
    assert caught.value.remedy or caught.value.evidence


def test_a_ratio_of_many_classes_is_refused():
    X, y = make_classification(200, 6, n_informative=4, n_classes=3, random_state=0)
    with pytest.raises(UsageError, match="A ratio speaks of two classes; the target has 3"):
        sw.Oversampler(sampling_strategy=0.5).fit_resample(X, y)


EVERY = [*METHODS, "tabular.kmeans_smote", "tabular.svm_smote"]
NUMERIC = [one for one in EVERY if one not in {"tabular.smote_nc", "tabular.noise", "tabular.random_oversample"}]


@pytest.mark.parametrize("method", EVERY)
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda X: X[:, :1], id="one feature"),
        pytest.param(lambda X: np.hstack([X, np.ones((len(X), 3))]), id="constant features"),
        pytest.param(np.ones_like, id="nothing but constants"),
        pytest.param(lambda X: np.repeat(X[:1], len(X), axis=0), id="one row again and again"),
        pytest.param(lambda X: X * 1e29, id="huge numbers"),
        pytest.param(lambda X: X * 1e-28, id="tiny numbers"),
    ],
)
@pytest.mark.filterwarnings("ignore:.*distances concentrate")
def test_odd_features_are_balanced_with_finite_numbers_inside_their_range(method, change):
    X, y = data()
    X = change(X)
    settings = {"cluster_balance_threshold": 0.0} if method == "tabular.kmeans_smote" else None
    made, labels = sw.Oversampler(method, settings=settings).fit_resample(X, y)
    assert len(set(Counter(labels.tolist()).values())) == 1
    assert np.isfinite(made).all()
    if method not in {"tabular.noise", "tabular.svm_smote"}:  # these two go beyond the rows
        assert (made.min(axis=0) == X.min(axis=0)).all()
        assert (made.max(axis=0) == X.max(axis=0)).all()


@pytest.mark.parametrize("method", NUMERIC)
def test_a_class_of_one_row_is_refused_by_all_that_need_neighbours(method):
    X, y = data()
    with pytest.raises(BadInput, match="Class '2' has one row: there is no neighbour") as caught:
        sw.Oversampler(method).fit_resample(X, np.where(np.arange(300) == 7, 2, y))
    assert "tabular.random_oversample" in caught.value.remedy


@pytest.mark.parametrize("method", NUMERIC)
@pytest.mark.parametrize("column", [["u", "v"] * 150, pd.Categorical(["u", "v"] * 150), [True, False] * 150])
def test_methods_for_numbers_refuse_labels_of_every_dtype_and_name_smote_nc(method, column):
    X, y = data()
    frame = pd.DataFrame(X, columns=list("abcdef")).assign(label=column)
    with pytest.raises(BadInput, match="'label' has none") as caught:
        sw.Oversampler(method).fit_resample(frame, y)
    assert "tabular.smote_nc" in caught.value.remedy


@pytest.mark.parametrize(("factor", "said"), [(1e40, "overflow"), (1e-40, "vanish")])
@pytest.mark.parametrize("method", [one for one in EVERY if one != "tabular.random_oversample"])
def test_numbers_without_distances_are_refused(method, factor, said):
    X, y = data()
    X[:, 2] *= factor
    with pytest.raises(BadInput, match=f"'x2': they {said}"):
        sw.Oversampler(method).fit_resample(X, y)


def test_an_empty_mapping_makes_no_rows():
    X, y = data()
    made, labels = sw.Oversampler("tabular.smote", sampling_strategy={}).fit_resample(X, y)
    assert (made == X).all()
    assert (labels == y).all()
