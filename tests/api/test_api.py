"""The Python functions do what the front page says they do."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

import synthwright as sw
from synthwright.errors import BadInput, NotReleased, UnknownName, UsageError
from synthwright.evaluation.measurement import Measurement

SLICE = Path(__file__).parents[1] / "data" / "adult_1000.csv"
QUICK = {"method": "tabular.independent", "metrics": ["fidelity.column_shapes"]}


@pytest.fixture(scope="module")
def halves():
    return sw.split(sw.read(SLICE, target="income"), holdout=0.25, seed=0)


@pytest.fixture(scope="module")
def model(halves):
    return sw.fit(halves[0], "tabular.independent", seed=0)


@pytest.fixture(scope="module")
def judged(halves, model):
    return sw.evaluate(
        train=halves[0], synthetic=model.sample(300, seed=1), holdout=halves[1], metrics=["fidelity.column_shapes"]
    )


def gates(tmp_path, limit):
    path = tmp_path / f"{limit}.yaml"
    path.write_text(
        f"gates:\n  - {{gate: shapes, metric: fidelity.column_shapes, at_most: {limit}, advice: Try rows.}}\n"
    )
    return path


def test_every_public_name_is_there_and_listed():
    assert sw.__all__ == sorted(sw.__all__, key=lambda name: (name[0].islower(), name))
    assert set(sw.__all__) <= set(dir(sw))
    for name in sw.__all__:
        assert getattr(sw, name) is not None
    assert 18 <= len(sw.__all__) <= 40


def test_every_home_exports_what_is_taken_from_it():
    for name, home in sw._HOME_OF.items():
        module = importlib.import_module(home)
        assert name in {"tabular", "training"} or name in module.__all__ or home == "synthwright.errors"


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="nothing_like_this"):
        _ = sw.nothing_like_this


def test_import_loads_nothing_heavy():
    code = "import sys, synthwright; print([m for m in ('numpy', 'pyarrow', 'pandas', 'sklearn') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_methods_are_settings_objects_in_a_namespace(halves):
    assert sw.tabular.Independent.__name__ == "Independent"
    assert "Independent" in dir(sw.tabular)
    assert sw.fit(halves[0], sw.tabular.Independent()).method == "tabular.independent"
    with pytest.raises(AttributeError, match="Dependent"):
        _ = sw.tabular.Dependent


def test_a_path_frames_and_arrays_are_read():
    frame = pd.read_csv(SLICE)
    tables = [sw.read(SLICE), sw.read(str(SLICE)), sw.read(frame), sw.read(pl.from_pandas(frame))]
    assert {len(table) for table in tables} == {1000}
    assert sw.read(np.arange(20.0).reshape(10, 2)).names == ("x0", "x1")


def test_tables_split_into_tables_and_frames_into_frames(halves):
    assert [type(half) for half in halves] == [sw.Table, sw.Table]
    frame = pd.read_csv(SLICE)
    train, holdout = sw.split(frame, holdout=0.2, seed=0)
    assert len(train) + len(holdout) == len(frame)
    assert list(train.dtypes) == list(frame.dtypes)
    assert isinstance(sw.split(pl.from_pandas(frame))[0], pl.DataFrame)


def test_a_frame_in_gives_the_same_kind_of_frame_out():
    frame = pd.read_csv(SLICE)
    fake = sw.fit(frame, "tabular.independent").sample(20, seed=1).to_native()
    assert isinstance(fake, pd.DataFrame)
    assert list(fake.dtypes) == list(frame.dtypes)


def test_a_saved_model_draws_the_same_rows(model, tmp_path):
    model.save(tmp_path / "model")
    assert sw.load(tmp_path / "model").sample(50, seed=3).digest() == model.sample(50, seed=3).digest()


def test_a_stream_gives_the_rows_of_a_sample(model):
    blocks = list(model.stream(70_000, seed=1))
    assert [len(block) for block in blocks] == [65_536, 4_464]
    assert sw.Table.concat(blocks).digest() == model.sample(70_000, seed=1).digest()


def test_conditions_are_a_mapping(model):
    women = model.sample(30, given={"sex": "Female", "age": (30, 40)}, seed=2)
    assert set(women.data["sex"].to_pylist()) == {"Female"}
    assert women.numbers("age").min() >= 30
    assert women.numbers("age").max() <= 40


def test_a_report_has_verdict_figures_and_a_frame(judged):
    assert judged.verdict.overall in {"PASS", "FAIL", "UNDECIDED"}
    assert isinstance(judged["fidelity.column_shapes"], Measurement)
    assert judged["fidelity.column_shapes"].excess is not None
    assert "fidelity.column_shapes" in judged
    assert "fidelity.column_shapes" in judged.to_pandas().index
    with pytest.raises(UnknownName):
        _ = judged["fidelity.beauty"]


def test_a_report_is_a_page_and_a_folder(judged, tmp_path):
    judged.save(tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")
    judged.write(tmp_path / "folder")
    assert (tmp_path / "folder" / "report.html").is_file()
    assert "<iframe srcdoc=" in judged._repr_html_()


def test_evaluate_takes_frames_and_paths(halves, model):
    judged = sw.evaluate(
        train=halves[0].to_pandas(),
        synthetic=model.sample(200).to_polars(),
        target="income",
        metrics=["fidelity.column_shapes"],
    )
    assert judged["fidelity.column_shapes"].n_synthetic == 200


def test_gates_of_a_run_and_of_an_evaluation_agree(halves, tmp_path):
    """The same rows, measured in a run and from outside, get the same figures and the same verdict."""
    limit = gates(tmp_path, 0.5)
    result = sw.run(SLICE, target="income", gates=limit, out=tmp_path / "run", **QUICK)
    train, holdout = sw.split(sw.read(SLICE, target="income"), holdout=0.25, seed=0)
    judged = sw.evaluate(train=train, synthetic=result.release, holdout=holdout, gates=limit, metrics=QUICK["metrics"])
    mine, theirs = judged["fidelity.column_shapes"], result["fidelity.column_shapes"]
    assert mine.estimate.value == pytest.approx(theirs.estimate.value, abs=0.01)
    assert judged.verdict.overall == result.verdict.overall == "PASS"


def test_a_run_in_memory_returns_rows_like_those_given(tmp_path):
    frame = pd.read_csv(SLICE)
    result = sw.run(frame, target="income", gates=gates(tmp_path, 0.9), out=tmp_path / "run", rows=40, **QUICK)
    fake = result.release.to_native()
    assert isinstance(fake, pd.DataFrame)
    assert list(fake.dtypes) == list(frame.dtypes)
    assert len(fake) == 40
    assert sw.verify(result.folder) == []


def test_a_run_of_a_table_is_the_run_of_its_file(tmp_path):
    limit = gates(tmp_path, 0.9)
    one = sw.run(SLICE, target="income", gates=limit, out=tmp_path / "one", **QUICK)
    two = sw.run(sw.read(SLICE, target="income"), gates=limit, out=tmp_path / "two", **QUICK)
    assert one.release.digest() == two.release.digest()


def test_withheld_rows_are_not_handed_over(tmp_path):
    result = sw.run(SLICE, gates=gates(tmp_path, 1e-9), out=tmp_path / "run", **QUICK)
    with pytest.raises(NotReleased, match="Try rows"):
        _ = result.release
    assert "FAIL" in result._repr_html_()


def test_doubt_withholds_under_privacy_first(tmp_path):
    """UNDECIDED releases under other gates; where the gate set says so, it withholds, and the model draws nothing."""
    text = gates(tmp_path, 0.9).read_text()
    value = sw.run(SLICE, gates=gates(tmp_path, 0.9), out=tmp_path / "first", **QUICK)[
        "fidelity.column_shapes"
    ].estimate
    middle = text.replace("0.9", str(value.value))
    (tmp_path / "doubt.yaml").write_text(middle)
    (tmp_path / "strict.yaml").write_text("withhold_undecided: true\n" + middle)
    free = sw.run(SLICE, gates=tmp_path / "doubt.yaml", out=tmp_path / "free", **QUICK)
    kept = sw.run(SLICE, gates=tmp_path / "strict.yaml", out=tmp_path / "kept", **QUICK)
    assert free.verdict.overall == kept.verdict.overall == "UNDECIDED"
    assert len(free.release) == 750
    with pytest.raises(NotReleased):
        _ = kept.release
    assert not (kept.folder / "synthetic.parquet").exists()
    assert len(sw.load(free.folder / "private/model").sample(2)) == 2
    with pytest.raises(NotReleased):
        sw.load(kept.folder / "private/model").sample(2)


def test_settings_are_given_once(halves):
    with pytest.raises(UsageError, match="twice"):
        sw.fit(halves[0], sw.tabular.Independent(), settings={"a": 1})


def test_resume_of_nothing_is_bad_input(tmp_path):
    with pytest.raises(BadInput):
        sw.resume(tmp_path)
