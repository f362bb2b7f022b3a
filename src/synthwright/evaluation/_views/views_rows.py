"""A stated sample of a table's rows, for figures that need no more."""

from __future__ import annotations

import numpy as np

from synthwright.data.table import Table
from synthwright.engines.context import Context

__all__ = ["some_rows"]


def some_rows(table: Table, rows: int, context: Context) -> Table:
    """At most `rows` rows of `table`, drawn without replacement by the context's stream, in their old order."""
    if len(table) <= rows:
        return table
    return table.take(np.sort(context.streams.rng().permutation(len(table))[:rows]))
