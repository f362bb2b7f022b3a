"""First meetings with the newer verbs: odd targets, columns and calls end in a right result or in one coded error."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

from synthwright.cli import guard
from synthwright.cli.main import main

QUICK = ("--method", "tabular.independent", "--seeds", "1")


@pytest.fixture
def frame():
    """160 rows: a number, a whole number, a category, and two classes that depend on the number."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=160).round(2)
    y = np.where(x + 0.3 * rng.normal(size=160) > 0, "k1", "k0")
    return pd.DataFrame({"x": x, "z": rng.integers(0, 50, 160), "c": rng.choice(list("abc"), 160), "y": y})


def error_of(said):
    """The error on standard output; the whole of it is JSON."""
    return json.loads(said.out)["error"]


@pytest.mark.parametrize(
    ("arguments", "code", "problem"),
    [
        (("gain", "no.csv", "--target", "y"), 3, "no.csv does not exist"),
        (("gain", "people.csv", "--target", "y"), 2, "no column called 'y'"),
        (("gain", "people.csv"), 2, "--target"),
        (("ablate", "people.csv", "--target", "income", "--ratio", "nan"), 2, "no ratio"),
        (("collapse", "people.csv", "--seeds", "0"), 2, "--seeds"),
        (("advise", "people.csv", "--fast"), 2, "--fast"),
        (("review", "export", "no"), 3, "no"),
        (("evaluate", "--train", "people.csv"), 2, "--synthetic"),
    ],
)
def test_a_program_that_asked_for_json_gets_the_error_as_json(call, here, arguments, code, problem):
    said = call(*arguments, "--json")
    found = error_of(said)
    assert (said.code, found["exit_code"]) == (code, code)
    assert problem in found["problem"] or problem in found["evidence"]
    assert "Error:" in said.err
    assert "problem" not in said.err  # people get the sentence, not the JSON


def test_whoever_did_not_ask_for_json_gets_nothing_on_standard_output(call, here):
    assert call("gain", "no.csv", "--target", "y").out == ""
    assert call("gain", "no.csv").out == ""


def test_bugs_and_interrupts_are_json_too(capsys, monkeypatch):
    monkeypatch.delenv("SYNTHWRIGHT_DEBUG", raising=False)
    for error, code in ((RuntimeError("odd"), 3), (KeyboardInterrupt(), 130), (MemoryError(), 4)):

        def verb(raised=error, **_options):
            raise raised

        with pytest.raises(guard.typer.Exit) as end:
            guard.guarded(verb)(json=True)
        assert end.value.exit_code == code
        assert json.loads(capsys.readouterr().out)["error"]["exit_code"] == code


def test_help_and_version_still_end_well(capsys):
    assert main(["--version"]) == 0
    assert main(["gain", "--help"]) == 0
    assert "Usage: synthwright gain" in capsys.readouterr().out


def test_free_text_beside_the_target_does_not_stop_a_gain_experiment(call, here, frame):
    frame.assign(t=[f"some words number {i * 37 % 91} and {i} then" for i in range(160)]).to_csv("d.csv", index=False)
    said = call(
        "gain", "d.csv", "--target", "y", *QUICK, "--ratios", "1", "--learner", "linear", "--out", "o", "--json"
    )
    assert said.code == 0, said.err
    assert '"tabular.random_oversample"' in said.out
    again = call("gain", "d.csv", "--target", "y", *QUICK, "--ratios", "1", "--learner", "linear", "--out", "o")
    assert again.code == 2
    assert "--resume goes on with it" in again.err


@pytest.mark.parametrize(("factor", "told"), [(1e300, "larger unit"), (1e-300, "smaller unit")])
@pytest.mark.parametrize("verb", [("gain", "--ratios", "1"), ("ablate",), ("ablate", "--focus", "errors")])
def test_targets_whose_squares_are_no_numbers_are_named_before_anything_is_trained(
    call, here, frame, factor, told, verb
):
    frame.assign(y=frame["x"] * factor).to_parquet("d.parquet")
    said = call(verb[0], "d.parquet", "--target", "y", *QUICK, *verb[1:], "--out", "o")
    assert said.code == 3
    assert told in said.err
    assert not (here / "o").exists()


def test_an_ablation_in_which_nothing_moves_still_has_its_page(call, here):
    from synthwright.evaluation.measurement import Estimate
    from synthwright.report.charts.gains import Line, gains

    assert "svg" in str(gains([Line(arm="a", label="b", gain=Estimate.exact(0.0))], "nothing"))


def test_a_target_that_few_combinations_of_columns_explain_is_advised_on(call, here, frame):
    frame.assign(y=(frame["x"] * 3 + frame["z"]).where(frame["z"] > 10)).to_parquet("d.parquet")
    said = call("advise", "d.parquet", "--target", "y", "--json")
    assert said.code == 0, said.err
    assert "NaN" not in said.out


def test_forty_classes_in_few_rows_raise_no_warning_of_a_library(call, here):
    rng = np.random.default_rng(1)
    x = rng.normal(size=400)
    y = [f"k{i}" for i in np.clip(np.digitize(x, np.linspace(-1, 1, 39)), 0, 39)]
    pd.DataFrame({"x": x.round(2), "y": y}).to_csv("d.csv", index=False)
    said = call("advise", "d.csv", "--target", "y")
    assert said.code == 0, said.err
    assert "Warning" not in said.err


def test_rules_are_looked_for_in_five_rows(call, here, frame):
    frame[:5].to_parquet("d.parquet")
    said = call("inspect", "d.parquet", "--propose", "--distributions", "--json")
    assert said.code == 0, said.err
    assert json.loads(said.out)["proposals"] == []


def test_a_column_too_large_for_a_distribution_is_left_without_one(call, here, frame):
    frame.assign(x=frame["x"] * 1e300).to_parquet("d.parquet")
    said = call("inspect", "d.parquet", "--distributions", "-o", "s.yaml")
    assert said.code == 0, said.err
    said = call("sample", "s.yaml", "-n", "20", "-o", "rows.csv")
    assert said.code == 0, said.err
    assert "family" not in (here / "s.yaml").read_text().split("x:")[1].split("z:")[0]


@pytest.mark.parametrize("verb", [("inspect", "people.csv"), ("advise", "people.csv")])
def test_a_schema_that_cannot_be_written_leaves_one_error_on_standard_output(call, here, verb):
    (here / "file").write_text("x")
    assert error_of(call(*verb, "-o", "file/s.yaml", "--json"))["exit_code"] == 2


def test_inspect_writes_over_nothing_and_least_of_all_over_the_rows(call, here):
    before = (here / "people.csv").read_bytes()
    said = call("inspect", "people.csv", "-o", "people.csv")
    assert said.code == 2
    assert "people.csv exists already" in said.err
    assert (here / "people.csv").read_bytes() == before
    assert call("inspect", "people.csv", "-o", ".").code == 2
