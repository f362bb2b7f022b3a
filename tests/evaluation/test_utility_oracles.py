"""Oracles 11 and 21: what wrong labels cost is known, and copies of train are no gain; on three schemas and sizes."""

import numpy as np
import pytest
from planted_learnable import changed, mixed, said
from planted_tasks import CHANCES, TASKS, lettered, with_noise

from synthwright.evaluation.fidelity.column_shapes import ColumnShapes
from synthwright.evaluation.utility.calibration import Calibration
from synthwright.evaluation.utility.importances import Importances
from synthwright.evaluation.utility.relative import RelativeUtility
from synthwright.evaluation.utility.tatr import TATR
from synthwright.evaluation.utility.tstr import TSTR
from synthwright.evaluation.utility.worth import Worth

SIZES = {"two classes": 3_000, "a number": 1_500, "three classes": 800}
every_task = pytest.mark.parametrize("task", sorted(TASKS))


def tables(task):
    """Train, fresh real rows and a holdout of the size that belongs to the task."""
    return tuple(TASKS[task](SIZES[task], seed) for seed in (1, 2, 3))


def marginals_pass(train, synthetic, holdout):
    return said(ColumnShapes(), train, synthetic, holdout)["fidelity.column_shapes.worst"].excess.high < 0.1


@every_task
def test_labels_of_other_rows_cost_utility_and_leave_marginals_alone(task):
    """Oracle 11: 60 % of the targets from other rows; utility sees it, single columns do not."""
    train, fresh, holdout = tables(task)
    noisy = with_noise(fresh, 0.6)
    assert marginals_pass(train, noisy, holdout)
    loss = "rmse" if task == "a number" else "log_loss"
    assert said(TSTR(), train, noisy, holdout)[f"utility.tstr.boosted.{loss}"].excess.low > 0
    if task != "two classes":  # four letters keep their order, and ranking is all that the share looks at
        assert said(RelativeUtility(), train, noisy, holdout)["utility.relative"].excess.high < 0


def test_thirty_percent_of_labels_flipped_cost_what_arithmetic_says():
    """Oracle 11, by hand: flipping 30 % turns a chance p into .3 + .4 p, which ranks rows as before.

    With chances .1, .3, .7, .9 the error of calibration is the mean of |.3 - .6 p| = (.24 + .12 + .12 + .24) / 4 = .18;
    Brier's score, 2 E[(q - p)^2 + p (1 - p)], rises from .30 to .30 + 2 (.24^2 + .12^2) / 2 = .372; with labels
    flipped throughout it is .30 + 2 E[(1 - 2p)^2] = 1.1 and the area under the curve turns round.
    """
    train, fresh, holdout = (lettered(6_000, seed) for seed in (1, 2, 3))
    y, flips = fresh.levels("y"), np.random.default_rng(0).random(6_000) < 0.3
    noisy = changed(fresh, y=np.where(flips, 1 - y, y).astype(np.int32))
    assert marginals_pass(train, noisy, holdout)
    found = said(Calibration(), train, noisy, holdout)
    assert found["utility.calibration"].estimate.value == pytest.approx(0.18, abs=0.02)
    assert found["utility.calibration.brier"].estimate.value == pytest.approx(0.372, abs=0.02)
    assert found["utility.calibration.brier"].holdout.value == pytest.approx(0.30, abs=0.02)
    area = said(TSTR(), train, noisy, holdout)["utility.tstr.linear.auc"]
    assert area.excess.value == pytest.approx(0, abs=0.01)
    turned = changed(fresh, y=1 - y)
    assert marginals_pass(train, turned, holdout)
    assert said(Calibration(), train, turned, holdout)["utility.calibration.brier"].estimate.value == pytest.approx(
        0.30 + 2 * np.mean((1 - 2 * CHANCES) ** 2), abs=0.03
    )
    area = said(TSTR(), train, turned, holdout)["utility.tstr"]
    assert area.estimate.value == pytest.approx(1 - area.holdout.value, abs=0.01)


@every_task
def test_copies_of_train_are_no_gain(task):
    """Oracle 21: every row twice; whatever that does to the trees' leaves, the control does the same."""
    train, _, holdout = tables(task)
    found = said(TATR(), train, train, holdout)["utility.tatr"]
    assert found.excess.low <= 0
    assert found.excess.value == pytest.approx(0, abs=0.02)
    assert found.estimate.value == found.baseline.value


@every_task
@pytest.mark.parametrize("metric", [Importances(), Worth()])
def test_fresh_rows_lose_nothing(task, metric):
    """Oracle 1: nine intervals of 95 % with fixed seeds."""
    train, fresh, holdout = tables(task)
    for name, found in said(metric, train, fresh, holdout).items():
        assert found.excess.low <= 0 <= found.excess.high, name


def test_half_of_the_labels_wrong_are_worth_few_rows():
    train, fresh, holdout = (mixed(2_000, seed) for seed in (1, 3, 2))
    rows = said(Worth(), train, with_noise(fresh, 0.6), holdout)["utility.worth"]
    assert rows.estimate.high < 500
    assert rows.excess.high < 0
    assert rows.n_synthetic == 1_000
