"""A recipe's `given` says what ``--given`` says: only such rows, compared with real rows like them."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import synthwright as sw
from synthwright.cli.main import main
from synthwright.errors import BadInput, UnknownName, UsageError
from synthwright.pipeline.recipe_file import load_recipe

OPTIONS = {"method": "tabular.bayes_network", "metrics": ["fidelity.column_shapes"], "seed": 1}


def people(rows=400):
    rng = np.random.default_rng(0)
    age = rng.integers(20, 70, rows)
    pay = np.where(rng.random(rows) < 0.2, np.nan, age * 10.0 + rng.integers(0, 50, rows))
    return pd.DataFrame(
        {"age": age, "job": rng.choice(["nurse", "smith", "Paris, TX"], rows), "pay": pay, "id": np.arange(rows)}
    )


def released(result):
    return pd.read_parquet(result.folder / "synthetic.parquet")


def test_a_recipe_draws_what_the_command_line_draws(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    people().to_csv("people.csv", index=False)
    text = (
        "data: people.csv\nmethod: tabular.bayes_network\nmetrics: [fidelity.column_shapes]\nrows: 60\nout: one\n"
        "given:\n  age: 30..40\n  job: [nurse, 'Paris, TX']\n  pay: present\n"
    )
    (tmp_path / "mine.yaml").write_text(text)
    assert main(["run", "mine.yaml"]) == 0
    told = ["--given", "age=30..40", "--given", 'job=nurse,"Paris, TX"', "--given", "pay=present", "--out", "two"]
    call = ["run", "people.csv", "--method", "tabular.bayes_network", "--metric", "fidelity.column_shapes", *told]
    assert main([*call, "--rows", "60"]) == 0
    one, two = (pd.read_parquet(tmp_path / name / "synthetic.parquet") for name in ("one", "two"))
    assert one.equals(two)
    assert one["age"].between(30, 40).all()
    assert set(one["job"]) == {"nurse", "Paris, TX"}
    assert one["pay"].notna().all()
    assert load_recipe(tmp_path / "one" / "recipe.yaml").given == {
        "age": "30..40",
        "job": ["nurse", "Paris, TX"],
        "pay": "present",
    }


def test_figures_compare_with_real_rows_that_meet_the_conditions(tmp_path):
    data = sw.read(people(), target=None)
    result = sw.run(data, given={"age": (60, None), "job": "nurse"}, out=tmp_path / "run", **OPTIONS)
    measured = json.loads((result.folder / "measurements.json").read_text())["measurements"]
    train = len(people()) * 3 // 4
    n_real = measured[0]["n_real"]
    assert n_real < train / 4
    assert len(released(result)) == n_real  # as many rows as there are real ones like them
    record = json.loads((result.folder / "record.json").read_text())
    assert any(f"compared with the {n_real} and" in note for note in record["notes"])
    assert 0 < record["acceptance"]["conditions"] <= 1
    assert measured[0]["holdout"] is not None


def test_python_says_missing_one_value_and_a_range(tmp_path):
    told = {"pay": None, "age": (25, 65)}
    result = sw.run(people(), given=told, rows=40, out=tmp_path / "run", **OPTIONS)
    rows = released(result)
    assert rows["pay"].isna().all()
    assert rows["age"].between(25, 65).all()


@pytest.mark.parametrize(
    ("options", "error", "told"),
    [
        ({"given": {"agee": 30}}, UnknownName, "age"),
        ({"given": {"id": 30}}, BadInput, "no method learns it"),
        ({"given": {"job": "baker"}}, BadInput, "baker"),
        ({"given": {"age": (20, 20), "job": "nurse"}}, BadInput, "too few to judge drawn ones by"),
        ({"given": {"age": (30, 40)}, "mix": 1.0}, UsageError, "either `given` or `mix`"),
        ({"given": {"age": (40, 30)}}, BadInput, "40"),
        ({"given": {"job": []}}, BadInput, "given"),
    ],
)
def test_conditions_that_can_not_be_drawn_or_judged_end_the_run_before_it_starts(tmp_path, options, error, told):
    with pytest.raises(error, match=told):
        sw.run(people(), out=tmp_path / "run", **OPTIONS, **options)
    assert not (tmp_path / "run").exists()
