"""scikit-learn and LightGBM by the same plan: what they are handed, and what comes of it."""

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression, SGDClassifier
from sklearn.neural_network import MLPRegressor

from synthwright.errors import BadInput, UsageError
from synthwright.training import (
    Constant,
    Ramp,
    SourceAwareSampler,
    SyntheticFirst,
    boosted,
    fit_in_batches,
    source_weights,
)

REAL, MADE = 200, 600
SOURCE = np.arange(REAL + MADE) >= REAL


def planted(seed=0):
    """Real rows: y = x0 > 0. Synthetic ones: y = x1 > 0, another rule."""
    X = np.random.default_rng(seed).normal(size=(REAL + MADE, 3))
    return X, np.where(SOURCE, X[:, 1] > 0, X[:, 0] > 0).astype(int)


def sampler(schedule, epochs=4):
    return SourceAwareSampler(SOURCE, epochs=epochs, schedule=schedule)


class Recorder:
    """Keeps what it is taught."""

    def __init__(self):
        self.seen = []

    def partial_fit(self, X, y, classes=None):
        self.seen.append((np.asarray(X)[:, 0].tolist(), np.asarray(y).tolist(), classes))


def test_estimators_get_the_batches_of_the_plan():
    X, y = planted()
    one, plan = Recorder(), sampler(Ramp())
    epochs = []
    assert fit_in_batches(one, X, y, plan, after_epoch=lambda epoch, _: epochs.append((epoch, len(one.seen)))) is one
    wanted = [rows for epoch in range(4) for rows in plan.batches(epoch)]
    assert [seen[:2] for seen in one.seen] == [(X[rows, 0].tolist(), y[rows].tolist()) for rows in wanted]
    assert one.seen[0][2].tolist() == [0, 1]
    assert all(seen[2] is None for seen in one.seen[1:])
    assert epochs == [(0, 7), (1, 14), (2, 21), (3, 28)]


@pytest.mark.parametrize("form", [np.asarray, pd.DataFrame, csr_matrix, lambda X: X.tolist()])
def test_rows_come_in_any_form(form):
    X, y = planted()
    settings = {"random_state": 0, "fit_intercept": False}  # sparse rows move intercepts at another rate
    model = fit_in_batches(SGDClassifier(**settings), form(X), y, sampler(0.5))
    same = fit_in_batches(SGDClassifier(**settings), X, y, sampler(0.5))
    assert model.coef_ == pytest.approx(same.coef_)


def test_what_is_learnt_last_is_what_is_known():
    """Synthetic rows say x1, real ones x0; who ends with real rows goes by x0."""
    X, y = planted()
    real_last = fit_in_batches(SGDClassifier(random_state=0), X, y, sampler(SyntheticFirst(first=2), 6))
    made_only = fit_in_batches(SGDClassifier(random_state=0), X, y, sampler(1.0, 6))
    assert abs(real_last.coef_[0, 0]) > 3 * abs(real_last.coef_[0, 1])
    assert abs(made_only.coef_[0, 1]) > 3 * abs(made_only.coef_[0, 0])
    assert fit_in_batches(MLPRegressor(random_state=0), X, y, sampler(0.5, 1)).n_iter_ > 0


def test_weights_are_rows_repeated():
    """A logistic regression with weights is that of rows as often as they weigh."""
    X, y = planted()
    weights = source_weights(SOURCE, 2 / 3, total=1_200)  # 2 for each real row, 4/3 for each synthetic one
    assert np.unique(weights).tolist() == pytest.approx([4 / 3, 2])
    weighed = LogisticRegression().fit(X, y, sample_weight=1.5 * weights).coef_
    rows = np.repeat(np.arange(len(X)), np.where(SOURCE, 2, 3))
    assert weighed == pytest.approx(LogisticRegression().fit(X[rows], y[rows]).coef_, abs=1e-3)


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda X, y: fit_in_batches(RandomForestClassifier(), X, y, sampler(0.5)), UsageError, "has no `partial_fit`"),
        (lambda X, y: fit_in_batches(Recorder(), X[:9], y, sampler(0.5)), BadInput, "X has 9 rows"),
        (lambda X, y: fit_in_batches(Recorder(), X, y[:9], sampler(0.5)), BadInput, "y has 9 rows"),
        (lambda X, y: boosted(X, y[:9], sampler(0.5), params={"objective": "binary"}), BadInput, "y has 9 rows"),
        (lambda X, y: boosted(X, y, sampler(0.5), params={}), UsageError, "name no objective"),
        (lambda X, y: boosted(X, y, sampler(0.5), params={"app": "binary", "num_trees": 9}), UsageError, "num_trees"),
        (lambda X, y: boosted(X, y, sampler(0.5), params={"app": "binary"}, rounds=3), UsageError, "over 4 epochs"),
        (lambda X, y: boosted(X, y, sampler(0.5), params={"objective": "no such"}), BadInput, "can't learn"),
        (
            lambda X, y: boosted(X, np.where(y, "yes", "no"), sampler(0.5), params={"app": "binary"}),
            BadInput,
            "can't learn",
        ),
        (lambda X, y: boosted(X[:, 0], y, sampler(0.5), params={"app": "binary"}), BadInput, "can't learn"),
    ],
)
def test_what_can_t_be_taught_is_refused(call, kind, says):
    with pytest.raises(kind, match=says):
        call(*planted())


def gains(booster):
    return booster.feature_importance("gain")


def test_boosting_goes_on_with_the_rows_of_the_next_epochs():
    """The first half of the trees splits on what synthetic rows say (x1), the rest on what real ones add (x0)."""
    X, y = planted()
    booster = boosted(X, y, sampler(SyntheticFirst()), params={"objective": "binary", "num_leaves": 4}, rounds=41)
    assert booster.num_trees() == 41
    first = booster.feature_importance("gain", iteration=20)
    assert first[1] > 20 * first[0]
    later = gains(booster) - first
    assert later[0] > later[1]
    real = booster.predict(X[:REAL]) > 0.5
    assert (real == y[:REAL]).mean() > 0.95


def test_one_share_is_plain_lightgbm_with_weights():
    import lightgbm

    X, y = planted()
    settings = {"objective": "binary", "num_leaves": 4, "seed": 0, "num_threads": 1, "deterministic": True}
    settings |= {"force_col_wise": True, "verbosity": -1}
    plain = lightgbm.train(settings, lightgbm.Dataset(X, y, weight=source_weights(SOURCE, 0.5)), 12)
    ours = boosted(X, y, sampler(Constant(value=0.5), 3), params={"objective": "binary", "num_leaves": 4}, rounds=12)
    assert ours.predict(X).tolist() == plain.predict(X).tolist()


def test_rows_without_weight_are_not_there():
    """LightGBM itself counts them towards the least rows of a leaf."""
    import lightgbm

    X, y = planted()
    settings = {"objective": "binary", "min_data_in_leaf": 60, "seed": 0, "num_threads": 1, "deterministic": True}
    settings |= {"force_col_wise": True, "verbosity": -1}
    plain = lightgbm.train(settings, lightgbm.Dataset(X[:REAL], y[:REAL], weight=np.ones(REAL)), 8)
    ours = boosted(X, y, sampler(0.0), params={"objective": "binary", "min_data_in_leaf": 60}, rounds=8)
    assert ours.predict(X).tolist() == plain.predict(X).tolist()


def test_boosting_is_the_same_each_time_and_takes_frames():
    X, y = planted()
    params = {"objective": "binary"}
    once = boosted(X, y, sampler(Ramp()), params=params, rounds=8)
    assert boosted(X, y, sampler(Ramp()), params=params, rounds=8).model_to_string() == once.model_to_string()
    assert boosted(X.tolist(), y, sampler(Ramp()), params=params, rounds=8).model_to_string() == once.model_to_string()
    frame = pd.DataFrame(X, columns=["a", "b", "c"])
    assert boosted(frame, y, sampler(Ramp()), params=params, rounds=8).predict(X) == pytest.approx(once.predict(X))
