"""Every verb does what its help says; data on standard output, talk on standard error."""

from __future__ import annotations

import json
import re

import pandas
import pyarrow.parquet as pq
import pytest
import yaml

from synthwright import files
from synthwright.canonical import digest_file
from synthwright.cli.main import app, main
from synthwright.data.reading import read_table


def test_help_names_every_verb(call):
    said = call("--help")
    assert said.code == 0
    for verb in (
        "demo", "inspect", "init", "validate", "run", "resume", "verify", "fit", "sample", "evaluate", "report", "list",
        "doctor",
    ):  # fmt: skip
        assert re.search(rf"^  {verb} ", said.out, re.MULTILINE), verb


@pytest.mark.parametrize("verb", [command.name for command in app.registered_commands])
def test_every_verb_has_help_with_a_sentence(call, verb):
    said = call(verb, "--help")
    assert said.code == 0
    assert "." in said.out


def test_the_version_is_told(call):
    assert re.fullmatch(r"synthwright \d+\.\d+\.\d+\S*\n", call("--version").out)


def test_inspect_gives_a_reason_for_every_column(call, here):
    said = call("inspect", "people.csv", "--target", "income")
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert said.code == 0
    assert lines[0] == ["column", "kind", "role", "missing", "why"]
    assert len(lines) == 16
    assert all(line[4] for line in lines)
    assert "Classes of income" in said.err


def test_names_from_files_do_not_steer_the_terminal(call, here):
    files.write_text(here / "odd.csv", "\x1b[31mred,b\n" + "1,2\n" * 9)
    said = call("inspect", "odd.csv")
    assert "red" in said.out
    assert "\x1b" not in said.out + said.err
    assert "\x1b" not in call("inspect", "odd.csv", "--target", "\x1b[31mrad").err


def test_inspect_json_has_the_analysis_and_the_columns(call, here):
    found = json.loads(call("inspect", "people.csv", "--target", "income", "--json").out)
    assert found["rows"] == 400
    assert found["task"] == "classification"
    assert [column["name"] for column in found["schema"]] == list(found["kinds"])


def test_inspect_writes_a_schema_that_run_takes(call, here, quick):
    assert call("inspect", "people.csv", "--target", "income", "-o", "schema.yaml").code == 0
    assert set(yaml.safe_load((here / "schema.yaml").read_text())) >= {"columns"}
    assert call("run", "people.csv", "--schema", "schema.yaml", *quick).code == 0


def test_init_writes_a_recipe_that_validates_and_runs(call, here, quick):
    assert call("init", "people.csv", "--target", "income", "-o", "mine/recipe.yaml").code == 0
    assert (here / "mine" / "recipe.schema.json").is_file()
    first = (here / "mine" / "recipe.yaml").read_text().splitlines()[0]
    assert first == "# yaml-language-server: $schema=recipe.schema.json"
    assert call("run", "mine/recipe.yaml", *quick).code == 0
    assert (here / "runs" / "people" / "manifest.json").is_file()


def test_init_without_a_file_prints_the_recipe(call, here):
    said = call("init", "people.csv", "--target", "income")
    assert yaml.safe_load(said.out)["target"] == "income"
    assert "$schema" not in said.out


def test_init_leaves_an_existing_recipe_alone(call, here):
    files.write_text(here / "recipe.yaml", "mine")
    assert call("init", "people.csv", "-o", "recipe.yaml").code == 2
    assert (here / "recipe.yaml").read_text() == "mine"


def test_validate_says_what_a_run_would_do_and_does_nothing(call, here):
    recipe = {"data": "people.csv", "target": "income", "method": "tabular.independent", "gates": "loose.yaml"}
    files.write_text(here / "recipe.yaml", yaml.safe_dump(recipe))
    said = call("validate", "recipe.yaml")
    assert said.code == 0
    assert "300 rows to learn from, 100 kept unseen" in said.out
    assert "about" in said.out
    found = json.loads(call("validate", "recipe.yaml", "--json").out)
    assert found["rows"] == {"train": 300, "holdout": 100, "synthetic": 300}
    assert found["estimate"]["seconds"] > 0
    assert not (here / "runs").exists()


def test_run_ends_with_the_verdict_the_figures_and_where_to_look(call, here, quick):
    said = call("run", "people.csv", "--target", "income", *quick)
    assert said.code == 0
    assert "fidelity.column_shapes" in said.out
    assert "PASS" in said.err
    assert "report.html" in said.err
    assert "split: " in said.err  # quiet lines, no bars: this is no terminal
    assert "\x1b[" not in said.err + said.out


def test_run_json_has_the_verdict_and_every_figure(call, here, quick):
    found = json.loads(call("run", "people.csv", *quick, "--json").out)
    assert found["folder"] == "runs/people"
    assert found["verdict"]["overall"] == "PASS"
    assert found["measurements"][0]["metric"] == "fidelity.column_shapes"


def test_a_folder_of_parts_is_data(call, here, quick):
    parts = here / "parts"
    files.make_folder(parts)
    table = read_table(here / "people.csv").data
    for at in range(2):
        pq.write_table(table.slice(200 * at, 200), parts / f"part-{at}.parquet")
    assert call("run", "parts", *quick).code == 0
    assert json.loads((here / "runs/parts/record.json").read_text())["inputs"][0]["file"] == "parts"


def test_options_win_over_the_recipe(call, here, quick):
    recipe = {"data": "people.csv", "target": "income", "seed": 1, "rows": 20, "out": "from_recipe"}
    files.write_text(here / "recipe.yaml", yaml.safe_dump(recipe))
    assert call("run", "recipe.yaml", *quick, "--rows", "30", "--out", "from_option").code == 0
    assert not (here / "from_recipe").exists()
    effective = yaml.safe_load((here / "from_option" / "recipe.yaml").read_text())
    assert (effective["rows"], effective["seed"]) == (30, 1)


def test_the_effective_recipe_can_be_run_again(call, here, quick):
    assert call("run", "people.csv", "--target", "income", *quick).code == 0
    assert call("run", "runs/people/recipe.yaml", "--out", "again").code == 0
    assert digest_file(here / "again/synthetic.parquet") == digest_file(here / "runs/people/synthetic.parquet")


def test_columns_that_were_left_out_are_named_with_the_reason(call, here, quick):
    lines = (here / "people.csv").read_text().splitlines()
    words = ("green tea", "a long walk", "rain at noon", "old books", "new shoes", "warm bread", "cold sea")
    note = [f"{words[n % 7]} and {words[(n * 3 + 1) % 7]} no. {n * 7919 % 1009}" for n in range(len(lines))]
    rows = [f"{line},{'note' if at == 0 else note[at]}" for at, line in enumerate(lines)]
    files.write_text(here / "noted.csv", "\n".join(rows) + "\n")
    said = call("run", "noted.csv", *quick)
    assert said.code == 0
    assert "Left out: note (free text" in said.err
    assert "note" not in read_table(here / "runs/noted/synthetic.parquet").names
    assert json.loads((here / "runs/noted/record.json").read_text())["left_out"].keys() == {"note"}


def test_a_failed_gate_exits_1_and_says_what_to_try(call, here, quick):
    said = call("run", "people.csv", *quick[:-1], "strict.yaml")
    assert said.code == 1
    assert "FAIL" in said.err
    assert "Try more rows." in said.err
    assert "withheld" in said.err
    assert not (here / "runs/people/synthetic.parquet").exists()
    assert (here / "runs/people/report.html").is_file()
    assert call("verify", "runs/people").code == 0


def test_verify_names_a_changed_file_and_exits_3(call, here, quick):
    assert call("run", "people.csv", *quick).code == 0
    assert call("verify", "runs/people").code == 0
    path = here / "runs/people/verdict.json"
    content = bytearray(path.read_bytes())
    content[10] ^= 1
    files.write_bytes(path, bytes(content))
    said = call("verify", "runs/people")
    assert said.code == 3
    assert said.out.startswith("changed\tverdict.json")
    found = json.loads(call("verify", "runs/people", "--json").out)
    assert found["intact"] is False
    assert found["mismatches"][0]["file"] == "verdict.json"


def test_report_draws_the_page_again_and_the_run_stays_intact(call, here, quick):
    assert call("run", "people.csv", *quick).code == 0
    page = (here / "runs/people/report.html").read_text()
    files.write_text(here / "runs/people/report.html", "lost")
    assert call("report", "runs/people").code == 0
    assert (here / "runs/people/report.html").read_text() == page
    assert call("verify", "runs/people").code == 0
    assert call("report", "runs/people", "-o", "page.html").code == 0
    assert (here / "page.html").read_text() == page


def test_a_page_drawn_by_another_version_belongs_to_the_run(call, here, quick, monkeypatch):
    assert call("run", "people.csv", *quick).code == 0
    monkeypatch.setattr("synthwright.api.judging.render_report", lambda _: "<html>drawn anew</html>")
    assert call("report", "runs/people").code == 0
    assert (here / "runs/people/report.html").read_text() == "<html>drawn anew</html>"
    assert call("verify", "runs/people").code == 0


def test_a_report_on_changed_figures_is_refused(call, here, quick):
    assert call("run", "people.csv", *quick).code == 0
    path = here / "runs/people/measurements.json"
    files.write_text(path, path.read_text().replace("0.0", "0.1"))
    said = call("report", "runs/people")
    assert said.code == 3
    assert "measurements.json is changed" in said.err


def test_fit_and_sample_draw_what_a_run_releases(call, here, quick):
    assert call("run", "people.csv", "--target", "income", "--seed", "7", "--rows", "60", *quick).code == 0
    said = call("sample", "runs/people/private/model", "-n", "60", "--seed", "7", "-o", "again.parquet")
    assert said.code == 0
    assert digest_file(here / "again.parquet") == digest_file(here / "runs/people/synthetic.parquet")


def test_the_first_rows_do_not_depend_on_how_many_are_drawn(call, here):
    assert call("fit", "people.csv", "--method", "tabular.independent", "-o", "model").code == 0
    assert call("sample", "model", "-n", "100", "-o", "many.parquet").code == 0
    assert call("sample", "model", "-n", "40", "-o", "few.parquet").code == 0
    many, few = read_table(here / "many.parquet"), read_table(here / "few.parquet")
    assert many.data.slice(0, 40).equals(few.data)


def test_rows_of_an_unjudged_model_are_marked_so(call, here):
    assert call("fit", "people.csv", "--method", "tabular.independent", "-o", "model").code == 0
    said = call("sample", "model", "-n", "5", "-o", "rows.parquet")
    assert said.code == 0
    assert "unjudged" in said.err
    assert b"unjudged" in pq.read_schema(here / "rows.parquet").metadata[b"synthwright"]


def test_a_rejected_model_draws_nothing(call, here, quick):
    assert call("run", "people.csv", *quick[:-1], "strict.yaml").code == 1
    said = call("sample", "runs/people/private/model", "-n", "5", "-o", "rows.csv")
    assert said.code == 1
    assert "rejected" in said.err
    assert not (here / "rows.csv").exists()


def test_conditions_hold_in_every_row(call, here):
    assert call("fit", "people.csv", "--method", "tabular.independent", "-o", "model").code == 0
    said = call("sample", "model", "-n", "50", "--given", "sex=Female", "--given", "age=30..40", "-o", "women.csv")
    assert said.code == 0
    rows = read_table(here / "women.csv").data.to_pylist()
    assert {row["sex"] for row in rows} == {"Female"}
    assert all(30 <= row["age"] <= 40 for row in rows)


@pytest.fixture
def tables(call, here):
    """Train, holdout and a synthetic table from elsewhere, as CSV."""
    from synthwright import api
    from synthwright.data.writing import write_table

    train, holdout = api.split(api.read("people.csv"), holdout=0.25, seed=0)
    write_table(train, here / "train.csv")
    write_table(holdout, here / "holdout.csv")
    write_table(api.fit(train, "tabular.independent").sample(200), here / "fake.csv")
    return ("--train", "train.csv", "--synthetic", "fake.csv", "--metric", "fidelity.column_shapes")


def test_evaluate_judges_tables_of_any_tool(call, here, tables):
    said = call("evaluate", *tables, "--holdout", "holdout.csv", "--target", "income", "--gates", "loose.yaml")
    assert said.code == 0
    assert "PASS" in said.err
    assert "evaluate: 200 rows against 300 real ones" in said.err
    assert "fidelity.column_shapes" in said.out
    assert call("evaluate", *tables, "--gates", "strict.yaml").code == 1


def test_evaluate_json_has_figures_and_verdict(call, here, tables):
    said = call("evaluate", *tables, "--gates", "strict.yaml", "--json")
    found = json.loads(said.out)
    assert said.code == 1
    assert found["verdict"]["overall"] == "FAIL"
    assert {one["metric"] for one in found["measurements"]} == {
        "fidelity.column_shapes",
        "fidelity.column_shapes.worst",
    }


def test_evaluate_writes_a_folder_that_report_reads(call, here, tables):
    assert call("evaluate", *tables, "--holdout", "holdout.csv", "--gates", "loose.yaml", "--out", "judged").code == 0
    names = {path.name for path in (here / "judged").iterdir()}
    assert names == {"analysis.json", "measurements.json", "private", "report.html", "schema.yaml", "verdict.json"}
    assert call("report", "judged").code == 0


def test_exact_says_first_how_long_all_rows_take(call, here, tables):
    assert "all rows:" not in call("evaluate", *tables, "--gates", "loose.yaml").err
    said = call("evaluate", *tables, "--gates", "loose.yaml", "--exact")
    assert said.code == 0
    assert "distances, about under a minute" in said.err


def test_a_seen_holdout_is_refused(call, here, tables):
    said = call("evaluate", *tables, "--holdout", "train.csv", "--gates", "loose.yaml")
    assert said.code == 3
    assert "shares rows with train" in said.err


@pytest.mark.parametrize("what", ["generators", "metrics", "gates"])
def test_list_is_a_table_and_json(call, what):
    lines = call("list", what).out.splitlines()
    found = json.loads(call("list", what, "--json").out)
    assert len(lines) == len(found) + 1
    assert all(isinstance(entry, dict) for entry in found)


def test_doctor_names_every_part(call):
    said = call("doctor")
    assert said.code == 0
    for part in ("python", "lightgbm", "tree learner", "processors", "disk"):
        assert part in said.out
    assert all({"what", "state", "found", "remedy"} == set(one) for one in json.loads(call("doctor", "--json").out))


def test_doctor_says_how_to_install_the_tree_library(call, monkeypatch):
    monkeypatch.setattr("synthwright.learning.boosting.boosting_library", lambda: "scikit-learn 1.9")
    said = call("doctor")
    assert said.code == 4
    assert "libgomp" in said.out


def test_an_unexpected_error_is_a_sentence_and_not_a_traceback(call, here, monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the moon\nis full")

    monkeypatch.delenv("SYNTHWRIGHT_DEBUG", raising=False)
    monkeypatch.setattr("synthwright.api.read", broken)
    said = call("inspect", "people.csv")
    assert said.code == 3
    assert "bug in synthwright: RuntimeError: the moon is full" in said.err
    assert "SYNTHWRIGHT_DEBUG=1" in said.err
    assert "Traceback" not in said.err
    monkeypatch.setenv("SYNTHWRIGHT_DEBUG", "1")
    with pytest.raises(RuntimeError):
        main(["inspect", "people.csv"])


@pytest.mark.parametrize(
    ("error", "code"), [(KeyboardInterrupt(), 130), (MemoryError(), 4), (OSError(28, "No space left on device"), 4)]
)
def test_the_outside_world_has_codes_of_its_own(call, here, monkeypatch, error, code):
    def broken(*_, **__):
        raise error

    monkeypatch.setattr("synthwright.api.read", broken)
    said = call("inspect", "people.csv")
    assert said.code == code
    assert "Traceback" not in said.err
    assert said.err


def test_evaluate_says_what_it_read_in_trains_way(call, here, tables):
    """Row numbers and another spelling of names and labels, as a careless export has them."""
    table = pandas.read_csv("fake.csv")
    table["sex"] = table["sex"].str.upper()
    table.rename(columns=lambda name: name.replace("-", "_")).to_csv("made.csv", index_label="Unnamed: 0")
    said = call("evaluate", "--train", "train.csv", "--synthetic", "made.csv", *tables[4:], "--gates", "loose.yaml")
    assert said.code == 0
    for word in ("'Unnamed: 0' is left out", "'capital_gain' as 'capital-gain'", "'MALE' as 'Male'"):
        assert word in said.err, word
