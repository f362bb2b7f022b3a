"""Does synthetic data help?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from synthwright.api.models import generator_of
from synthwright.api.tables import Path_, Progress, context, read, require_free
from synthwright.data.schema import Schema
from synthwright.data.splitting import split as split_table
from synthwright.data.table import Table
from synthwright.engines.context import ignore
from synthwright.generators.protocol import Generator
from synthwright.learning.estimators import named_learners
from synthwright.pipeline.gain.asking import find_gain, write_gain
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
    estimator: Any = None,
    seeds: int = 3,
    schema: Schema | Path_ | None = None,
    group: str | None = None,
    time: str | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
    out: Path_ | None = None,
) -> Gain:
    """Does synthetic data make a model of the target better on unseen real rows? By how much, and at which ratio?

    Models of real rows alone are compared with models of real rows and `ratios` synthetic rows per real one. `methods`
    are fitted to train alone, twice per seed: on an inner part, to choose by its validation rows, and on all of it, to
    be tested on the holdout. `synthetic` names rows from elsewhere; over-samplers balance the classes. Controls are the
    real rows taken twice and targets dealt out at random. `estimator` is compared beside the built-in learners. `out`
    is a new folder for gain.json and gain.html.

    Raises
    ------
    BadInput
        No target, a table that can't be read or learnt from, or synthetic rows that hold rows of the holdout.
    UsageError
        No method, one named twice, a ratio or number of seeds that is none, or `out` is in use.
    """
    if out is not None:
        require_free(Path(out))
    table = read(data, target=target, schema=schema)
    if isinstance(holdout, float):
        train, unseen = split_table(table, holdout=holdout, seed=seed, group=group, time=time)
    else:
        train, unseen = table, read(holdout)
    found = find_gain(
        train,
        unseen,
        [generator_of(method, None) for method in methods],
        context(seed, workers, progress),
        given={name: read(rows) for name, rows in (synthetic or {}).items()},
        ratios=ratios,
        learners=named_learners(estimator),
        seeds=seeds,
        seed=seed,
    )
    if out is not None:
        write_gain(found, Path(out), gain_page(found.to_json_value(), Path(out).name))
    return found
