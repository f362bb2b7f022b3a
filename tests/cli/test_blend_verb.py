"""`blend`, and the mix of `run`, from the command line."""

from __future__ import annotations

import json

import pytest
import yaml

from synthwright import files
from synthwright.data.reading import read_table

QUICK = ("--method", "tabular.independent", "--metric", "fidelity.column_shapes")


@pytest.fixture
def made(call, here):
    """`people.csv` and 2,000 rows of a model of it."""
    call("fit", "people.csv", "--method", "tabular.independent", "--target", "income", "-o", "model")
    call("sample", "model", "-n", "2000", "-o", "made.parquet")
    return here


def test_blend_writes_exact_counts_and_says_the_share(call, made):
    said = call("blend", "people.csv", "made.parquet", "--target", "income", "--balance", "target", "-o", "mixed.csv")
    assert said.code == 0
    frame = read_table(made / "mixed.csv").to_pandas()
    assert frame["income"].value_counts().nunique() == 1
    assert list(frame.columns[-2:]) == ["source", "depth"]
    assert set(frame["source"]) == {"real", "synthetic"}
    lines = [line.split("\t") for line in said.out.splitlines()]
    assert lines[0] == ["income", "real", "added"]
    assert "% of the mix" in said.err
    assert "Warning: income=" in said.err


def test_blend_tells_by_what_rows_were_chosen(call, made):
    said = call(
        "blend", "people.csv", "made.parquet", "--ratio", "0.5", "--select", "density", "-o", "a.parquet", "--json",
        "--name", "elsewhere", "--sensitive", "sex",
    )  # fmt: skip
    found = json.loads(said.out)
    assert found["selection"]["by"] == "density"
    assert "discriminator" in said.err
    assert found["synthetic_rows"] == 200
    assert found["audit"]["evenness"][0]["division"] == "sex"


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        (("--ratio", "-1"), 2, "-1.0 is no mix ratio"),
        (("--ratio", "nan"), 2, "nan is no mix ratio"),
        (("--ratio", "1e15"), 4, "more than this machine can hold"),
        (("--ratio", "50"), 3, "synthetic rows are lacking"),
        (("--balance", "age"), 3, "no classes to even out"),
        (("--balance", "sex,rac"), 2, "Did you mean 'race'?"),
        (("--balance", "target"), 2, "no column has the role target"),
        (("--balance", "yes=12", "--target", "income"), 2, "no class called 'yes'"),
        (("--select", "best"), 2, "way to choose rows"),
        (("--short", "never"), 2, "were not found"),
        (("--holdout", "none.csv"), 3, "none.csv"),
    ],
)
def test_what_can_t_be_blended_leaves_no_file(call, made, options, code, told):
    said = call("blend", "people.csv", "made.parquet", *options, "-o", "mixed.csv")
    assert (said.code, told in said.err) == (code, True), said.err
    assert "Traceback" not in said.err
    assert not (made / "mixed.csv").exists()


def test_blend_takes_no_synthetic_rows_for_real_ones_and_overwrites_nothing(call, made):
    said = call("blend", "made.parquet", "made.parquet", "-o", "mixed.csv")
    assert (said.code, "carry the mark" in said.err) == (3, True)
    assert call("blend", "people.csv", "made.parquet", "-o", "made.parquet").code == 2


def test_run_mixes_as_its_options_say(call, here):
    said = call(
        "run", "people.csv", "--target", "income", *QUICK, "--gates", "loose.yaml", "--out", "out", "--mix", "2",
        "--balance", "sex,race", "--select", "stratified",
    )  # fmt: skip
    assert said.code == 0, said.err
    recipe = yaml.safe_load((here / "out" / "recipe.yaml").read_text())
    assert (recipe["mix"]["ratio"], recipe["mix"]["balance"]) == (2.0, ["sex", "race"])
    told = json.loads((here / "out" / "private" / "mix.json").read_text())
    assert told["synthetic_rows"] == 600
    assert "67 % of the mix is synthetic" in (here / "out" / "README.md").read_text()
    assert 'id="mix"' in (here / "out" / "report.html").read_text()
    assert (
        "Synthetic rows were added where there are few: by sex and race." in (here / "out" / "report.html").read_text()
    )


def test_options_win_over_the_mix_of_a_recipe_and_leave_the_rest_of_it(call, here):
    text = "data: people.csv\ntarget: income\nmix:\n  ratio: 3\n  balance: [sex]\n"
    files.write_text(here / "mine.yaml", text)
    from synthwright.api import plan_recipe

    plan = plan_recipe("mine.yaml", {"mix": {"ratio": 1.0}})
    assert (plan.recipe.mix.ratio, plan.recipe.mix.balance) == (1.0, ["sex"])
    said = call("validate", "mine.yaml")
    assert "900 synthetic rows, 3 per real one, sex balanced" in said.out
