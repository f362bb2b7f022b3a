"""The stage that mixes: real rows of train and released rows, or the blend that the recipe asks for."""

from __future__ import annotations

from dataclasses import replace

import pyarrow.parquet as pq

from synthwright import files
from synthwright.data.table import Table
from synthwright.data.writing import write_table
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.gates.asked import MIX_RATIO, MIX_REAL_ROWS
from synthwright.generators.model import Model
from synthwright.pipeline.job import Job, Wrote
from synthwright.pipeline.mixing.account import published, simple_account
from synthwright.pipeline.mixing.asking import Mixing
from synthwright.pipeline.mixing.assembling import assembled
from synthwright.pipeline.mixing.blending import Mixed, mixed_rows
from synthwright.pipeline.mixing.drawing import Maker
from synthwright.pipeline.mixing.wanted import wanted_of
from synthwright.pipeline.working import get_table

__all__ = ["mix", "mix_figures"]


def mix(job: Job) -> Wrote:
    """`private/mixed.parquet` holds the mix and `private/mix.json` its account, if the rows were released."""
    if not job.facts["released"]:
        return Wrote(paths=())
    train = get_table(job.train_file)
    drawn = replace(get_table(job.drawn_file), origin=pq.read_table(job.folder.lineage))
    made = _released(job, train, drawn) if job.recipe.mix is None else _asked(job, job.recipe.mix.mixing, train, drawn)
    write_table(made.table, job.folder.mixed)
    files.write_json(job.folder.mix, dict(made.told))
    return Wrote(paths=(job.folder.mixed, job.folder.mix), facts={"mix": published(made.told)})


def mix_figures(job: Job) -> list[Measurement]:
    """What gates hold a mix to before it is made: its ratio, and the real rows in it; nothing if none is asked for."""
    if job.recipe.mix is None:
        return []
    train, mixing = get_table(job.train_file), job.recipe.mix.mixing
    wanted = wanted_of(train, mixing)
    told = {MIX_RATIO: wanted.added / len(train), MIX_REAL_ROWS: float(len(train) if mixing.real else 0)}
    return [
        Measurement(
            metric=name, estimate=Estimate.exact(value), better="target", n_real=len(train), n_synthetic=wanted.added
        )
        for name, value in told.items()
    ]


def _released(job: Job, train: Table, drawn: Table) -> Mixed:
    table = assembled(train, drawn, name=job.recipe.method)
    return Mixed(table, simple_account(len(train), len(drawn)))


def _asked(job: Job, mixing: Mixing, train: Table, drawn: Table) -> Mixed:
    """The blend of the recipe. What can't be drawn is told, not raised: the rows beside it are released already."""
    wanted = wanted_of(train, mixing)
    job.tell("mix", f"{len(train):,} real rows and {wanted.added:,} synthetic ones", total=1)
    maker = Maker(Model.load(job.folder.model), drawn, train, job.recipe.seed, job.context)
    made = mixed_rows(
        train,
        drawn,
        wanted,
        mixing,
        job.context,
        holdout=get_table(job.holdout_file),
        maker=maker,
        name=job.recipe.method,
        short="return",
    )
    job.tell("mix", "mixed", done=1, total=1)
    return made
