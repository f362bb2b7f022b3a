"""The synthetic rows of several sources as one table, with the source of each row beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.lineage import unmarked
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.pipeline.gain.arms import Arm, rows_of
from synthwright.pipeline.memory import Memory
from synthwright.seeding import Streams

__all__ = ["Blended", "blended", "joined"]

_AT_MOST = 0.8  # of rows that were given: every seed takes others, so that intervals hold for rows like these


@dataclass(frozen=True, eq=False)
class Blended:
    """Real rows of train, the synthetic ones of all sources, and the holdout; ``source[i]`` is the arm of row i."""

    comparison: Comparison
    source: np.ndarray


def blended(
    train: Table, holdout: Table, arms: Sequence[Arm], ratio: float, seed: int, streams: Streams, fits: Memory
) -> Blended:
    """`ratio` synthetic rows per real row, in equal parts from all `arms`; over-samplers give what balances classes.

    Generators that `fits` remembers are not fitted again.

    Raises
    ------
    BadInput
        A method can't learn from `train`, or no arm has a row to add.
    """
    share = max(round(ratio * len(train) / len(arms)), 1)
    made = [_rows(arm, train, share, streams.at(arm.name), fits) for arm in arms]
    return joined(train, holdout, made, seed)


def joined(train: Table, holdout: Table, made: Sequence[Table], seed: int) -> Blended:
    """The tables `made`, under train's schema, one after another; columns that one lacks are left out of all.

    Raises
    ------
    BadInput
        None of them has a row.
    """
    known = [name for name in train.names if all(name in table.names for table in made)]
    real = train.select(known)
    some = [at for at, table in enumerate(made) if len(table)]
    if not some:
        raise BadInput("No source has rows to add.", evidence="All classes are as large, so nothing is balanced.")
    fitted = [unmarked(align(real, made[at].select(known)).synthetic) for at in some]
    source = np.repeat(some, [len(table) for table in fitted])
    return Blended(align(real, Table.concat(fitted), holdout.select(known), seed=seed), source)


def _rows(arm: Arm, train: Table, rows: int, streams: Streams, fits: Memory) -> Table:
    if arm.rows is None:
        context = Context(streams=streams)
        drawn = arm.generator if arm.is_fitted else None
        model = None if drawn is None else fits.fitted(train, drawn, context)
        return rows_of(arm, train, rows, context, model)
    given: Table = arm.rows
    wanted = min(rows, max(int(_AT_MOST * len(given)), 1))
    chosen = streams.at("given").rng().choice(len(given), wanted, replace=False)
    return given.take(np.sort(chosen))
