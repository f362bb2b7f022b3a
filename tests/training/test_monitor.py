"""Losses apart by source, and an alarm that is as seldom false as it says."""

import json
import math

import numpy as np
import pytest
import torch

from synthwright.errors import BadInput, UsageError
from synthwright.seeding import Streams
from synthwright.training import SourceMonitor
from synthwright.training.divergence import divergence, null_curves, rises, thresholds

TRAININGS = 400
RATE = 0.05
# Of 400 trainings at a rate of 5 %, 31 or more alarms have a chance of under 1.2 % (binomial); seeds are fixed.
MOST = 30


def monitored(synthetic, real, **settings):
    monitor = SourceMonitor(epochs=len(real), **settings)
    for made, valid in zip(synthetic, real, strict=True):
        if not math.isnan(made):
            monitor.batch([True], loss=[made])
        monitor.validate(loss=[valid])
        monitor.close_epoch()
    return monitor


def alarms(synthetic, real):
    """How many of the trainings ever give an alarm; the same rule as `divergence`, for all of them at once."""
    risen, fallen = np.zeros((2, *real.shape), dtype=bool)
    for window, threshold in thresholds(real.shape[1], RATE).items():
        risen[:, window - 1 :] |= rises(real, window) > threshold
        fallen[:, window - 1 :] |= rises(-synthetic, window) > threshold
    return int((risen & fallen).any(axis=1).sum())


@pytest.mark.parametrize("memory", [0.0, 0.4, 0.7])
@pytest.mark.parametrize("epochs", [15, 40])
def test_trainings_without_divergence_give_an_alarm_as_seldom_as_stated(epochs, memory):
    """400 each: synthetic falls and real is flat or falls in a bend; synthetic is flat and real rises."""
    noise = null_curves(TRAININGS, epochs, memory, Streams(5).at(epochs, "a"))
    other = null_curves(TRAININGS, epochs, memory, Streams(5).at(epochs, "b"))
    steps = np.arange(epochs)
    assert alarms(other - 2.0 * steps, noise) <= MOST
    assert alarms(other - 2.0 * steps, noise + 20 * np.exp(-steps / 4)) <= MOST
    assert alarms(noise, other + 2.0 * steps) <= MOST
    assert alarms(noise, other) <= MOST


def test_the_stated_rate_is_used_up_where_it_is_hardest_to_keep():
    """At the largest correlation promised: neither more than 5 % (binomial, as above) nor far less."""
    noise = null_curves(TRAININGS * 4, 30, 0.7, Streams(6))
    falling = -2.0 * np.arange(30) + null_curves(TRAININGS * 4, 30, 0.7, Streams(7))
    assert 0.02 * TRAININGS * 4 < alarms(falling, noise) <= MOST * 4


@pytest.mark.parametrize(("rise", "least"), [(0.5, 0.95), (1.0, 0.99)])
def test_planted_divergence_is_seen(rise, least):
    """From epoch 20 of 40 real losses rise by `rise` noise deviations an epoch while synthetic ones fall."""
    real = null_curves(TRAININGS, 40, 0.4, Streams(8)) + rise * np.maximum(np.arange(40) - 19, 0)
    made = null_curves(TRAININGS, 40, 0.4, Streams(9)) - rise * np.arange(40)
    assert alarms(made, real) >= least * TRAININGS


def test_the_monitor_and_the_rule_agree_and_the_first_alarm_stays():
    real = null_curves(3, 30, 0.4, Streams(10)) + 1.5 * np.maximum(np.arange(30) - 12, 0)
    made = null_curves(3, 30, 0.4, Streams(11)) - 1.5 * np.arange(30)
    for at in range(3):
        monitor = monitored(made[at] + 100, real[at] + 100)
        first = next(
            epoch
            for epoch in range(30)
            if divergence(made[at, : epoch + 1].tolist(), real[at, : epoch + 1].tolist(), epochs=30)
        )
        assert monitor.alarm.epoch == first
        assert 13 <= first <= 22
        assert monitor.alarm.rise > 0
        assert monitor.alarm.fall > 0
        assert str(monitor.alarm).startswith(f"Up to epoch {first} the loss on real validation rows rose by")


def test_smooth_curves_that_only_fall_never_alarm_and_straight_divergence_does():
    steps = np.arange(40)
    fallen = 3 * np.exp(-steps / 5)
    assert monitored(fallen, fallen).alarm is None
    assert monitored(fallen, np.full(40, 0.7)).alarm is None
    assert monitored(5 - 0.1 * steps, 1 + 0.1 * steps).alarm.epoch == 7  # the first 8 epochs
    assert monitored(1 + 0.1 * steps, 1 + 0.1 * steps).alarm is None
    rounded = 0.7 + 1e-17 * 7 * steps  # a staircase of rounding errors
    assert len(set(rounded)) > 3
    assert monitored(5 - 0.1 * steps, rounded).alarm is None


def test_scale_and_level_of_losses_change_nothing():
    curves = null_curves(50, 24, 0.5, Streams(12)) + 0.5 * np.arange(24)
    for window in (8, 24):
        assert rises(curves, window) == pytest.approx(rises(1e-6 * curves + 40, window), rel=1e-4)


def test_likelihood_gain_by_hand():
    """1, 2, 2, 3 is 0.6 t + 1.1 with residuals -.1, .3, -.3, .1: SSE .2 against 2 without a slope."""
    independent = 4 * math.log(2 / 0.2)
    found = rises(np.array([[1.0, 2, 2, 3]]), 4)[0, 0]
    # With correlations to choose from both sides explain more; residuals alternate, so the line needs none.
    assert 0 < found <= independent
    assert rises(np.array([[3.0, 2, 2, 1]]), 4)[0, 0] == pytest.approx(-found)


def test_figures_are_means_per_row_apart_by_source():
    monitor = SourceMonitor(epochs=2)
    monitor.batch([True, True], loss=3.0)  # one number for rows of one kind
    monitor.batch(["real", "gan"], loss=[1.0, 4.0], accuracy=[False, True])
    monitor.validate(loss=[0.5, 0.7], auc=0.9)
    monitor.validate(loss=[0.6] * 4, synthetic=[0, 0, 1, 1])
    monitor.close_epoch()
    rows = {record["part"]: record for record in monitor.history}
    assert rows["train real"] | {} == {
        "epoch": 0, "part": "train real", "rows": 1, "loss": 1.0, "accuracy": 0.0, "auc": None,
    }  # fmt: skip
    assert rows["train synthetic"]["loss"] == pytest.approx(10 / 3)
    assert rows["train synthetic"]["accuracy"] == 1.0  # of the one row that has it
    assert rows["validation real"]["loss"] == pytest.approx((0.5 + 0.7 + 0.6 + 0.6) / 4)
    assert rows["validation real"]["auc"] == 0.9
    assert rows["validation synthetic"]["rows"] == 2
    assert monitor.best_epoch == 0


def test_tensors_count_as_arrays_do():
    monitor = SourceMonitor(epochs=1)
    loss = torch.tensor([1.0, 2.0], requires_grad=True) * 2
    monitor.batch(torch.tensor([False, True]), loss=loss, right=torch.tensor([1, 0]))
    monitor.validate(loss=torch.tensor([1.5], dtype=torch.bfloat16))
    monitor.close_epoch()
    assert [row["loss"] for row in monitor.history] == [2.0, 4.0, 1.5]


def test_the_history_is_a_frame_and_json(tmp_path):
    monitor = SourceMonitor(epochs=3)
    for loss in (2.0, 1.0, float("nan")):
        monitor.batch([False], loss=[loss])
        monitor.validate(loss=[loss + 1])
        monitor.close_epoch()
    frame = monitor.history.to_pandas()
    assert frame.pivot_table(index="epoch", columns="part", values="loss", dropna=False)["train real"][1] == 1.0
    assert monitor.history.to_arrow().column_names == ["epoch", "part", "rows", "loss"]
    monitor.save(tmp_path / "history.json")
    told = json.loads((tmp_path / "history.json").read_text())
    assert told == json.loads(monitor.to_json())
    assert (told["best_epoch"], told["alarm"], told["history"][-1]["loss"]) == (1, None, None)


def test_epochs_without_synthetic_rows_give_no_alarm():
    made = [5 - 0.1 * at if at < 6 else math.nan for at in range(20)]
    assert monitored(made, [1 + 0.1 * at for at in range(20)]).alarm is None


def test_held_out_synthetic_rows_take_the_place_of_those_trained_on():
    monitor = SourceMonitor(epochs=12)
    for epoch in range(12):
        monitor.batch([True], loss=[5 - 0.1 * epoch])
        monitor.validate(loss=[1.0 + 0.1 * epoch, 2.0 + 0.1 * epoch], synthetic=[False, True])
        monitor.close_epoch()
    assert monitor.alarm is None  # held-out synthetic rows get worse, too


def test_no_alarm_is_watched_for_where_none_is_wanted_and_after_the_end():
    steps = [0.1 * at for at in range(20)]
    assert monitored([5 - step for step in steps], steps, false_alarms=None).alarm is None
    monitor = monitored([1.0] * 2, [1.0] * 2)
    monitor.validate(loss=[1.0])
    with pytest.warns(UserWarning, match="made for 2 epochs"):
        monitor.close_epoch()


@pytest.mark.filterwarnings("ignore:The monitor was made for 8 epochs")
def test_what_comes_after_the_end_gives_no_alarm():
    monitor = monitored([5.0] * 8, [0.0] * 8)
    for step in range(20):
        monitor.batch([True], loss=[5 - step])
        monitor.validate(loss=[step])
        assert monitor.close_epoch() is None
    assert len(monitor.losses("validation real")) == 28


def test_losses_beyond_all_bounds_are_recorded_and_give_no_alarm():
    monitor = monitored([5.0, math.inf] * 6, [1.0, math.inf] * 6)
    assert monitor.alarm is None
    assert monitor.best_epoch == 0
    assert json.loads(monitor.to_json())["history"][2]["loss"] is None


@pytest.mark.parametrize(
    ("call", "kind", "says"),
    [
        (lambda one: one.batch([True, False], loss=1.0), BadInput, "one number for a batch of real and synthetic"),
        (lambda one: one.batch([True, False], loss=[1.0]), BadInput, "not one number per row"),
        (lambda one: one.batch([True], loss=[[1.0, 2.0]]), BadInput, "not one number per row"),
        (lambda one: one.validate(loss=[1.0, 2.0], auc=[0.5]), BadInput, "auc is not one number per row"),
        (lambda one: one.validate(loss=["high"]), BadInput, "no number"),
        (lambda one: one.validate(loss=[1.0], rows=[1.0]), UsageError, "can't be called 'rows'"),
        (lambda one: one.close_epoch(), UsageError, "Nothing was counted in epoch 0"),
        (lambda one: one.losses("test"), UsageError, "no part called"),
        (lambda one: SourceMonitor(epochs=0), UsageError, "epochs is no whole number"),
        (lambda one: SourceMonitor(epochs=5, false_alarms=0), UsageError, "from 0.01 to 0.5"),
        (lambda one: SourceMonitor(epochs=5_000), UsageError, "false_alarms=None"),
    ],
)
def test_what_can_t_be_monitored_is_refused(call, kind, says):
    monitor = SourceMonitor(epochs=3)
    with pytest.raises(kind, match=says):
        call(monitor)
    assert list(monitor.history) == []
    with pytest.raises(UsageError, match="Nothing was counted"):
        monitor.close_epoch()  # a refused batch leaves nothing behind
