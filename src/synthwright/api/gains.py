"""Does synthetic data help?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from synthwright.api.models import generator_of
from synthwright.api.tables import Path_, Progress, context, divided, read, require_free
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import ignore
from synthwright.errors import UsageError
from synthwright.generators.protocol import Generator
from synthwright.learning.estimators import named_learners
from synthwright.learning.script import Script
from synthwright.pipeline.gain.asking import (
    Prices,
    Store,
    all_learners,
    find_gain,
    require_resumable,
    store_of,
    write_gain,
)
from synthwright.pipeline.gain.plan import RATIOS
from synthwright.pipeline.gain.result import Gain
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.report.gain_page import gain_page

__all__ = ["gain"]


def gain(
    data: Any,
    *,
    methods: Sequence[str | Generator[Table]] = (DEFAULT_METHOD,),
    synthetic: Mapping[str, Any] | None = None,
    target: str | None = None,
    ratios: Sequence[float] = RATIOS,
    holdout: Any = 0.25,
    learners: Sequence[str] = ("linear", "boosted"),
    estimator: Any = None,
    script: str | Script | Sequence[str | Script] = (),
    score: str | None = None,
    label_cost: float | None = None,
    row_cost: float = 0.0,
    seeds: int = 3,
    schema: Schema | Path_ | None = None,
    sensitive: Sequence[str] = (),
    group: str | None = None,
    time: str | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
    out: Path_ | None = None,
    resume: bool = False,
    cache: Path_ | None = None,
) -> Gain:
    """Does synthetic data make a model of the target better on unseen real rows? By how much, and at which ratio?

    Models of real rows alone are compared with models of real rows and `ratios` synthetic rows per real one. `methods`
    are fitted to train alone, twice per seed: on an inner part, to choose by its validation rows, and on all of it, to
    be tested on the holdout. `synthetic` names rows from elsewhere; over-samplers balance the classes. Controls are the
    real rows again, class weights, random over-sampling and targets dealt out at random.

    `learners` are the built-in ones to use; `estimator` is compared beside them (one, several, or a mapping from
    names), and so is each `script` (a command, or `Script` with its settings). `score` is what gains are measured by:
    auc or r2 where it is ``None``. With `label_cost`, the price of a labelled real row, and `row_cost`, that of a
    synthetic one, the result says what is saved. Gains are told per class, and per group of the `sensitive` columns.

    `out` is a new folder for gain.json, gain.html and times.json. Whatever is trained is kept in its folder private
    (or in `cache`): with `resume` an earlier call is gone on with, killed or not, and only what is new is trained.

    Raises
    ------
    BadInput
        No target, a table that can't be read or learnt from, a script that fails, or synthetic rows that hold rows of
        the holdout.
    UsageError
        No method, one named twice, a ratio, score, price or number of seeds that is none, or `out` is in use.
    OutOfResource
        A script took too long, or the disk is full; what was trained until then is kept.
    """
    if out is not None:
        _require_place(Path(out), resume=resume)
    prices = Prices(label=label_cost, row=row_cost)
    scripts = [script] if isinstance(script, str | Script) else script
    used = all_learners(
        learners,
        named_learners(estimator),
        [Script(command=one) if isinstance(one, str) else one for one in scripts],
    )
    table = read(data, target=target, schema=schema)
    table = table.with_schema(table.schema.with_sensitive(sensitive))
    train, unseen = divided(table, holdout, seed=seed, group=group, time=time)
    kept = Path(cache) if cache is not None else None if out is None else store_of(Path(out)).folder
    found = find_gain(
        train,
        unseen,
        [generator_of(method, None) for method in methods],
        context(seed, workers, progress),
        given={name: read(rows) for name, rows in (synthetic or {}).items()},
        ratios=ratios,
        learners=used,
        seeds=seeds,
        seed=seed,
        group=group,
        time=time,
        score=score,
        prices=prices,
        store=Store(kept),
    )
    if out is not None:
        write_gain(found, Path(out), gain_page(found.to_json_value(), found.costs, Path(out).name))
    return found


def _require_place(out: Path, *, resume: bool) -> None:
    if resume:
        require_resumable(out)
        return
    if store_of(out).exists:
        raise UsageError(
            f"{out} holds a gain experiment already.",
            remedy="--resume goes on with it, and only what is new is trained; or choose another place with --out.",
        )
    require_free(out)
