"""Where an experiment keeps what it made, so that a later call goes on with it."""

from __future__ import annotations

from pathlib import Path

from synthwright.api.tables import Path_, require_free
from synthwright.errors import UsageError
from synthwright.pipeline.keeping import Store, require_resumable, store_of

__all__ = ["place_of"]


def place_of(out: Path_ | None, cache: Path_ | None, *, resume: bool, kind: str, called: str) -> Store:
    """The folder `cache`, or private in `out`; nothing is kept without either.

    Raises
    ------
    UsageError
        `out` is in use, or is to be gone on with and holds something else than what is `called` so.
    """
    if out is not None:
        if resume:
            require_resumable(Path(out), kind, called)
        elif store_of(Path(out), kind).exists:
            raise UsageError(
                f"{out} exists already: it holds the {called} of an earlier call.",
                remedy="--resume goes on with it, and only what is new is made; or choose another place with --out.",
            )
        else:
            require_free(Path(out))
    if cache is not None:
        return Store(Path(cache), kind)
    return Store(None, kind) if out is None else store_of(Path(out), kind)
