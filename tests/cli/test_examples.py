"""Worked recipes stay correct, and the demo does what the front page promises."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
RECIPES = sorted((ROOT / "examples" / "recipes").glob("*.yaml"))


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.stem)
def test_a_worked_recipe_is_ready_to_run(call, recipe, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("SYNTHWRIGHT_DATA", raising=False)
    said = call("validate", recipe.relative_to(ROOT), "--json")
    assert said.code in {0, 2}, said.err  # 2: its folder holds the run already
    assert said.code == 0 or "not empty" in said.err
    told = recipe.read_text(encoding="utf-8")
    assert "purpose: " in told
    assert "because: " in told
    assert f"synthwright run examples/recipes/{recipe.name}" in told


def test_the_default_method_runs_and_any_process_repeats_it(call, here):
    """A run with the default method, and the same rows from its saved model."""
    assert (
        call(
            "run", "people.csv", "--target", "income", "--gates", "loose.yaml", "--metric", "fidelity.column_shapes"
        ).code
        == 0
    )
    assert "tabular.honest_trees" in (here / "runs/people/recipe.yaml").read_text()
    assert call("sample", "runs/people/private/model", "-n", "300", "-o", "again.parquet").code == 0
    assert (here / "again.parquet").read_bytes() == (here / "runs/people/synthetic.parquet").read_bytes()


def test_the_fixture_of_25_columns_is_the_same_twice_and_wholly_valid():
    """Two digests, ten rows of each column, and 100 % of the rows valid."""
    said = subprocess.run(
        [sys.executable, "-W", "error", str(ROOT / "examples" / "fixtures" / "orders.py"), "800"],
        capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    first, second, *rows, last = said.stdout.splitlines()
    assert first == second
    assert len(rows) == 25
    assert all(row.count(" | ") >= 9 for row in rows)
    assert last == "25 columns, 800 rows, valid: 100.0 %"


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, once, in a process of its own."""
    place = tmp_path_factory.mktemp("demo")
    said = subprocess.run(
        [sys.executable, "-c", "import sys; from synthwright.cli.main import main; sys.exit(main())", "demo"],
        cwd=place, capture_output=True, text=True, check=False, timeout=600,
    )  # fmt: skip
    return place, said


def test_the_demo_writes_a_judged_run_and_says_what_is_next(demo):
    place, said = demo
    assert said.returncode in {0, 1}, said.stderr
    assert (place / "runs/demo/manifest.json").is_file()
    assert len(said.stdout.splitlines()) == 6  # a header and five figures
    for part in ("report.html", "Next: `synthwright "):
        assert part in said.stderr


def test_the_demo_passes(demo):
    place, said = demo
    assert said.returncode == 0, said.stderr
    assert (place / "runs/demo/synthetic.parquet").is_file()
