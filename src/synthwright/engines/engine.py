"""Where work runs: one task over many items, results in the order of the items."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Protocol, TypeVar

from synthwright.errors import OutOfResource

__all__ = ["Engine", "Processes", "Serial", "engine_for"]

_MOST_PROCESSES = 61

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs a task over items. The plan, not the engine, carries the determinism: results never depend on it."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`, wherever each is computed."""
        ...

    def stream(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results of `map` one after another; only a few items and results are held at any time."""
        ...

    def share(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """The results of `map`, computed in this process, whose memory all tasks see: nothing is sent anywhere.

        For tasks that spend their time in libraries that let go of the interpreter: trees, searches, files.
        """
        ...


@dataclass(frozen=True, slots=True)
class Serial:
    """Everything in this process, one item after another."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`."""
        return [task(item) for item in items]

    def stream(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """Each result when it is asked for."""
        return map(task, items)

    def share(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`."""
        return self.map(task, items)


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of `workers` spawned processes; `task` and items must be importable and small enough to send.

    The task is sent once to each process, the items one by one.
    """

    workers: int

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`; the first error of a task is raised here."""
        return list(self.stream(task, items))

    def stream(self, task: Callable[[Item], Result], items: Iterable[Item]) -> Iterator[Result]:
        """The results in order; at most two items per worker are under way or waiting to be fetched.

        Raises
        ------
        OutOfResource
            The system ended a worker, which it does when memory runs out.
        """
        source = iter(items)
        first = list(islice(source, 2))
        if len(first) < 2 or self.workers < 2:
            yield from map(task, chain(first, source))
            return
        # Spawn, never fork: forked OpenMP and Arrow threads deadlock.
        spawn = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(self.workers, spawn, initializer=_start, initargs=(task,)) as pool:
            waiting: deque[Future[Result]] = deque()
            try:
                for item in chain(first, source):
                    waiting.append(pool.submit(_run, item))
                    if len(waiting) >= 2 * self.workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            except BrokenProcessPool as error:
                raise OutOfResource(
                    "A worker process was ended from outside.",
                    evidence="Systems do so when memory runs out.",
                    remedy="Try fewer --workers, or fewer rows; `synthwright resume DIR` carries on with a run.",
                ) from error
            finally:  # an error, or a reader who stopped half-way: what has not begun is not begun
                for future in waiting:
                    future.cancel()

    def share(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]` in as many threads as there are workers."""
        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(task, items))


def engine_for(workers: int) -> Engine:
    """`Serial` for one worker, a process pool for more, of at most 61: Windows can wait for no more processes."""
    return Serial() if workers <= 1 else Processes(min(workers, _MOST_PROCESSES))


_task: Callable[[Any], Any] | None = None  # in a worker: what this pool does; set once, by `_start`


def _start(task: Callable[[Any], Any]) -> None:
    global _task  # noqa: PLW0603  # a pool's initializer has no other place to leave something for its items
    os.environ["OMP_NUM_THREADS"] = "1"  # two pools of spinning threads on two cores cost more than they give
    _task = task
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """A killed parent can't stop its workers, which would wait for ever: each holds the others' queue open."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _run(item: Any) -> Any:
    assert _task is not None  # noqa: S101  # the pool runs `_start` before the first item
    return _task(item)
