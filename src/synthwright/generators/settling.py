"""Columns in which nothing is to be learnt: one value in every row, or too few values to speak of any."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.generators.margins import Margin

__all__ = ["is_settled", "settled_margin"]


def is_settled(reference: Table, column: Column) -> bool:
    """True where nothing is to be learnt: one value in every row, or too few values to speak of any."""
    present = _present(reference, column)
    if present < MINIMUM_ROWS:
        return True
    cells = decoded(reference.data[column.name])  # Arrow counts no distinct values of these
    return present == len(cells) and int(pc.count_distinct(cells, mode="all").as_py()) == 1


def settled_margin(reference: Table, column: Column) -> Margin:
    """The one value; nothing but missing where fewer than 5 rows have any, because each speaks of one person."""
    return Margin.of(reference if _present(reference, column) >= MINIMUM_ROWS else reference.head(0), column)


def _present(reference: Table, column: Column) -> int:
    if column.is_numeric:
        return int(np.isfinite(reference.numbers(column.name)).sum())
    return len(reference) - int(reference.data[column.name].null_count)
