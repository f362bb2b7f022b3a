"""What to try before any row is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synthwright.api.tables import Path_, Progress, context, read
from synthwright.data.schema import Schema
from synthwright.engines.context import ignore
from synthwright.pipeline.advice.advising import Advice, find_advice

__all__ = ["advise"]


def advise(
    data: Any,
    *,
    target: str | None = None,
    schema: Schema | Path_ | None = None,
    seed: int = 0,
    written: Path_ | None = None,
    progress: Progress = ignore,
) -> Advice:
    """Is synthesis likely to help a model of `target`, and what should be tried first? Nothing is made.

    Findings (size, classes, gaps, order in time, groups, leaks, repeats, learning curve, hard slices) have a figure, a
    sentence and what to do each; the conclusion has an outlook, steps in their order, methods that take this table, and
    the next command. Without a target only what needs none is looked at. `print` shows it as text; its `schema` has the
    roles that were found and leaves leaking columns out, and commands call it `written`.

    Raises
    ------
    BadInput
        `data` can't be read as a table, or has no rows.
    UnknownName
        There is no column called `target`.
    """
    named = str(data) if isinstance(data, str | Path) else "DATA"
    under = str(schema) if isinstance(schema, str | Path) else None
    told = under if written is None else str(written)
    table = read(data, target=target, schema=schema)
    return find_advice(table, context(seed, 1, progress), source=named, schema=told)
