"""Benchmarks named in a recipe: checked before anything is spent, found in what is drawn, told by name only."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest
from quick import again, render, results

from synthwright import api, files
from synthwright.data.reading import is_marked, read_table
from synthwright.errors import BadInput, UsageError
from synthwright.pipeline.against import benchmark_names, named_benchmarks
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.manifest import verify
from synthwright.pipeline.plan import make_plan
from synthwright.pipeline.recipe_file import load_recipe, recipe_of
from synthwright.pipeline.running import resume

METRICS = ["fidelity.column_shapes", "contamination.overlap", "privacy.near_copies"]


@pytest.fixture
def benchmark(tmp_path):
    """A file of 60 of the real rows, with two of their columns and one of its own."""
    path = tmp_path / "exam.csv"
    files.write_text(path, "age,occupation,points\n" + "".join(f"{20 + at},Sales,{at}\n" for at in range(60)))
    return path


def test_a_run_measures_the_overlap_and_says_in_which_columns(quick_run, benchmark):
    folder = RunFolder(quick_run(against=[str(benchmark)], metrics=METRICS).folder)
    measured = {one["metric"]: one for one in json.loads(folder.measurements.read_text())["measurements"]}
    assert "exam.csv" in measured["contamination.overlap"]["parts"]
    record = json.loads(folder.record.read_text())
    assert any("exam.csv: compared in 2 of" in note for note in record["notes"])
    assert {"against 1"} <= {entry["name"] for entry in record["inputs"]}
    assert str(benchmark.parent) not in folder.record.read_text().replace(str(folder.path), "")
    assert load_recipe(folder.recipe).against == ["exam.csv"]


def test_a_file_that_shares_no_column_is_refused_before_anything_is_spent(quick_recipe, tmp_path):
    path = tmp_path / "other.csv"
    files.write_text(path, "points\n1\n2\n")
    with pytest.raises(BadInput, match="shares no column"):
        make_plan(recipe_of(quick_recipe(against=[str(path)])))
    with pytest.raises(BadInput, match=r"The benchmark missing\.csv does not exist"):
        make_plan(recipe_of(quick_recipe(against=["missing.csv"])))


def test_a_run_stopped_before_the_benchmark_was_read_needs_it_unchanged(quick_run, benchmark, monkeypatch, tmp_path):
    whole = results(quick_run("run", against=[str(benchmark)], metrics=METRICS).folder)
    files.remove(tmp_path / "run")
    with monkeypatch.context() as patch:
        patch.setattr("synthwright.pipeline.judging.risks", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            quick_run("run", against=[str(benchmark)], metrics=METRICS)
    text = benchmark.read_text()
    files.write_text(benchmark, text + "50,Sales,1\n")
    with pytest.raises(BadInput, match="against 1 file"):
        resume(tmp_path / "run", again, render=render)
    files.write_text(benchmark, text)
    assert results(resume(tmp_path / "run", again, render=render).folder) == whole


def test_row_risks_are_listed_private_and_no_synthetic_rows(quick_run):
    folder = RunFolder(quick_run(rows=120, metrics=METRICS).folder)
    risks = pq.read_table(folder.row_risks)
    assert risks["record_id"].to_pylist() == pq.read_table(folder.lineage)["record_id"].to_pylist()
    assert risks["risk"].null_count == 0
    assert all(risks["searched"].to_pylist())
    assert not is_marked(folder.row_risks)
    assert verify(folder.path) == []
    listed = [entry["name"] for entry in json.loads(folder.manifest.read_text())["files"]]
    assert "private/row_risks.parquet" in listed


def test_an_evaluation_writes_them_too_and_takes_benchmarks_by_name(rows_file, tmp_path):
    table = read_table(rows_file)
    report = api.evaluate(
        train=table.to_pandas()[:200],
        synthetic=table.to_pandas()[100:300],
        against={"exam": table.to_pandas()[250:]},
        metrics=["contamination.overlap", "privacy.exact_copies"],
    )
    assert report["contamination.overlap"].parts["exam"].low > 0.1
    assert report.notes[0].startswith("exam: compared in 15 of 15 columns, age,")
    report.write(tmp_path / "out")
    copied = pq.read_table(RunFolder(tmp_path / "out").row_risks).to_pandas()
    assert copied["exact_copy"][:100].mean() > 0.9
    assert (copied["risk"][:90] == "high").mean() > 0.9
    assert copied["exact_copy"][100:].mean() < 0.1


def test_benchmarks_have_names_of_their_own():
    assert benchmark_names(["a/test.csv", "b/test.csv", None]) == ["test.csv", "test.csv (2)", "benchmark 3"]
    assert named_benchmarks(["a/test.csv"]) == {"test.csv": "a/test.csv"}
    with pytest.raises(UsageError, match="is a list"):
        named_benchmarks("a/test.csv")
