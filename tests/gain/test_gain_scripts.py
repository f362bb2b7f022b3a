"""A user's script as a learner: what it gets, what it has to write, and one clear error for everything else."""

import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import synthwright as sw
from synthwright.data.schema import Column
from synthwright.errors import BadInput, OutOfResource, UsageError
from synthwright.learning.predictions_file import read_predictions

TRAINER = """
import os, sys
import numpy as np, pyarrow as pa, pyarrow.csv as csv, pyarrow.parquet as parquet

train, test, out = sys.argv[1:]
read = parquet.read_table if train.endswith(".parquet") else csv.read_csv
train, test = read(train), read(test)
won = np.array(train[os.environ["SYNTHWRIGHT_TARGET"]].to_pylist()) == "yes"
X, rows = (np.stack([one["x"], one["y"], np.ones(len(one))], axis=1) for one in (train, test))
said = np.clip(rows @ np.linalg.lstsq(X, won.astype(float), rcond=None)[0], 0, 1)
made = pa.table({"yes": said, "no": 1 - said})
parquet.write_table(made, out) if out.endswith(".parquet") else csv.write_csv(made, out)
"""

LIGHT = """
import csv, os, sys

train, test, out = sys.argv[1:]
target = os.environ["SYNTHWRIGHT_TARGET"]
rows = list(csv.DictReader(open(train)))
yes, no = ([row for row in rows if row[target] == label] for label in ("yes", "no"))
slope = {name: sum(float(row[name]) for row in yes) / len(yes) - sum(float(row[name]) for row in no) / len(no)
         for name in ("x", "y")}
with open(out, "w") as file:
    print("no,yes", file=file)
    for row in csv.DictReader(open(test)):
        said = 0.5 + 0.05 * max(-9, min(9, sum(slope[name] * float(row[name]) for name in slope)))
        print(f"{1 - said},{said}", file=file)
"""


def table(rows, seed):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, rows)).round(3)
    return pd.DataFrame({"x": x, "y": y, "won": np.where(x + 0.5 * rng.normal(size=rows) > 0.5, "yes", "no")})


TRAIN, HOLDOUT = table(120, 1), table(200, 2)
FEW, ROWS = (sw.read(one, target="won") for one in (TRAIN.head(30), HOLDOUT.head(5)))
WON = Column(name="won", kind="categorical", role="target", categories=("no", "yes"))


def written(folder, text):
    path = folder / "my train.py"
    path.write_text(text)
    return f'"{sys.executable}" "{path}"'


def predicted(command, labels=("no", "yes"), **options):
    script = sw.Script(command=command, **options)
    return script.predict(FEW, ROWS.select(["x", "y"]), target=WON, labels=labels, seed=7)


def test_a_script_is_compared_like_any_learner(tmp_path):
    found = sw.gain(
        TRAIN,
        target="won",
        holdout=HOLDOUT,
        methods=(),
        synthetic={"more": table(120, 3)},
        ratios=(1,),
        seeds=1,
        learners=("linear",),
        script=written(tmp_path, LIGHT),
    )
    scores = {name: base.score.value for name, base in found.real.items()}
    assert scores["script"] == pytest.approx(scores["linear"], abs=0.02)
    arms = {row.cell.arm for row in found.rows if row.cell.learner == "script"}
    assert arms == {"real rows again", "tabular.random_oversample", "more"}  # it knows no class weights


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_it_gets_rows_with_the_target_rows_without_and_says_probabilities(tmp_path, form):
    made = predicted(written(tmp_path, TRAINER), form=form)
    assert made.shape == (5, 2)
    assert made.sum(axis=1) == pytest.approx(np.ones(5))
    assert np.argsort(made[:, 1]).tolist() == np.argsort(HOLDOUT["x"].head(5)).tolist()


def test_what_it_is_told_is_what_is_documented(tmp_path):
    told = tmp_path / "told.json"
    text = (
        "import json, os, sys\n"
        f"json.dump([sys.argv[1:], {{k: v for k, v in os.environ.items() if k.startswith('SYNTHWRIGHT_')}},"
        f" [open(one).read() for one in sys.argv[1:3]]], open({str(told)!r}, 'w'))\n"
        "open(sys.argv[3], 'w').write('won\\n' + 'yes\\n' * 5)\n"
    )
    made = predicted(written(tmp_path, text))
    assert made.tolist() == [[0.0, 1.0]] * 5
    paths, environment, (train, test) = json.loads(told.read_text())
    assert [Path(one).name for one in paths] == ["train.csv", "test.csv", "predictions.csv"]
    assert {name: environment[name] for name in sorted(environment) if name != "SYNTHWRIGHT_DATA"} == {
        "SYNTHWRIGHT_CLASSES": "no\nyes",
        "SYNTHWRIGHT_SEED": "7",
        "SYNTHWRIGHT_TARGET": "won",
        "SYNTHWRIGHT_TASK": "classes",
    }
    assert train.splitlines()[0] == "x,y,won"
    assert test.splitlines()[0] == "x,y"
    assert len(test.splitlines()) == 6
    assert not Path(paths[0]).exists()  # nothing of the rows is left behind


def test_the_places_of_the_files_can_be_named(tmp_path):
    text = "import sys\nopen(sys.argv[1].removeprefix('out='), 'w').write('no,yes\\n' + '1,3\\n' * 5)\n"
    made = predicted(written(tmp_path, text) + " out={predictions}")
    assert made.tolist() == [[0.25, 0.75]] * 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("import sys; print('no such column: age', file=sys.stderr); sys.exit(5)", "exit code 5"),
        ("raise RuntimeError('not today')", "not today"),
        ("pass", "wrote no file predictions.csv"),
        ("import sys; open(sys.argv[3], 'w').write('no,yes\\n.5,.5\\n')", "wrote 1 predictions for 5 test rows"),
        ("import sys; open(sys.argv[3], 'w').write('no,maybe\\n' + '.5,.5\\n' * 5)", "wrote no column 'yes'"),
        ("import sys; open(sys.argv[3], 'w').write('no,yes\\n' + '-1,2\\n' * 5)", "no probabilities"),
        ("import sys; open(sys.argv[3], 'w').write('no,yes\\n' + 'a,b\\n' * 5)", "wrote no numbers in 'no'"),
        ("import sys; open(sys.argv[3], 'w').write('no,yes\\n' + 'nan,1\\n' * 5)", "not finite"),
        ("import sys; open(sys.argv[3], 'w').write('won\\n' + 'perhaps\\n' * 5)", "called a class 'perhaps'"),
        ("import sys; open(sys.argv[3], 'wb').write(bytes(range(256)))", "predictions"),
        ("import sys; open(sys.argv[3], 'w').write('')", "can't be read"),
    ],
)
def test_a_script_that_fails_gets_one_error_with_what_it_said(tmp_path, text, told):
    with pytest.raises(BadInput, match=told) as caught:
        predicted(written(tmp_path, text))
    assert "Try it alone" in str(caught.value)


def test_a_command_that_is_not_there_or_is_none_is_refused():
    with pytest.raises(BadInput, match="can't be started"):
        predicted("no-such-program-anywhere")
    for command in ("", "  "):
        with pytest.raises(UsageError, match="empty"):
            sw.Script(command=command)
    with pytest.raises(UsageError, match="can't be read"):
        sw.Script(command='python "train.py')
    with pytest.raises(UsageError, match="no time"):
        sw.Script(command="python", timeout_s=0)
    with pytest.raises(UsageError, match="no form"):
        sw.Script(command="python", form="xlsx")


@pytest.mark.skipif(os.name == "nt", reason="process groups")
def test_a_script_that_takes_too_long_is_ended_with_whatever_it_started(tmp_path):
    child = tmp_path / "child"
    text = (
        "import subprocess, sys, time\n"
        f"one = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"open({str(child)!r}, 'w').write(str(one.pid))\n"
        "time.sleep(60)\n"
    )
    start = time.monotonic()
    with pytest.raises(OutOfResource, match="took longer than 3 s"):
        predicted(written(tmp_path, text), timeout_s=3)
    assert time.monotonic() - start < 20
    pid = int(child.read_text())
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            break
        if state == "Z":
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child of the script runs on")


def test_classes_are_told_by_what_they_mean_however_they_are_spelt(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_text("True,False\n1,3\n")
    assert read_predictions(path, 1, "won", ["false", "true"]).tolist() == [[0.75, 0.25]]
    path.write_text("won\nTRUE\nFalse\n")
    assert read_predictions(path, 2, "won", ["false", "true"]).tolist() == [[0.0, 1.0], [1.0, 0.0]]
    path.write_text("1.0,0.0\n1,3\n")
    assert read_predictions(path, 1, "won", ["0", "1"]).tolist() == [[0.75, 0.25]]
    path.write_text("a,A\n1,3\n")  # two classes: then spelling counts
    assert read_predictions(path, 1, "won", ["A", "a"]).tolist() == [[0.75, 0.25]]
    path.write_text('"a,b","line\nend"\n1,3\n')
    assert read_predictions(path, 1, "won", ["line\nend", "a,b"]).tolist() == [[0.75, 0.25]]


def test_odd_files_are_refused(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_text("no,no,yes\n1,1,1\n")
    with pytest.raises(BadInput, match="two columns of one name"):
        read_predictions(path, 1, "won", ["no", "yes"])
    path = tmp_path / "predictions.parquet"
    pq.write_table(pa.table({"no": [[1.0]], "yes": [[2.0]]}), path)
    with pytest.raises(BadInput, match="no plain values"):
        read_predictions(path, 1, "won", ["no", "yes"])
    pq.write_table(pa.table({"no": [None], "yes": [2.0]}), path)
    with pytest.raises(BadInput, match="no numbers"):
        read_predictions(path, 1, "won", ["no", "yes"])
    (tmp_path / "link.csv").symlink_to(path)
    with pytest.raises(BadInput, match="no file"):
        read_predictions(tmp_path / "link.csv", 1, "won", ["no", "yes"])


def test_a_yes_or_no_column_is_spelt_as_in_the_file(tmp_path):
    frame = TRAIN.assign(won=TRAIN["won"] == "yes")
    test = HOLDOUT.assign(won=HOLDOUT["won"] == "yes")
    text = LIGHT.replace('"yes"', '"true"').replace('"no"', '"false"').replace("no,yes", "false,true")
    found = sw.gain(
        frame,
        target="won",
        holdout=test,
        methods=("tabular.independent",),
        ratios=(1,),
        seeds=1,
        learners=("linear",),
        script=written(tmp_path, text),
    )
    assert found.real["script"].score.value == pytest.approx(found.real["linear"].score.value, abs=0.02)


def test_numbers_are_read_from_the_column_of_the_target(tmp_path):
    path = tmp_path / "predictions.csv"
    path.write_text("price\n1.5\n-2\n")
    assert read_predictions(path, 2, "price", None).tolist() == [1.5, -2.0]
    path.write_text("price\n1.5\n\n")
    with pytest.raises(BadInput, match="1 predictions for 2"):
        read_predictions(path, 2, "price", None)
    path.write_text("prize\n1.5\n2\n")
    with pytest.raises(BadInput, match="no column 'price'"):
        read_predictions(path, 2, "price", None)
