"""The blocks of a model's draw: rows under conditions that obey the constraints, completed, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np
import pyarrow as pa

from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.engines.context import Context, Event
from synthwright.engines.engine import Serial
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.obeying import Obeying
from synthwright.generators._constraints.unique import Distinct
from synthwright.generators.around import with_known
from synthwright.generators.conditioning import draw_rows
from synthwright.generators.draw import Gathered
from synthwright.generators.drawing import Share, shares
from synthwright.generators.origin import origin_of
from synthwright.generators.protocol import Given, Sampler
from synthwright.generators.rejection import Drawn
from synthwright.generators.tally import Tally

if TYPE_CHECKING:
    from synthwright.generators.model import Model

__all__ = ["blocks_of", "source_of"]


@dataclass(frozen=True, slots=True)
class _Made:
    """Rows of one block, what conditions cost, and how many were looked at because of constraints."""

    drawn: Drawn
    tally: Tally


def blocks_of(
    model: Model, n: int, given: Given, inner: Context, outside: Context | None, distinct: Distinct, gathered: Gathered
) -> Iterator[Table]:
    """The `n` rows of `model` under `given`, block after block; `gathered` adds up what they cost."""
    engine, tell = (Serial(), inner.progress) if outside is None else (outside.engine, outside.progress)
    rows = done = 0
    every = engine.stream(partial(_block, model, inner, given), shares(n, given.fixed))
    for share, made in zip(shares(n, given.fixed), every, strict=True):
        drawn = made.drawn
        gathered.add(drawn, made.tally, share.index)
        table, size = drawn.table, len(drawn.table)
        if distinct.rules:
            table = distinct.settle(table, partial(_again, model, inner, given, share, drawn))
            gathered.tally.add(distinct.counted(0 if model.constraints.checks_rows else size))
        origin = origin_of(table.origin, size, method=model.method, block=share.index, start=rows, depth=model.depth)
        rows += size
        done = min(n, done + size) if model.info.unit == "row" else min(n, (share.index + 1) * BLOCK_ROWS)
        tell(Event("sample", done, n, gathered.note))
        yield replace(table, origin=origin, frame=model.frame)


def source_of(model: Model, tally: Tally, *, lenient: bool = False, ignored: set[str] | None = None) -> Sampler[Table]:
    """What draws the learnt columns: the method itself, or the method with the constraints around it."""
    if not model.constraints.checks_rows:
        return model.sampler
    told = set[str]() if ignored is None else ignored
    made = Obeying(model.sampler, model.constraints, model.schema, model.around.settled, tally, lenient, told)
    return cast("Sampler[Table]", made)  # it is never loaded: the model is


def _again(
    model: Model, context: Context, given: Given, share: Share, base: Drawn, at: np.ndarray, name: str, number: int
) -> Table:
    """The places `at` of a block, drawn for the `number`-th time under `name`; what is made up is that of `base`."""
    places = np.arange(share.size) if base.rows is None else base.rows
    fixed = None if share.fixed is None else share.fixed.take(places[at])
    inner = context.at("candidates", "unique", share.index, name, number)
    made = _block(model, inner, given, Share(share.index, len(at), fixed)).drawn
    if made.lacking is not None:
        raise made.lacking
    data = made.table.data
    for column in model.around.made_up:
        kept = base.table.data[column].take(pa.array(at))
        data = data.set_column(data.column_names.index(column), column, kept)
    return replace(made.table, data=data)


def _block(model: Model, context: Context, given: Given, share: Share) -> _Made:
    tally, fixed = Tally(), share.fixed
    source = source_of(model, tally)
    names = () if fixed is None else tuple(name for name in fixed.names if name in source.schema)
    known = fixed.select(names) if fixed is not None and names else None
    drawn = _learnt(model, source, share, context, replace(given, fixed=known))
    whole = model.around.completed(model.schema, drawn.table, share.index, context.streams)
    if fixed is not None and model.info.unit == "row":
        # Exactly as given, in every bit: a sampler may have moved them onto the column's grid.
        told = fixed if drawn.rows is None else fixed.take(drawn.rows)
        whole = replace(whole, data=with_known(whole.data, told, empty=given.empty))
    return _Made(replace(drawn, table=whole), tally)


def _learnt(model: Model, source: Sampler[Table], share: Share, context: Context, given: Given) -> Drawn:
    if model.info.unit == "row":
        return draw_rows(source, share.index, share.size, context, given)
    names = frozenset() if given.fixed is None else frozenset(given.fixed.names)
    if given.where or not source.conditions_on(names):
        raise BadInput(
            f"{model.method} draws whole entities and can't condition on {_listed(names, given)}.",
            remedy="Draw without conditions and filter the rows.",
        )
    passed = None if given.fixed is None else given
    return Drawn(source.block(share.index, share.size, context, passed), share.size)


def _listed(names: frozenset[str], given: Given) -> str:
    every = sorted({*names, *(predicate.column for predicate in given.where)})
    return ", ".join(repr(shorten(name, 30)) for name in every[:8])
