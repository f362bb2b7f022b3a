"""More synthetic rows where a model errs: do they help there?"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from synthwright.api.keeping import place_of
from synthwright.api.models import generator_of
from synthwright.api.tables import Path_, Progress, context, divided, read
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import ignore
from synthwright.generators.protocol import Generator
from synthwright.learning.estimators import named_learners
from synthwright.pipeline.focus.asking import focus_on_errors
from synthwright.pipeline.focus.result import FocusedGain
from synthwright.pipeline.paged import write_paged
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.report.focus_page import focus_page

__all__ = ["focus_errors"]


def focus_errors(
    data: Any,
    *,
    method: str | Generator[Table] = DEFAULT_METHOD,
    target: str | None = None,
    ratio: float = 1.0,
    slices: int = 3,
    columns: Sequence[str] | None = None,
    holdout: Any = 0.25,
    estimator: Any = None,
    seeds: int = 5,
    schema: Schema | Path_ | None = None,
    group: str | None = None,
    time: str | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
    out: Path_ | None = None,
    resume: bool = False,
    cache: Path_ | None = None,
) -> FocusedGain:
    """Do synthetic rows help more where a model errs most than anywhere?

    A model of real rows is tested on inner splits of train; the `slices` where it errs most (bands of `columns`, else
    of the six that the target depends on most) get `ratio` synthetic rows per real row together, drawn by condition.
    What that gains per slice and over all is measured on the holdout, which had no part in it, beside as many rows
    drawn without a condition. Where a condition is hard to meet, fewer rows are drawn, and the result says how many.

    `out` is a new folder for focus.json and focus.html. What is made is kept in its folder private (or in
    `cache`): with `resume` an earlier call is gone on with, killed or not, and only what is new is made.

    Raises
    ------
    BadInput
        No target, a table that can't be read or learnt from, or no row of the worst slices can be drawn.
    UsageError
        A ratio or a number of slices or seeds that is none, a column that rows can't be cut by, or `out` is in use.
    UnknownName
        There is no such method or column.
    """
    store = place_of(out, cache, resume=resume, kind="focus", called="focus on errors")
    table = read(data, target=target, schema=schema)
    train, unseen = divided(table, holdout, seed=seed, group=group, time=time)
    found = focus_on_errors(
        train,
        unseen,
        generator_of(method, None),
        context(seed, workers, progress),
        ratio=ratio,
        slices=slices,
        columns=columns,
        learners=named_learners(estimator),
        seeds=seeds,
        seed=seed,
        store=store,
    )
    if out is not None:
        figures = found.to_json_value()
        write_paged(Path(out), "focus", figures, focus_page(figures, Path(out).name))
    return found
