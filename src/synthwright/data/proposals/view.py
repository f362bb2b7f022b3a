"""A table as the searches look at it: a sample of its rows to find candidates in, whole columns to confirm them on."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.calendar import NANOSECONDS
from synthwright.data.schema import Column
from synthwright.data.table import Table

__all__ = ["SAMPLE", "View"]

SAMPLE = 4_000  # rows to find candidates in: enough that a rule which one row in 500 breaks is seldom confirmed in vain
_KEPT = 64  # whole columns at a time, so that memory does not grow with their number


@dataclass(frozen=True)
class View:
    """All rows of a table and an even sample of them."""

    table: Table
    sample: Table
    _kept: OrderedDict[tuple[str, str], Any] = field(default_factory=OrderedDict)

    @classmethod
    def of(cls, table: Table) -> View:
        """Rows at even distances; nothing is drawn, so the same table gives the same proposals."""
        n = len(table)
        rows = np.unique(np.linspace(0, n - 1, min(n, SAMPLE)).astype(np.int64)) if n else np.zeros(0, np.int64)
        return cls(table, table.take(rows))

    @property
    def quantities(self) -> tuple[Column, ...]:
        """The columns of numbers that are no dates."""
        return tuple(column for column in self.table.schema if column.kind in {"integer", "float"})

    def numbers(self, name: str) -> np.ndarray:
        """A numeric column or one of dates, all rows; dates in nanoseconds, so that units don't matter."""
        return self._once("numbers", name, lambda: numbers_in(self.table, name))

    def codes(self, name: str) -> np.ndarray:
        """All rows of a column as codes of its different values; -1 missing."""
        return self._once("codes", name, lambda: codes_in(self.table, name))

    def missing(self, name: str) -> np.ndarray:
        """True where the cell is missing."""
        return self._once("missing", name, lambda: self.table.missing(name))

    def _once(self, what: str, name: str, make: Callable[[], np.ndarray]) -> np.ndarray:
        key = (what, name)
        if key not in self._kept:
            self._kept[key] = make()
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return np.asarray(self._kept[key])


def numbers_in(table: Table, name: str) -> np.ndarray:
    """A column's numbers (float64, NaN missing); dates in nanoseconds since 1970."""
    column = table.schema[name]
    values = table.numbers(name)
    return values * NANOSECONDS[column.unit or "second"] if column.kind == "datetime" else values


def codes_in(table: Table, name: str) -> np.ndarray:
    """A column as int64 codes of its different values, in the order in which they come; -1 missing."""
    values = decoded(table.data[name])
    coded = pc.fill_null(pc.index_in(values, value_set=pc.unique(values.drop_null())), -1)
    return np.asarray(coded.to_numpy(), dtype=np.int64)
