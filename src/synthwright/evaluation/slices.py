"""Slices of the rows: classes, sensitive groups, and quarters of columns; each in words that show no rare value."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from synthwright.data.cells import coarser
from synthwright.data.columns import categories_of
from synthwright.data.predicates import OneOf, Predicate, Range
from synthwright.data.table import Table
from synthwright.errors import UnknownName, UsageError, shorten
from synthwright.evaluation._counts.association import cramers_v
from synthwright.evaluation._counts.encoding import pair_cells
from synthwright.evaluation._counts.naming import cell_words
from synthwright.evaluation._groups.sensitive import groupings
from synthwright.evaluation._learners.task import class_titles, task_of
from synthwright.evaluation.comparison import Comparison

__all__ = ["Kind", "Slice", "column_slices", "slices_of"]

Kind = Literal["class", "group", "region"]
_BANDS = 4  # of a column: quarters of the numbers, or the three most frequent labels and the others
_COLUMNS = 6  # that are cut where none are named: 24 slices are about what a reader looks through


@dataclass(frozen=True, eq=False)
class Slice:
    """Rows that have something in common: ``members[part]`` is true for those of each part.

    `where` is the same as a condition to draw by; ``None`` where it can't be said as one. `label` is the code of the
    class, of those that are one, in the task of the target.
    """

    kind: Kind
    words: str
    members: Mapping[str, np.ndarray]
    where: tuple[Predicate, ...] | None = None
    label: int | None = None

    def of(self, part: str) -> np.ndarray:
        """True for each row of `part` that belongs to it."""
        return self.members[part]

    def among(self, tables: Mapping[str, Table]) -> Slice:
        """The same slice of other `tables`, by its condition; they have the columns in the same units."""
        members = {
            part: np.all([one.holds(table) for one in self.where or ()], axis=0) for part, table in tables.items()
        }
        return replace(self, members=members)


def slices_of(comparison: Comparison, columns: Sequence[str] | None = None) -> list[Slice]:
    """Classes of the target, groups by sensitive columns, and bands of `columns`.

    Without `columns` the six that the target depends on most, in train, are cut (by Cramer's V of their cells).

    Raises
    ------
    UnknownName, UsageError
        One of `columns` is not there, or is none that can be compared or the target.
    """
    return [*_classes(comparison), *_groups(comparison), *column_slices(comparison, columns)]


def column_slices(comparison: Comparison, columns: Sequence[str] | None = None) -> list[Slice]:
    """Bands of `columns`: at most four each, and where they are missing. Raises as `slices_of` does."""
    target = comparison.schema.target
    known = [name for name in comparison.columns if target is None or name != target.name]
    for name in columns or ():
        if name not in comparison.schema:
            raise UnknownName.among("column", name, comparison.schema.names)
        if name not in known:
            raise UsageError(
                f"Rows can't be cut by {shorten(name)!r}.",
                evidence="It is the target, an identifier or free text.",
                remedy="Name features: numbers, dates and categories.",
            )
    chosen = list(dict.fromkeys(columns)) if columns is not None else _strongest(comparison, known)
    return [one for name in chosen for one in _bands(comparison, name)]


def _strongest(comparison: Comparison, known: Sequence[str]) -> list[str]:
    target = comparison.schema.target
    if target is None or target.name not in comparison.columns:
        return list(known[:_COLUMNS])
    strength = {name: cramers_v(comparison.counts("train", name, target.name), "train").value for name in known}
    return sorted(known, key=lambda name: -strength[name])[:_COLUMNS]


def _bands(comparison: Comparison, name: str) -> list[Slice]:
    cells = comparison.cells(name)
    lookup = pair_cells(cells, len(comparison.train)).astype(np.int64)
    mass = np.bincount(lookup, weights=cells.counts, minlength=int(lookup.max()) + 1)
    band = coarser(mass, _BANDS, ordered=cells.edges is not None).astype(np.int64)
    codes = {part: band[lookup[comparison.codes(part).fine.column(name)]] for part in comparison.parts}
    found = []
    for number in np.unique(band):
        allowed = band == number
        if mass[allowed].sum() == 0:
            continue
        words = cell_words(comparison, name, allowed)
        if words:
            members: dict[str, np.ndarray] = {part: codes[part] == number for part in comparison.parts}
            where = _where(comparison, name, np.flatnonzero(allowed[lookup]))
            found.append(Slice("region", words, members, where))
    return found


def _where(comparison: Comparison, name: str, fine: np.ndarray) -> tuple[Predicate, ...] | None:
    """The condition that a row lies in these fine cells of the column `name`."""
    cells, column = comparison.cells(name), comparison.schema[name]
    if fine[0] == 0:
        return (OneOf(name, (None,)),)
    if cells.edges is not None:
        low = -np.inf if fine[0] == 1 else float(cells.edges[fine[0] - 2])
        high = np.inf if fine[-1] == len(cells) - 1 else float(np.nextafter(cells.edges[fine[-1] - 1], -np.inf))
        return (Range(name, low, high),)
    levels = [] if cells.levels is None else cells.levels.to_pylist()
    named = [levels[code - 1] for code in fine if 0 < code <= len(levels)]
    kept = tuple(value for value in named if value in categories_of(column))
    return (OneOf(name, kept),) if kept else None


def _classes(comparison: Comparison) -> list[Slice]:
    task = task_of(comparison)
    if isinstance(task, str) or not task.target.is_discrete:
        return []
    shown = np.unique(comparison.train.levels(task.target.name)[task.rows["train"]])
    levels = {part: comparison.part(part).levels(task.target.name) for part in comparison.parts}
    labels = categories_of(task.target)
    return [
        Slice(
            "class",
            f"{shorten(task.target.name)} = {title}",
            {str(part): codes == shown[at] for part, codes in levels.items()},
            (OneOf(task.target.name, (labels[shown[at]],)),),
            at,
        )
        for at, title in class_titles(comparison, task).items()
    ]


def _groups(comparison: Comparison) -> list[Slice]:
    found = groupings(comparison)
    if isinstance(found, str):
        return []
    return [
        Slice("group", label, {part: grouping.of(part) == at for part in comparison.parts})
        for grouping in found
        for at, label in enumerate(grouping.labels)
    ]
