"""One run as its stages see it: where it happens, what was asked, and what it may reach for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from synthwright.engines.context import Context, Event
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.journal import Journal
from synthwright.pipeline.recipe import Recipe
from synthwright.pipeline.recipe_file import recipe_of

__all__ = ["IN_MEMORY", "Input", "Job", "Render", "Wrote", "job_of", "now"]

IN_MEMORY = "a table in memory"  # how an input that never was a file is called in records
Render = Callable[[Path], str]


def now() -> datetime:
    """The time of day; a job may be given another clock."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A file that a run reads, and what it held when the run began. `shown` is a name without this machine's paths."""

    shown: str
    path: str
    sha256: str
    size: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Wrote:
    """What a stage left behind: files or folders, and facts that later stages and the record need."""

    paths: tuple[Path, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Job:
    """Everything a stage may use. `facts` are those of the stages before it."""

    folder: RunFolder
    recipe: Recipe
    inputs: Mapping[str, Input]
    context: Context
    render: Render
    call: Mapping[str, Any]
    started: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    seconds: Mapping[str, float] = field(default_factory=dict)
    clock: Callable[[], datetime] = now

    def tell(self, stage: str, note: str, *, done: int = 0, total: int | None = None) -> None:
        """Report progress of `stage`."""
        self.context.progress(Event(stage, done, total, note))

    def knowing(self, stage: str, facts: Mapping[str, Any], seconds: float) -> Job:
        """This job after `stage` has ended."""
        return replace(self, facts={**self.facts, **facts}, seconds={**self.seconds, stage: seconds})

    # Stages hand tables and the model to each other through files: a resumed run goes the same way as a fresh one.
    @property
    def train_file(self) -> Path:
        """The real rows the method may see."""
        return self.folder.work / "train.parquet"

    @property
    def holdout_file(self) -> Path:
        """The real rows it never sees."""
        return self.folder.work / "holdout.parquet"

    @property
    def drawn_file(self) -> Path:
        """The synthetic rows, before any verdict."""
        return self.folder.work / "drawn.parquet"

    @property
    def fitted(self) -> Path:
        """The model, before any verdict."""
        return self.folder.work / "model"


def job_of(folder: RunFolder, journal: Journal, context: Context, render: Render) -> Job:
    """The job in `folder` as `journal` has it, after its finished stages."""
    job = Job(
        folder=folder,
        recipe=recipe_of(journal.recipe),
        inputs={name: Input(**entry) for name, entry in journal.inputs.items()},
        context=context,
        render=render,
        call=journal.call,
        started=journal.started,
    )
    for done in journal.done:
        job = job.knowing(done.stage, done.facts, done.seconds)
    return job
