"""Conditions on one column each: a range, a set of values, or missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.schema import Scalar
from synthwright.data.table import Table

__all__ = ["OneOf", "Predicate", "Range"]


@dataclass(frozen=True, slots=True)
class Range:
    """``low <= column <= high``, in the units of `Table.numbers`; an open end is infinite."""

    column: str
    low: float
    high: float

    def holds(self, table: Table) -> np.ndarray:
        """True for each row that satisfies it; missing cells do not."""
        values = table.numbers(self.column)
        with np.errstate(invalid="ignore"):
            return np.asarray((values >= self.low) & (values <= self.high))


@dataclass(frozen=True, slots=True)
class OneOf:
    """`column` has one of `values`; ``None`` among them is missing.

    Values of numeric columns are in the units of `Table.numbers`.
    """

    column: str
    values: tuple[Scalar | None, ...]

    def holds(self, table: Table) -> np.ndarray:
        """True for each row that satisfies it."""
        present = [value for value in self.values if value is not None]
        missing = table.missing(self.column)
        if table.schema[self.column].is_numeric:
            found = np.isin(table.numbers(self.column), np.asarray(present, dtype=np.float64))
        else:
            cells = decoded(table.data[self.column])
            wanted = pa.array(present, type=cells.type)
            found = np.asarray(pc.fill_null(pc.is_in(cells, value_set=wanted), False).to_numpy(), dtype=bool)
        return np.asarray(found | missing if None in self.values else found & ~missing)


Predicate = Range | OneOf
