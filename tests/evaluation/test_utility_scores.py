"""Scores by hand, against scikit-learn, and their intervals against resampling."""

import numpy as np
import pytest
from sklearn import metrics

from synthwright.evaluation._learners.scores import score_bounds, score_classes, score_interval, score_numbers
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import wilson
from synthwright.evaluation._statistics.roc import auc_influence, placements


def predictions(rows, classes, seed):
    rng = np.random.default_rng(seed)
    y = rng.choice(classes, rows, p=np.arange(1, classes + 1) / np.arange(1, classes + 1).sum())
    P = rng.dirichlet(np.ones(classes), rows) + 0.3 * np.eye(classes)[y]
    return P / P.sum(axis=1, keepdims=True), y


def test_area_by_hand():
    """Positives .9, .4 against negatives .5, .4, .1: pairs won 3 + 1.5 of 6."""
    scores, positive = np.array([0.9, 0.4, 0.5, 0.4, 0.1]), np.array([True, True, False, False, False])
    assert auc_influence(scores, positive)[0] == pytest.approx(4.5 / 6)
    v10, v01 = placements(scores[positive], scores[~positive])
    assert v10.tolist() == [1.0, 0.5]
    assert v01.tolist() == [0.5, 0.75, 1.0]


def test_delongs_variance_by_hand():
    """Of the same rows: V10 varies by .125 over 2 positives, V01 by .0625 over 3 negatives."""
    scores, positive = np.array([0.9, 0.4, 0.5, 0.4, 0.1]), np.array([True, True, False, False, False])
    moves = auc_influence(scores, positive)[1]
    assert moves @ moves == pytest.approx(0.125 / 2 + 0.0625 / 3)


def test_without_both_kinds_no_ranking_is_better_than_another():
    area, moves = auc_influence(np.array([0.1, 0.9]), np.array([True, True]))
    assert area == 0.5
    assert not moves.any()


def test_delong_is_what_resampling_rows_gives():
    rng = np.random.default_rng(0)
    positive = rng.random(400) < 0.3
    scores = rng.normal(size=400) + positive
    _, moves = auc_influence(scores, positive)
    draws = rng.integers(0, 400, (400, 400))
    resampled = [metrics.roc_auc_score(positive[rows], scores[rows]) for rows in draws]
    assert np.sqrt(moves @ moves) == pytest.approx(np.std(resampled), rel=0.1)


@pytest.mark.parametrize("classes", [2, 4])
def test_scores_are_scikit_learns(classes):
    P, y = predictions(500, classes, 1)
    called = P.argmax(axis=1)
    scores = {name: score.value for name, score in score_classes(P, y, 0, np.ones(classes, bool)).items()}
    area = metrics.roc_auc_score(y, P[:, 1] if classes == 2 else P, multi_class="ovr")
    assert scores == pytest.approx(
        {
            "auc": area,
            "accuracy": metrics.accuracy_score(y, called),
            "f1_weighted": metrics.f1_score(y, called, average="weighted"),
            "minority_precision": metrics.precision_score(y == 0, called == 0),
            "minority_recall": metrics.recall_score(y == 0, called == 0),
            "minority_f1": metrics.f1_score(y == 0, called == 0),
            "log_loss": metrics.log_loss(y, P),
        }
    )


@pytest.mark.parametrize("name", ["minority_precision", "minority_recall", "minority_f1"])
def test_a_share_of_few_rows_moves_by_just_what_leaving_one_out_changes(name):
    P, y = predictions(20, 2, 3)
    score = lambda rows: score_classes(P[rows], y[rows], 0, np.ones(2, bool))[name]  # noqa: E731  # used twice
    every = np.arange(20)
    whole = score(every)
    lost = [whole.value - score(np.delete(every, at)).value for at in every]
    assert whole.influence == pytest.approx(np.array(lost), abs=1e-12)
    assert 0 < whole.value < 1


@pytest.mark.parametrize("kind", ["classes", "numbers"])
def test_an_influence_is_what_a_score_loses_with_its_row(kind):
    """To first order: within 3 % of the largest influence, for every score and 40 rows."""
    rng = np.random.default_rng(0)
    if kind == "classes":
        P, y = predictions(600, 3, 2)
        score = lambda rows: score_classes(P[rows], y[rows], 0, np.ones(3, bool))  # noqa: E731  # one line, two branches
    else:
        y = rng.normal(size=600)
        made = 0.7 * y + rng.normal(size=600)
        score = lambda rows: score_numbers(made[rows], y[rows])  # noqa: E731  # as above
    every = np.arange(600)
    whole = score(every)
    without = [score(np.delete(every, at)) for at in range(40)]
    for name, full in whole.items():
        lost = np.array([full.value - one[name].value for one in without])
        assert lost == pytest.approx(full.influence[:40], abs=0.03 * np.abs(full.influence).max()), name
        assert np.abs(full.influence).max() > 0


def test_numbers_by_hand():
    """Errors 1, -1, 0, 0 on 1, 2, 3, 4 (spread 5/4): R2 = 1 - .5/1.25."""
    scores = score_numbers(np.array([2.0, 1.0, 3.0, 4.0]), np.array([1.0, 2.0, 3.0, 4.0]))
    assert {name: score.value for name, score in scores.items()} == pytest.approx(
        {"r2": 0.6, "rmse": np.sqrt(0.5), "mae": 0.5}
    )


def test_a_class_that_is_never_called_has_no_precision_and_no_recall():
    P, y = np.tile([0.9, 0.1], (10, 1)), np.array([0] * 8 + [1] * 2)
    scores = score_classes(P, y, 1, np.ones(2, bool))
    assert [scores[f"minority_{what}"].value for what in ("precision", "recall", "f1")] == [0, 0, 0]
    assert scores["auc"].value == 0.5


def test_a_class_with_probability_zero_costs_a_finite_loss():
    P, y = np.tile([1.0, 0.0], (2, 1)), np.array([0, 1])
    assert score_classes(P, y, 1, np.ones(2, bool))["log_loss"].value == pytest.approx(score_bounds("log_loss")[1] / 2)


def test_a_perfect_prediction_has_an_interval_without_width():
    scores = score_numbers(np.arange(5.0), np.arange(5.0))
    assert scores["rmse"].value == 0
    assert not any(np.any(score.influence) for score in scores.values())


def test_a_share_is_inside_wilsons_interval_and_a_loss_inside_one_of_its_logarithm():
    """9 right of 10; a loss of .2 that is as far below its upper end as above its lower one, in factors."""
    right = np.repeat([1.0, 0.0], [9, 1])
    share = Figure(0.9, {"holdout": (right - 0.9) / 10 * np.sqrt(0.9)})  # its standard error: sqrt(.9 * .1 / 10)
    found, expected = score_interval("accuracy", share, 10), wilson(9, 10)
    assert (found.value, found.low, found.high) == pytest.approx((0.9, expected.low, expected.high))
    loss = score_interval("log_loss", Figure(0.2, {"holdout": np.tile([0.01, -0.01], 50)}), 100)
    assert loss.high / loss.value == pytest.approx(loss.value / loss.low)
    assert loss.high > 0.2 + 1.98 * 0.1


def test_a_loss_of_nothing_and_explained_variance_keep_plain_intervals():
    moves = {"holdout": np.tile([0.01, -0.01], 50)}
    assert score_interval("log_loss", Figure(0.0, moves), 100).low == 0
    plain = score_interval("r2", Figure(0.5, moves), 100)
    assert plain.high - plain.value == pytest.approx(plain.value - plain.low)
