"""What a list of changes says: which of them are surely there, and each with its interval."""

from __future__ import annotations

from typing import Literal, TypeVar

from synthwright.evaluation.measurement import Estimate

__all__ = ["judged_change", "signed"]

_ALPHA = 0.05  # the chance to name anything of a list where nothing is the matter
_Word = TypeVar("_Word", bound=str)


def judged_change(change: Estimate, chance: float, *, above: _Word, below: _Word) -> _Word | Literal["not shown"]:
    """The word for a change that is surely `above` or `below` 0; `chance` is Holm's, of all that are looked at."""
    if chance >= _ALPHA:
        return "not shown"
    return above if change.value > 0 else below


def signed(change: Estimate) -> str:
    """A change in its interval."""
    return f"{change.value:+.4f}, 95 % interval {change.low:+.4f} to {change.high:+.4f}"
