"""Conditions a sampler can't honour by itself: draw candidates in numbered batches, keep those that fit, bounded.

Candidates come from the same distribution whatever is asked, so the rows kept follow the model's conditional
distribution exactly. Batch sizes depend on the batch's number only and rows take the candidates in order: the first k
rows never depend on how many are drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.predicates import Predicate, Range
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.generators.protocol import Given, NoMatch, Sampler
from synthwright.generators.slots import Slots, combinations, matrix_of, members

__all__ = ["FREE_CANDIDATES", "Drawn", "Search", "draw_given", "honoured_by", "not_met", "single"]

FREE_CANDIDATES = 262_144  # candidates tried before giving up is considered: a second or so of most samplers
LOWEST_RATE = 1 / 1000  # below this share of fitting candidates the condition counts as one that can't be met
_BATCHES = (64, 256, 1_024, 4_096, 16_384)  # small first, for easy conditions on few rows; the last one repeats


@dataclass(frozen=True, slots=True)
class Drawn:
    """Rows that satisfy the conditions, and the number of candidates looked at for them.

    `rows`: which of the rows asked for these are, ascending; ``None``: all. `lacking`: the error that says why others
    were not found. `effective`: for rows picked by weight, how many candidates theirs were worth (NaN for others).
    `fits`: candidates that satisfy the conditions, more than the rows where the last batch had some to spare; ``None``:
    the rows alone.
    """

    table: Table
    candidates: int
    rows: np.ndarray | None = None
    effective: np.ndarray | None = None
    lacking: BadInput | None = None
    fits: int | None = None

    @property
    def fitting(self) -> int:
        """Candidates that satisfy the conditions."""
        return len(self.table) if self.fits is None else self.fits

    @classmethod
    def joined(cls, parts: Sequence[Drawn], places: Sequence[np.ndarray], n: int) -> Drawn:
        """All `parts` as one draw of `n` rows; part i is about the rows ``places[i]``."""
        rows = [where if part.rows is None else where[part.rows] for part, where in zip(parts, places, strict=True)]
        order = np.argsort(np.concatenate(rows), kind="stable")
        sizes = [np.full(len(part.table), np.nan) if part.effective is None else part.effective for part in parts]
        return cls(
            Table.concat([part.table for part in parts]).take(order),
            sum(part.candidates for part in parts),
            None if len(order) == n else np.concatenate(rows)[order],
            None if all(part.effective is None for part in parts) else np.concatenate(sizes)[order],
            next((part.lacking for part in parts if part.lacking is not None), None),
            sum(part.fitting for part in parts),
        )


def draw_given(
    sampler: Sampler[Table], index: int, n: int, context: Context, given: Given, *, short: bool = False
) -> Drawn:
    """`n` rows of block `index` under `given`, which speaks of the sampler's own columns only.

    Whatever the sampler conditions on by itself is handed to it; the rest is met by rejection. Empty cells of the fixed
    rows are missing. With `short`, rows that were not found are left out instead of raising.

    Raises
    ------
    BadInput
        A condition is met by fewer than 1 in 1,000 candidates; the error says how many rows were found.
    """
    fixed, where = _merged(given, sampler.schema, n)
    if n == 0 or (fixed is None and not where):
        return Drawn(sampler.block(index, n, context), n)
    names = () if fixed is None else fixed.names
    honoured = honoured_by(sampler, names)
    if fixed is not None and len(honoured) == len(names) and not where:
        return _exact(sampler, index, context, fixed, short=short)
    matched = tuple(name for name in names if name not in honoured)
    search = Search(sampler, index, context, where, honoured, matched)
    if fixed is None:
        parts, places = [search.rows(0, None, np.zeros(n, dtype=np.int64), None)], [np.arange(n)]
    else:
        groups = combinations(matrix_of(fixed, honoured))
        values = matrix_of(fixed, matched)
        parts, places = [], []
        for group, rows in members(groups):
            parts.append(search.rows(group, fixed.take(rows[:1]), combinations(values[rows]), values[rows]))
            places.append(rows)
    drawn = Drawn.joined(parts, places, n)
    if drawn.lacking is not None and not short:
        raise drawn.lacking
    return drawn


def _exact(sampler: Sampler[Table], index: int, context: Context, fixed: Table, *, short: bool) -> Drawn:
    """Rows that the sampler conditions on by itself; with `short`, without those of which it has none."""
    try:
        return Drawn(sampler.block(index, len(fixed), context, Given(fixed=fixed)), len(fixed))
    except NoMatch as error:
        if not short:
            raise
        rows = np.setdiff1d(np.arange(len(fixed)), error.rows)
        part = Given(fixed=fixed.take(rows))
        return Drawn(sampler.block(index, len(rows), context, part), len(fixed), rows, None, error)


@dataclass(frozen=True, slots=True)
class Search:
    """Candidates of block `index`, given the `honoured` columns, until they fit: the `matched` columns and `where`.

    `patience`: candidates after which combinations that fewer than 1 in `rarest` of them show are given up for good;
    ``None``: all are looked for until the whole search counts as one that can't end.
    """

    sampler: Sampler[Table]
    index: int
    context: Context
    where: tuple[Predicate, ...]
    honoured: tuple[str, ...]
    matched: tuple[str, ...]
    patience: int | None = None
    rarest: int = 64

    def rows(self, group: int, known: Table | None, wanted: np.ndarray, values: np.ndarray | None) -> Drawn:
        """One row per entry of `wanted`: the r-th entry w takes the r-th candidate that shows combination w.

        `known` is one row of the columns that the sampler honours; `values` holds the matched columns per entry.
        """
        slots, tables, filled, tried = Slots(wanted), [], [], 0
        shown = None if values is None else values[np.unique(wanted, return_index=True)[1]]
        given_up = np.zeros(len(slots.need), dtype=bool)
        lacking = None
        for number, size in _batches():
            given = None
            if known is not None and self.honoured:
                given = Given(fixed=known.select(self.honoured).take(np.zeros(size, dtype=np.int64)))
            try:
                batch = self.sampler.block(self.index, size, self.context.at("candidates", group, number), given)
            except NoMatch as error:
                columns = [*self.honoured, *self.matched, *(predicate.column for predicate in self.where)]
                lacking = not_met(columns, 0, len(wanted), error.problem.partition(": ")[0] + ".")
                return Drawn(self.sampler.block(self.index, 0, self.context), 0, np.zeros(0, np.int64), None, lacking)
            fits = self._fitting(batch, shown)
            slot = slots.fill(np.where((fits >= 0) & ~given_up[fits], fits, -1))
            tables.append(batch.take(slot >= 0))
            filled.append(slot[slot >= 0])
            tried += size
            if self.patience is not None and not given_up.any() and tried >= self.patience:
                given_up = slots.got * self.rarest < tried
            if np.all(given_up | (slots.got >= slots.need)):
                break
            if self.patience is None and tried >= FREE_CANDIDATES and slots.slowest < tried * LOWEST_RATE:
                lacking = self._lacking(slots, tried)
                break
        found = np.concatenate(filled)
        order = np.argsort(found, kind="stable")
        rows = None if len(found) == len(wanted) else found[order]
        return Drawn(Table.concat(tables).take(order), tried, rows, None, lacking, int(slots.got.sum()))

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

    def _lacking(self, slots: Slots, tried: int) -> BadInput:
        return not_met(
            [*self.matched, *(predicate.column for predicate in self.where)],
            slots.done,
            len(slots.order),
            f"{slots.slowest:,} of {tried:,} candidates fit the rarest of them ({slots.slowest / tried:.2%}).",
        )


def not_met(columns: Iterable[str], found: int, n: int, evidence: str) -> BadInput:
    """The error for conditions that too few rows meet: how many were found, and at which rate."""
    named = ", ".join(repr(shorten(name, 30)) for name in list(dict.fromkeys(columns))[:8])
    return BadInput(
        f"The conditions on {named} can't be met: {found:,} of {n:,} rows were found.",
        evidence=evidence,
        remedy="Widen the conditions, take what was found (short='return', on the command line --short return), or use "
        "a method that conditions exactly (`synthwright list generators`).",
    )


def _merged(given: Given, schema: Schema, n: int) -> tuple[Table | None, tuple[Predicate, ...]]:
    """`given` with every single-valued predicate turned into a fixed column: "equal to" is one condition, not two."""
    values: dict[str, np.ndarray] = {}
    where = []
    for predicate in given.where:
        value = single(predicate, schema)
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


def single(predicate: Predicate, schema: Schema) -> float | None:
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


def honoured_by(sampler: Sampler[Table], names: tuple[str, ...]) -> tuple[str, ...]:
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
