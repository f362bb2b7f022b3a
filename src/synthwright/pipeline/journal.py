"""Which stages of a run are finished, and what they wrote: enough to carry on after a kill at any point."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

from synthwright.canonical import digest_file
from synthwright.errors import BadInput
from synthwright.files import write_json
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.manifest import files_below

__all__ = ["Done", "Journal", "digests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """A finished stage: digests of the files it wrote, the facts it learnt, the seconds it took."""

    stage: str
    files: Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    def intact(self, folder: RunFolder, *, tidied: bool) -> bool:
        """True if every file the stage wrote is still what it was; a `tidied` run has no working files any more."""
        work = folder.work.relative_to(folder.path).as_posix() + "/"
        return all(
            (folder.path / name).is_file() and digest_file(folder.path / name) == digest
            for name, digest in self.files.items()
            if not (tidied and name.startswith(work))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Journal:
    """The state of a run between two stages; written whole after each."""

    recipe: Mapping[str, Any]
    inputs: Mapping[str, Any]
    call: Mapping[str, Any]
    started: str
    done: tuple[Done, ...] = ()

    @classmethod
    def read(cls, folder: RunFolder) -> Self:
        """The journal of an unfinished or finished run.

        Raises
        ------
        BadInput
            There is none, or it can't be read.
        """
        if not folder.journal.is_file():
            raise BadInput(
                f"There is no run to resume in {folder.path}.",
                evidence=f"It has no private/{folder.journal.name}.",
                remedy="Start one with `synthwright run`.",
            )
        try:
            state = json.loads(folder.journal.read_text(encoding="utf-8"))
            done = tuple(Done(**entry) for entry in state.pop("done"))
            return cls(**{name: value for name, value in state.items() if name != "format"}, done=done)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise BadInput(f"{folder.journal} can't be read.", evidence=str(error)[:200]) from error

    def write(self, folder: RunFolder) -> None:
        """The journal on disk is this one."""
        state = {name: getattr(self, name) for name in ("recipe", "inputs", "call", "started")}
        write_json(folder.journal, {"format": 1, **state, "done": list(self.done)})

    def finishing(self, done: Done) -> Journal:
        """This journal with one more finished stage."""
        return replace(self, done=(*self.done, done))

    def rewriting(self, stage: str, files: Mapping[str, str]) -> Journal:
        """This journal in which a finished `stage` left other files (their digests) behind."""
        done = (replace(one, files=files) if one.stage == stage else one for one in self.done)
        return replace(self, done=tuple(done))

    def until(self, stage: str) -> Journal:
        """This journal before `stage`: it and what came after are to be done again."""
        stages = [done.stage for done in self.done]
        return replace(self, done=self.done[: stages.index(stage)])

    def kept(self, folder: RunFolder, order: Sequence[str]) -> Journal:
        """This journal with the leading stages of `order` that are finished and intact; the others are to be redone.

        A stage that reads what an earlier one wrote can't stand when that one is redone, so the first gap ends it.
        """
        known = {done.stage: done for done in self.done}
        standing: list[Done] = []
        for stage in order:
            if stage not in known or not known[stage].intact(folder, tidied=order[-1] in known):
                break
            standing.append(known[stage])
        return replace(self, done=tuple(standing))

    def facts(self, stage: str) -> Mapping[str, Any]:
        """What a finished stage learnt."""
        return next((done.facts for done in self.done if done.stage == stage), {})


def digests(folder: RunFolder, paths: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of each file, and of each file below each folder, by name relative to the run."""
    found: dict[str, str] = {}
    for path in paths:
        names = [path / name for name in files_below(path)] if path.is_dir() else [path]
        found |= {name.relative_to(folder.path).as_posix(): digest_file(name) for name in names}
    return found
