"""The real command, in a process of its own: codes, streams, kills."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from synthwright.canonical import digest_file

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals and /dev/full are those of POSIX systems")

COMMAND = (sys.executable, "-c", "import sys; from synthwright.cli.main import main; sys.exit(main())")
HEAVY = ("torch", "sklearn", "scipy.stats", "pandas", "lightgbm", "matplotlib")


def real(*arguments, **options):
    """The command line as a shell starts it."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=120, check=False, **options
    )


def started(*arguments):
    return subprocess.Popen([*COMMAND, *map(str, arguments)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def until(path, text, process):
    """Wait until the file at `path` holds `text`, or the process has ended."""
    for _ in range(6000):
        if path.is_file() and text in path.read_text(encoding="utf-8"):
            return
        if process.poll() is not None:
            raise AssertionError(process.stderr.read())
        time.sleep(0.005)
    raise AssertionError(f"{text} never came")


def test_the_entry_point_is_installed():
    said = subprocess.run(
        [Path(sys.executable).with_name("synthwright"), "--version"], capture_output=True, text=True, check=True
    )
    assert said.stdout.startswith("synthwright ")


@pytest.mark.parametrize("call", ["import synthwright", "from synthwright.cli.main import main; main(['--help'])"])
def test_nothing_heavy_is_loaded_before_it_is_needed(call):
    code = f"import sys; {call}; print(sorted(m for m in {HEAVY} if m in sys.modules), file=sys.stderr)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stderr.strip() == "[]"


@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_closed_stream_loses_what_is_said_there_and_nothing_else(here, closed):
    shell = ("sh", "-c", f'exec "$@" {closed}>&-', "sh", *COMMAND)
    said = subprocess.run([*shell, "inspect", "people.csv"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert said.stdout.startswith("column\t") == (closed == "2")
    assert "rows repeat" not in said.stdout
    assert "bug" not in said.stderr


def test_data_goes_to_stdout_and_talk_to_stderr(here):
    said = real("inspect", "people.csv", "--json")
    assert said.returncode == 0
    assert json.loads(said.stdout)["rows"] == 400
    assert "{" not in said.stderr


def test_a_run_is_carried_out(here, quick):
    said = real("run", "people.csv", *quick)
    assert said.returncode == 0, said.stderr
    assert (here / "runs/people/manifest.json").is_file()
    assert real("verify", "runs/people").returncode == 0


def test_a_withheld_run_exits_1(here, quick):
    said = real("run", "people.csv", *quick[:-1], "strict.yaml")
    assert said.returncode == 1
    assert not (here / "runs/people/synthetic.parquet").exists()


def test_usage_exits_2(here):
    assert real("run").returncode == 2
    assert real("run", "people.csv", "--rows", "0").returncode == 2
    assert real("sing").returncode == 2


def test_bad_input_exits_3_without_a_traceback(here):
    said = real("run", "nowhere.csv")
    assert said.returncode == 3
    assert said.stderr.startswith("Error: ")
    assert "Traceback" not in said.stderr


def test_a_full_disk_exits_4(here):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        said = subprocess.run(
            [*COMMAND, "inspect", "people.csv"], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert said.returncode == 4
    assert "Traceback" not in said.stderr


def test_a_reader_that_leaves_early_is_no_error(here):
    """`synthwright inspect people.csv | true`."""
    reading, writing = os.pipe()
    os.close(reading)
    said = subprocess.run(
        [*COMMAND, "inspect", "people.csv"], stdout=writing, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writing)
    assert said.returncode == 0
    assert "Broken" not in said.stderr
    assert "Traceback" not in said.stderr


def results(folder):
    """Digests of what depends on seed and inputs alone."""
    paths = [folder / name for name in ("synthetic.parquet", "measurements.json", "verdict.json", "schema.yaml")]
    paths += sorted(path for path in (folder / "private/model").rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): digest_file(path) for path in paths}


@pytest.mark.parametrize("stage", ["sample"])
def test_a_killed_run_resumes_to_the_same_digests(here, quick, stage):
    """SIGKILL, which no process can catch, right after a stage has been written down."""
    assert real("run", "people.csv", *quick, "--rows", "2000", "--out", "whole").returncode == 0
    process = started("run", "people.csv", *quick, "--rows", "2000", "--out", "killed")
    until(here / "killed/private/journal.json", f'"stage": "{stage}"', process)
    process.kill()
    process.communicate()
    if not (here / "killed/manifest.json").exists():  # the kill may come too late; then the run is whole
        assert real("verify", "killed").returncode == 3
        said = real("resume", "killed")
        assert said.returncode == 0, said.stderr
    assert results(here / "killed") == results(here / "whole")
    assert real("verify", "killed").returncode == 0


def test_an_interrupted_run_exits_130_and_can_be_resumed(here, quick):
    process = started("run", "people.csv", *quick, "--rows", "400000", "--out", "stopped")
    until(here / "stopped/private/journal.json", '"stage": "fit"', process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "resume" in told
    assert "Traceback" not in told
    assert not (here / "stopped/manifest.json").exists()
    assert not (here / "stopped/synthetic.parquet").exists()


def test_a_terminal_gets_bars_and_colours_unless_told_otherwise(here, quick):
    """The same call through a pseudo-terminal, with and without NO_COLOR."""
    import pty

    for environment, coloured in (({}, True), ({"NO_COLOR": "1"}, False)):
        leader, follower = pty.openpty()
        process = subprocess.Popen(
            [*COMMAND, "run", "people.csv", *quick, "--out", f"run{coloured}"],
            stdout=subprocess.PIPE,
            stderr=follower,
            env={**os.environ, "TERM": "xterm-256color", **environment},
        )
        os.close(follower)
        told = b""
        while True:
            try:
                piece = os.read(leader, 65_536)
            except OSError:  # Linux reports the end of a pseudo-terminal as an error
                break
            if not piece:
                break
            told += piece
        os.close(leader)
        assert process.wait(60) == 0
        assert (b"\x1b[1;32m" in told or b"\x1b[32m" in told) == coloured
        assert b"evaluate" in told
        process.stdout.close()
