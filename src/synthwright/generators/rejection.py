"""Conditions a sampler can't honour by itself: draw candidates in numbered batches, keep those that fit, bounded.

Candidates come from the same distribution whatever is asked, so the rows kept follow the model's conditional
distribution exactly. Batch sizes depend on the batch's number only and rows take the candidates in order: the first k
rows never depend on how many are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.predicates import Predicate, Range
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.generators.protocol import Given, Sampler
from synthwright.generators.slots import Slots, combinations, matrix_of, members

__all__ = ["FREE_CANDIDATES", "Drawn", "draw_given"]

FREE_CANDIDATES = 262_144  # candidates tried before giving up is considered: a second or so of most samplers
LOWEST_RATE = 1 / 1000  # below this share of fitting candidates the condition counts as one that can't be met
_BATCHES = (64, 256, 1_024, 4_096, 16_384)  # small first, for easy conditions on few rows; the last one repeats


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows that satisfy the conditions, and the number of candidates looked at for them."""

    table: Table
    candidates: int


def draw_given(sampler: Sampler[Table], index: int, n: int, context: Context, given: Given) -> Drawn:
    """`n` rows of block `index` under `given`, which speaks of the sampler's own columns only.

    Whatever the sampler conditions on by itself is handed to it; the rest is met by rejection.

    Raises
    ------
    BadInput
        A condition is met by fewer than 1 in 1,000 candidates; the error says how many rows were found.
    """
    fixed, where = _merged(given, sampler.schema, n)
    if n == 0 or (fixed is None and not where):
        return Drawn(sampler.block(index, n, context), n)
    names = () if fixed is None else fixed.names
    honoured = _honoured(sampler, names)
    if fixed is not None and len(honoured) == len(names) and not where:
        return Drawn(sampler.block(index, n, context, Given(fixed=fixed)), n)
    matched = tuple(name for name in names if name not in honoured)
    search = _Search(sampler, index, context, where, honoured, matched)
    if fixed is None:
        return search.rows(0, None, np.zeros(n, dtype=np.int64), None)
    groups = combinations(matrix_of(fixed, honoured))
    values = matrix_of(fixed, matched)
    tables, places, candidates = [], [], 0
    for group, rows in members(groups):
        drawn = search.rows(group, fixed.take(rows[:1]), combinations(values[rows]), values[rows])
        tables.append(drawn.table)
        places.append(rows)
        candidates += drawn.candidates
    order = np.argsort(np.concatenate(places), kind="stable")
    return Drawn(Table.concat(tables).take(order), candidates)


@dataclass(frozen=True, slots=True)
class _Search:
    sampler: Sampler[Table]
    index: int
    context: Context
    where: tuple[Predicate, ...]
    honoured: tuple[str, ...]
    matched: tuple[str, ...]

    def rows(self, group: int, known: Table | None, wanted: np.ndarray, values: np.ndarray | None) -> Drawn:
        """One row per entry of `wanted`: the r-th entry w takes the r-th candidate that shows combination w.

        `known` is one row of the columns that the sampler honours; `values` holds the matched columns per entry.
        """
        slots, tables, filled, tried = Slots(wanted), [], [], 0
        shown = None if values is None else values[np.unique(wanted, return_index=True)[1]]
        for number, size in _batches():
            given = None
            if known is not None and self.honoured:
                given = Given(fixed=known.select(self.honoured).take(np.zeros(size, dtype=np.int64)))
            batch = self.sampler.block(self.index, size, self.context.at("candidates", group, number), given)
            fits = self._fitting(batch, shown)
            slot = slots.fill(fits)
            tables.append(batch.take(slot >= 0))
            filled.append(slot[slot >= 0])
            tried += size
            if slots.full:
                break
            self._bounded(slots, tried)
        return Drawn(Table.concat(tables).take(np.argsort(np.concatenate(filled), kind="stable")), tried)

    def _fitting(self, batch: Table, shown: np.ndarray | None) -> np.ndarray:
        """The combination that each candidate shows; -1 where it shows none or breaks a predicate."""
        if shown is None or not self.matched:
            fits = np.zeros(len(batch), dtype=np.int64)
        else:
            both = combinations(np.vstack([shown, matrix_of(batch, self.matched)]))
            fits = np.where(both[len(shown) :] < len(shown), both[len(shown) :], -1)
        for predicate in self.where:
            fits = np.where(predicate.holds(batch), fits, -1)
        return fits

    def _bounded(self, slots: Slots, tried: int) -> None:
        if tried < FREE_CANDIDATES or slots.slowest >= tried * LOWEST_RATE:
            return
        columns = [*self.matched, *(predicate.column for predicate in self.where)]
        named = ", ".join(repr(shorten(name, 30)) for name in columns[:8])
        raise BadInput(
            f"The conditions on {named} can't be met: {int(slots.done):,} of {len(slots.order):,} rows were found.",
            evidence=f"{slots.slowest:,} of {tried:,} candidates fit the rarest of them ({slots.slowest / tried:.2%}).",
            remedy="Widen the conditions, or use a method that conditions exactly (`synthwright list generators`).",
        )


def _merged(given: Given, schema: Schema, n: int) -> tuple[Table | None, tuple[Predicate, ...]]:
    """`given` with every single-valued predicate turned into a fixed column: "equal to" is one condition, not two."""
    values: dict[str, np.ndarray] = {}
    where = []
    for predicate in given.where:
        value = _single(predicate, schema)
        taken = given.fixed is not None and predicate.column in given.fixed.schema
        if taken and value is not None:
            continue  # `checked_given` found that the fixed rows satisfy it
        if value is None or predicate.column in values:
            where.append(predicate)
        else:
            dtype = np.float64 if schema[predicate.column].is_numeric else np.int32
            values[predicate.column] = np.full(n, value, dtype=dtype)
    if not values:
        return given.fixed, tuple(where)
    told = {} if given.fixed is None else given.fixed.model_values()
    return Table.of(schema.select([*told, *values]), {**told, **values}), tuple(where)


def _single(predicate: Predicate, schema: Schema) -> float | None:
    """The one model value that satisfies `predicate`; ``None`` if there are several."""
    column = schema[predicate.column]
    if isinstance(predicate, Range):
        return predicate.low if predicate.low == predicate.high else None
    if len(predicate.values) != 1:
        return None
    value = predicate.values[0]
    if column.is_numeric:
        return np.nan if value is None else float(value)
    return -1.0 if value is None else float(categories_of(column).index(value))


def _honoured(sampler: Sampler[Table], names: tuple[str, ...]) -> tuple[str, ...]:
    """As many of `names` as the sampler conditions on together: all, or what greedy growth finds."""
    if sampler.conditions_on(frozenset(names)):
        return names
    found: list[str] = []
    growing = True
    while growing:
        growing = False
        for name in names:
            if name not in found and sampler.conditions_on(frozenset([*found, name])):
                found.append(name)
                growing = True
    return tuple(name for name in names if name in found)


def _batches() -> Iterator[tuple[int, int]]:
    number = 0
    while True:
        yield number, _BATCHES[min(number, len(_BATCHES) - 1)]
        number += 1
