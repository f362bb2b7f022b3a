"""The record says what was done, and nothing about where."""

from __future__ import annotations

import pytest

from synthwright.provenance.record import run_record, shown_command, versions


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        (["synthwright", "run", "/home/me/people.csv"], "synthwright run people.csv"),
        (["synthwright", "run", "--out=/data/x/run"], "synthwright run --out=run"),
        (["synthwright", "run", "../up/people.csv"], "synthwright run people.csv"),
        (
            ["synthwright", "run", "data/people.csv", "--target", "my income"],
            "synthwright run data/people.csv --target 'my income'",
        ),
    ],
)
def test_a_command_shows_names_and_not_places(arguments, shown):
    assert shown_command(arguments) == shown


def test_versions_name_what_can_change_a_number():
    assert {"python", "system", "numpy", "pyarrow", "scikit-learn"} <= set(versions())


def test_what_is_empty_is_left_out():
    record = run_record(
        command=["synthwright", "demo"],
        inputs=[{"name": "train", "rows": 3}],
        method="tabular.independent",
        settings={},
        seed=0,
        workers=1,
        left_out={},
        acceptance={},
        digests={"verdict.json": "00"},
        seconds={"fit": 0.5},
        started="2026-01-01T00:00:00+00:00",
        created="2026-01-01T00:01:00+00:00",
        released=False,
    )
    assert "settings" not in record
    assert "left_out" not in record
    assert (record["seed"], record["released"], record["cost_usd"]) == (0, False, 0.0)
