"""imbalanced-learn as oracle: the same neighbours, the same rows to start from, its estimator checks, its pipeline."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_classification
from sklearn.utils.estimator_checks import estimator_checks_generator as scikit_checks

import synthwright as sw
from synthwright.generators.class_rows import ClassRows
from synthwright.generators.feature_frames import Features
from synthwright.seeding import Streams

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # its imports touch names that scikit-learn has moved
    imblearn = pytest.importorskip("imblearn", reason="imbalanced-learn is not installed: no oracle for over-samplers")
    from imblearn.over_sampling import ADASYN, SMOTE, SMOTENC, BorderlineSMOTE
    from imblearn.pipeline import make_pipeline
    from imblearn.utils.estimator_checks import estimator_checks_generator as imbalanced_checks

EXPECTED = {
    "check_samplers_pandas_sparse": "sparse columns come out dense: every cell of an interpolated row is filled",
    "check_array_api_input": "skips itself unless SCIPY_ARRAY_API is set",
}
MIXED = {"tabular.smote_nc", "tabular.noise", "tabular.random_oversample"}
NOT_MIXED = {"check_dtype_object": "a cell that is a dict is bad input (BadInput, a ValueError), not a TypeError"}
OF_METHOD = {
    "tabular.noise": {"check_samplers_pandas": "noise belongs to a column's name: renamed columns get other noise"},
    "tabular.kmeans_smote": {"check_samplers_fit": "30 rows of noise in 8 clusters: none has 6 of the smaller class"},
}
METHODS = [
    f"tabular.{name}"
    for name in ("borderline_smote", "adasyn", "kmeans_smote", "svm_smote", "noise", "random_oversample")
]


@pytest.fixture(scope="module")
def flat():
    return make_classification(2_000, 8, n_informative=5, weights=[0.9], flip_y=0.05, random_state=1)


def pairs(method, X, y, label=1):
    features = Features.of(X, None, inferred=False)
    return method.pairs(ClassRows.of(features.with_classes(y, 2)), label, Streams(0))


def neighbours(found):
    return {base: set(partners) for base, partners in zip(found.base.tolist(), found.partners.tolist(), strict=True)}


def theirs(index, members, base):
    return {one: set(members[row].tolist()) for one, row in zip(base.tolist(), index, strict=True)}


def test_smote_has_the_same_neighbours(flat):
    X, y = flat
    peer, members = SMOTE(random_state=0), np.flatnonzero(y == 1)
    peer.fit_resample(X, y)
    index = peer.nn_k_.kneighbors(X[members], return_distance=False)[:, 1:]
    assert neighbours(pairs(sw.tabular.Smote(), X, y)) == theirs(index, members, members)


def test_smote_nc_has_the_same_neighbours(flat):
    """Theirs sit in a one-hot space that only the run itself sees, so it is rebuilt here from the paper."""
    X, y = flat
    frame = pd.DataFrame(X, columns=list("abcdefgh"))
    codes = np.random.default_rng(1).integers(0, 4, (2_000, 2))
    frame["u"], frame["v"] = (pd.Categorical.from_codes(codes[:, at], list("pqrs")) for at in (0, 1))
    peer, members = SMOTENC(categorical_features="auto", random_state=0), np.flatnonzero(y == 1)
    peer.fit_resample(frame, y)
    weight = peer.median_std_[1]
    assert np.median(X[members].std(axis=0)) == pytest.approx(weight)
    hot = np.concatenate([np.eye(4)[codes[members, at]] for at in (0, 1)], axis=1) * weight / np.sqrt(2)
    index = peer.nn_k_.kneighbors(np.concatenate([X[members], hot], axis=1), return_distance=False)[:, 1:]
    assert neighbours(pairs(sw.tabular.SmoteNc(), frame, y)) == theirs(index, members, members)


def test_borderline_smote_has_the_same_rows_in_danger(flat):
    X, y = flat
    peer = BorderlineSMOTE(random_state=0)
    peer.fit_resample(X, y)
    assert set(pairs(sw.tabular.BorderlineSmote(), X, y).base.tolist()) == set(peer.in_danger_indices[1].tolist())


def test_adasyn_gives_rows_the_same_weight(flat):
    """Theirs repeats each start rint(share x 1,603) times, so shares agree to half a row in 1,603."""
    X, y = flat
    made, _ = ADASYN(random_state=0).fit_resample(X, y)
    found = pairs(sw.tabular.Adasyn(), X, y)
    shares = found.weights / found.weights.sum()
    wanted = int((y == 0).sum() - (y == 1).sum())
    assert len(made) - len(X) == int(np.rint(shares * wanted).sum())


@pytest.mark.parametrize(
    "method", ["tabular.smote", "tabular.smote_nc", *(pytest.param(one, marks=pytest.mark.slow) for one in METHODS)]
)
@pytest.mark.parametrize("checks", [scikit_checks, imbalanced_checks], ids=["scikit-learn", "imbalanced-learn"])
def test_estimator_checks_pass_but_for_those_that_are_listed(method, checks):
    failed = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks' own data is small and wide on purpose
        for estimator, check in checks(sw.Oversampler(method)):
            try:
                check(estimator)
            except BaseException:  # noqa: BLE001  # a check may fail or skip in any way: which ones do is what counts
                failed.add(getattr(check, "func", check).__name__)
    listed = EXPECTED | OF_METHOD.get(method, {}) | ({} if method in MIXED else NOT_MIXED)
    known = {getattr(check, "func", check).__name__ for _, check in checks(sw.Oversampler(method))}
    assert failed == set(listed) & known


def test_it_works_in_their_pipeline(flat):
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import cross_val_score
    from sklearn.preprocessing import StandardScaler

    X, y = flat
    chain = make_pipeline(StandardScaler(), sw.Oversampler("tabular.smote"), LogisticRegression())
    assert cross_val_score(chain, X, y, scoring="balanced_accuracy", cv=3).min() > 0.7
