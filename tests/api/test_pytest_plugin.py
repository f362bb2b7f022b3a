"""The fixture `synthetic_table` is there for everybody who installs the package, and loads nothing until it is used."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEST = """
import sys
HEAVY = ("sklearn", "scipy.stats", "pandas", "lightgbm", "torch", "pyarrow", "numpy")
LOADED = [name for name in HEAVY if name in sys.modules]
SCHEMA = {"columns": {"age": {"kind": "integer", "bounds": [18, 90]}, "vip": {"kind": "boolean"}}}

def test_nothing_heavy_was_loaded_before():
    assert LOADED == []

def test_rows(synthetic_table):
    first, more = synthetic_table(SCHEMA, 50, seed=3), synthetic_table(SCHEMA, n=80, seed=3)
    assert len(first) == 50
    assert more.head(50).digest() == first.digest() != synthetic_table(SCHEMA, 50).digest()
    assert len(synthetic_table(SCHEMA)) == 100
"""


def test_the_fixture_draws_the_same_rows_on_every_run(tmp_path):
    (tmp_path / "test_it.py").write_text(TEST)
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "synthwright.pytest_plugin",
        "-p",
        "no:cacheprovider",
        "test_it.py",
    ]
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 passed" in done.stdout


def test_the_package_announces_the_plugin():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["entry-points"]["pytest11"] == {"synthwright": "synthwright.pytest_plugin"}
