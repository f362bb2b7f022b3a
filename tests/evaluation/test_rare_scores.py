"""Average precision and balanced accuracy are scikit-learn's; their influences are derivatives by a row's weight."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, balanced_accuracy_score, f1_score, recall_score

from synthwright.evaluation._learners.rare_scores import average_precision, class_scores, score_rare

RNG = np.random.default_rng(5)
Y = (RNG.random(60) < 0.2).astype(int)
SAID = np.round(0.3 * Y + RNG.random(60), 1)  # with ties
P = np.stack([1 - SAID / 2, SAID / 2], axis=1)


def derivative(score, row):
    """By central differences in the weight of one row."""
    step = 1e-5
    weights = np.ones(60)
    ends = []
    for sign in (1, -1):
        weights[row] = 1 + sign * step
        ends.append(score(weights))
    return (ends[0] - ends[1]) / (2 * step)


def test_average_precision_by_hand():
    """Right, wrong, right: (1/1 + 2/3) / 2; two rows that tie share the precision of both: 1/2."""
    assert average_precision(np.array([3.0, 2, 1]), np.array([True, False, True])).value == pytest.approx(5 / 6)
    assert average_precision(np.array([1.0, 1]), np.array([True, False])).value == pytest.approx(1 / 2)
    assert average_precision(np.array([1.0, 2]), np.array([False, False])).value == 0.0


def test_average_precision_and_its_influences_are_those_of_weighted_rows():
    found = average_precision(SAID, Y == 1)
    assert found.value == pytest.approx(average_precision_score(Y, SAID))
    wanted = [derivative(lambda w: average_precision_score(Y, SAID, sample_weight=w), row) for row in range(60)]
    assert found.influence == pytest.approx(np.array(wanted), abs=1e-6)
    assert found.influence.sum() == pytest.approx(0.0, abs=1e-12)


def test_scores_of_classes_and_their_influences_are_those_of_weighted_rows():
    called, trained = P.argmax(axis=1), np.array([True, True])
    found = score_rare(P, Y, 1, trained) | class_scores(P, Y, 1)
    plain = {
        "average_precision": lambda w: average_precision_score(Y, SAID, sample_weight=w),
        "balanced_accuracy": lambda w: balanced_accuracy_score(Y, called, sample_weight=w),
        "recall": lambda w: recall_score(Y, called, sample_weight=w),
        "f1": lambda w: f1_score(Y, called, sample_weight=w),
    }
    assert called.any()
    for name, score in plain.items():
        assert found[name].value == pytest.approx(score(np.ones(60))), name
        wanted = [derivative(score, row) for row in range(60)]
        assert found[name].influence == pytest.approx(np.array(wanted), abs=1e-6), name


def test_three_classes_are_averaged_over_those_that_are_shown():
    y = np.array([0, 1, 2, 2, 1, 0])
    made = np.eye(3)[[0, 1, 2, 1, 1, 0]]
    found = score_rare(made, y, 2, np.array([True, True, True]))
    assert found["balanced_accuracy"].value == pytest.approx((1 + 1 + 1 / 2) / 3)
    each = [average_precision_score(y == k, made[:, k]) for k in range(3)]
    assert found["average_precision"].value == pytest.approx(np.mean(each))
