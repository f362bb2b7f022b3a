"""Anybody's estimator beside the built-in learners, and figures that hold for other draws of the generator."""

from functools import cache
from pathlib import Path

import numpy as np
import pytest
from planted_learnable import mixed, said, told
from planted_tasks import pulled, with_noise
from sklearn.cluster import KMeans
from sklearn.linear_model import LinearRegression, LogisticRegression, RidgeClassifier
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC
from sklearn.tree import DecisionTreeClassifier

import synthwright as sw
from synthwright.engines.context import Context
from synthwright.errors import UsageError
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Skipped
from synthwright.evaluation.utility.relative import RelativeUtility
from synthwright.evaluation.utility.tatr import TATR
from synthwright.evaluation.utility.tstr import TSTR
from synthwright.learning.estimators import Estimator, named_learners
from synthwright.seeding import Streams

TRAIN, FRESH, HOLDOUT = (mixed(400, seed) for seed in (1, 3, 2))


class Majority:
    """Somebody's own: fit and predict and nothing else."""

    def fit(self, X, y):
        self.most = np.bincount(y).argmax()
        return self

    def predict(self, X):
        return [self.most] * len(X)


class Broken(Majority):
    def fit(self, X, y):
        raise RuntimeError("no memory\nof this")


class Missing(Majority):
    def predict_proba(self, X):
        return np.full((len(X), 2), np.nan)


@cache
def areas():
    """The area under the curve of several estimators, through the metric."""
    learners = {
        "logistic": LogisticRegression(),
        "margins": make_pipeline(StandardScaler(), LinearSVC()),
        "ridge": RidgeClassifier(),
        "neighbours": KNeighborsClassifier(n_jobs=-1),
        "majority": Majority(),
        "tree": Estimator(model=DecisionTreeClassifier(max_depth=3), view="codes"),
    }
    return said(TSTR(learners=learners), TRAIN, FRESH, HOLDOUT), learners


@pytest.mark.parametrize("name", ["logistic", "margins", "ridge", "neighbours", "tree"])
def test_any_estimator_is_scored_like_the_built_in_learners(name):
    """Probabilities, decision functions, pipelines and matrices with NaN; all better than no model."""
    found, _ = areas()
    assert found[f"utility.tstr.{name}.auc"].estimate.low > 0.55
    assert set(found["utility.tstr"].parts) == set(found[f"utility.tstr.{name}.auc"].parts) == {"shuffled_labels"}
    shuffled = found[f"utility.tstr.{name}.auc"].parts["shuffled_labels"]
    assert shuffled.low <= 0.5 <= shuffled.high


def test_scikit_learns_logistic_regression_is_the_built_in_one():
    found, _ = areas()
    mine, ours = (found[f"utility.tstr.{name}.auc"].estimate.value for name in ("logistic", "linear"))
    assert mine == pytest.approx(ours, abs=1e-3)


def test_hard_predictions_of_one_class_are_no_ranking():
    found, _ = areas()
    assert found["utility.tstr.majority.auc"].estimate.value == 0.5


def test_the_object_that_was_given_is_not_fitted():
    _, learners = areas()
    assert not hasattr(learners["logistic"], "coef_")
    assert not hasattr(learners["majority"], "most")


def test_copies_are_seeded_and_have_one_thread():
    seen = []

    class Spy(DecisionTreeClassifier):
        def fit(self, X, y):
            seen.append(self.get_params()["random_state"])
            return super().fit(X, y)

    learner = Estimator(model=make_pipeline(StandardScaler(), Spy()))
    X, y = np.random.default_rng(0).normal(size=(50, 2)), np.arange(50) % 2
    learner.classes(X, y, (), seed=7)
    learner.classes(X, y, (), seed=7)
    assert seen == [7, 7]
    copy = Estimator(model=KNeighborsClassifier(n_jobs=8))._fitted(X, y, 0, wanted="classifier")
    assert copy.n_jobs == 1


@pytest.mark.parametrize(
    ("learner", "reason"),
    [
        (LinearRegression(), "LinearRegression is a regressor, and the target has classes: give a classifier"),
        (Broken(), "Broken failed to fit: RuntimeError: no memory"),
        (Missing(), "Missing failed to predict: ValueError: predictions are not finite"),
        (KMeans(n_clusters=3), "KMeans"),
    ],
)
@pytest.mark.parametrize("metric", [TSTR, TATR])
def test_what_can_not_learn_is_skipped_with_the_reason_and_costs_nothing_else(metric, learner, reason):
    found = told(metric(learners={"mine": learner}), TRAIN, FRESH, HOLDOUT)
    (skipped,) = (one for one in found.values() if isinstance(one, Skipped))
    name = metric.info.measures[0]
    assert skipped.metric == f"{name}.mine"
    assert skipped.reason.startswith(reason)
    assert f"{name}.boosted.auc" in found


def test_a_classifier_can_not_learn_a_number():
    found = told(TSTR(learners=LogisticRegression()), *(pulled(200, seed) for seed in (1, 3, 2)))
    assert "the target has numbers: give a regressor" in found["utility.tstr.LogisticRegression"].reason


def test_a_regressor_learns_a_number():
    found = said(TSTR(learners=LinearRegression()), *(pulled(500, seed) for seed in (1, 3, 2)))
    assert found["utility.tstr.LinearRegression.r2"].estimate.value == pytest.approx(2 / 3, abs=0.08)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (object(), "no fit and no predict"),
        (LogisticRegression, "is a class"),
        ({"a.b": Majority()}, "can be called 'a.b'"),
        ({"linear": Majority()}, "can be called 'linear'"),
        ([Majority(), "GaussianNB"], "str is no estimator"),
    ],
)
def test_what_is_no_estimator_is_refused_at_once(given, problem):
    with pytest.raises(UsageError, match=problem):
        TSTR(learners=given)


def test_learners_without_names_are_called_by_their_classes():
    assert list(named_learners([Majority(), Majority(), LogisticRegression()])) == [
        "Majority",
        "Majority_2",
        "LogisticRegression",
    ]


def evaluate(**more):
    return sw.evaluate(train=TRAIN, synthetic=FRESH, holdout=HOLDOUT, **{"metrics": ["utility.tstr"], **more})


def test_evaluate_takes_an_estimator():
    assert "utility.tstr.Majority.auc" in evaluate(estimator=Majority())
    with pytest.raises(UsageError, match="none of these metrics fits one"):
        evaluate(estimator=Majority(), metrics=["fidelity.validity"])
    with pytest.raises(UsageError, match="no fit"):
        evaluate(estimator="LogisticRegression")


def redrawn(tables):
    first, *others = tables
    makers = tuple(lambda table=table: table for table in others)
    comparison = Comparison(TRAIN, first, HOLDOUT, redraws=makers)
    return {one.metric: one for one in RelativeUtility().measure(comparison, Context(streams=Streams(0)))}


def test_redraws_of_one_table_leave_nothing_but_test_rows_to_doubt():
    """The same table five times: the share of one table, with its interval."""
    found = redrawn([FRESH] * 5)
    mine, ours = found["utility.relative"].estimate, found["utility.relative.redrawn"].estimate
    assert (ours.value, ours.low, ours.high) == pytest.approx((mine.value, mine.low, mine.high), abs=0.005)


def test_tables_that_differ_widen_the_interval_to_what_they_differ_by():
    """Three good tables and one without labels: by hand, mean and Student's t of four (3.18) times s / 2."""
    found = redrawn([mixed(400, 3), mixed(400, 4), mixed(400, 5), with_noise(mixed(400, 6), 1.0)])
    one = found["utility.relative.redrawn"]
    shares = np.array([part.value for part in one.parts.values()])
    assert set(one.parts) == {"this table", "redraw 1", "redraw 2", "redraw 3"}
    assert one.estimate.value == pytest.approx(shares.mean())
    least = 3.18 * shares.std(ddof=1) / 2
    assert least * 0.6 < one.estimate.high - one.estimate.value < least * 1.3
    assert next(iter(one.parts.values())).value == shares.min()
    assert "utility.relative.redrawn" not in redrawn([FRESH])


@pytest.fixture(scope="module")
def slice_and_model(tmp_path_factory):
    table = sw.read(Path(__file__).parents[1] / "data" / "adult_1000.csv", target="income")
    train, holdout = sw.split(table, holdout=0.3)
    model = sw.fit(train, "tabular.independent")
    folder = tmp_path_factory.mktemp("models") / "independent"
    model.save(folder)
    return train, holdout, model, folder


def test_evaluate_redraws_from_a_model_or_its_folder(slice_and_model):
    train, holdout, model, folder = slice_and_model
    tables = {"train": train, "holdout": holdout, "synthetic": model.sample(300, seed=9)}
    given = {**tables, "metrics": ["utility.relative"], "redraws": 2}
    one, other = (sw.evaluate(model=maker, **given)["utility.relative.redrawn"] for maker in (model, folder))
    assert one == other
    assert len({part.value for part in one.parts.values()}) == 3
    assert one.estimate.value < 0.7


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        ({"redraws": 2}, "need a model"),
        ({"model": "MODEL"}, "nothing is to be drawn"),
        ({"model": "MODEL", "redraws": -1}, "no number of redraws"),
        ({"model": "MODEL", "redraws": 2}, "does not draw the columns"),
    ],
)
def test_redraws_that_make_no_sense_are_refused(slice_and_model, more, problem):
    with pytest.raises(UsageError, match=problem):
        evaluate(**{key: slice_and_model[2] if value == "MODEL" else value for key, value in more.items()})
