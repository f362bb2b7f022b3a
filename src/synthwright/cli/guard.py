"""Whatever a verb raises becomes one clear message and an exit code; no traceback reaches a user."""

from __future__ import annotations

import errno
import functools
import os
import sys
from collections.abc import Callable
from typing import Any

import typer

from synthwright.cli.console import complain, say
from synthwright.errors import SynthwrightError

__all__ = ["guarded"]

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
OUT_OF_RESOURCE = 4
UNEXPECTED = 3


def guarded(verb: Callable[..., int]) -> Callable[..., None]:
    """`verb` with its result as the exit code and its errors as messages on standard error."""

    @functools.wraps(verb)
    def run(**options: Any) -> None:
        raise typer.Exit(_code_of(functools.partial(verb, **options)))

    return run


def _code_of(call: Callable[[], int]) -> int:
    try:
        code = call()
        sys.stdout.flush()
    except SynthwrightError as error:
        complain(str(error))
        return error.exit_code
    except KeyboardInterrupt:
        say("Interrupted. `synthwright resume DIR` carries on with a run that was under way.")
        return INTERRUPTED
    except MemoryError:
        complain("The machine has not enough memory for this.\n  Try fewer rows or columns, or fewer --workers.")
        return OUT_OF_RESOURCE
    except BrokenPipeError:
        _let_go_of_output()  # the reader (`head`, a closed pager) has all it wants
        return 0
    except Exception as error:  # noqa: BLE001  # the last line of defence: users get a sentence, never a traceback
        return _unexpected(error)
    return code


def _unexpected(error: Exception) -> int:
    if os.environ.get("SYNTHWRIGHT_DEBUG"):
        raise error
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT, errno.ENOMEM}:
        complain(f"The machine ran out of room: {error}.\n  Free some space or memory, then try again.")
        _let_go_of_output()
        return OUT_OF_RESOURCE
    said = " ".join(str(error).split())[:300]
    complain(
        f"This is a bug in synthwright: {type(error).__name__}: {said}\n"
        "  SYNTHWRIGHT_DEBUG=1 shows where it happened; please report it with that."
    )
    return UNEXPECTED


def _let_go_of_output() -> None:
    """What standard output still holds is dropped if it can't be written: Python would try again at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
