"""A run leaves a whole result or something to resume, and the same bytes either way."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest
from quick import Stop, again, killed, killed_at, render, results

from synthwright import files
from synthwright.canonical import digest_file
from synthwright.data.reading import is_marked, read_table
from synthwright.engines.engine import engine_for
from synthwright.errors import BadInput, NotReleased, UsageError
from synthwright.generators.model import Model
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.journal import Journal
from synthwright.pipeline.manifest import files_below, verify
from synthwright.pipeline.running import STAGES, resume

PUBLIC = {
    "README.md",
    "analysis.json",
    "manifest.json",
    "measurements.json",
    "recipe.yaml",
    "record.json",
    "report.html",
    "schema.yaml",
    "synthetic.parquet",
    "verdict.json",
}


def test_a_finished_run_has_every_file_and_nothing_else(quick_run):
    result = quick_run()
    names = set(files_below(result.folder))
    assert {name for name in names if "/" not in name} == PUBLIC
    private = {name.split("/")[1] for name in names if name.startswith("private/")}
    kept = {"journal.json", "lineage.parquet", "mix.json", "mixed.parquet", "model", "row_risks.parquet", "views.json"}
    assert private == kept
    assert verify(result.folder) == []


def test_the_manifest_lists_every_other_file(quick_run):
    folder = quick_run().folder
    listed = [entry["name"] for entry in json.loads((folder / "manifest.json").read_text())["files"]]
    assert sorted([*listed, "manifest.json"]) == list(files_below(folder))


def test_released_rows_are_marked_and_as_many_as_train(quick_run):
    result = quick_run()
    assert is_marked(result.folder / "synthetic.parquet")
    assert len(result.release) == 300
    assert result.verdict.overall == "PASS"


def test_a_failed_gate_keeps_the_rows_private(quick_run):
    result = quick_run(limit=0.000001)
    folder = RunFolder(result.folder)
    assert result.verdict.overall == "FAIL"
    assert not folder.synthetic.exists()
    assert not folder.mixed.exists()
    assert folder.rejected.is_file()
    assert folder.report.is_file()
    assert folder.verdict.is_file()
    with pytest.raises(NotReleased, match="Try more rows"):
        _ = result.release
    with pytest.raises(NotReleased):
        Model.load(folder.model).sample(1)


def test_mixed_rows_are_train_then_synthetic_and_say_so(quick_run):
    folder = RunFolder(quick_run(rows=120).folder)
    table = pq.read_table(folder.mixed)
    assert table["source"].to_pylist() == ["real"] * 300 + ["tabular.independent"] * 120
    assert table["depth"].to_pylist() == [0] * 300 + [1] * 120
    assert table.column_names[:-2] == list(read_table(folder.synthetic).names)


def test_the_saved_model_draws_the_released_rows_again(quick_run):
    result = quick_run(seed=5, rows=50)
    model = Model.load(result.folder / "private" / "model")
    assert model.judged["verdict"] == "PASS"
    assert model.sample(50, seed=5).digest() == result.release.digest()


def test_two_runs_from_one_seed_agree_and_another_seed_does_not(quick_run):
    one, two, other = quick_run("one", seed=3), quick_run("two", seed=3), quick_run("other", seed=4)
    first, second, third = (results(result.folder) for result in (one, two, other))
    first.pop("recipe.yaml"), second.pop("recipe.yaml")  # they name their folders
    assert first == second
    assert first["synthetic.parquet"] != third["synthetic.parquet"]


def test_two_workers_write_what_one_writes(quick_run):
    alone = quick_run("alone", rows=70_000)  # two blocks
    both = quick_run("both", rows=70_000, engine=engine_for(2))
    names = ("synthetic.parquet", "measurements.json", "verdict.json", "schema.yaml")
    assert [results(alone.folder)[name] for name in names] == [results(both.folder)[name] for name in names]


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("when", ["as it begins", "as it ends"])
def test_a_run_killed_at_any_stage_resumes_to_the_same_bytes(stage, when, quick_run, tmp_path):
    whole = quick_run("run").folder
    files.rename(whole, tmp_path / "whole")
    with killed_at(stage, when):
        quick_run("run")
    folder = RunFolder(tmp_path / "run")
    assert not folder.manifest.exists()
    if list(STAGES).index(stage) < list(STAGES).index("release"):
        assert not folder.synthetic.exists()
    with pytest.raises(UsageError, match="resume"):
        quick_run("run")
    finished = resume(folder.path, again, render=render)
    assert results(finished.folder) == results(tmp_path / "whole")
    assert set(files_below(folder.path)) == set(files_below(tmp_path / "whole"))
    assert verify(folder.path) == []


def test_a_kill_before_the_manifest_leaves_something_to_resume(quick_run, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("synthwright.pipeline.running.write_manifest", killed)
        with pytest.raises(Stop):
            quick_run("run")
    folder = RunFolder(tmp_path / "run")
    before = digest_file(folder.synthetic)
    assert not folder.manifest.exists()
    assert not folder.work.exists()
    for stage in STAGES:  # all of them are finished: nothing is done again
        monkeypatch.setitem(STAGES, stage, killed)
    resume(folder.path, again, render=render)
    assert digest_file(folder.synthetic) == before
    assert verify(folder.path) == []


def test_finished_stages_are_not_done_again(quick_run, tmp_path, monkeypatch):
    with killed_at("judge"):
        quick_run("run")
    for stage in ("split", "fit", "sample", "evaluate"):
        monkeypatch.setitem(STAGES, stage, killed)
    assert resume(tmp_path / "run", again, render=render).verdict.overall == "PASS"


def test_a_damaged_stage_and_all_after_it_are_done_again(quick_run, tmp_path):
    whole = quick_run("run").folder
    files.rename(whole, tmp_path / "whole")
    with killed_at("release"):
        quick_run("run")
    folder = RunFolder(tmp_path / "run")
    files.write_bytes(folder.work / "drawn.parquet", b"torn")
    kept = Journal.read(folder).kept(folder, tuple(STAGES))
    assert [done.stage for done in kept.done] == ["split", "fit"]
    resume(folder.path, again, render=render)
    assert results(folder.path) == results(tmp_path / "whole")


def test_changed_data_stops_a_resume(quick_run, rows_file, tmp_path):
    mine = tmp_path / "mine.csv"
    files.write_bytes(mine, rows_file.read_bytes())
    with killed_at("split"):
        quick_run("run", data=str(mine))
    files.write_bytes(mine, rows_file.read_bytes().replace(b"Male", b"male", 1))
    with pytest.raises(BadInput, match="changed"):
        resume(tmp_path / "run", again, render=render)
    files.remove(mine)
    with pytest.raises(BadInput, match="gone"):
        resume(tmp_path / "run", again, render=render)


def test_a_table_in_memory_needs_no_file_to_resume(quick_run, adult, tmp_path):
    with killed_at("split"):
        quick_run("run", tables={"data": adult.head(200)})
    result = resume(tmp_path / "run", again, render=render)
    assert len(result.release) == 150


@pytest.mark.parametrize(("stage", "stays"), [("split", False), ("fit", False), ("sample", True), ("judge", True)])
def test_a_mistake_of_the_caller_leaves_no_folder_unless_something_was_learnt(
    stage, stays, quick_run, tmp_path, monkeypatch
):
    def mistaken(job):
        raise BadInput("No.")

    monkeypatch.setitem(STAGES, stage, mistaken)
    with pytest.raises(BadInput, match="No"):
        quick_run("run")
    assert (tmp_path / "run").exists() == stays
    assert not (tmp_path / "run" / "manifest.json").exists()


def test_a_finished_run_is_not_resumed(quick_run):
    with pytest.raises(UsageError, match="finished"):
        resume(quick_run().folder, again, render=render)


def test_a_folder_without_a_journal_is_not_resumed(tmp_path):
    with pytest.raises(BadInput, match="no run to resume"):
        resume(tmp_path, again, render=render)


def test_two_processes_do_not_share_a_folder(quick_run, tmp_path):
    with killed_at("fit"):
        quick_run("run")
    folder = RunFolder(tmp_path / "run")
    with files.locked(folder.lock), pytest.raises(UsageError, match="Another process"):
        resume(folder.path, again, render=render)
    assert not folder.lock.exists()


def test_an_existing_folder_is_left_alone(quick_run, tmp_path):
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="not empty"):
        quick_run("run")
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["mine.txt"]


def test_domains_come_from_train_alone(quick_run, rows_file, tmp_path):
    """A category with 6 rows, 2 of them in the holdout, is one that train has fewer than 5 rows of."""
    import numpy as np

    from synthwright.data.splitting import split
    from synthwright.pipeline.preparing import schema_of_train

    table = read_table(rows_file)
    train, _ = split(table, holdout=0.25, seed=0)
    schema = schema_of_train(table, train)
    for column in schema:
        if column.kind == "categorical":
            levels = train.with_schema(schema).levels(column.name)
            counts = np.bincount(levels[levels >= 0], minlength=len(column.categories))
            assert counts[: len(column.categories)].min(initial=5) >= 5
    assert schema != table.schema


def test_a_declared_domain_survives_the_split(rows_file):
    from dataclasses import replace

    from synthwright.data.splitting import split
    from synthwright.pipeline.preparing import schema_of_train

    table = read_table(rows_file)
    age = replace(table.schema["age"], bounds=(0.0, 130.0))
    table = table.with_schema(table.schema.replacing(age))
    train, _ = split(table, holdout=0.25, seed=0)
    assert schema_of_train(table, train)["age"].bounds == (0.0, 130.0)


def test_artefacts_name_no_machine_path(quick_run, tmp_path):
    """Nothing outside `private/` says where on this machine anything lies."""
    folder = quick_run().folder
    for name in PUBLIC - {"synthetic.parquet", "report.html"}:
        assert str(tmp_path) not in (folder / name).read_text(encoding="utf-8"), name
