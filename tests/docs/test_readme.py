"""README's commands and code run as they stand, and its figures are those of the benchmarks."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"<!-- executed by tests/docs/test_readme.py -->\n```{language}\n(.*?)```", README, re.DOTALL)


@pytest.fixture
def checkout(tmp_path):
    """A folder that looks like the repository root, so that examples write nothing into it."""
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    return tmp_path


def run(arguments, folder):
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    return subprocess.run(
        arguments, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_every_command_runs_and_none_is_a_usage_error(checkout):
    (console,) = blocks("console")
    commands = [line.removeprefix("$ ") for line in console.splitlines() if line.startswith("$ ")]
    assert len(commands) >= 3
    for command in commands:
        done = run(shlex.split(command), checkout)
        assert done.returncode in {0, 1}, f"{command}: {done.stderr}"  # 1: withheld by a gate
        assert "Traceback" not in done.stderr
    assert (checkout / "runs" / "adult" / "manifest.json").is_file()


def test_the_python_example_runs(checkout):
    (code,) = blocks("python")
    done = run([sys.executable, "-W", "error", "-c", code], checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[0] in {"PASS", "FAIL", "UNDECIDED"}
    assert (checkout / "report.html").stat().st_size > 10_000
