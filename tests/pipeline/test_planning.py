"""What a run needs is checked before anything is spent."""

from __future__ import annotations

import shutil
from collections import namedtuple

import pytest

from synthwright import files
from synthwright.data.reading import read_table
from synthwright.data.splitting import split
from synthwright.data.writing import write_table
from synthwright.errors import BadInput, OutOfResource, SynthwrightError, UnknownName, UsageError
from synthwright.pipeline.plan import make_plan
from synthwright.pipeline.recipe_file import recipe_of
from synthwright.pipeline.sources import find_file


def plan(quick_recipe, **changes):
    return make_plan(recipe_of(quick_recipe(**changes)))


def test_a_plan_says_how_many_rows_go_where(quick_recipe, tmp_path):
    made = plan(quick_recipe, rows=99)
    assert (made.train_rows, made.holdout_rows, made.rows) == (300, 100, 99)
    assert made.to_json_value()["rows"] == {"train": 300, "holdout": 100, "synthetic": 99}
    assert not (tmp_path / "run").exists()


@pytest.mark.parametrize(
    ("changes", "error", "told"),
    [
        ({"data": "nowhere.csv"}, BadInput, "nowhere.csv does not exist"),
        ({"target": "incom"}, UnknownName, "Did you mean 'income'?"),
        ({"method": "tabular.independant"}, UnknownName, "Did you mean 'tabular.independent'?"),
        ({"settings": {"leaf": 3}}, UnknownName, "no setting"),
        ({"metrics": ["fidelity.shapes"]}, UnknownName, "metric"),
        ({"gates": "defalt"}, UnknownName, "Did you mean 'default'?"),
        ({"schema": "schema.yaml"}, BadInput, "schema file"),
        ({"holdout": "holdout.csv"}, BadInput, "holdout"),
        ({"split": {"group": "famly"}}, UnknownName, "famly"),
        ({"split": {"time": "sex"}}, BadInput, "time"),
        ({"data": "a\0b"}, BadInput, "does not exist"),
        ({"data": "x" * 5000}, BadInput, "no file name"),
    ],
)
def test_what_is_missing_is_named(quick_recipe, changes, error, told, tmp_path):
    with pytest.raises(error) as caught:
        plan(quick_recipe, **changes)
    assert told in str(caught.value).replace("There is no setting", "no setting")
    assert not (tmp_path / "run").exists()


def test_a_target_with_one_value_is_refused(quick_recipe, rows_file, tmp_path):
    lines = rows_file.read_text().splitlines(keepends=True)
    one = tmp_path / "one.csv"
    files.write_text(one, "".join([lines[0], *(line for line in lines[1:] if "<=50K" in line)]))
    with pytest.raises(BadInput, match="one value only"):
        plan(quick_recipe, data=str(one))


def test_a_full_disk_is_told_before_the_start(quick_recipe, monkeypatch):
    usage = namedtuple("usage", "total used free")  # noqa: PYI024  # the shape of what shutil returns
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(10, 10, 0))
    with pytest.raises(OutOfResource, match="disk space"):
        plan(quick_recipe)


def test_a_place_below_a_file_is_refused(quick_recipe, tmp_path):
    files.write_text(tmp_path / "file", "x")
    with pytest.raises(SynthwrightError):
        plan(quick_recipe, out=str(tmp_path / "file" / "run"))


def test_too_few_rows_are_refused(quick_recipe, rows_file, tmp_path):
    few = tmp_path / "few.csv"
    files.write_text(few, "".join(rows_file.read_text().splitlines(keepends=True)[:13]))
    with pytest.raises(BadInput, match="too few"):
        plan(quick_recipe, data=str(few), target=None)


@pytest.fixture
def halves(rows_file, tmp_path):
    train, holdout = split(read_table(rows_file), holdout=0.3, seed=1)
    for name, table in (("train", train), ("holdout", holdout)):
        write_table(table, tmp_path / f"{name}.csv")
    return tmp_path / "train.csv", tmp_path / "holdout.csv"


def test_a_holdout_file_is_kept_unseen(quick_recipe, halves):
    made = plan(quick_recipe, data=str(halves[0]), holdout=str(halves[1]))
    assert (made.train_rows, made.holdout_rows) == (280, 120)


def test_a_holdout_that_train_has_seen_is_refused(quick_recipe, rows_file, halves):
    with pytest.raises(BadInput, match="shares rows with train"):
        plan(quick_recipe, data=str(rows_file), holdout=str(halves[1]))


def test_a_synthetic_holdout_is_refused(quick_recipe, quick_run, halves):
    made = quick_run("made", data=str(halves[0])).folder / "synthetic.parquet"
    with pytest.raises(BadInput, match="synthetic rows"):
        plan(quick_recipe, data=str(halves[0]), holdout=str(made))


def test_a_holdout_without_a_column_is_refused(quick_recipe, halves, tmp_path):
    table = read_table(halves[1])
    write_table(table.select([name for name in table.names if name != "age"]), tmp_path / "less.csv")
    with pytest.raises(BadInput, match="age"):
        plan(quick_recipe, data=str(halves[0]), holdout=str(tmp_path / "less.csv"))


@pytest.fixture
def places(tmp_path, monkeypatch):
    """A checkout of its own: no data but what a test puts there."""
    (tmp_path / "checkout").mkdir()
    monkeypatch.chdir(tmp_path / "checkout")
    monkeypatch.delenv("SYNTHWRIGHT_DATA", raising=False)
    return tmp_path


def put(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    files.write_text(path, "a\n1\n")


def test_examples_are_looked_for_in_order_and_told(places, monkeypatch):
    put(places / "checkout" / "tests" / "data" / "oil_100.csv")
    assert "a slice" in find_file("example:oil_spill", what="data").note
    put(places / "shared" / "data" / "oil_spill" / "oil_spill.csv")
    assert "../shared/data" in find_file("example:oil_spill", what="data").note
    put(places / "own" / "oil_spill" / "oil_spill.parquet")
    monkeypatch.setenv("SYNTHWRIGHT_DATA", str(places / "own"))
    found = find_file("example:oil_spill", what="data")
    assert found.path.suffix == ".parquet"
    assert "$SYNTHWRIGHT_DATA" in found.note


def test_the_bundled_table_needs_no_folder(places):
    assert find_file("example:online_shoppers", what="data").path.is_file()


@pytest.mark.parametrize("name", ["example:", "example:../x", "example:/etc", "example:A B", "example:a/b/c"])
def test_an_example_is_a_name_and_not_a_path(places, name):
    with pytest.raises(BadInput, match="names no example"):
        find_file(name, what="data")


def test_an_unknown_example_names_the_places(places):
    with pytest.raises(BadInput, match="SYNTHWRIGHT_DATA"):
        find_file("example:nothing", what="data")


def test_files_beside_the_recipe_are_found(places):
    put(places / "recipes" / "rows.csv")
    assert find_file("rows.csv", what="data", beside=places / "recipes").path == places / "recipes" / "rows.csv"


def test_records_show_names_and_not_places(places):
    put(places / "rows.csv")
    assert find_file(str(places / "rows.csv"), what="data").shown == "rows.csv"
    assert find_file("../rows.csv", what="data").shown == "rows.csv"


def test_usage_errors_are_usage_errors(quick_recipe):
    with pytest.raises(UsageError) as caught:
        plan(quick_recipe, method="no.such")
    assert caught.value.exit_code == 2
