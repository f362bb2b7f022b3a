"""Rows under conditions of any kind: what a sampler conditions on exactly, what it weighs, and what is left to waiting.

Rows whose known cells are complete and met by chance in 1 of 64 rows are waited for: such rows follow the model's
conditional distribution exactly. All others are weighed where the sampler can (`weighting`), and else waited for longer
(`rejection`).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from synthwright.data.predicates import Predicate
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.generators.evidence import Evidence, TakesGaps, Weighing
from synthwright.generators.protocol import Given, Sampler
from synthwright.generators.rejection import Drawn, Search, draw_given, honoured_by, not_met, single
from synthwright.generators.slots import combinations, matrix_of, members
from synthwright.generators.weighting import resampled

__all__ = ["draw_rows"]

_PATIENCE = 5_440  # the first four batches of `rejection`: a tenth of a second, and 85 fits of what 1 row in 64 shows


def draw_rows(sampler: Sampler[Table], index: int, n: int, context: Context, given: Given) -> Drawn:
    """The rows of block `index` that satisfy `given`, which speaks of the sampler's own columns only.

    `Drawn.lacking` says why fewer than `n` were found. Row i never depends on how many rows come after it.
    """
    given = replace(given, fixed=_on_grid(given.fixed))
    names = () if given.fixed is None else given.fixed.names
    if n == 0 or (not names and not given.where):
        return Drawn(sampler.block(index, n, context), n)
    gaps = (
        given.empty == "unknown" and given.fixed is not None and any(given.fixed.missing(name).any() for name in names)
    )
    if isinstance(sampler, Weighing) and (gaps or not _is_exact(sampler, given)):
        return _weighed(sampler, index, n, context, given)
    if isinstance(sampler, TakesGaps) and given.fixed is not None and not given.where:
        return Drawn(_gapped(sampler, index, n, context, given), n)
    if not gaps or given.fixed is None:
        return draw_given(sampler, index, n, context, replace(given, empty="missing"), short=True)
    known = np.stack([~given.fixed.missing(name) for name in given.fixed.names], axis=1)
    parts, places = [], []
    for _, rows in members(combinations(known.astype(np.float64))):
        pattern = known[rows[0]]
        told = [name for name, there in zip(given.fixed.names, pattern, strict=True) if there]
        part = Given(given.fixed.select(told).take(rows) if told else None, given.where)
        # Named by the pattern itself, so that other rows' patterns leave the stream alone.
        inner = context if pattern.all() else context.at("known", "".join("1" if bit else "0" for bit in pattern))
        parts.append(draw_given(sampler, index, len(rows), inner, part, short=True))
        places.append(rows)
    return Drawn.joined(parts, places, n)


def _gapped(sampler: TakesGaps, index: int, n: int, context: Context, given: Given) -> Table:
    source: Sampler[Table] = sampler  # type: ignore[assignment]  # every sampler that takes gaps is a sampler
    return source.block(index, n, context, given)


def _weighed(sampler: Weighing, index: int, n: int, context: Context, given: Given) -> Drawn:
    """Rows that are common enough by waiting for them, the others by weight."""
    source: Sampler[Table] = sampler  # type: ignore[assignment]  # every weighing sampler is a sampler
    unknown = given.empty == "unknown"
    fixed = given.fixed
    whole: np.ndarray = np.ones(n, dtype=bool)
    if fixed is not None and unknown:
        whole = np.asarray(~np.stack([fixed.missing(name) for name in fixed.names], axis=1).any(axis=1))
    parts, places = [], []
    left = np.arange(n)
    if whole.any():
        rows = np.flatnonzero(whole)
        shared, where = _shared(source, given.where, () if fixed is None else fixed.names)
        matched = () if fixed is None else fixed.names
        search = Search(source, index, context, where, () if shared is None else shared.names, matched, _PATIENCE)
        values = None if fixed is None else matrix_of(fixed.take(rows), matched)
        wanted = np.zeros(len(rows), dtype=np.int64) if values is None else combinations(values)
        found = search.rows(0, shared, wanted, values)
        parts.append(found)
        places.append(rows)
        left = np.setdiff1d(left, rows if found.rows is None else rows[found.rows])
    if len(left):
        told = None if fixed is None else fixed.take(left)
        evidence = Evidence.of(told, given.where, source.schema, len(left), unknown=unknown)
        picked = resampled(sampler, evidence, context.streams.at("block", index))
        lacking = None
        if len(picked.rows) < len(left):
            columns = [*(() if fixed is None else fixed.names), *(one.column for one in given.where)]
            gone = len(left) - len(picked.rows)
            lacking = not_met(columns, n - gone, n, f"For {gone:,} rows none of 2,048 weighed candidates is possible.")
        table = source.block(index, 0, context) if picked.table is None else picked.table
        parts.append(Drawn(table, picked.candidates, picked.rows, picked.effective, lacking))
        places.append(left)
    return Drawn.joined(parts, places, n)


def _shared(
    sampler: Sampler[Table], where: tuple[Predicate, ...], taken: tuple[str, ...]
) -> tuple[Table | None, tuple[Predicate, ...]]:
    """One row with the single values of `where` that the sampler conditions on exactly, and the other predicates."""
    values = {one.column: single(one, sampler.schema) for one in where if one.column not in taken}
    told = honoured_by(sampler, tuple(name for name, value in values.items() if value is not None))
    if not told:
        return None, where
    row = {name: np.array([values[name]], dtype=_dtype(sampler.schema, name)) for name in told}
    return Table.of(sampler.schema.select(told), row), tuple(one for one in where if one.column not in told)


def _dtype(schema: Schema, name: str) -> type[np.generic]:
    return np.float64 if schema[name].is_numeric else np.int32


def _on_grid(fixed: Table | None) -> Table | None:
    """The fixed values as drawn ones would be: a number beside its column's grid counts as the nearest on it."""
    return None if fixed is None else Table.of(fixed.schema, fixed.model_values())


def _is_exact(sampler: Sampler[Table], given: Given) -> bool:
    """True where the sampler conditions on all that is given: values and single-valued predicates."""
    singles = {one.column: single(one, sampler.schema) for one in given.where}
    names = () if given.fixed is None else given.fixed.names
    return None not in singles.values() and sampler.conditions_on(frozenset({*names, *singles}))
