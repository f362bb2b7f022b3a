"""From what a user asks to chains of rounds and the verdict on them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from synthwright.data.table import Table
from synthwright.engines.context import Context, Event
from synthwright.errors import UnknownName, UsageError
from synthwright.evaluation.alignment import align
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import settings_of
from synthwright.pipeline.collapse.result import CollapseWatch, concluded
from synthwright.pipeline.collapse.rounds import MODES, Chain, Mode, Walked, walk
from synthwright.pipeline.digesting import table_told
from synthwright.pipeline.keeping import Store
from synthwright.pipeline.memory import Memory
from synthwright.registry import name_of

__all__ = ["watch_collapse"]

_MOST_ROUNDS = 50


def watch_collapse(
    train: Table,
    holdout: Table,
    generator: Generator[Table],
    context: Context,
    *,
    rounds: int,
    modes: Sequence[Mode],
    seeds: int,
    seed: int,
    store: Store = Store(),  # noqa: B008  # frozen
) -> CollapseWatch:
    """What `generator` keeps of the variety of `train` over `rounds`, judged on `holdout` throughout.

    Raises
    ------
    BadInput
        The method can't learn from `train`, or the holdout is not unseen.
    UsageError
        A number of rounds or seeds that is none, or a method that learns nothing from rows.
    UnknownName
        There is no such mode.
    """
    name = name_of("generator", generator)
    if not 2 <= rounds <= _MOST_ROUNDS:
        raise UsageError(f"{rounds} is no number of rounds.", remedy=f"Give one from 2 to {_MOST_ROUNDS}; 5 are usual.")
    if not 1 <= seeds <= 100:
        raise UsageError(f"{seeds} is no number of seeds.", remedy="Give one from 1 to 100; 6 are usual.")
    if not generator.info.needs_records:
        raise UsageError(f"{name} learns nothing from rows: it can't collapse.", remedy="Watch a method that learns.")
    if not modes:
        raise UsageError("There is no mode to watch.", remedy=f"Name one of {', '.join(MODES)}.")
    for mode in modes:
        if mode not in MODES:
            raise UnknownName.among("mode", mode, MODES)
    align(train, train, holdout, seed=seed)  # or an error, before anything is made
    chains = [Chain(mode, number) for mode in dict.fromkeys(modes) for number in range(seeds)]
    walked: dict[Chain, Walked] = {}
    memory = Memory.of(store, train, seed)
    if memory.base is not None:
        memory = memory.at(table_told(holdout), settings_of(generator))
    task = partial(walk, train, holdout, generator, rounds, seed, context.streams, memory)
    for chain, one in zip(chains, context.engine.stream(task, chains), strict=True):
        walked[chain] = one
        context.progress(Event("collapse", len(walked), len(chains), f"{chain.mode}, seed {chain.seed}"))
    target = train.schema.target
    score = "" if target is None else "auc" if target.is_discrete else "r2"
    return concluded(walked, method=name, rounds=rounds, seeds=seeds, rows=len(train), score=score)
