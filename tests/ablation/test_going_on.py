"""A stopped ablation, focus or collapse watch is gone on with: what was made is used again, with the same answer."""

import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.errors import UsageError
from synthwright.generators.tabular.gaussian_copula import GaussianCopula
from synthwright.pipeline.ablation import experiment as ablating
from synthwright.pipeline.collapse import rounds as walking
from synthwright.pipeline.focus import experiment as focusing
from synthwright.pipeline.focus import finding

METHOD = "tabular.gaussian_copula"


def table(rows, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows)).round(3)
    city = rng.choice(["A", "B", "C"], rows)
    luck = np.where(city == "C", 9.0, 0.3) * rng.normal(size=rows)
    return pd.DataFrame({"x": x, "y": y, "city": city, "won": np.where(x + luck > 0, "yes", "no")})


TRAIN, HOLDOUT = table(600, 1), table(300, 2)


def ablate(**options):
    return sw.ablate(TRAIN, methods=(METHOD,), **{"seeds": 2, **COMMON, **options})


def focus(**options):
    return sw.focus_errors(TRAIN, method=METHOD, columns=["city", "x"], **{"seeds": 2, **COMMON, **options})


def collapse(**options):
    return sw.collapse_watch(TRAIN, method=METHOD, **{"seeds": 2, "rounds": 2, **COMMON, **options})


COMMON = {"target": "won", "holdout": HOLDOUT}
ASKED = {"ablation": ablate, "focus": focus, "collapse": collapse}
WORK = {
    "ablation": [(ablating, "trial")],
    "focus": [(focusing, "trial"), (finding, "trial")],
    "collapse": [(walking, "variety_of")],
}


@pytest.fixture
def work(monkeypatch):
    """What was done of each kind, and how often a generator was fitted."""
    done = dict.fromkeys([*WORK, "fits"], 0)

    def counting(place, name, kind):
        kept = getattr(place, name)

        def counted(*args, **options):
            done[kind] += 1
            return kept(*args, **options)

        monkeypatch.setattr(place, name, counted)

    for kind, places in WORK.items():
        for place, name in places:
            counting(place, name, kind)
    counting(GaussianCopula, "fit", "fits")
    return done


@pytest.mark.parametrize("kind", ASKED)
def test_the_same_question_again_makes_nothing_and_gives_the_same_answer(kind, work, tmp_path):
    plain = ASKED[kind]().to_json_value()
    first = ASKED[kind](cache=tmp_path).to_json_value()
    assert work[kind] > 0
    assert work["fits"] > 0
    work |= dict.fromkeys(work, 0)
    assert ASKED[kind](cache=tmp_path).to_json_value() == first == plain
    assert set(work.values()) == {0}


@pytest.mark.parametrize("kind", ASKED)
def test_one_more_seed_pays_for_that_seed_alone(kind, work, tmp_path):
    ASKED[kind](cache=tmp_path, seeds=1)
    once = dict(work)
    more = ASKED[kind](cache=tmp_path, seeds=2).to_json_value()
    assert work["fits"] - once["fits"] == once["fits"]
    work |= dict.fromkeys(work, 0)
    assert more == ASKED[kind](seeds=2).to_json_value()
    assert kind == "collapse" or work["fits"] == 2 * once["fits"]  # its modes share their first round


@pytest.mark.parametrize("kind", ASKED)
def test_another_holdout_is_never_taken_for_this_one_and_models_are_not_fitted_again(kind, work, tmp_path):
    ASKED[kind](cache=tmp_path)
    work |= dict.fromkeys(work, 0)
    other = table(300, 9)
    found = ASKED[kind](cache=tmp_path, holdout=other).to_json_value()
    assert work[kind] > 0
    assert kind == "collapse" or work["fits"] == 0
    assert found == ASKED[kind](holdout=other).to_json_value()


def test_one_more_round_of_a_collapse_watch_pays_for_that_round_alone(work, tmp_path):
    collapse(cache=tmp_path)
    work |= dict.fromkeys(work, 0)
    more = collapse(cache=tmp_path, rounds=3).to_json_value()
    assert work["fits"] == work["collapse"] == 2 * 2  # modes and chains
    assert more == collapse(rounds=3).to_json_value()


def test_damaged_files_are_made_anew(work, tmp_path):
    right = ablate(cache=tmp_path).to_json_value()
    for path in (tmp_path / "ablation").rglob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-5])
    assert ablate(cache=tmp_path).to_json_value() == right
    assert work["fits"] == 2


@pytest.mark.parametrize("kind", ASKED)
def test_a_folder_is_gone_on_with_only_when_asked_and_only_by_its_kind(kind, work, tmp_path):
    out = tmp_path / "out"
    found = ASKED[kind](out=out, seeds=1)
    assert {path.name for path in out.iterdir()} == {f"{kind}.json", f"{kind}.html", "private"}
    with pytest.raises(UsageError, match="exists already"):
        ASKED[kind](out=out, seeds=1)
    work |= dict.fromkeys(work, 0)
    assert ASKED[kind](out=out, seeds=1, resume=True).to_json_value() == found.to_json_value()
    assert set(work.values()) == {0}
    other = "collapse" if kind != "collapse" else "ablation"
    with pytest.raises(UsageError, match="holds no"):
        ASKED[other](out=out, resume=True)
    with pytest.raises(UsageError, match="holds no gain experiment"):
        sw.gain(TRAIN, methods=(METHOD,), out=out, resume=True, **COMMON)


@pytest.mark.skipif(os.name == "nt", reason="a kill that nothing can catch")
def test_a_killed_ablation_is_gone_on_with(tmp_path):
    TRAIN.to_csv(tmp_path / "train.csv", index=False)
    HOLDOUT.to_csv(tmp_path / "holdout.csv", index=False)
    out = tmp_path / "out"
    words = [sys.executable, "-m", "synthwright", "ablate", str(tmp_path / "train.csv"), "--target", "won"]
    words += ["--holdout", str(tmp_path / "holdout.csv"), "--method", METHOD, "--seeds", "4", "--out", str(out)]
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    deadline = time.monotonic() + 240
    while len(list(out.rglob("ablation/*/*.safetensors"))) < 1 and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert not (out / "ablation.json").exists()
    kept = {path: path.stat().st_mtime_ns for path in out.rglob("ablation/*/*.safetensors")}
    assert kept
    done = subprocess.run([*words, "--resume"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert {path: path.stat().st_mtime_ns for path in kept} == kept
    whole = ablate(seeds=4).to_json_value()
    assert json.loads((out / "ablation.json").read_text()) == json.loads(json.dumps(whole))
    lost = subprocess.run([*words[:-2], "--resume"], capture_output=True, text=True, check=False)
    assert lost.returncode == 2
    assert "--resume goes on in the folder of --out" in lost.stderr
