"""Boosted and linear learners: what they must learn, and what must not stop them."""

import builtins

import numpy as np
import pytest

from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.learning import boosting
from synthwright.learning.boosting import Boosting, boosting_library
from synthwright.learning.learner import fit_classes, fit_numbers
from synthwright.learning.linear import Linear


@pytest.fixture(params=["lightgbm", "scikit-learn"])
def library(request, monkeypatch):
    if request.param == "scikit-learn":
        monkeypatch.setattr(boosting, "_lightgbm", lambda: None)
    boosting_library.cache_clear()
    yield request.param
    boosting_library.cache_clear()


def xor(rows, seed):
    """Two numbers that tell nothing alone and a class that is their exclusive or, known in 95 % of the rows."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(rows, 2))
    return X, ((X[:, 0] > 0) ^ (X[:, 1] > 0) ^ (rng.random(rows) < 0.05)).astype(int)


def test_boosting_learns_what_no_column_tells_alone(library):
    X, y = xor(2_000, 1)
    new, truth = xor(1_000, 2)
    P = Boosting().classes(X, y, (), 0)(new)
    assert auc_influence(P[:, 1], truth == 1)[0] > 0.93
    assert np.allclose(P.sum(axis=1), 1)
    assert boosting_library().startswith(library)


def test_boosting_repeats_itself_to_the_last_bit(library):
    X, y = xor(500, 1)
    one, other = (Boosting().classes(X, y, (), 3)(X) for _ in range(2))
    assert np.array_equal(one, other)


def test_boosting_takes_missing_constant_and_categorical_columns(library):
    """The second column is missing in class 1, the last one a code in class 2; the others are constant and empty."""
    rng = np.random.default_rng(0)
    y = rng.integers(0, 3, 600)
    X = np.stack([np.ones(600), np.where(y == 1, np.nan, 1.0), np.full(600, np.nan), (y == 2) * 5.0], axis=1)
    P = Boosting().classes(X, y, (3,), 0)(X)
    assert (P.argmax(axis=1) == y).all()


def test_boosting_predicts_numbers_of_any_scale(library):
    rng = np.random.default_rng(0)
    X = rng.uniform(-2, 2, (1_000, 1))
    for scale in (1e-6, 1e6):
        predict = fit_numbers(Boosting(), X, scale * X[:, 0] ** 2, categorical=(), seed=0)
        assert np.abs(predict(X) / scale - X[:, 0] ** 2).mean() < 0.1


def test_many_classes_get_fewer_rounds():
    assert [Boosting()._rounds(classes) for classes in (2, 3, 10, 100)] == [100, 100, 30, 20]


def test_a_missing_system_library_is_like_a_missing_package(monkeypatch):
    """LightGBM without libgomp fails its import with OSError."""
    load = builtins.__import__

    def failing(name, *rest):
        if name == "lightgbm":
            raise OSError("libgomp.so.1: cannot open shared object file")
        return load(name, *rest)

    boosting._lightgbm.cache_clear()
    boosting_library.cache_clear()
    monkeypatch.setattr(builtins, "__import__", failing)
    try:
        assert boosting_library().startswith("scikit-learn ")
    finally:
        boosting._lightgbm.cache_clear()
        boosting_library.cache_clear()


def test_ridge_is_the_shrunken_slope():
    """One centred column of sum of squares 2 and penalty 1: slope = 2b / (2 + 1)."""
    predict = Linear(penalty=1.0).numbers(np.array([[-1.0], [1.0]]), np.array([-3.0 + 5, 3.0 + 5]), (), 0)
    assert predict(np.array([[-1.0], [0.0], [1.0]])) == pytest.approx([3.0, 5.0, 7.0])


def test_logistic_regression_finds_known_odds():
    """P(1) is 3/4 where the column is 1 and 1/4 where it is 0."""
    X = np.repeat([[0.0], [1.0]], 4_000, axis=0)
    y = np.tile([1, 0, 0, 0], 1_000).tolist() + np.tile([1, 1, 1, 0], 1_000).tolist()
    P = Linear().classes(X, np.array(y), (), 0)(np.array([[0.0], [1.0]]))
    assert P[:, 1] == pytest.approx([0.25, 0.75], abs=0.003)


def test_linear_learners_can_not_see_exclusive_or():
    X, y = xor(2_000, 1)
    area, _ = auc_influence(Linear().classes(X, y, (), 0)(X)[:, 1], y == 1)
    assert area < 0.6


def test_many_weights_are_fitted_on_fewer_rows(monkeypatch):
    """Every class stays, and the answer stays close."""
    monkeypatch.setattr("synthwright.learning.linear._WORK", 2_000 * 5 * 3.0)
    monkeypatch.setattr("synthwright.learning.linear._NEWTON_LIMIT", 0)
    rng = np.random.default_rng(0)
    X = rng.normal(size=(10_000, 5))
    y = X[:, :3].argmax(axis=1)
    P = Linear().classes(X, y, (), 0)(X)
    assert (P.argmax(axis=1) == y).mean() > 0.95


def test_a_class_that_no_row_shows_has_probability_zero():
    X, y = xor(200, 1)
    P = fit_classes(Boosting(), X, 2 * y, 4, categorical=(), seed=0)(X)
    assert P.shape == (200, 4)
    assert (P[:, [1, 3]] == 0).all()
    assert (P[:, 0] + P[:, 2]).min() > 0.999


def test_with_nothing_to_learn_the_frequencies_are_the_answer():
    X = np.zeros((4, 1))
    one = fit_classes(Boosting(), X, np.ones(4, int), 3, categorical=(), seed=0)
    blind = fit_classes(Boosting(), X[:, :0], np.array([0, 0, 1, 2]), 3, categorical=(), seed=0)
    empty = fit_classes(Boosting(), X[:0], np.array([], int), 2, categorical=(), seed=0)
    assert one(X)[0].tolist() == [0, 1, 0]
    assert blind(X)[0].tolist() == [0.5, 0.25, 0.25]
    assert empty(X)[0].tolist() == [0.5, 0.5]
    assert fit_numbers(Linear(), X, np.full(4, 7.0), categorical=(), seed=0)(X).tolist() == [7.0] * 4
