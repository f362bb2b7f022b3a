"""Tables in and out, and the outside world of a call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from synthwright import files
from synthwright.data.folding import Folding, FoldRare
from synthwright.data.reading import read_table
from synthwright.data.schema import Schema
from synthwright.data.splitting import split as split_table
from synthwright.data.table import Table
from synthwright.data.writing import write_table
from synthwright.engines.context import Context, Event
from synthwright.engines.engine import engine_for
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.sources import find_file
from synthwright.seeding import Streams

__all__ = ["Path_", "Progress", "context", "divided", "fold_rare", "read", "require_free", "split", "write"]


Progress = Callable[[Event], None]
Path_ = str | Path


def read(source: Any, *, target: str | None = None, schema: Schema | Path_ | None = None) -> Table:
    """`source` as a `Table`: a path, ``example:NAME``, a frame of pandas, polars or Arrow, a NumPy array, records.

    Raises
    ------
    BadInput
        It can't be read as a table, or does not fit `schema`.
    """
    if isinstance(source, str):
        source = find_file(source, what="data").path
    return read_table(source, target=target, schema=schema)


def split(
    data: Any, *, holdout: float = 0.25, seed: int = 0, group: str | None = None, time: str | None = None
) -> tuple[Any, Any]:
    """Train and holdout, by row, by `group` or by `time`; rows that equal each other stay on one side.

    A `Table` gives two tables, a frame two frames of its kind.
    """
    table = read(data)
    train, kept = split_table(table, holdout=holdout, seed=seed, group=group, time=time)
    if isinstance(data, Table | str | Path):
        return train, kept
    return train.to_native(), kept.to_native()


def fold_rare(data: Any, below: FoldRare, *, like: Any = None) -> Any:
    """`data` with ``other`` in place of every label that fewer than `below` rows hold: of `like`, else of its own.

    `below` is a number of at least 5, or such numbers by column. Without column names every column of labels in text
    is folded except the target, and texts that are mostly unique become labels by it; free text, identifiers and
    personal data that is made up stay as they are. No rare label is left in what comes out, or in a model fitted on
    it. A holdout is folded like train: ``fold_rare(holdout, 20, like=train)``. A `Table` gives a table, a frame a
    frame of its kind.

    Raises
    ------
    UsageError
        `below` is no whole number of at least 5.
    UnknownName, BadInput
        There is no column of that name, or it is none of labels in text.
    """
    table = read(data)
    seen = table if like is None else read(like)
    folding = Folding.of(seen, below)
    found = folding.applied(seen) if like is None else folding.under(folding.applied(seen).schema, table)
    return found if isinstance(data, Table | str | Path) else found.to_native()


def divided(table: Table, holdout: Any, *, seed: int, group: str | None, time: str | None) -> tuple[Table, Table]:
    """Train and unseen rows: a part of `table` where `holdout` is a share, otherwise all of it and that table."""
    if isinstance(holdout, float):
        return split_table(table, holdout=holdout, seed=seed, group=group, time=time)
    return table, read(holdout)


def write(table: Table, path: Path, *, judged: Mapping[str, Any] | None) -> None:
    """`path` holds `table`; Parquet and Arrow files of a model that no run has judged are marked `unjudged`."""
    files.make_folder(path.parent)
    write_table(table, path, mark="synthetic" if judged is not None else "synthetic, unjudged")


def require_free(path: Path) -> None:
    """Nothing is at `path`, or an empty folder, and it can be written to; raises `UsageError` otherwise."""
    RunFolder(path).require_free()
    RunFolder(path).require_writable()


def context(seed: int, workers: int, progress: Progress) -> Context:
    """The outside world of a call: randomness from `seed`, `workers` processes, progress to `progress`."""
    return Context(streams=Streams(seed), engine=engine_for(workers), progress=progress)
