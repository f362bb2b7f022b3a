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
_FEW_CLASSES = 5  # a booster grows a tree per class and round: 60 classes cost 12 times as much
_PER_CLASS = 50


def _even(among: np.ndarray, most: int, columns: int, classes: int) -> np.ndarray:
    """At most `most` of these positions, fewer where the table is wide or a model has many classes to tell apart."""
    cells = _MOST_CELLS * _FEW_CLASSES // max(classes, _FEW_CLASSES)
    most = most * _FEW_CLASSES // max(classes, _FEW_CLASSES)
    n = min(len(among), max(min(most, cells // max(columns, 1)), _FEWEST, _PER_CLASS * classes))
    return among[np.unique(np.linspace(0, len(among) - 1, n).astype(np.int64))] if n else among


@dataclass(frozen=True, eq=False)
class Looked:
    """`rows` are positions at even distances `among` the rows with a known target (or all), in order.

    Nothing is drawn: the same table is looked at in the same way.
    """

    table: Table
    rows: np.ndarray
    among: np.ndarray
    classes: int
    streams: Streams
    view: View = field(repr=False)

    @classmethod
    def of(cls, table: Table, streams: Streams, *, known: np.ndarray | None = None, classes: int = 0) -> Looked:
        """At most 20,000 rows of `table` for the models, where `known` is true; fewer where fits are dear."""
        among = np.arange(len(table)) if known is None else np.flatnonzero(known)
        rows = _even(among, MOST_ROWS, len(table.schema), classes)
        return cls(table, rows, among, classes, streams, View.of(table))

    def with_rows(self, most: int) -> Looked:
        """The same table with at most `most` rows for the models; itself where there are no more to look at."""
        rows = _even(self.among, most, len(self.table.schema), self.classes)
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
