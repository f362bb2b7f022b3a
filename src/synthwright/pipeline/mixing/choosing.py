"""From candidates to the synthetic rows of a mix: enough of every stratum, then exactly as many as are wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthwright.data.table import Table
from synthwright.generators.drawing import require_memory
from synthwright.pipeline.mixing.asking import Mixing
from synthwright.pipeline.mixing.drawing import Maker
from synthwright.pipeline.mixing.selecting import attainable, chosen
from synthwright.pipeline.mixing.wanted import Wanted
from synthwright.pipeline.mixing.weighing import require_weighable, weigh
from synthwright.seeding import Streams

__all__ = ["Chosen", "choose"]


@dataclass(frozen=True, eq=False)
class Chosen:
    """The synthetic `rows` of a mix; `at_hand` of them were among the candidates given, the others drawn for it.

    ``taken[s]`` are the rows of stratum s of the ``quotas[s]`` wanted; `why` says what kept further rows from being
    drawn, `selection` by what rows were chosen.
    """

    rows: Table
    quotas: np.ndarray
    taken: np.ndarray
    at_hand: int
    selection: Mapping[str, Any]
    why: str = ""


def choose(
    real: Table, candidates: Table, wanted: Wanted, mixing: Mixing, streams: Streams, maker: Maker | None = None
) -> Chosen:
    """The rows that `wanted` asks for, out of `candidates` and, where there are too few, of what `maker` draws.

    Raises
    ------
    UsageError
        The real rows can't say by what rows are to be chosen.
    OutOfResource
        The rows need more than the machine's memory.
    """
    require_weighable(real, mixing.select)
    goal = wanted.quotas * (1 if mixing.select == "stratified" else mixing.candidates)
    require_memory(len(real) + int(goal.sum()), len(real.names))
    given, why = len(candidates), ""
    pool = candidates
    if maker is not None and not wanted.balanced:
        pool = maker.extended(int(goal.sum()))
    stratum = wanted.strata.rows(pool)
    lacking = np.maximum(goal - np.bincount(stratum[stratum >= 0], minlength=len(goal)), 0)
    if maker is not None and lacking.any():
        further, why = maker.further(wanted.strata, lacking, pool)
        if further is not None:
            pool = Table.concat([pool, further])
            stratum = np.concatenate([stratum, wanted.strata.rows(further)])
    weights = None
    selection: dict[str, Any] = {"by": mixing.select, "candidates": int(np.count_nonzero(stratum >= 0))}
    if mixing.select != "stratified":
        inside = np.flatnonzero(stratum >= 0)
        weighed = weigh(mixing.select, real, pool.take(inside), streams.at("weights")) if len(inside) else None
        if weighed is not None:
            weights = np.ones(len(pool))
            weights[inside] = weighed.values
            selection = dict(weighed.told)
    quotas = wanted.quotas
    if maker is None and not wanted.balanced:
        quotas = attainable(quotas, np.bincount(stratum[stratum >= 0], minlength=len(goal)))
    picked = chosen(stratum, quotas, weights, streams.at("choice").rng())
    taken = np.bincount(stratum[picked], minlength=len(goal))
    return Chosen(pool.take(picked), quotas, taken, int(np.count_nonzero(picked < given)), selection, why)
