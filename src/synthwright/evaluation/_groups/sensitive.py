"""The groups that columns of role ``sensitive`` divide rows into, singly and crossed with one another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations, pairwise

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import shorten
from synthwright.evaluation._counts.naming import distinctly
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["FLOOR", "SUPPORT", "Grouping", "floor_of", "groupings"]

SUPPORT = 50  # rows of train in a group: its share is then known to a seventh, and nobody can be picked out of it
FLOOR = 5_000  # rows without skill that figures about groups are compared with
_BANDS = 4  # of a numeric sensitive column, such as age
_CROSSED = 5  # columns: all pairs of more would be dozens of divisions

_OfPart = Part | str  # "floor": rows without skill


@dataclass(frozen=True, eq=False)
class Grouping:
    """One division of the rows: by one sensitive column, or by several at once.

    `labels` name its groups, which have at least 50 train rows each; ``of(part)`` is the group of every row, -1 for
    none of these.
    """

    name: str
    columns: tuple[str, ...]
    labels: tuple[str, ...]
    members: Mapping[str, np.ndarray]

    def __len__(self) -> int:
        return len(self.labels)

    def of(self, part: _OfPart) -> np.ndarray:
        """The group of each row of `part`."""
        return self.members[part]


def floor_of(comparison: Comparison) -> Table:
    """At most 5,000 rows without skill, the same for every figure about groups."""
    rows = min(FLOOR, comparison.rows("synthetic"))
    return comparison.keep("floor of groups", lambda: comparison.floor(rows))


def groupings(comparison: Comparison, support: int = SUPPORT) -> list[Grouping] | str:
    """Every division with two groups of at least `support` train rows, or why there is none; computed once.

    Each sensitive column, each pair of the first five, and, of three or more, these five at once. Numbers are divided
    at the quarters of train and named by their percentiles. Missing is a group of its own.
    """
    return comparison.keep(("groupings", support), lambda: _groupings(comparison, support))


def _groupings(comparison: Comparison, support: int) -> list[Grouping] | str:
    columns = [column for column in comparison.schema.having("sensitive") if column.is_modelled]
    if not columns:
        return "no column that can be compared has the role sensitive"
    tables = {part: comparison.part(part) for part in comparison.parts} | {"floor": floor_of(comparison)}
    single = [_Division.of(column, tables) for column in columns]
    crossed = single[:_CROSSED]
    pairs = [one.crossed(other) for one, other in combinations(crossed, 2)]
    if len(crossed) > 2:
        every = crossed[0]
        for other in crossed[1:]:
            every = every.crossed(other)
        pairs.append(every)
    found = [grouping for one in (*single, *pairs) if (grouping := one.supported(support)) is not None]
    if found:
        return found
    names = ", ".join(shorten(column.name) for column in columns)
    return f"no two groups of {names} have {support} rows of train each"


@dataclass(frozen=True, eq=False)
class _Division:
    """Codes of each row and what they are called; -1 is no group at all."""

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    codes: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, column: Column, tables: Mapping[str, Table]) -> _Division:
        name = shorten(column.name)
        if column.is_discrete:
            categories = categories_of(column)
            labels = [f"{name} missing", *(f"{name}={shorten(str(one))}" for one in categories)]
            levels = {part: table.levels(column.name) for part, table in tables.items()}
            codes = {part: np.where(one < len(categories), one + 1, -1) for part, one in levels.items()}
            return cls((column.name,), tuple(distinctly(labels)), codes)
        numbers = {part: table.numbers(column.name) for part, table in tables.items()}
        present = numbers["train"][np.isfinite(numbers["train"])]
        cuts = np.unique(np.quantile(present, np.arange(1, _BANDS) / _BANDS)) if len(present) else np.zeros(0)
        # Percentiles, never values: a cut may be one person's.
        below = [0, *(round(100 * float(np.mean(present < cut))) for cut in cuts), 100]
        spans = [f"{name} {low} to {high} %" for low, high in pairwise(below)]
        codes = {
            part: np.where(np.isfinite(one), np.searchsorted(cuts, one, side="right") + 1, 0)
            for part, one in numbers.items()
        }
        return cls((column.name,), tuple(distinctly([f"{name} missing", *spans])), codes)

    def crossed(self, other: _Division) -> _Division:
        """Every combination of a group here and one there."""
        labels = tuple(f"{mine}, {theirs}" for mine in self.labels for theirs in other.labels)
        codes = {}
        for part, mine in self.codes.items():
            theirs = other.codes[part]
            codes[part] = np.where((mine < 0) | (theirs < 0), -1, mine * len(other.labels) + theirs)
        return _Division((*self.columns, *other.columns), labels, codes)

    def supported(self, support: int) -> Grouping | None:
        """The groups with enough train rows; ``None`` if there are not two."""
        counts = np.bincount(self.codes["train"] + 1, minlength=len(self.labels) + 1)[1:]
        kept = np.flatnonzero(counts >= support)
        if len(kept) < 2:
            return None
        new = np.full(len(self.labels) + 1, -1)  # the last entry is what code -1 reads
        new[kept] = np.arange(len(kept))
        return Grouping(
            name=" x ".join(shorten(name) for name in self.columns),
            columns=self.columns,
            labels=tuple(self.labels[at] for at in kept),
            members={part: new[codes] for part, codes in self.codes.items()},
        )
