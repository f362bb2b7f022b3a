"""A number told as its distance from a number drawn before it, where it is close to that one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from synthwright.data.grid import Grid
from synthwright.data.schema import Column
from synthwright.errors import BadInput
from synthwright.generators.tabular._honest_trees_before import Reference, part_of_rows
from synthwright.generators.tabular._honest_trees_cells import CELLS, Cells

__all__ = ["Offset", "offset_from"]

_FEWEST = 1_000  # rows below which distances are not tried
_SHARPER = 0.035  # by how much the mean log spread has to fall
_TIED = 0.85  # correlation of the two numbers' codes, which are much like ranks, at least
_BANDS = ((0.25, 0.75), (0.1, 0.9))  # quantiles whose distance is the spread
_NEAR = 0.03  # share of the earlier number's rows between it and a value that is told by the distance
_GROUPS = 32  # of rows with much the same number before: about as wide as a leaf
_ATOM = 0.005  # a value of so many rows stays a value


@dataclass(frozen=True, eq=False)
class Offset:
    """The column's value is the value of column `base` and a distance from `grid`."""

    base: str
    grid: Grid

    def encode(self, values: np.ndarray, base: np.ndarray) -> np.ndarray:
        """The cell of `grid` that the distance of each value from `base` is in; -1 where either is missing."""
        return self.grid.encode(values - base)

    def values(self, own: Grid, base: np.ndarray, moved: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """The values at the cells `moved` of `grid` from `base`, on the column's `own` grid and within its range.

        From the column's median where `base` is missing, which is not seen in rows to learn from.
        """
        made = np.where(np.isnan(base), own.low[len(own) // 2], base) + self.grid.decode(moved, uniforms)
        if own.step is not None:
            made = np.round(made / own.step) * own.step
        return np.asarray(np.clip(made, own.low[0], own.high[-1]))

    def state(self) -> dict[str, Any]:
        """The offset as JSON types."""
        return {"base": self.base, "grid": self.grid.state()}

    @classmethod
    def from_state(cls, state: Any, cells: Cells, numbers: frozenset[str]) -> Self:
        """Read back `state`; raises `BadInput` unless it is the distance of a number from one of `numbers`."""
        if state["base"] not in numbers or cells.grid is None:
            raise BadInput("A saved column is told by its distance from one that is not drawn before it.")
        return cls(state["base"], Grid.from_state(state["grid"]))


def offset_from(
    reference: Reference, name: str, before: tuple[str, ...], drawn: np.ndarray, copies: int
) -> tuple[np.ndarray, Offset | None]:
    """The cells `drawn`; for values close to an earlier number those of the distance, from ``size + 1 + copies`` on.

    A leaf holds rows whose earlier number is much the same, not equal: drawn values are off by that much, and distances
    that were small come out larger. So values close to the earlier number are told by the distance, others stay what
    they are: told so, all of them, C2ST of default_credit's six bills (8,000 rows, inner split, two seeds) is .544, the
    close ones alone .532, none .572. The distance has to spread less within 32nds of the rows by the earlier number
    than the value does (mean logarithm of the distances between quartiles and between outer tenths), and the two
    numbers have to rise together: many a payment is close to its bill because both are small.
    """
    cells = reference.cells[name]
    own = reference.values[name]
    if cells.grid is None or not cells.is_fine:
        return drawn, None
    counts = np.bincount(drawn, minlength=cells.size + 1)
    alone = cells.atoms & (counts[: cells.size] > _ATOM * len(drawn))
    free = (drawn < cells.size) & ~np.append(alone, True)[np.minimum(drawn, cells.size)]
    best, base = _SHARPER, None
    for one in before:
        other = reference.cells[one]
        if not other.is_fine or (other.column.kind, other.column.unit) != (cells.column.kind, cells.column.unit):
            continue
        rows = np.flatnonzero(free & np.isfinite(reference.values[one]))
        if len(rows) < max(_FEWEST, len(own) // 4):
            continue
        if _correlation(reference.codes[one][rows], reference.codes[name][rows]) < _TIED:
            continue
        sharper = _sharper(part_of_rows(reference.codes[one][rows], _GROUPS), own[rows], reference.values[one][rows])
        if sharper > best:
            best, base = sharper, one
    if base is None:
        return drawn, None
    rows = np.flatnonzero(free & np.isfinite(reference.values[base]))
    rows = rows[_near(reference.values[base][rows], own[rows])]
    if len(rows) < _FEWEST // 2:
        return drawn, None
    distance = own - reference.values[base]
    grid = Grid.of(Column(name="distance", kind="float", decimals=cells.column.decimals), distance[rows], cells=CELLS)
    drawn = drawn.copy()
    offset = Offset(base, grid)
    drawn[rows] = cells.size + 1 + copies + offset.encode(own[rows], reference.values[base][rows])
    return drawn, offset


def _near(base: np.ndarray, values: np.ndarray) -> np.ndarray:
    """True where less than `_NEAR` of all `base` lie between the value and its own base."""
    ascending = np.sort(base)
    between = np.searchsorted(ascending, values) - np.searchsorted(ascending, base)
    return np.asarray(np.abs(between) <= _NEAR * len(base))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    """Pearson's; 0 where one of them never changes."""
    first, second = one - one.mean(), other - other.mean()
    size = float(np.sqrt((first @ first) * (second @ second)))
    return float(first @ second) / size if size > 0 else 0.0


def _sharper(group: np.ndarray, values: np.ndarray, base: np.ndarray) -> float:
    """By how much the distance spreads less than the value within groups: the smaller figure of all bands."""
    return float(np.min(_log_spreads(group, values) - _log_spreads(group, values - base)))


def _log_spreads(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Per band, the mean over rows of the log distance between its quantiles within their group (of 8 rows or more)."""
    values, size = values[np.lexsort((values, group))], np.bincount(group)
    start = (np.cumsum(size) - size)[size >= 8]
    size = size[size >= 8]
    smallest = max(float(np.median(np.abs(values))) * 1e-6, 1e-300)
    spreads = [
        values[start + (high * size).astype(np.int64)] - values[start + (low * size).astype(np.int64)]
        for low, high in _BANDS
    ]
    return np.array([np.average(np.log(np.maximum(one, smallest)), weights=size) for one in spreads])
