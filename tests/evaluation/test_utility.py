"""What models learn from synthetic rows, where the answer is known."""

import numpy as np
import pytest
from planted_learnable import binary, changed, column_by_column, joined, mixed, said, told

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._learners.prediction import figures, task_of
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.utility.relative import RelativeUtility
from synthwright.evaluation.utility.tatr import TATR
from synthwright.evaluation.utility.trts import TRTS
from synthwright.evaluation.utility.tstr import TSTR
from synthwright.learning import boosting

TRAIN, HOLDOUT = mixed(1_000, 1), mixed(1_000, 2)
CLASS_SCORES = ("auc", "accuracy", "f1_weighted", "minority_precision", "minority_recall", "minority_f1", "log_loss")


def relative(synthetic, train=TRAIN, holdout=HOLDOUT):
    return said(RelativeUtility(), train, synthetic, holdout)["utility.relative"]


def test_every_score_of_both_learners_is_told():
    names = set(said(TSTR(), TRAIN, mixed(1_000, 3), HOLDOUT))
    expected = {f"utility.tstr.{learner}.{score}" for learner in ("linear", "boosted") for score in CLASS_SCORES}
    assert names == {"utility.tstr", *expected}


def test_a_copy_of_train_is_exactly_as_useful_as_train():
    """Oracle 2: fidelity and utility at the ceiling; only the privacy metrics may object."""
    for name, found in said(TSTR(), TRAIN, TRAIN, HOLDOUT).items():
        assert found.excess.value == 0, name
        assert found.estimate == found.holdout


def test_fresh_rows_are_as_useful_as_train_and_shuffled_ones_useless():
    """Oracles 1 and 7: all dependence destroyed leaves the floor."""
    fresh, broken = mixed(1_000, 3), column_by_column(mixed(1_000, 3))
    assert relative(fresh).estimate.low > 0.8
    assert relative(broken).estimate.high < 0.3
    floor = said(TSTR(), TRAIN, broken, HOLDOUT)["utility.tstr"]
    assert floor.baseline.value == 0.5
    assert floor.estimate.value == pytest.approx(0.5, abs=0.1)


def test_labels_turned_round_turn_the_ranking_round():
    """Oracle 11: the area becomes one minus what it was."""
    y = TRAIN.levels("y")
    found = said(TSTR(), TRAIN, changed(TRAIN, y=1 - y), HOLDOUT)["utility.tstr"]
    assert found.estimate.value == pytest.approx(1 - found.holdout.value, abs=0.01)


def test_label_noise_costs_accuracy_on_its_own_labels_only():
    """With 30 % of labels flipped, a model still ranks real rows, worse and never better."""
    rng = np.random.default_rng(0)
    y = TRAIN.levels("y")
    noisy = changed(TRAIN, y=np.where(rng.random(1_000) < 0.3, 1 - y, y).astype(np.int32))
    found = said(TSTR(), TRAIN, noisy, HOLDOUT)["utility.tstr"]
    assert found.excess.high < 0
    assert found.estimate.value > 0.6


def test_a_copy_added_to_train_is_no_gain():
    """Oracle 21: every row twice."""
    found = said(TATR(), TRAIN, TRAIN, HOLDOUT)["utility.tatr"]
    assert found.excess.low <= 0 <= found.excess.high


def test_a_thousand_more_real_rows_are_a_gain():
    found = said(TATR(), TRAIN, mixed(1_000, 3), mixed(4_000, 2))["utility.tatr"]
    assert found.excess.low > 0


def test_a_class_that_synthetic_rows_lack_is_never_recalled():
    only = mixed(1_000, 3)
    only = only.take(np.flatnonzero(only.levels("y") == 0))
    found = said(TSTR(), TRAIN, only, HOLDOUT)
    assert found["utility.tstr"].estimate.value == 0.5
    rare = int(np.bincount(TRAIN.levels("y")).argmin())
    assert found["utility.tstr.boosted.minority_recall"].estimate.value == (rare == 0)


def test_labels_spelled_otherwise_teach_nothing():
    """Code 2 is any label that train does not have."""
    found = said(TSTR(), TRAIN, changed(TRAIN).with_schema(spelled(TRAIN)), HOLDOUT)["utility.tstr"]
    assert found.estimate.value == 0.5


def spelled(table):
    return table.schema.replacing(Column(name="y", kind="categorical", categories=("No", "Yes"), role="target"))


def test_three_classes_are_averaged_one_against_the_rest():
    schema = TRAIN.schema.with_target("c0")
    found = said(TSTR(), *(mixed(600, seed).with_schema(schema) for seed in (1, 3, 2)))
    assert 0.4 < found["utility.tstr"].estimate.value < 0.65  # four classes, hardly tied to the rest
    assert found["utility.tstr.boosted.accuracy"].baseline.value == pytest.approx(0.25, abs=0.05)


def test_a_numeric_target_is_scored_by_explained_variance():
    """x0 given the class: the sign of half the variance is known; the mean explains nothing."""
    schema = TRAIN.schema.with_target("x0")
    found = said(TSTR(), *(mixed(800, seed).with_schema(schema) for seed in (1, 3, 2)))
    assert set(found) == {
        "utility.tstr",
        *(f"utility.tstr.{learner}.{score}" for learner in ("linear", "boosted") for score in ("r2", "rmse", "mae")),
    }
    assert found["utility.tstr.linear.r2"].estimate.value == pytest.approx(0.28, abs=0.08)
    assert found["utility.tstr"].baseline.value == pytest.approx(0, abs=0.01)
    assert found["utility.tstr.boosted.rmse"].better == "lower"


def test_a_missing_target_leaves_its_rows_out():
    y = TRAIN.levels("y").copy()
    y[:400] = -1
    found = said(TSTR(), changed(TRAIN, y=y), mixed(1_000, 3), HOLDOUT)["utility.tstr"]
    assert found.n_real == found.n_synthetic == 600
    assert found.sampled


@pytest.mark.parametrize(
    ("train", "synthetic", "holdout", "reason"),
    [
        (TRAIN, changed(TRAIN, y=np.full(1_000, -1)), HOLDOUT, "missing in every synthetic row"),
        (changed(TRAIN, y=np.zeros(1_000, np.int32)), TRAIN, HOLDOUT, "one value in train"),
        (TRAIN, TRAIN, changed(HOLDOUT, y=np.ones(1_000, np.int32)), "one value in holdout"),
        (TRAIN, TRAIN, mixed(19, 5), "19 rows of holdout"),
        (TRAIN.select(["y"]), TRAIN.select(["y"]), HOLDOUT.select(["y"]), "no column to predict"),
        (*(table.with_schema(table.schema.with_target(None)) for table in (TRAIN, TRAIN, HOLDOUT)), "role target"),
    ],
)
@pytest.mark.parametrize("metric", [TSTR(), TATR(), RelativeUtility()])
def test_what_can_not_be_judged_is_skipped_with_the_reason(metric, train, synthetic, holdout, reason):
    (result,) = told(metric, train, synthetic, holdout).values()
    assert isinstance(result, Skipped)
    assert reason in result.reason


def test_no_share_is_kept_of_what_real_rows_do_not_teach():
    (result,) = told(RelativeUtility(), binary(500, 1), binary(500, 2), binary(500, 3)).values()
    assert isinstance(result, Skipped)
    assert "real rows do not teach the target" in result.reason


def test_ceilings_have_the_size_of_what_is_tried():
    """500 synthetic rows are held to 500 train rows, not to 1,000."""
    found = said(TSTR(), TRAIN, mixed(500, 3), HOLDOUT)["utility.tstr"]
    assert (found.n_real, found.n_synthetic) == (500, 500)
    whole = said(TATR(), TRAIN, mixed(500, 3), HOLDOUT)["utility.tatr"]
    assert (whole.n_real, whole.n_synthetic) == (1_000, 500)


def test_a_model_is_fitted_once_for_all_that_ask(monkeypatch):
    comparison = Comparison(TRAIN, mixed(1_000, 3), HOLDOUT)
    task = task_of(comparison)
    first = figures(comparison, task, "boosted", (("train", 1_000),))
    assert figures(comparison, task, "boosted", (("train", 1_000),)) is first


def test_grouped_test_rows_widen_the_interval():
    """Every holdout row five times, as five rows of one person: the interval must not shrink with the copies."""
    person = Column(name="person", kind="integer", role="group")
    plain = said(TSTR(), TRAIN, TRAIN, HOLDOUT.take(np.arange(300)))["utility.tstr"].estimate
    tables = [grouped(TRAIN, person, 1), grouped(HOLDOUT.take(np.arange(300)), person, 5)]
    found = said(TSTR(), tables[0], tables[0], tables[1])["utility.tstr"].estimate
    assert found.high - found.low > 0.7 * (plain.high - plain.low)


def grouped(table, person, times):
    rows = np.repeat(np.arange(len(table)), times)
    values = {**table.take(rows).model_values(), "person": rows.astype(float)}
    return Table.of(Schema((*table.schema.columns, person)), values)


def test_half_of_a_mixture_is_measured():
    """500 good rows and 500 shuffled ones keep more than nothing and less than everything."""
    half = joined(mixed(500, 3), column_by_column(mixed(500, 4)))
    assert 0.1 < relative(half).estimate.value < 0.95


def test_every_measurement_has_ceiling_floor_and_excess():
    for metric in (TSTR(), TATR(), RelativeUtility()):
        for found in said(metric, TRAIN, mixed(1_000, 3), HOLDOUT).values():
            assert isinstance(found, Measurement)
            assert None not in (found.holdout, found.baseline, found.excess)


def test_it_works_without_lightgbm(monkeypatch):
    monkeypatch.setattr(boosting, "_lightgbm", lambda: None)
    found = said(TSTR(), mixed(400, 1), mixed(400, 3), HOLDOUT)["utility.tstr"]
    assert found.estimate.low > 0.7


def test_ten_thousand_declared_classes_of_which_four_occur_are_four():
    labels = ("a", "b", "c", "d", *(f"class {at}" for at in range(10_000)))
    schema = TRAIN.schema.with_target(None).replacing(
        Column(name="c0", kind="categorical", categories=labels, role="target")
    )
    task = task_of(Comparison(*(mixed(300, seed).with_schema(schema) for seed in (1, 3, 2))))
    assert task.classes == 5
    assert task.trained.tolist() == [True] * 4 + [False]


def test_too_many_classes_are_said_to_be_too_many():
    labels = tuple(f"class {at}" for at in range(200))
    schema = TRAIN.schema.with_target(None).replacing(
        Column(name="c0", kind="categorical", categories=labels, role="target")
    )
    codes = np.arange(1_000, dtype=np.int32) % 200
    tables = [Table.of(schema, {**mixed(1_000, seed).model_values(), "c0": codes}) for seed in (1, 3, 2)]
    (result,) = told(TSTR(), *tables).values()
    assert isinstance(result, Skipped)
    assert "200 classes" in result.reason


def test_classes_that_train_lacks_are_one_class_that_nothing_predicts():
    """Train shows b and d; the holdout and the synthetic rows also show a and c."""
    schema = TRAIN.schema.with_target("c0")
    tables = [mixed(400, seed).with_schema(schema) for seed in (1, 3, 2)]
    odd = np.flatnonzero(tables[0].levels("c0") % 2)
    comparison = Comparison(tables[0].take(odd), tables[1], tables[2])
    task = task_of(comparison)
    assert set(task.y["train"]) == {0, 1}
    assert set(task.y["holdout"]) == set(task.y["synthetic"]) == {0, 1, 2}
    assert figures(comparison, task, "boosted", (("train", len(odd)),))["accuracy"].value < 0.6


def test_gains_of_doubled_rows_are_the_baseline_of_tatr():
    """Train over again is the control: whatever it gains, copies gain the same, and fresh rows gain more."""
    copied = said(TATR(), TRAIN, TRAIN, HOLDOUT)
    assert all(found.estimate.value == found.baseline.value for found in copied.values())
    fresh = said(TATR(), TRAIN, mixed(1_000, 3), HOLDOUT)["utility.tatr"]
    assert fresh.baseline == copied["utility.tatr"].baseline
    assert fresh.estimate.value > fresh.baseline.value > 0.7


def trts(synthetic, train=TRAIN, holdout=HOLDOUT):
    return said(TRTS(), train, synthetic, holdout)["utility.trts"]


def test_the_targets_of_fresh_rows_follow_as_closely_as_those_of_the_holdout():
    """20 fresh tables; the mean excess lies within four standard errors of 0, which chance leaves once in 15,000."""
    gaps = [trts(mixed(600, seed), holdout=mixed(600, 100 + seed)).excess for seed in range(200, 220)]
    values = np.array([gap.value for gap in gaps])
    assert abs(values.mean()) < 4 * values.std() / np.sqrt(20)
    assert sum(not gap.low <= 0 <= gap.high for gap in gaps) < 5


def test_a_third_of_targets_dealt_anew_leaves_two_thirds_of_the_skill():
    """Dealt among themselves they hang on nothing: the area above one half is linear in the share of true targets."""
    fresh, rng = mixed(3_000, 3), np.random.default_rng(0)
    y, dealt = fresh.levels("y").copy(), np.arange(1_000)
    y[dealt] = y[rng.permutation(dealt)]
    noisy = trts(changed(fresh, y=y))
    assert noisy.estimate.low < 2 / 3 < noisy.estimate.high < 0.75
    assert noisy.estimate.value == pytest.approx(2 / 3 * trts(fresh).estimate.value, abs=0.06)


def test_reversed_targets_turn_the_skill_round():
    fresh = mixed(1_000, 3)
    assert trts(changed(fresh, y=1 - fresh.levels("y"))).estimate.value == pytest.approx(-trts(fresh).estimate.value)


def test_a_target_without_variety_is_skipped_with_the_reason():
    fresh = mixed(100, 3)
    one = told(TRTS(), TRAIN, changed(fresh, y=np.zeros(100, dtype=np.int32)), HOLDOUT)["utility.trts"]
    assert isinstance(one, Skipped)
    assert "one value in the synthetic rows" in one.reason
    few = told(TRTS(), TRAIN, fresh.head(19), HOLDOUT)["utility.trts"]
    assert isinstance(few, Skipped)
    assert "19 synthetic rows" in few.reason
