"""Every problem a user can meet: what was asked, what was found, what to do."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import ClassVar

__all__ = [
    "BadInput",
    "MissingExtra",
    "NotReleased",
    "OutOfResource",
    "SynthwrightError",
    "UnknownName",
    "UsageError",
]


class SynthwrightError(Exception):
    """A problem, the evidence for it, and the next thing to try.

    `exit_code` is what the command line returns: 1 withheld by a gate, 2 usage, 3 bad input, 4 out of a resource.
    """

    exit_code: ClassVar[int] = 3

    def __init__(self, problem: str, *, evidence: str = "", remedy: str = "") -> None:
        self.problem, self.evidence, self.remedy = problem, evidence, remedy
        super().__init__("\n  ".join(part for part in (problem, evidence, remedy) if part))


class BadInput(SynthwrightError, ValueError):
    """Data, a schema, a recipe or a model folder can't be used as it is."""


class UsageError(SynthwrightError, ValueError):
    """The call itself can't be carried out: an option's value, an output that exists."""

    exit_code = 2


class UnknownName(UsageError, LookupError):
    """A method, metric, column or preset that does not exist."""

    @classmethod
    def among(cls, kind: str, name: str, known: Iterable[str], *, listing: str = "") -> UnknownName:
        """Name the closest known name; `listing` is the command that shows all of them."""
        names = sorted(known)
        close = get_close_matches(name, names, n=1)
        return cls(
            f"There is no {kind} called {shorten(name)!r}.",
            evidence=f"Did you mean {close[0]!r}?" if close else "",
            remedy=listing or f"Known: {', '.join(shorten(known_name) for known_name in names[:20])}.",
        )


class MissingExtra(UsageError, ImportError):
    """An optional package (or a system library it needs) is not installed."""


class OutOfResource(SynthwrightError):
    """Disk, memory, money or time ran out; what was finished is kept."""

    exit_code = 4


class NotReleased(SynthwrightError):
    """A gate withheld the rows; the sentences say why and what to try."""

    exit_code = 1


def shorten(text: str, limit: int = 60) -> str:
    """`text` itself, or its first `limit` characters and an ellipsis: names can be 100 kB long."""
    return text if len(text) <= limit else f"{text[:limit]}…"
