"""Engines: results in the order of the items, flat memory, errors that come back."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from synthwright.engines.context import Context, Deadline, Event, ignore
from synthwright.engines.engine import Processes, Serial, engine_for
from synthwright.errors import BadInput, OutOfResource
from synthwright.seeding import Streams


def square(x):
    return x * x


def slow_first(x):
    time.sleep(0.3 if x == 0 else 0)
    return x, os.getpid()


def refuse(x):
    if x == 2:
        raise BadInput("Two is refused.", remedy="Give three.")
    return x


def threads(_):
    return os.environ.get("OMP_NUM_THREADS")


@pytest.mark.parametrize("engine", [Serial(), Processes(2), Processes(1)])
def test_results_come_in_the_order_of_the_items(engine):
    assert engine.map(square, range(7)) == [0, 1, 4, 9, 16, 25, 36]
    assert list(engine.stream(square, iter(range(7)))) == [0, 1, 4, 9, 16, 25, 36]
    assert engine.map(square, []) == []


@pytest.mark.parametrize("engine", [Serial(), Processes(2), Processes(1)])
def test_shared_work_is_done_in_this_process_and_in_order(engine):
    seen = []

    def task(x):
        time.sleep(0.05 if x == 0 else 0)
        seen.append(x)  # memory that a task in another process would not reach
        return x * x, os.getpid()

    assert engine.share(task, range(5)) == [(x * x, os.getpid()) for x in range(5)]
    assert sorted(seen) == list(range(5))
    assert engine.share(task, []) == []


def test_shared_work_goes_on_at_once_with_two_workers():
    """Each of two tasks waits for the other: one after another they would wait for ever."""
    met = threading.Barrier(2, timeout=10)
    assert sorted(Processes(2).share(lambda _: met.wait(), range(2))) == [0, 1]


def test_a_slow_item_does_not_change_the_order():
    results = Processes(2).map(slow_first, range(6))
    assert [x for x, _ in results] == list(range(6))
    assert os.getpid() not in {pid for _, pid in results}


def test_one_item_needs_no_second_process():
    assert Processes(4).map(slow_first, [1]) == [(1, os.getpid())]


def test_the_first_error_of_a_task_is_raised_here():
    for engine in (Serial(), Processes(2)):
        for run in (engine.map, engine.share):
            with pytest.raises(BadInput) as caught:
                run(refuse, range(5))
            assert caught.value.remedy == "Give three."


def test_workers_run_one_thread_each(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    assert Processes(2).map(threads, range(3)) == ["1"] * 3


@pytest.mark.parametrize(("engine", "most"), [(Serial(), 3), (Processes(2), 3 + 2 * 2)])
def test_a_stream_takes_no_more_items_than_it_needs(engine, most):
    """Three results of a long list: three items for one process, four more under way for two."""
    taken = []
    results = engine.stream(square, (taken.append(i) or i for i in range(500)))
    assert [next(results) for _ in range(3)] == [0, 1, 4]
    results.close() if hasattr(results, "close") else None
    assert len(taken) <= most


def test_engines_are_chosen_by_workers():
    assert engine_for(1) == engine_for(0) == Serial()
    assert engine_for(3) == Processes(3)


def test_a_deadline_passes_on_its_own_clock():
    now = [0.0]
    deadline = Deadline(at=5, clock=lambda: now[0])
    assert not deadline.passed()
    now[0] = 5.0
    assert deadline.passed()


def test_a_context_below_another_differs_in_its_streams_alone():
    context = Context(streams=Streams(3), device="cuda")
    below = context.at("fit", 1)
    assert below.streams == Streams(3, ("fit", 1))
    assert (below.engine, below.device) == (context.engine, "cuda")
    assert ignore(Event("x", 1)) is None


def kill_me(x):
    if x == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def test_a_worker_that_the_system_ended_is_a_lack_of_resources():
    with pytest.raises(OutOfResource, match="worker"):
        Processes(2).map(kill_me, range(4))


def report_and_sleep(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(0.05)
    return os.getpid()


ORPHANS = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from test_engines import report_and_sleep
from synthwright.engines.engine import Processes
if __name__ == "__main__":
    for at, _ in enumerate(Processes(2).stream(report_and_sleep, [sys.argv[2]] * 100)):
        if at == 10:
            os.kill(os.getpid(), signal.SIGKILL)
"""


def lives(pid):
    command = Path(f"/proc/{pid}/cmdline")
    return command.exists() and command.read_bytes() != b""  # empty: ended, and not yet buried by its new parent


def test_workers_end_with_a_killed_parent(tmp_path):
    script = tmp_path / "orphans.py"
    script.write_text(ORPHANS, encoding="utf-8")
    (tmp_path / "seen").mkdir()
    told = [sys.executable, str(script), str(Path(__file__).parent), str(tmp_path / "seen")]
    assert subprocess.run(told, check=False, timeout=60).returncode == -signal.SIGKILL
    workers = [int(path.name) for path in (tmp_path / "seen").iterdir()]
    assert workers
    deadline = time.monotonic() + 20
    while any(map(lives, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in workers if lives(pid)]
