"""Strata: the combinations of values that real rows show in a few columns, numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import stored_list
from synthwright.data.columns import categories_of, positions_in
from synthwright.data.schema import Column, Scalar
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten

__all__ = ["Strata", "require_classes"]

_MOST_VALUES = 20  # of a column of integers that may count as classes
_MOST_STRATA = 1_000  # beyond, most would have a handful of rows


@dataclass(frozen=True, eq=False)
class Strata:
    """Combinations of values of `columns`: ``values[s]`` are those of stratum s, in the order of the columns.

    Every combination of present values that a real row has is one; ``real[s]`` is how many have it. Without columns
    all rows are one stratum.
    """

    columns: tuple[str, ...]
    values: tuple[tuple[Scalar, ...], ...]
    real: np.ndarray
    _known: tuple[list[Scalar], ...]
    _codes: np.ndarray

    @classmethod
    def of(cls, table: Table, columns: Sequence[str]) -> Self:
        """The strata of `table` by `columns`.

        Raises
        ------
        BadInput
            They make more than 1,000 combinations.
        """
        known = tuple(_values(table, name) for name in columns)
        joint = _joint(table, columns, known)
        codes, counts = np.unique(joint[joint >= 0], return_counts=True)
        if len(codes) > _MOST_STRATA:
            raise BadInput(
                f"{_listed(columns)} make {len(codes):,} groups.",
                evidence=f"At most {_MOST_STRATA:,} are evened out: of more, most have a handful of rows.",
                remedy="Name fewer columns, or ones with fewer values.",
            )
        values = tuple(_unravelled(int(code), known) for code in codes)
        return cls(tuple(columns), values, counts.astype(np.int64), known, codes)

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, table: Table) -> np.ndarray:
        """The stratum of each row of `table`; -1 where a value is missing or no real row has the combination."""
        joint = _joint(table, self.columns, self._known)
        at = np.searchsorted(self._codes, joint)
        at = np.minimum(at, max(len(self._codes) - 1, 0))
        return np.where((joint >= 0) & (self._codes[at] == joint), at, -1) if len(self._codes) else joint * 0 - 1

    def label(self, at: int) -> str:
        """Stratum `at` in words."""
        told = (f"{shorten(n, 30)}={shorten(str(v), 30)}" for n, v in zip(self.columns, self.values[at], strict=True))
        return ", ".join(told) or "all rows"

    def fixed(self, table: Table, wanted: np.ndarray) -> Table:
        """Rows that hold the values of strata alone, ``wanted[s]`` of each, in the types of `table`."""
        at = np.repeat(np.arange(len(self)), wanted)
        arrays = [
            stored_list([self.values[one][place] for one in at], table.data[name].type)
            for place, name in enumerate(self.columns)
        ]
        return Table(table.schema.select(self.columns), pa.Table.from_arrays(arrays, names=list(self.columns)))


def require_classes(column: Column, table: Table) -> None:
    """`column` has values that rows can be grouped by.

    Raises
    ------
    BadInput
        It holds numbers, dates, identifiers or free text, or nothing at all.
    """
    if column.is_discrete:
        return
    found = len(table.data[column.name].unique()) if column.kind == "integer" else _MOST_VALUES + 1
    if found <= _MOST_VALUES:
        return
    count = f" and has {found:,} values" if column.kind == "integer" else ""
    raise BadInput(
        f"{shorten(column.name)!r} has no classes to even out.",
        evidence=f"Its kind is {column.kind}{count}.",
        remedy="Name a column with categories; put numbers into bands first.",
    )


def _values(table: Table, name: str) -> list[Scalar]:
    """The values that are present, in the order of the schema's categories, others behind."""
    column = table.schema[name]
    found = [one for one in table.data[name].unique().to_pylist() if one is not None]
    listed = categories_of(column) if column.is_discrete and (column.categories or column.kind == "boolean") else ()
    order = {value: at for at, value in enumerate(listed)}
    return sorted(found, key=lambda one: (order.get(one, len(order)), _rank(one)))


def _rank(value: Scalar) -> tuple[float, str]:
    return (float(value), "") if isinstance(value, int | float) else (0.0, str(value))


def _joint(table: Table, columns: Sequence[str], known: tuple[list[Scalar], ...]) -> np.ndarray:
    joint, inside = np.zeros(len(table), dtype=np.int64), np.ones(len(table), dtype=bool)
    room = 1
    for name, values in zip(columns, known, strict=True):
        room *= max(len(values), 1)
        if room >= 2**62:
            raise BadInput(f"{_listed(columns)} make too many groups.", remedy="Name fewer columns.")
        position = positions_in(table.data[name], values).astype(np.int64)
        inside &= (position >= 0) & (position < len(values))
        joint = joint * len(values) + np.where(inside, position, 0)
    return np.where(inside, joint, -1)


def _unravelled(code: int, known: tuple[list[Scalar], ...]) -> tuple[Scalar, ...]:
    found: list[Scalar] = []
    for values in reversed(known):
        code, at = divmod(code, len(values))
        found.append(values[at])
    return tuple(reversed(found))


def _listed(columns: Sequence[str]) -> str:
    return " and ".join(repr(shorten(name, 40)) for name in columns)
