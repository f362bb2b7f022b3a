"""Anybody's training script as a learner: two files in, one file of predictions out."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.data.writing import write_table
from synthwright.errors import BadInput, OutOfResource, UsageError, shorten
from synthwright.files import scratch_folder
from synthwright.learning.predictions_file import read_predictions

__all__ = ["Script"]

_TAIL = 600  # characters of what it said last: the error itself, and where


@dataclass(frozen=True, kw_only=True)
class Script:
    """A command that trains and predicts: ``command TRAIN TEST PREDICTIONS``, run once per blend of rows.

    TRAIN holds real and synthetic rows, shuffled, with the target; TEST holds rows without it; both in `form`. The
    command writes PREDICTIONS in the same form, row i for row i of TEST: for classes a column of probabilities per
    class, named for it, or one column named for the target, with the class; for numbers one column named for the
    target. ``{train}``, ``{test}`` and ``{predictions}`` in the command are replaced by the paths; without any they
    are appended. The environment has SYNTHWRIGHT_TARGET, SYNTHWRIGHT_TASK (classes or numbers), SYNTHWRIGHT_CLASSES
    (one per line) and SYNTHWRIGHT_SEED. No shell is involved, and the command works in the present folder.

    Raises
    ------
    UsageError
        The command is empty or has an open quote, or `timeout_s` is no time.
    """

    command: str
    timeout_s: float = 3_600.0
    form: Literal["csv", "parquet"] = "csv"

    def __post_init__(self) -> None:
        if not self._words():
            raise UsageError("The script's command is empty.", remedy='Write it as in "python my_train.py".')
        if not 0 < self.timeout_s <= 1e7:
            raise UsageError(f"{self.timeout_s} s is no time for a script.", remedy="Give seconds, such as 600.")
        if self.form not in {"csv", "parquet"}:
            raise UsageError(f"There is no form called {shorten(self.form)!r}.", remedy="Known: csv, parquet.")

    def predict(
        self, train: Table, test: Table, *, target: Column, labels: Sequence[str] | None, seed: int
    ) -> np.ndarray:
        """Probabilities of `labels` (n, K), or numbers (n,), for the rows of `test`.

        Raises
        ------
        BadInput
            It can't be run, fails, or writes no predictions that can be read; with the end of what it said.
        OutOfResource
            It took longer than `timeout_s`; it has been ended, and so has whatever it started.
        """
        with scratch_folder() as folder:
            paths = {name: folder / f"{name}.{self.form}" for name in ("train", "test", "predictions")}
            write_table(train, paths["train"])
            write_table(test, paths["test"])
            told = {
                "SYNTHWRIGHT_TARGET": target.name,
                "SYNTHWRIGHT_TASK": "numbers" if labels is None else "classes",
                "SYNTHWRIGHT_CLASSES": "\n".join(labels or ()),
                "SYNTHWRIGHT_SEED": str(seed),
            }
            said = self._run(paths, told)
            try:
                return read_predictions(paths["predictions"], len(test), target.name, labels)
            except BadInput as error:
                raise self._failed(
                    error.problem, said, " ".join(filter(None, (error.evidence, error.remedy)))
                ) from error

    def files(self) -> tuple[Path, ...]:
        """The files that the command names: what it does changes when they do."""
        return tuple(path for word in self._words() if (path := Path(word)).is_file())

    def _words(self) -> list[str]:
        try:
            words = shlex.split(self.command, posix=os.name != "nt")
        except ValueError as error:
            raise UsageError(
                f"The command {shorten(self.command)} can't be read.", evidence=str(error), remedy="Close every quote."
            ) from error
        return words if os.name != "nt" else [word.strip('"') for word in words]  # where \\ is no escape, quotes stay

    def _run(self, paths: Mapping[str, Path], told: Mapping[str, str]) -> str:
        """What it said on standard error; an error where it did not end well, or in time."""
        words = self._words()
        if not any(f"{{{name}}}" in word for word in words for name in paths):
            words += [f"{{{name}}}" for name in paths]
        for name, path in paths.items():
            words = [word.replace(f"{{{name}}}", str(path)) for word in words]
        try:
            process = subprocess.Popen(  # noqa: S603  # the user's own command, without a shell
                words,
                env={**os.environ, **told},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            raise self._failed("can't be started", str(error)) from error
        try:
            said = process.communicate(timeout=self.timeout_s)[1].decode(errors="replace")
        except subprocess.TimeoutExpired as error:
            raise OutOfResource(
                f"The script {shorten(self.command)} took longer than {self.timeout_s:g} s and was ended.",
                remedy="Give it more time (--script-timeout), or fewer rows (--ratios).",
            ) from error
        finally:
            _end(process)
        if process.returncode:
            raise self._failed(f"ended with exit code {process.returncode}", said)
        return said

    def _failed(self, problem: str, said: str, evidence: str = "") -> BadInput:
        tail = said.strip()[-_TAIL:]
        return BadInput(
            f"The script {shorten(self.command)} {problem}.",
            evidence="\n  ".join(filter(None, (evidence, tail and f"It said last: {tail}"))),
            remedy="Try it alone: it is called with the paths TRAIN TEST PREDICTIONS (docs/gain.md).",
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    """Neither the process nor, where the system knows groups, anything that it started runs on."""
    if os.name == "nt":
        process.kill()
    else:
        with suppress(ProcessLookupError, PermissionError):  # all of them have ended
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stderr is not None:
        process.stderr.close()
