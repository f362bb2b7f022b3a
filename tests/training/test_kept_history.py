"""A monitor that is saved and read again goes on as if nothing had happened; other files are refused."""

import json
import math

import pytest

from synthwright.errors import BadInput, UsageError
from synthwright.seeding import Streams
from synthwright.training import SourceMonitor
from synthwright.training.divergence import null_curves


def one_epoch(monitor, synthetic, real):
    if math.isfinite(synthetic):
        monitor.batch([True], loss=[synthetic], accuracy=[0.5])
    monitor.validate(loss=[real, real + 1])
    return monitor.close_epoch()


def test_a_resumed_training_gives_the_same_history_and_the_same_alarm(tmp_path):
    made, real = null_curves(2, 24, 0.3, Streams(1)) * 0.5
    made, real = made - range(24), real + range(24)
    made[3] = math.nan
    whole, resumed = SourceMonitor(epochs=24), SourceMonitor(epochs=24)
    for epoch in range(24):
        one_epoch(whole, made[epoch], real[epoch])
        one_epoch(resumed, made[epoch], real[epoch])
        resumed.save(tmp_path / "monitor.json")
        resumed = SourceMonitor.load(str(tmp_path / "monitor.json"))
        assert resumed.to_json() == whole.to_json()
    assert resumed.alarm == whole.alarm
    assert 8 < whole.alarm.epoch < 23


def test_a_monitor_without_alarm_or_epochs_is_read_too(tmp_path):
    SourceMonitor(epochs=5_000, false_alarms=None).save(tmp_path / "a.json")
    read = SourceMonitor.load(tmp_path / "a.json")
    assert (read.epochs, read.false_alarms, list(read.history)) == (5_000, None, [])


RECORD = {"epoch": 0, "part": "train real", "rows": 2, "loss": 1.0}
WHOLE = {"epochs": 3, "false_alarms": 0.05, "history": [RECORD]}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"history": 3}, "no list of records"),
        ({"history": [RECORD | {"epoch": 1}]}, "epoch 1 is out of turn"),
        ({"history": [RECORD, RECORD]}, "epoch 0 is out of turn"),
        ({"history": [RECORD | {"epoch": -1}]}, "no whole number"),
        ({"history": [RECORD | {"rows": 0}]}, "no rows"),
        ({"history": [RECORD | {"rows": True}]}, "no whole number"),
        ({"history": [RECORD | {"part": "test"}]}, "unknown part"),
        ({"history": [RECORD | {"part": ["train real"]}]}, "unknown part"),
        ({"history": [RECORD | {"loss": "low"}]}, "no number"),
        ({"history": [RECORD | {"auc": float("inf")}]}, "no number"),
        ({"history": [{"epoch": 0, "part": "train real", "rows": 2}]}, "no loss"),
    ],
)
def test_files_with_other_content_are_refused(change, says, tmp_path):
    path = tmp_path / "monitor.json"
    path.write_text(json.dumps(WHOLE))
    assert SourceMonitor.load(path).losses("train real").tolist() == [1.0]
    path.write_text(json.dumps(WHOLE | change))
    with pytest.raises(BadInput, match=says):
        SourceMonitor.load(path)


@pytest.mark.parametrize("text", ["", "[]", "{}", "[" * 100_000, "\x00"])
def test_files_that_no_monitor_wrote_are_refused(text, tmp_path):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(BadInput, match="is no history"):
        SourceMonitor.load(tmp_path / "x.json")
    with pytest.raises(BadInput, match="is no history"):
        SourceMonitor.load(tmp_path / "absent.json")
    with pytest.raises(BadInput, match="is no history"):
        SourceMonitor.load(tmp_path)


@pytest.mark.parametrize("change", [{"epochs": "many"}, {"epochs": 0}, {"false_alarms": "few"}, {"false_alarms": 2}])
def test_settings_that_no_monitor_has_are_refused(change, tmp_path):
    (tmp_path / "x.json").write_text(json.dumps(WHOLE | change))
    with pytest.raises(UsageError):
        SourceMonitor.load(tmp_path / "x.json")
