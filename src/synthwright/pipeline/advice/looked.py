"""The table and what its models look at: all rows for counts, an even sample of them for models."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from synthwright.data.proposals.view import View
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.seeding import Streams

__all__ = ["CURVE_ROWS", "MOST_ROWS", "Looked"]

MOST_ROWS = 20_000  # an area under the curve of .9 is then known to .005
CURVE_ROWS = 50_000  # of the learning curve, which has to reach as far as the table does
_MOST_CELLS = 4_000_000  # of the models' matrix: 2,000 columns leave 2,000 rows
_FEWEST = 2_000


def _even(among: np.ndarray, most: int, columns: int) -> np.ndarray:
    """At most `most` of these positions, and no more than a matrix of so many columns has room for."""
    n = min(len(among), most, max(_FEWEST, _MOST_CELLS // max(columns, 1)))
    return among[np.unique(np.linspace(0, len(among) - 1, n).astype(np.int64))] if n else among


@dataclass(frozen=True, eq=False)
class Looked:
    """`rows` are positions at even distances `among` the rows with a known target (or all), in order.

    Nothing is drawn: the same table is looked at in the same way.
    """

    table: Table
    rows: np.ndarray
    among: np.ndarray
    streams: Streams
    view: View = field(repr=False)

    @classmethod
    def of(cls, table: Table, streams: Streams, *, known: np.ndarray | None = None) -> Looked:
        """At most 20,000 rows of `table` for the models, fewer where it is wide, among those where `known` is true."""
        among = np.arange(len(table)) if known is None else np.flatnonzero(known)
        return cls(table, _even(among, MOST_ROWS, len(table.schema)), among, streams, View.of(table))

    def with_rows(self, most: int) -> Looked:
        """The same table with at most `most` rows for the models; itself where there are no more to look at."""
        rows = _even(self.among, most, len(self.table.schema))
        return self if len(rows) <= len(self.rows) else replace(self, rows=rows)

    def without(self, names: Collection[str]) -> Looked:
        """The same rows without these columns; itself where there are none."""
        if not names:
            return self
        table = self.table.select([name for name in self.table.names if name not in names])
        return replace(self, table=table, view=View.of(table))

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns that a model predicts from: all that methods model, without the target."""
        return tuple(column for column in self.table.schema if column.is_modelled and column.role != "target")

    @cached_property
    def sample(self) -> Table:
        """The rows that models look at."""
        return self.table if len(self.rows) == len(self.table) else self.table.take(self.rows)
