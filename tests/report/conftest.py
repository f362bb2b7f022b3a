"""Run folders for the report's tests, each made once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from runs import write_run


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory):
    """A maker of run folders, each made once: ``run_folder(columns=10, overall="PASS")``."""
    made: dict[str, Path] = {}

    def make(**how: object) -> Path:
        key = json.dumps(how, sort_keys=True)
        if key not in made:
            made[key] = write_run(tmp_path_factory.mktemp("run") / "people", **how)
        return made[key]

    return make
