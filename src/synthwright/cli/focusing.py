"""What `ablate --focus errors` does: rows for the worst slices, told slice by slice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synthwright.cli.console import json_out, progress, say, table
from synthwright.errors import UnknownName, UsageError

__all__ = ["focused"]


def focused(
    source: str, focus: str, *, methods: Sequence[str], elsewhere: bool, json: bool, out: Path | None, **asked: Any
) -> int:
    """Draw for the worst slices with one method, and print what came of it."""
    from synthwright import api
    from synthwright.pipeline.recipe import DEFAULT_METHOD

    if focus != "errors":
        raise UnknownName.among("focus", focus, ["errors"])
    if len(methods) > 1 or elsewhere:
        raise UsageError(
            "--focus draws rows by condition, from one method.",
            evidence="Rows from a file can't be drawn again." if elsewhere else ", ".join(methods),
            remedy="Name one --method, and no --synthetic.",
        )
    with progress() as tell:
        found = api.focus_errors(
            source, method=methods[0] if methods else DEFAULT_METHOD, progress=tell, out=out, **asked
        )
    if json:
        json_out(found.to_json_value())
    else:
        heads = ("slice", "asked", "drawn", "focused", "anywhere", "gain of the focus", "low", "high", "verdict")
        rows = [
            (
                one.where,
                str(one.asked),
                f"{one.drawn:.0f}",
                *(f"{value:+.4f}" for value in (one.focused.value, one.uniform.value)),
                *(f"{value:+.4f}" for value in (one.beyond.value, one.beyond.low, one.beyond.high)),
                one.verdict,
            )
            for one in found.slices
        ]
        table(heads, rows, numbers=heads[1:8])
    for sentence in found.sentences:
        say(sentence)
    if out is not None:
        say(f"Report: {out / 'focus.html'}")
    return 0
