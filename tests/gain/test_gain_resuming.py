"""A second call pays for what is new alone; what a killed one left is used; damage is made good, never believed."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import synthwright as sw
from synthwright.errors import UsageError
from synthwright.generators.tabular.gaussian_copula import GaussianCopula
from synthwright.learning.boosting import Boosting
from synthwright.learning.estimators import Estimator
from synthwright.pipeline.digesting import learner_key
from synthwright.pipeline.keeping import Kept


def table(rows, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows)).round(3)
    return pd.DataFrame({"x": x, "y": y, "won": np.where(x * y + 0.5 * rng.normal(size=rows) > 0.3, "yes", "no")})


TRAIN, HOLDOUT = table(200, 1), table(300, 2)
METHODS = ("tabular.gaussian_copula",)


class Counting:
    """What was trained, and how often a generator was fitted."""

    def __init__(self, monkeypatch):
        self.trials, self.fits = [], 0
        fit = GaussianCopula.fit

        def counted(generator, reference, context):
            self.fits += 1
            return fit(generator, reference, context)

        monkeypatch.setattr(GaussianCopula, "fit", counted)

    def asked(self, **options):
        self.trials, self.fits = [], 0
        options = {"methods": METHODS, "ratios": (1, 2), "seeds": 1, "learners": ("linear",), **options}
        return sw.gain(
            TRAIN, target="won", holdout=HOLDOUT, progress=lambda event: self.trials.append(event.note), **options
        )


@pytest.fixture
def counting(monkeypatch):
    return Counting(monkeypatch)


def test_the_same_question_again_trains_nothing_and_gives_the_same_answer(counting, tmp_path):
    plain = counting.asked()
    assert counting.fits == 2  # on the inner part, and on all of train
    first = counting.asked(cache=tmp_path)
    again = counting.asked(cache=tmp_path)
    assert counting.trials == []
    assert plain.to_json_value() == first.to_json_value() == again.to_json_value()
    assert {name: cost.total for name, cost in first.costs.items()} == {
        name: cost.total for name, cost in again.costs.items()
    }


def test_one_more_ratio_fits_no_generator_again_and_trains_the_new_cells_alone(counting, tmp_path):
    counting.asked(cache=tmp_path)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.safetensors") if "cells" in path.parts}
    wider = counting.asked(cache=tmp_path, ratios=(1, 2, 3))
    assert counting.fits == 0
    after = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*.safetensors") if "cells" in path.parts}
    assert {path: after[path] for path in before} == before
    # Two stages, each: with real rows and without, and the real rows again.
    assert len(after) - len(before) == 2 * 3
    assert wider.to_json_value() == counting.asked(ratios=(1, 2, 3)).to_json_value()


def test_one_more_learner_or_seed_leaves_the_generators_alone(counting, tmp_path):
    counting.asked(cache=tmp_path)
    more = counting.asked(cache=tmp_path, learners=("linear", "boosted"))
    assert counting.fits == 0
    assert more.to_json_value() == counting.asked(learners=("linear", "boosted")).to_json_value()
    counting.asked(cache=tmp_path, seeds=2)
    assert counting.fits == 2
    assert all("seed 1" in note for note in counting.trials)


def test_other_rows_settings_and_estimators_are_never_taken_for_these(counting, tmp_path):
    counting.asked(cache=tmp_path)
    counting.asked(cache=tmp_path, methods=(GaussianCopula(margins="parametric"),))
    assert counting.fits == 2
    estimator = {"mine": LogisticRegression(C=1.0)}
    counting.asked(cache=tmp_path, estimator=estimator)
    counting.asked(cache=tmp_path, estimator=estimator)
    assert counting.trials == []
    counting.asked(cache=tmp_path, estimator={"mine": LogisticRegression(C=0.1)})
    assert counting.trials


def test_an_estimator_that_cannot_be_told_from_another_is_trained_again(counting, tmp_path):
    assert learner_key(Boosting()) != learner_key(Boosting(trees=50))
    assert learner_key(Estimator(model=make_pipeline(FunctionTransformer(np.sign), LogisticRegression()))) is None
    odd = {"odd": make_pipeline(FunctionTransformer(np.sign), LogisticRegression())}
    first = counting.asked(cache=tmp_path, estimator=odd)
    again = counting.asked(cache=tmp_path, estimator=odd)
    assert counting.trials
    assert first.to_json_value() == again.to_json_value()


def test_workers_share_what_is_kept(tmp_path, counting):
    one = counting.asked(cache=tmp_path, workers=2)
    assert one.to_json_value() == counting.asked(cache=tmp_path).to_json_value()
    assert counting.trials == []


def test_damaged_and_exchanged_files_are_made_anew(counting, tmp_path):
    right = counting.asked(cache=tmp_path).to_json_value()
    cells = sorted(path for path in tmp_path.rglob("*.safetensors") if "cells" in path.parts)
    cells[0].write_bytes(cells[0].read_bytes()[:-9])
    cells[1].write_bytes(b"")
    cells[2].write_bytes(cells[3].read_bytes())
    content = bytearray(cells[4].read_bytes())
    content[-3] ^= 1
    cells[4].write_bytes(bytes(content))
    model = next(path for path in tmp_path.rglob("model.json"))
    model.write_text("{}")
    assert counting.asked(cache=tmp_path).to_json_value() == right
    assert counting.trials
    fits = counting.fits
    counting.asked(cache=tmp_path, ratios=(1, 2, 3))
    assert fits + counting.fits == 1  # the damaged one


def test_what_is_kept_is_read_back_under_its_own_name_only():
    kept = Kept({"predictions": np.array([[0.25, 0.75]])}, {"making": 1.5, "training": 2.5})
    content = kept.to_bytes("a")
    back = Kept.of_bytes(content, "a")
    assert back.arrays["predictions"].tolist() == [[0.25, 0.75]]
    assert back.told == {"making": 1.5, "training": 2.5}
    assert Kept.of_bytes(content, "b") is None
    assert Kept.of_bytes(content.replace(b"2.5", b"9.5"), "a") is None
    assert Kept.of_bytes(b"\xff" * 40, "a") is None


def test_a_finished_folder_is_gone_on_with_only_when_asked(counting, tmp_path):
    out = tmp_path / "gain"
    counting.asked(out=out)
    first = json.loads((out / "gain.json").read_text())
    with pytest.raises(UsageError, match="exists already"):
        counting.asked(out=out)
    counting.asked(out=out, resume=True, ratios=(1, 2, 3))
    assert counting.fits == 0
    second = json.loads((out / "gain.json").read_text())
    assert len(second["cells"]) > len(first["cells"])
    assert {path.name for path in out.iterdir()} == {"gain.json", "gain.html", "times.json", "private"}
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("mine")
    with pytest.raises(UsageError, match="no gain experiment"):
        counting.asked(out=other, resume=True)
    assert [path.name for path in other.iterdir()] == ["letter.txt"]


def test_what_is_refused_at_the_start_leaves_no_folder(tmp_path, counting):
    with pytest.raises(sw.SynthwrightError):
        counting.asked(out=tmp_path / "gain", score="nothing")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="a kill that nothing can catch")
def test_a_killed_experiment_is_gone_on_with(tmp_path, counting):
    whole = counting.asked(seeds=2)
    TRAIN.to_csv(tmp_path / "train.csv", index=False)
    HOLDOUT.to_csv(tmp_path / "holdout.csv", index=False)
    out = tmp_path / "gain"
    words = [sys.executable, "-m", "synthwright", "gain", str(tmp_path / "train.csv"), "--target", "won"]
    words += ["--holdout", str(tmp_path / "holdout.csv"), "--method", METHODS[0], "--ratios", "1,2", "--seeds", "2"]
    words += ["--learner", "linear", "--out", str(out)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 240
    while len(list(out.rglob("cells/*/*.safetensors"))) < 12 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "gain.json").exists()
    kept = {path.stem for path in out.rglob("cells/*/*.safetensors")}
    assert len(kept) >= 12
    done = subprocess.run([*words, "--resume"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    written = json.loads((out / "gain.json").read_text())
    assert written == json.loads(json.dumps(whole.to_json_value()))
    assert kept <= {path.stem for path in out.rglob("cells/*/*.safetensors")}


def test_another_holdout_leaves_generators_and_the_choice_as_they_are(counting, tmp_path):
    def asked(**options):
        counting.trials = []
        return sw.gain(
            TRAIN,
            target="won",
            holdout=table(300, 9),
            methods=METHODS,
            ratios=(1, 2),
            seeds=1,
            learners=("linear",),
            progress=lambda event: counting.trials.append(event.note),
            **options,
        )

    first = counting.asked(cache=tmp_path)
    later = asked(cache=tmp_path)
    assert counting.fits == 2  # those of the first call
    assert counting.trials
    assert all("holdout" in note for note in counting.trials)
    expected = {row.cell: row.expected for row in first.rows}
    assert {row.cell: row.expected for row in later.rows} == expected
    assert later.to_json_value() == asked().to_json_value()


def test_a_script_is_known_by_the_files_that_its_command_names(tmp_path):
    path = tmp_path / "train.py"
    path.write_text("one")
    command = f"python {path}"
    first = learner_key(sw.Script(command=command))
    assert learner_key(sw.Script(command=command, timeout_s=5)) == first
    assert learner_key(sw.Script(command=command + " --deep")) != first
    path.write_text("two")
    assert learner_key(sw.Script(command=command)) != first
