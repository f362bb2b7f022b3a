"""Importances, worth in real rows, calibration, groups and all columns as targets, where the answer is known."""

import itertools

import numpy as np
import pytest
from planted_learnable import binary, changed, column_by_column, mixed, said, told
from planted_tasks import lettered, pulled, ranked, with_noise

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._learners.curve import Point, monotone
from synthwright.evaluation._learners.task import halves, task_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.resampling import joint_draws, within_draws
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Skipped
from synthwright.evaluation.utility.all_targets import AllTargets
from synthwright.evaluation.utility.calibration import Calibration
from synthwright.evaluation.utility.groups import Groups
from synthwright.evaluation.utility.importances import Importances, _overlap, _rank_correlation
from synthwright.evaluation.utility.worth import Worth, _rows
from synthwright.seeding import Streams

TRAIN, FRESH, HOLDOUT = (mixed(1_000, seed) for seed in (1, 3, 2))


def test_joint_draws_have_the_covariance_of_the_moves():
    """Two figures of shared rows with correlation .6 and one of other rows; 20,000 draws leave 2 % of noise."""
    rng = np.random.default_rng(0)
    a, other, c = rng.normal(size=(3, 500)) / 500
    b = 0.6 * a + 0.8 * other
    figures = [Figure(1.0, {"holdout": a}), Figure(2.0, {"holdout": b}), Figure(3.0, {"train": c})]
    drawn = joint_draws(figures, Streams(0), 20_000)
    assert drawn.mean(axis=0) == pytest.approx([1, 2, 3], abs=0.002)
    assert drawn.std(axis=0) == pytest.approx([figure.error for figure in figures], rel=0.03)
    assert np.corrcoef(drawn.T)[0, 1] == pytest.approx(np.corrcoef(a, b)[0, 1], abs=0.03)
    assert np.corrcoef(drawn.T)[0, 2] == pytest.approx(0, abs=0.03)


def test_an_interval_of_draws_holds_its_value():
    estimate = within_draws(5.0, np.arange(101.0))
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((2.5, 5.0, 97.5))
    assert within_draws(99.0, np.arange(101.0)).high == 99.0


def test_ranks_and_overlaps_by_hand():
    """1 - 6 (0 + 1 + 1) / (3 * 8) = 1/2; the top two of 1 2 3 4 and of 4 1 2 3 share one."""
    assert _rank_correlation(np.array([[1.0, 2, 3]]), np.array([[1.0, 3, 2]])) == pytest.approx([0.5])
    assert _rank_correlation(np.array([[1.0, 1, 1]]), np.array([[1.0, 3, 2]])) == [0.0]
    assert _overlap(np.array([[1.0, 2, 3, 4]]), np.array([[4.0, 1, 2, 3]]), 2) == [0.5]


def test_models_of_fresh_rows_look_at_the_same_columns_and_of_shuffled_ones_at_none():
    fresh = said(Importances(), TRAIN, FRESH, HOLDOUT)
    assert fresh["utility.importances"].estimate.value > 0.5
    assert fresh["utility.importances"].excess.low <= 0 <= fresh["utility.importances"].excess.high
    assert fresh["utility.importances.top"].baseline.value == pytest.approx(2 / 5)
    broken = said(Importances(), TRAIN, column_by_column(FRESH), HOLDOUT)["utility.importances"]
    assert next(iter(broken.parts)) == "x0"  # which decides most in the real rows
    assert broken.parts["x0"].high < 0


def test_a_model_that_looks_at_the_wrong_column_is_seen():
    """Synthetic labels follow x2, which real ones do not depend on, instead of x0."""
    values = FRESH.model_values()
    swapped = changed(FRESH, x0=np.nan_to_num(values["x2"]), x2=values["x0"])
    found = said(Importances(), TRAIN, swapped, mixed(3_000, 2))
    assert found["utility.importances"].excess.value < -0.3
    assert found["utility.importances"].parts["x0"].high < 0
    assert found["utility.importances"].parts["x2"].value > 0


def test_one_column_has_no_rank():
    tables = [mixed(200, seed).select(["x0", "y"]) for seed in (1, 3, 2)]
    assert all("nothing to rank" in one.reason for one in told(Importances(), *tables).values())


def test_halves_of_train_share_no_row_and_no_group():
    person = Column(name="person", kind="integer", role="group")
    schema = Schema((*TRAIN.schema.columns, person))
    rows = np.arange(1_000) // 5
    grouped = Table.of(schema, {**TRAIN.model_values(), "person": rows.astype(float)})
    comparison = Comparison(grouped, grouped, grouped)
    one, two = halves(comparison, task_of(comparison))
    assert len(one) == len(two) > 450
    assert not set(rows[one]) & set(rows[two])
    comparison = Comparison(TRAIN, FRESH, HOLDOUT)
    one, two = halves(comparison, task_of(comparison))
    assert sorted([*one, *two]) == list(range(1_000))


def test_isotonic_regression_by_hand():
    """1 3 2 4 with weights 1 1 3 1: the pair 3 2 becomes (3 + 6) / 4."""
    made = monotone(np.array([[1.0, 3, 2, 4], [4.0, 3, 2, 1]]), np.array([1.0, 1, 3, 1]))
    assert made[0] == pytest.approx([1, 2.25, 2.25, 4])
    assert made[1] == pytest.approx([14 / 6] * 4)


def test_a_curve_is_read_off_backwards():
    """Scores .5, .6, .7, .8 at 0, 100, 300, 700 rows: log(rows + 100) rises by log 2 each time."""
    curve = [Point(rows, []) for rows in (0, 100, 300, 700)]
    scores = np.array([[0.5, 0.6, 0.7, 0.8, 0.7, 0.9], [0.5, 0.6, 0.7, 0.8, 0.65, 0.4]])
    assert _rows(curve, scores).tolist() == [[300, 700], [round(2**1.5 * 100 - 100), 0]]


def test_copies_of_a_half_are_worth_it_and_noise_is_worth_nothing():
    train, fresh, holdout = (lettered(2_000, seed) for seed in (1, 3, 2))
    found = said(Worth(), train, fresh, holdout)["utility.worth"]
    assert found.excess.low <= 0 <= found.excess.high
    assert found.estimate.high <= 2_000
    nothing = said(Worth(), train, with_noise(fresh, 1.0), holdout)["utility.worth"]
    assert nothing.estimate.high < 300
    assert nothing.excess.high < 0
    assert next(iter(found.parts)) == "2000 real rows"
    assert found.parts["0 real rows"].value == 0.5


def test_more_real_rows_are_worth_more_of_them():
    """Of 4,000 fresh rows as many as half of train are compared, and the interval holds their number."""
    steep, more = said(Worth(), pulled(1_200, 1), pulled(4_000, 3), pulled(2_000, 2))["utility.worth"], 600
    assert steep.estimate.low <= more <= steep.estimate.high
    assert steep.n_synthetic == more
    assert steep.estimate.low > 100


def test_a_short_train_has_no_learning_curve():
    (one,) = told(Worth(), mixed(400, 1), FRESH, HOLDOUT).values()
    assert "learning curve needs 640" in one.reason


def test_calibration_by_hand():
    """Four letters, models that know their frequencies: the error of fresh rows is noise, of the wrong labels not."""
    train, fresh, holdout = (lettered(2_000, seed) for seed in (1, 3, 2))
    good = said(Calibration(), train, fresh, holdout)["utility.calibration"]
    assert good.estimate.value < 0.06
    always = changed(fresh, y=np.where(fresh.levels("letter") > 1, 1, 0).astype(np.int32))
    sure = said(Calibration(), train, always, holdout)["utility.calibration"]
    assert sure.estimate.value == pytest.approx(0.2, abs=0.03)  # 1 against the mean of .9 and .7, and its mirror image
    assert sure.excess.low > 0.1
    assert len(sure.parts) >= 2
    assert next(iter(sure.parts.values())).value == pytest.approx(0.2, abs=0.03)


def test_calibration_of_numbers_is_in_standard_deviations():
    """Synthetic targets one standard deviation too high: every prediction is."""
    train, fresh, holdout = (pulled(1_000, seed) for seed in (1, 3, 2))
    high = changed(fresh, y=fresh.numbers("y") + holdout.numbers("y").std())
    found = told(Calibration(), train, high, holdout)
    assert found["utility.calibration"].estimate.value == pytest.approx(1, abs=0.15)
    assert "is a number" in found["utility.calibration.brier"].reason


def test_calibration_of_three_classes_is_told_by_class():
    found = said(Calibration(), *(ranked(600, seed) for seed in (1, 3, 2)))
    assert set(found["utility.calibration"].parts) == {"low", "middle", "high"}


def test_few_test_rows_say_nothing_of_calibration():
    assert all("needs 100" in one.reason for one in told(Calibration(), TRAIN, FRESH, mixed(99, 5)).values())


def test_the_group_whose_labels_are_noise_loses_most():
    train, fresh, holdout = (ranked(2_000, seed) for seed in (1, 3, 2))
    side = fresh.levels("side") == 1
    y = fresh.levels("y").copy()
    y[side] = np.random.default_rng(0).permutation(y[side])
    found = said(Groups(), train, changed(fresh, y=y), holdout)
    worst = found["utility.groups"]
    assert next(iter(worst.parts)) == "side=True"
    assert worst.estimate.value == worst.parts["side=True"].value > 0.1
    assert worst.excess.low > 0
    assert worst.parts["side=False"].high < worst.parts["side=True"].low
    lowest = found["utility.groups.lowest"]
    assert lowest.better == "higher"
    assert lowest.estimate.value == lowest.parts["side=True"].value
    assert lowest.excess.high < 0


def test_groups_of_fresh_rows_lose_nothing():
    for found in said(Groups(), *(ranked(2_000, seed) for seed in (1, 3, 2))).values():
        assert found.excess.low <= 0 <= found.excess.high


def test_groups_too_small_to_be_scored_are_said_to_be():
    tables = [ranked(rows, seed) for rows, seed in ((400, 1), (400, 3), (60, 2))]
    assert all("no group has 50 test rows" in one.reason for one in told(Groups(), *tables).values())


def test_every_column_is_a_target_in_turn():
    """Letter and label teach each other; nothing teaches the coin."""
    tables = [lettered(1_500, seed) for seed in (1, 3, 2)]
    found = said(AllTargets(), *tables)
    assert set(found["utility.all_targets"].parts) == {"letter", "y"}
    assert found["utility.all_targets"].excess.low <= 0 <= found["utility.all_targets"].excess.high
    broken = said(AllTargets(), tables[0], column_by_column(tables[1]), tables[2])
    assert broken["utility.all_targets"].estimate.value < 0.3
    assert broken["utility.all_targets.worst"].estimate.value <= min(
        part.value for part in broken["utility.all_targets"].parts.values()
    )


def test_one_lost_link_is_the_worst_column():
    """x0 is drawn anew: what depends on it can't be predicted any more."""
    lost = changed(FRESH, x0=np.random.default_rng(0).permutation(FRESH.numbers("x0")))
    found = said(AllTargets(), TRAIN, lost, HOLDOUT)
    assert next(iter(found["utility.all_targets"].parts)) == "y"
    assert found["utility.all_targets.worst"].excess.high < 0


def test_columns_of_chance_are_no_targets():
    found = told(AllTargets(), *(binary(500, seed) for seed in (1, 3, 2)))
    assert all("none of 5 columns can be learnt" in one.reason for one in found.values())


@pytest.mark.parametrize("metric", [Importances(), Worth(), Calibration(), Groups(), AllTargets()])
def test_targets_with_gaps_and_people_with_many_rows_are_measured(metric):
    """A tenth of the targets missing, five rows a person: intervals of whole people, nothing skipped."""
    person = Column(name="person", kind="integer", role="group")
    tables = []
    for table in (ranked(1_000, 1), ranked(1_000, 3), ranked(1_000, 2)):
        y = table.levels("y").copy()
        y[::10] = -1
        schema = Schema((*table.schema.columns, person))
        tables.append(Table.of(schema, {**table.model_values(), "y": y, "person": np.arange(1_000.0) // 5}))
    found = told(metric, *tables)
    assert not [one for one in found.values() if isinstance(one, Skipped)]
    assert all(one.estimate.low <= one.estimate.high for one in itertools.chain(found.values()))
