"""Rounds of learning from what earlier rounds made, with real rows kept beside it or replaced by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from synthwright.data.inference import complete_schema
from synthwright.data.lineage import unmarked
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput
from synthwright.evaluation.alignment import align
from synthwright.evaluation.variety import Figure, Variety, variety_of
from synthwright.generators.protocol import Generator
from synthwright.pipeline.memory import Memory
from synthwright.seeding import Streams

__all__ = ["MODES", "Chain", "Mode", "Walked", "walk"]

Mode = Literal["replace", "accumulate"]
MODES: tuple[Mode, ...] = ("replace", "accumulate")


@dataclass(frozen=True, slots=True)
class Chain:
    """One walk: `replace` learns each round from the round before alone, `accumulate` from real rows and all rounds."""

    mode: Mode
    seed: int


@dataclass(frozen=True, slots=True)
class Walked:
    """What each round kept, in order; `real` is what real rows have; `ended` says why a chain stopped early."""

    rounds: tuple[Mapping[str, Figure], ...]
    real: Mapping[str, Figure]
    ended: str = ""


def walk(
    train: Table,
    holdout: Table,
    generator: Generator[Table],
    rounds: int,
    seed: int,
    streams: Streams,
    memory: Memory,
    chain: Chain,
) -> Walked:
    """As many rows as `train` has, made and measured in every round; both modes share their first round.

    What `memory` has of a round (its model, its figures) is not made again.

    Raises
    ------
    BadInput
        The method can't learn from `train`, or the holdout is not unseen.
    """
    learnt_from, made, found = train, list[Table](), list[Mapping[str, Figure]]()
    real: Mapping[str, Figure] = {}
    for number in range(1, rounds + 1):
        at = (chain.seed, number, *((chain.mode,) if number > 1 else ()))
        try:
            rows = _made(learnt_from, generator, len(train), streams.at("collapse", *at), memory.at(*at))
        except BadInput as error:
            if number == 1:
                raise
            return Walked(tuple(found), real, f"round {number} could not be learnt: {error.problem}")
        known = [name for name in train.names if name in rows.names]
        kept = _measured(train, rows, holdout, known, seed, chain, number, memory)
        found.append(kept.made)
        real = real or kept.real
        made.append(rows)
        learnt_from = _seen(Table.concat([train.select(known), *made]) if chain.mode == "accumulate" else rows)
    return Walked(tuple(found), real)


def _measured(
    train: Table,
    rows: Table,
    holdout: Table,
    known: Sequence[str],
    seed: int,
    chain: Chain,
    number: int,
    memory: Memory,
) -> Variety:
    """What the rows of a round kept, and what real rows have; kept as soon as it is there."""
    at = memory.at("figures", chain.mode, chain.seed, number)
    if (figures := at.figures()) is not None:
        made, real = ({name: figures[0][f"{of} {name}"] for name in figures[1][of]} for of in ("made", "real"))
        return Variety(made, real)
    comparison = align(train.select(known), rows.select(known), holdout.select(known), seed=seed)
    kept = variety_of(comparison, f"seed {chain.seed}, {chain.mode}, round {number}")
    both = {"made": kept.made, "real": kept.real}
    at.keep(
        {f"{of} {name}": one for of, some in both.items() for name, one in some.items()},
        {of: list(some) for of, some in both.items()},
    )
    return kept


def _made(learnt_from: Table, generator: Generator[Table], rows: int, streams: Streams, memory: Memory) -> Table:
    context = Context(streams=streams)
    model = memory.fitted(learnt_from, generator, context)
    return unmarked(model.sample(rows, seed=streams.at("draw").integer(), context=context))


def _seen(table: Table) -> Table:
    """The rows under the domains that they show: whoever learns from them alone knows no others.

    What a person declared stays, and so do the labels of a column in which none is frequent enough to be emitted.
    """
    shown = complete_schema(replace(table.schema, columns=tuple(map(_opened, table.schema))), table.data)
    kept = [old if old.categories and not new.categories else new for old, new in zip(table.schema, shown, strict=True)]
    return table.with_schema(replace(table.schema, columns=tuple(kept)))


def _opened(column: Column) -> Column:
    return replace(column, bounds=None, categories=None) if column.source == "data" else column
