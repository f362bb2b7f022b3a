"""What is known of rows before they are drawn, cell by cell, for samplers that weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, Protocol, Self, runtime_checkable

import numpy as np

from synthwright.data.predicates import OneOf, Predicate
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.seeding import Streams

__all__ = ["Candidates", "Evidence", "TakesGaps", "Weighing"]


@dataclass(frozen=True, eq=False)
class Evidence:
    """`n` rows: `values` (see `Table.model_values`) hold where `known` is true; cells are there where `present` is.

    A column that `values` has not is known nowhere, one that `present` has not may be missing everywhere. `where` holds
    in every row, and speaks of each column once.
    """

    n: int
    values: Mapping[str, np.ndarray] = field(default_factory=dict)
    known: Mapping[str, np.ndarray] = field(default_factory=dict)
    present: Mapping[str, np.ndarray] = field(default_factory=dict)
    where: tuple[Predicate, ...] = ()

    @classmethod
    def of(cls, fixed: Table | None, where: tuple[Predicate, ...], schema: Schema, n: int, *, unknown: bool) -> Self:
        """What `fixed` and `where` say; with `unknown`, empty cells say nothing. One number is a known value."""
        values = {} if fixed is None else fixed.model_values()
        known = {name: _told(fixed, name, unknown=unknown) for name in values}
        rest = []
        for predicate in where:
            single = isinstance(predicate, OneOf) and len(predicate.values) == 1 and predicate.values[0] is not None
            if isinstance(predicate, OneOf) and single and schema[predicate.column].is_numeric:
                number = float(predicate.values[0])  # type: ignore[arg-type]  # not None, as `single` says
                values[predicate.column], known[predicate.column] = np.full(n, number), np.ones(n, dtype=bool)
            else:
                rest.append(predicate)
        return cls(n, values, known, {}, tuple(rest))

    def take(self, rows: np.ndarray) -> Evidence:
        """What is known of these rows."""
        values, known, present = (
            {name: one.take(rows) for name, one in each.items()} for each in (self.values, self.known, self.present)
        )
        return Evidence(len(rows), values, known, present, self.where)

    @property
    def columns(self) -> frozenset[str]:
        """The columns that something is said of."""
        return frozenset({*self.known, *self.present, *(predicate.column for predicate in self.where)})


def _told(fixed: Table | None, name: str, *, unknown: bool) -> np.ndarray:
    """True where the cell of column `name` says something."""
    if fixed is None:
        return np.zeros(0, dtype=bool)
    return ~fixed.missing(name) if unknown else np.ones(len(fixed), dtype=bool)


@dataclass(frozen=True, eq=False)
class Candidates:
    """Candidates drawn as far as evidence reaches.

    `numbers`: which candidates are still in the running, ascending; `values`: their model values by column;
    `log_weights`: the logarithm of each one's weight; `possible`: whether what is known of it was ever seen where it
    stands, or only allowed for. The others have weight 0.
    """

    numbers: np.ndarray
    values: dict[str, np.ndarray]
    log_weights: np.ndarray
    possible: np.ndarray


@runtime_checkable
class TakesGaps(Protocol):
    """A sampler that conditions exactly on any columns, and whose `block` reads `Given.empty` by itself."""

    takes_gaps: ClassVar[Literal[True]]


@runtime_checkable
class Weighing(Protocol):
    """A sampler that can say how likely what is known of a row was where it stands."""

    def candidates(self, evidence: Evidence, times: int, streams: Streams) -> Candidates:
        """`times` candidates for each row of `evidence`, row after row; the first never depend on how many there are.

        What is known stands in its place, what is not is drawn given the columns before it. The weight is the
        probability of what is known, up to a factor per row of evidence; 0 where it is impossible. Unlikely candidates
        may be dropped on the way if the others take over their weight on average.
        """
        ...

    def completed(self, values: Mapping[str, np.ndarray], evidence: Evidence, streams: Streams) -> Table:
        """Rows that begin as `values` (of a candidate) say, with the columns after them drawn."""
        ...
