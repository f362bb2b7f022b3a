"""Where work runs: one task over many items, results in the order of the items."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

__all__ = ["Engine", "Processes", "Serial", "engine_for"]

Item = TypeVar("Item")
Result = TypeVar("Result")


class Engine(Protocol):
    """Runs a task over items. The plan, not the engine, carries the determinism: results never depend on it."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`, wherever each is computed."""
        ...


@dataclass(frozen=True, slots=True)
class Serial:
    """Everything in this process, one item after another."""

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`."""
        return [task(item) for item in items]


@dataclass(frozen=True, slots=True)
class Processes:
    """A pool of `workers` spawned processes; `task` and items must be importable and small enough to send."""

    workers: int

    def map(self, task: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
        """`[task(item) for item in items]`; the first error of a task is raised here."""
        work = list(items)
        if len(work) < 2:
            return [task(item) for item in work]
        # Spawn, never fork: forked OpenMP and Arrow threads deadlock.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(min(self.workers, len(work)), context, initializer=_one_thread) as pool:
            return list(pool.map(task, work))


def engine_for(workers: int) -> Engine:
    """`Serial` for one worker, a process pool for more."""
    return Serial() if workers <= 1 else Processes(workers)


def _one_thread(*_: Any) -> None:
    os.environ["OMP_NUM_THREADS"] = "1"  # two pools of spinning threads on two cores cost more than they give
