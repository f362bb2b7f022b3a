"""The command line in this process, on rows small enough for many calls."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from synthwright import files
from synthwright.cli.main import main

SLICE = Path(__file__).parents[1] / "data" / "adult_1000.csv"


@dataclass(frozen=True)
class Said:
    """How a call ended and what it said."""

    code: int
    out: str
    err: str


@pytest.fixture
def call(capsys):
    """One command line, carried out in this process."""

    def make(*arguments):
        code = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return make


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder with `people.csv` (400 real rows) and two gate files in it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SYNTHWRIGHT_DATA", raising=False)
    lines = SLICE.read_text(encoding="utf-8").splitlines(keepends=True)
    files.write_text(tmp_path / "people.csv", "".join(lines[:401]))
    for name, limit in (("loose", 0.9), ("strict", 0.000001)):
        files.write_text(tmp_path / f"{name}.yaml", GATE.format(limit=limit, name=name))
    return tmp_path


GATE = """\
name: {name}
gates:
  - gate: shapes
    metric: fidelity.column_shapes
    at_most: {limit}
    subject: The column shape error
    advice: Try more rows.
"""


@pytest.fixture
def quick():
    """The options of a quick run: one method without dependence, one metric, one gate."""
    return ("--method", "tabular.independent", "--metric", "fidelity.column_shapes", "--gates", "loose.yaml")
