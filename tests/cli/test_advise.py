"""`synthwright advise`: text for people, JSON for programs, a schema to go on with; nothing is left after an error."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest
import yaml

from synthwright import files

PARTS = ("Good to know", "Try, in this order", "Next", "Not looked at: ")


@pytest.fixture
def leaky(here):
    """Pupils of 30 schools, with a column that gives their mark away."""
    rng = np.random.default_rng(0)
    school = np.repeat(np.arange(30), 12)
    frame = pd.DataFrame({"school": school, "effort": rng.normal(size=360).round(2)})
    frame["mark"] = (rng.normal(size=30)[school] + frame["effort"] + rng.normal(size=360) * 0.7).round(2)
    frame["percent"] = (frame["mark"] * 10 + 50).round(1)
    files.write_text(here / "pupils.csv", frame.to_csv(index=False))
    return here / "pupils.csv"


def test_advice_is_text_with_the_next_command(call, here):
    said = call("advise", "people.csv", "--target", "income")
    assert said.code == 0
    for part in PARTS:
        assert part in said.out
    command = next(line.strip() for line in said.out.splitlines() if line.startswith("  synthwright gain"))
    assert command.startswith("synthwright gain people.csv --target income --method tabular.")
    assert command.endswith("--ratios 1")


def test_the_json_says_the_same_as_the_text(call, here):
    text = call("advise", "people.csv", "--target", "income").out
    told = json.loads(call("advise", "people.csv", "--target", "income", "--json").out)
    assert told["target"] == "income"
    assert set(told) == {"rows", "looked_at", "curve_rows", "target", "findings", "conclusion", "not_looked_at"}
    for one in told["findings"]:
        assert one["sentence"] in text
        assert one["low"] <= one["value"] <= one["high"]
    assert told["conclusion"]["sentence"] in text


def test_a_schema_with_what_was_found_is_written_and_the_next_command_runs(call, leaky):
    said = call("advise", "pupils.csv", "--target", "mark", "-o", "advised.yaml")
    assert said.code == 0
    assert "Left out: percent" in (leaky.parent / "advised.yaml").read_text(encoding="utf-8")
    columns = yaml.safe_load((leaky.parent / "advised.yaml").read_text(encoding="utf-8"))["columns"]
    assert "percent" not in columns
    assert columns["school"]["role"] == "group"
    command = next(line.strip() for line in said.out.splitlines() if line.startswith("  synthwright gain"))
    assert "--schema advised.yaml" in command
    assert call(*command.split()[1:], "--seeds", "1").code == 0


def test_without_a_schema_to_write_the_commands_begin_with_writing_it(call, leaky):
    said = call("advise", "pupils.csv", "--target", "mark")
    commands = [line.strip() for line in said.out.splitlines() if line.startswith("  synthwright")]
    assert [command.split()[1] for command in commands] == ["advise", "gain"]
    assert commands[0].endswith("-o advised.yaml")
    assert call(*commands[0].split()[1:]).code == 0
    again = call("advise", "pupils.csv", "--target", "mark", "--schema", "advised.yaml")
    assert "Mend first" not in again.out
    assert "its role says so" in again.out


def test_errors_say_what_to_do_and_leave_nothing(call, here):
    assert call("advise", "people.csv", "--target", "incom").code == 2
    assert call("advise", "missing.csv").code == 3
    files.write_text(here / "empty.csv", "a,b\n")
    assert call("advise", "empty.csv", "-o", "schema.yaml").code == 3
    assert not (here / "schema.yaml").exists()
    files.write_text(here / "schema.yaml", "mine")
    said = call("advise", "people.csv", "-o", "schema.yaml")
    assert said.code == 2
    assert "exists already" in said.err
    assert (here / "schema.yaml").read_text(encoding="utf-8") == "mine"


def test_names_from_files_do_not_steer_the_terminal(call, here):
    rows = "".join(f"{at % 7},{at % 2}\n" for at in range(60))
    files.write_text(here / "odd.csv", "\x1b[31mred,b\n" + rows)
    said = call("advise", "odd.csv", "--target", "\x1b[31mred")
    assert "\x1b" not in said.out + said.err
