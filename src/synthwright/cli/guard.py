"""Whatever a verb raises becomes one clear message and an exit code; no traceback reaches a user."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from synthwright.cli.console import complain, json_out, say
from synthwright.errors import SynthwrightError

__all__ = ["guarded", "told_as_json"]

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
OUT_OF_RESOURCE = 4
UNEXPECTED = 3


def guarded(verb: Callable[..., int]) -> Callable[..., None]:
    """`verb` with its result as the exit code and its errors as messages on standard error."""

    @functools.wraps(verb)
    def run(**options: Any) -> None:
        raise typer.Exit(_code_of(functools.partial(verb, **options), json=options.get("json") is True))

    return run


def told_as_json(code: int, problem: str, evidence: str = "", remedy: str = "") -> None:
    """Programs that asked for JSON find the error on standard output, in the place of the data."""
    said = {"exit_code": code, "problem": problem, "evidence": evidence, "remedy": remedy}
    try:
        json_out({"error": said})
        sys.stdout.flush()
    except OSError:
        _let_go_of_output()  # nobody reads it; standard error has said it


def _code_of(call: Callable[[], int], *, json: bool) -> int:
    try:
        code = call()
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go_of_output()  # the reader (`head`, a closed pager) has all it wants
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001  # the last line of defence: users get a sentence, never a traceback
        code, problem, evidence, remedy = _known(error)
        said = "\n  ".join(part for part in (problem, evidence, remedy) if part)
        (say if code == INTERRUPTED else complain)(said)
        if isinstance(error, OSError):
            _let_go_of_output()
        if json:
            told_as_json(code, problem, evidence, remedy)
    return code


def _known(error: BaseException) -> tuple[int, str, str, str]:
    """The exit code, what went wrong, the evidence, what to do."""
    if isinstance(error, SynthwrightError):
        return error.exit_code, error.problem, error.evidence, error.remedy
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "Interrupted.", "", "`synthwright resume DIR` carries on with a run that was under way."
    if isinstance(error, MemoryError):
        problem = "The machine has not enough memory for this."
        return OUT_OF_RESOURCE, problem, "", "Try fewer rows or columns, or fewer --workers."
    if os.environ.get("SYNTHWRIGHT_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM}:
        problem = f"The machine ran out of room: {error}."
        return OUT_OF_RESOURCE, problem, "", "Free some space or memory, then try again."
    problem = f"This is a bug in synthwright: {type(error).__name__}: {' '.join(str(error).split())[:300]}"
    remedy = "SYNTHWRIGHT_DEBUG=1 shows where it happened; please report it with that."
    return UNEXPECTED, problem, "", remedy


def _let_go_of_output() -> None:
    """What standard output still holds is dropped if it can't be written: Python would try again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
