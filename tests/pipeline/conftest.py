"""A run small enough for many: 400 real rows, one method without dependence, one metric, one gate."""

from __future__ import annotations

from pathlib import Path

import pytest
from quick import GATE, render

from synthwright import files
from synthwright.engines.context import Context
from synthwright.pipeline.plan import make_plan
from synthwright.pipeline.recipe_file import recipe_of
from synthwright.pipeline.running import carry_out
from synthwright.seeding import Streams

SLICE = Path(__file__).parents[1] / "data" / "adult_1000.csv"


@pytest.fixture(scope="session")
def rows_file(tmp_path_factory):
    """The first 400 rows of the Adult slice."""
    lines = SLICE.read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path_factory.mktemp("rows") / "people.csv"
    files.write_text(path, "".join(lines[:401]))
    return path


@pytest.fixture
def gate_file(tmp_path):
    """A maker of gate files with one gate: the column shape error is at most `limit`."""

    def make(limit=0.9):
        path = tmp_path / f"gates_{limit}.yaml"
        files.write_text(path, GATE.format(limit=limit))
        return path

    return make


@pytest.fixture
def quick_recipe(rows_file, gate_file, tmp_path):
    """A maker of recipes, as mappings."""

    def make(name="run", *, limit=0.9, **changes):
        return {
            "data": str(rows_file),
            "target": "income",
            "method": "tabular.independent",
            "gates": str(gate_file(limit)),
            "metrics": ["fidelity.column_shapes"],
            "out": str(tmp_path / name),
            **changes,
        }

    return make


@pytest.fixture
def quick_run(quick_recipe):
    """A maker of finished runs; `progress` and `engine` go into their context."""

    def make(name="run", *, limit=0.9, tables=None, progress=None, engine=None, **changes):
        plan = make_plan(recipe_of(quick_recipe(name, limit=limit, **changes)), tables=tables)
        outside = {"progress": progress, "engine": engine}
        context = Context(
            streams=Streams(plan.recipe.seed), **{key: value for key, value in outside.items() if value is not None}
        )
        return carry_out(plan, context, render=render, call={"workers": 1, "command": ["synthwright", "run"]})

    return make
