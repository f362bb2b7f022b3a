"""What is said of a file of a run that is not as it was written."""

from __future__ import annotations

from synthwright.errors import BadInput

__all__ = ["CHANGED", "damaged"]

CHANGED = "`synthwright verify` tells which files of a run were changed."


def damaged(what: str, error: Exception) -> BadInput:
    """The error to raise where `what`, a file of a run, can't be read because of `error`."""
    return BadInput(f"{what} can't be read.", evidence=str(error)[:200], remedy=CHANGED)
