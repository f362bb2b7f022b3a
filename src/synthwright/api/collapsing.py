"""What do rounds of training on the output of earlier rounds lose?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synthwright.api.keeping import place_of
from synthwright.api.models import generator_of
from synthwright.api.tables import Path_, Progress, context, divided, read
from synthwright.data.lineage import unmarked
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import ignore
from synthwright.generators.protocol import Generator
from synthwright.pipeline.collapse.asking import watch_collapse
from synthwright.pipeline.collapse.result import CollapseWatch
from synthwright.pipeline.collapse.rounds import MODES, Mode
from synthwright.pipeline.paged import write_paged
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.report.collapse_page import collapse_page

__all__ = ["collapse_watch"]


def collapse_watch(
    data: Any,
    *,
    method: str | Generator[Table] = DEFAULT_METHOD,
    rounds: int = 5,
    modes: Sequence[Mode] = MODES,
    target: str | None = None,
    holdout: Any = 0.25,
    seeds: int = 6,
    schema: Schema | Path_ | None = None,
    group: str | None = None,
    time: str | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
    out: Path_ | None = None,
    resume: bool = False,
    cache: Path_ | None = None,
) -> CollapseWatch:
    """Does `method` collapse when it is trained again and again on what it made itself?

    Each round draws as many rows as train has. With the mode ``"replace"`` the next round learns from these rows alone,
    with ``"accumulate"`` from the real rows and all rounds so far. Every round is compared with the real train rows and
    tested on the holdout, in `seeds` independent chains: coverage, effective modes, tail mass and, with a `target`, the
    score of a model of its rows.

    `out` is a new folder for collapse.json and collapse.html. What is made is kept in its folder private (or in
    `cache`): with `resume` an earlier call is gone on with, killed or not, and only what is new is made.

    Raises
    ------
    BadInput
        The data can't be read or learnt from, or the holdout is not unseen.
    UsageError
        A number of rounds or seeds that is none, a method that learns nothing from rows, or `out` is in use.
    UnknownName
        There is no such method or mode.
    """
    store = place_of(out, cache, resume=resume, kind="collapse", called="collapse watch")
    table = read(data, target=target, schema=schema)
    if isinstance(holdout, float):
        table = unmarked(table)  # so that what is kept of it may be a holdout
    train, unseen = divided(table, holdout, seed=seed, group=group, time=time)
    found = watch_collapse(
        train,
        unseen,
        generator_of(method, None),
        context(seed, workers, progress),
        rounds=rounds,
        modes=modes,
        seeds=seeds,
        seed=seed,
        store=store,
    )
    if out is not None:
        figures = found.to_json_value()
        write_paged(Path(out), "collapse", figures, collapse_page(figures, Path(out).name))
    return found
