"""A run from recipe to manifest: stages in order, a journal between them, nothing that looks finished too early."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from synthwright import files
from synthwright.canonical import digest_file, digest_json
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UsageError
from synthwright.pipeline.documenting import document
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.job import IN_MEMORY, Input, Job, Render, Wrote, job_of, now
from synthwright.pipeline.journal import Done, Journal, digests
from synthwright.pipeline.judging import evaluate_rows, judge_run
from synthwright.pipeline.making import draw, fit
from synthwright.pipeline.manifest import files_below, write_manifest
from synthwright.pipeline.mixing.stage import mix
from synthwright.pipeline.plan import Plan
from synthwright.pipeline.preparing import prepare
from synthwright.pipeline.recipe_file import recipe_of
from synthwright.pipeline.releasing import release
from synthwright.pipeline.replacing import settle
from synthwright.pipeline.result import Result
from synthwright.pipeline.working import put_table

__all__ = ["STAGES", "carry_on", "carry_out", "resume"]

STAGES: dict[str, Callable[[Job], Wrote]] = {
    "split": prepare,
    "fit": fit,
    "sample": draw,
    "evaluate": evaluate_rows,
    "judge": judge_run,
    "release": release,
    "mix": mix,
    "document": document,
}

# Which stage reads which input: a finished stage does not need its input any more.
_READERS = {"data": "split", "holdout": "split", "schema": "split", "gates": "judge", "against": "evaluate"}


def carry_out(plan: Plan, context: Context, *, render: Render, call: Mapping[str, Any] | None = None) -> Result:
    """The run that `plan` describes, finished in its folder; the result says whether its rows were released.

    Raises
    ------
    UsageError
        The folder holds something already, or another process is at work in it.
    """
    folder = RunFolder(plan.out)
    folder.require_free()
    # The folder is born with its journal: whatever kills the run, there is nothing, or something to resume.
    with files.writing_folder(folder.path) as unborn:
        inputs = _inputs(plan, RunFolder(unborn), folder)
        journal = Journal(
            recipe=plan.recipe.to_mapping(),
            inputs={name: asdict(entry) for name, entry in inputs.items()},
            call=dict(call or {}),
            started=now().isoformat(timespec="seconds"),
        )
        journal.write(RunFolder(unborn))
    with files.locked(folder.lock):
        try:
            return carry_on(folder, journal, context, render)
        except (BadInput, UsageError):
            # Nothing has been learnt, and going on would end here again: the place is as it was before.
            if not any(done.stage == "fit" for done in Journal.read(folder).done):
                files.remove(folder.path)
            raise


def resume(path: Path, context: Callable[[int, int], Context], *, render: Render) -> Result:
    """The run in `path`, finished: stages whose files are intact stay, the others are done again.

    `context` makes the context from the run's seed and number of workers. The digests are those of an undisturbed run.

    Raises
    ------
    BadInput
        There is no run in `path`, or an input is not what it was when the run began.
    """
    folder = RunFolder(path)
    if folder.next.is_dir():  # a review was being put in its place
        with files.locked(folder.lock):
            settle(folder)
        return Result(folder.path)
    if folder.manifest.is_file():
        raise UsageError(
            f"The run in {path} is finished.", remedy=f"`synthwright verify {path}` checks that it is intact."
        )
    journal = Journal.read(folder)
    with files.locked(folder.lock):
        journal = journal.kept(folder, tuple(STAGES))
        _require_unchanged(journal)
        recipe = recipe_of(journal.recipe)
        made = context(recipe.seed, int(journal.call.get("workers", 1)))
        return carry_on(folder, journal, made, render)


def carry_on(folder: RunFolder, journal: Journal, context: Context, render: Render) -> Result:
    """The run in `folder` with every stage done that `journal` does not have; the caller holds its lock.

    Rows that wait for a review are released from the working files, which stay until then.
    """
    job = job_of(folder, journal, context, render)
    files.make_folder(folder.work)
    for stage, carry in STAGES.items():
        if any(done.stage == stage for done in journal.done):
            continue
        begun = time.monotonic()
        wrote = carry(job)
        seconds = round(time.monotonic() - begun, 3)
        journal = journal.finishing(
            Done(stage=stage, files=digests(folder, wrote.paths), facts=wrote.facts, seconds=seconds)
        )
        journal.write(folder)
        job = job.knowing(stage, wrote.facts, seconds)
    if not job.recipe.require_review or job.facts["released"]:
        files.remove(folder.work)
    write_manifest(folder.path, leave_out=frozenset({folder.lock_name}))
    return Result(folder.path)


def _inputs(plan: Plan, unborn: RunFolder, folder: RunFolder) -> dict[str, Input]:
    """The files of the plan with their digests; tables that exist in memory only are put into the working folder."""
    files.make_folder(unborn.work)
    found: dict[str, Input] = {}
    for name, table in plan.tables.items():
        path = unborn.work / f"given_{name.replace(' ', '_')}.parquet"
        put_table(path, table)
        found[name] = replace(_input(path), shown=IN_MEMORY, path=str((folder.work / path.name).absolute()))
    for name, source in plan.sources.items():
        found[name] = replace(_input(source.path), shown=source.shown, note=source.note)
    return found


def _input(path: Path) -> Input:
    names = [path / name for name in files_below(path)] if path.is_dir() else [path]
    size = sum(name.stat().st_size for name in names)
    return Input(shown=path.name, path=str(path.absolute()), sha256=_digest(path), size=size)


def _digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and digests of all files in a folder of parts."""
    if path.is_dir():
        return digest_json({name: digest_file(path / name) for name in files_below(path)})
    return digest_file(path)


def _require_unchanged(journal: Journal) -> None:
    finished = {done.stage for done in journal.done}
    for name, entry in journal.inputs.items():
        path = Path(entry["path"])
        if _READERS[name.partition(" ")[0]] in finished:
            continue
        if not path.exists() or _digest(path) != entry["sha256"]:
            raise BadInput(
                f"The {name} file of this run, {entry['shown']}, is not what it was when the run began.",
                evidence="It is gone." if not path.exists() else "Its content has changed.",
                remedy="Put it back as it was, or start a new run.",
            )
