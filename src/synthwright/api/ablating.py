"""Which synthetic rows earn their place?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from synthwright.pipeline.ablation.asking import find_contributions
from synthwright.pipeline.ablation.result import Ablation
from synthwright.pipeline.paged import write_paged
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.report.ablation_page import ablation_page

__all__ = ["ablate"]


def ablate(
    data: Any,
    *,
    methods: Sequence[str | Generator[Table]] = (DEFAULT_METHOD,),
    synthetic: Mapping[str, Any] | None = None,
    target: str | None = None,
    ratio: float = 1.0,
    columns: Sequence[str] | None = None,
    holdout: Any = 0.25,
    estimator: Any = None,
    seeds: int = 5,
    sensitive: Sequence[str] = (),
    schema: Schema | Path_ | None = None,
    group: str | None = None,
    time: str | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
    out: Path_ | None = None,
    resume: bool = False,
    cache: Path_ | None = None,
) -> Ablation:
    """What does each generator, class and slice of the synthetic rows add to a model, and where do they hurt it?

    A model of real rows and `ratio` synthetic ones per real row, in equal parts from all `methods` and `synthetic`
    tables, is compared with models that lack one piece: a source, a class of the target, the rows of a class from one
    source, a band of a column (of `columns`; else of the six that the target depends on most). It is also compared with
    a model of real rows alone, class by class, group by group (by the `sensitive` columns) and region by region of the
    holdout. `estimator` judges instead of boosted trees.

    `out` is a new folder for ablation.json and ablation.html. What is made is kept in its folder private (or in
    `cache`): with `resume` an earlier call is gone on with, killed or not, and only what is new is made.

    Raises
    ------
    BadInput
        No target, a table that can't be read or learnt from, or synthetic rows that hold rows of the holdout.
    UsageError
        No method, one named twice, a ratio or number of seeds that is none, or `out` is in use.
    UnknownName
        There is no such method or column.
    """
    store = place_of(out, cache, resume=resume, kind="ablation", called="ablation")
    table = read(data, target=target, schema=schema)
    table = table.with_schema(table.schema.with_sensitive(sensitive))
    train, unseen = divided(table, holdout, seed=seed, group=group, time=time)
    found = find_contributions(
        train,
        unseen,
        [generator_of(method, None) for method in methods],
        context(seed, workers, progress),
        given={name: read(rows) for name, rows in (synthetic or {}).items()},
        ratio=ratio,
        learners=named_learners(estimator),
        columns=columns,
        seeds=seeds,
        seed=seed,
        store=store,
    )
    if out is not None:
        figures = found.to_json_value()
        write_paged(Path(out), "ablation", figures, ablation_page(figures, Path(out).name))
    return found
