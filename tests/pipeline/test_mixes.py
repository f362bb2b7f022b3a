"""The mix of a run: what was asked for, the same bytes on any way there, nothing if the rows were withheld."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest
from quick import again, killed_at, render, results

from synthwright import files
from synthwright.canonical import digest_file
from synthwright.data.reading import is_marked, read_table
from synthwright.engines.engine import engine_for
from synthwright.errors import BadInput, OutOfResource, SynthwrightError, UnknownName, UsageError
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.manifest import verify
from synthwright.pipeline.plan import make_plan
from synthwright.pipeline.recipe_file import recipe_of
from synthwright.pipeline.running import resume

BOTH = {"ratio": 1.5, "balance": ["sex", "income"]}
METRICS = ["fidelity.column_shapes"]


def mixed(folder):
    """Both files of the mix by their digests."""
    where = RunFolder(folder)
    return digest_file(where.mixed), digest_file(where.mix)


def counted(folder, *columns):
    frame = read_table(RunFolder(folder).mixed).to_pandas()
    return frame.groupby([*columns, "source"], observed=True).size().to_dict()


def told(folder):
    return json.loads(RunFolder(folder).mix.read_text())


def test_a_run_mixes_what_its_recipe_asks_for(quick_run):
    folder = quick_run(mix=BOTH).folder
    groups = {key: n for key, n in counted(folder, "sex", "income").items() if key[2] == "real"}
    every = counted(folder, "sex", "income")
    sizes = {key[:2]: n + every.get((*key[:2], "tabular.independent"), 0) for key, n in groups.items()}
    assert sum(sizes.values()) == 750
    filled = [n for key, n in sizes.items() if n > groups[(*key, "real")]]
    assert max(filled) - min(filled) <= 1
    assert told(folder)["drawn"] > 0
    assert told(folder)["drawn"] + told(folder)["released"] == 450
    assert verify(folder) == []


def test_rows_that_are_lacking_are_drawn_and_those_at_hand_come_first(quick_run):
    """300 released rows, 600 wanted: the released ones are a part of them, as far as classes allow."""
    folder = quick_run(mix={"ratio": 2}, rows=300).folder
    table = pq.read_table(RunFolder(folder).mixed)
    assert table.num_rows == 900
    assert told(folder)["released"] >= 280
    assert told(folder)["lacking"] == {}


def test_identifiers_of_rows_drawn_for_the_mix_are_new(quick_run, rows_file, tmp_path):
    lines = rows_file.read_text().splitlines()
    coded = [f"code,{lines[0]}", *(f"A{1_000 + 7 * at},{line}" for at, line in enumerate(lines[1:]))]
    files.write_text(tmp_path / "coded.csv", "\n".join(coded) + "\n")
    folder = quick_run(data=str(tmp_path / "coded.csv"), mix={"balance": "target"}, rows=50).folder
    codes = pq.read_table(RunFolder(folder).mixed)["code"].to_pylist()
    assert told(folder)["drawn"] > 100
    assert len(set(codes)) == len(codes)


def test_two_workers_mix_what_one_mixes_and_another_seed_does_not(quick_run):
    asked = {"ratio": 1, "balance": "sex", "select": "density"}
    one, two = (quick_run(name, mix=asked, engine=engine_for(n)).folder for name, n in (("one", 1), ("two", 2)))
    other = quick_run("other", mix=asked, seed=9).folder
    assert mixed(one) == mixed(two) != mixed(other)


def test_a_mix_changes_nothing_else_of_a_run(quick_run):
    alone, both = results(quick_run("alone").folder), results(quick_run("both", mix=BOTH).folder)
    for name in ("recipe.yaml", "verdict.json", "private/model/model.json"):  # the gates of the mix are in the verdict
        alone.pop(name), both.pop(name)
    assert alone == both


@pytest.mark.parametrize(("stage", "when"), [("release", "as it ends"), ("mix", "as it begins"), ("mix", "as it ends")])
def test_a_run_killed_around_its_mix_resumes_to_the_same_bytes(stage, when, quick_run, tmp_path):
    whole = quick_run("run", mix=BOTH).folder
    files.rename(whole, tmp_path / "whole")
    with killed_at(stage, when):
        quick_run("run", mix=BOTH)
    finished = resume(tmp_path / "run", again, render=render).folder
    assert results(finished) == results(tmp_path / "whole")
    assert mixed(finished) == mixed(tmp_path / "whole")
    assert verify(finished) == []


def test_a_mix_that_was_changed_is_made_again(quick_run):
    folder = quick_run(mix=BOTH).folder
    before = mixed(folder)
    files.remove(RunFolder(folder).manifest)
    files.write_text(RunFolder(folder).mix, "{}")
    with pytest.raises(BadInput, match=r"changed|gone"):  # its working files are gone: it says so instead of guessing
        resume(folder, again, render=render)
    assert digest_file(RunFolder(folder).mixed) == before[0]


def test_withheld_rows_are_not_mixed(quick_run):
    where = RunFolder(quick_run(limit=0.000001, mix=BOTH).folder)
    assert not where.mixed.exists()
    assert not where.mix.exists()
    assert "mix" not in json.loads(where.record.read_text())


def test_a_mix_says_that_it_holds_synthetic_rows(quick_run):
    assert is_marked(RunFolder(quick_run().folder).mixed)


def test_the_record_has_the_account_with_counts_of_groups_rounded(quick_run):
    folder = quick_run(mix={**BOTH, "select": "density"}).folder
    record = json.loads(RunFolder(folder).record.read_text())["mix"]
    for listed in record["groups"].values():
        assert all(one["real"] % 5 == 0 and one["added"] % 5 == 0 for one in listed)
    assert record["synthetic_share"] == told(folder)["synthetic_share"] == pytest.approx(0.6)
    assert "discriminator" in record["selection"]["sentence"]
    assert record["asked"]["balance"] == ["sex", "income"]


def test_a_run_without_a_mix_records_the_synthetic_share_of_its_rows(quick_run):
    record = json.loads(RunFolder(quick_run(rows=100).folder).record.read_text())["mix"]
    assert record == {"ratio": 1 / 3, "real_rows": 300, "synthetic_rows": 100, "synthetic_share": 0.25}


def test_what_the_model_can_t_draw_is_told_and_the_run_ends(quick_run, rows_file, tmp_path):
    """Three real rows have this class: the model never draws it, and the others are mixed in all the same."""
    lines = rows_file.read_text().splitlines()
    odd = [line.replace("<=50K", "unknown").replace(">50K", "unknown") for line in lines[1:4]]
    files.write_text(tmp_path / "odd.csv", "\n".join([lines[0], *odd, *lines[4:]]) + "\n")
    folder = quick_run(data=str(tmp_path / "odd.csv"), mix={"balance": "all"}).folder
    assert verify(folder) == []
    assert set(told(folder)["lacking"]) == {"groups with fewer than 5 real rows"}
    assert "synthetic rows are lacking" in told(folder)["warnings"][0]
    assert told(folder)["synthetic_rows"] > 50
    record = (folder / "record.json").read_text() + (folder / "README.md").read_text()
    assert "unknown" not in record.replace("an unknown share", "")


def gate_of(result, name):
    return next(gate for gate in result.verdict.gates if gate.gate == name)


@pytest.mark.parametrize(
    ("mix", "outcomes"),
    [
        ({"ratio": 5}, ("PASS", "PASS")),
        ({"ratio": 5.1}, ("FAIL", "PASS")),
        ({"ratio": 1, "real": False}, ("PASS", "FAIL")),
    ],
)
def test_gates_warn_of_large_ratios_and_of_synthetic_rows_alone(quick_run, mix, outcomes):
    """They never block: the rows are released, and the verdict is what it was."""
    result = quick_run(mix=mix, gates="default", metrics=METRICS)
    assert tuple(gate_of(result, name).verdict for name in ("mix mostly real", "real rows in the mix")) == outcomes
    assert not gate_of(result, "mix mostly real").blocking
    assert not gate_of(result, "real rows in the mix").blocking
    assert RunFolder(result.folder).mixed.is_file()


def test_runs_that_ask_for_no_mix_have_no_gates_of_it(quick_run):
    verdict = quick_run(gates="default", rows=3_000, metrics=METRICS).verdict
    assert not [gate for gate in verdict.gates if gate.metric.startswith("mix.")]
    assert not [name for name in verdict.not_measured if "mix" in name]


def planned(quick_recipe, **changes):
    return make_plan(recipe_of(quick_recipe(**changes)))


def test_a_plan_says_how_many_rows_are_mixed_in(quick_recipe):
    made = planned(quick_recipe, mix={"ratio": 2, "balance": "sex"})
    assert made.to_json_value()["rows"]["mixed_in"] == 600
    assert any("600 synthetic rows, 2 per real one, sex balanced" in line for line in made.lines())


@pytest.mark.parametrize(
    ("mix", "error", "said"),
    [
        ({"ratio": -1}, BadInput, "mix.ratio is -1"),
        ({"ratio": "much"}, BadInput, "mix.ratio is 'much'"),
        ({"ratio": float("inf")}, BadInput, "mix.ratio is inf"),
        ({"ratoi": 1}, BadInput, "Did you mean 'ratio'?"),
        ({"select": "best"}, BadInput, "mix.select is 'best'"),
        ({"balance": 3}, BadInput, "mix.balance"),
        ({"candidates": 0}, BadInput, "mix.candidates is 0"),
        ({"ratio": 1e12}, OutOfResource, "more than this machine"),
        ({"balance": "age"}, BadInput, "no classes to even out"),
        ({"balance": "sxe"}, UnknownName, "Did you mean 'sex'?"),
        ({"balance": {"rich": 900}}, UnknownName, "no class called 'rich'"),
        ({"balance": []}, UsageError, "names nothing"),
    ],
)
def test_a_mix_that_can_t_be_is_refused_before_anything_is_spent(quick_recipe, mix, error, said, tmp_path):
    with pytest.raises(error) as caught:
        planned(quick_recipe, mix=mix)
    assert isinstance(caught.value, SynthwrightError)
    assert said in str(caught.value)
    assert not (tmp_path / "run").exists()
