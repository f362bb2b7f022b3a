"""A schema with distributions, read off data: with it `rules.schema_sampler` makes rows like them, column by column.

Histograms are counts over protected cells of at least 5 rows, weights are counts of categories of at least 5 rows: no
value that fewer rows share is kept, unless a person declared the domain. Links between columns are not learnt.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.distributions import FARTHEST, Distribution
from synthwright.data.grid import MINIMUM_ROWS, Grid
from synthwright.data.identifiers import learn_pattern, pattern_to_text
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

__all__ = ["describe"]

_CELLS = 20  # of a histogram: what a person can still read and edit


def describe(table: Table) -> Schema:
    """The schema of `table` with a distribution for every column that the rows say enough about.

    Identifiers get the pattern that they are made up by; free text gets nothing, and so is left out when rows are made.
    """
    return table.schema.replacing(*(_described(table, column) for column in table.schema))


def _described(table: Table, column: Column) -> Column:
    if column.distribution is not None:
        return column  # a person said it
    if column.kind == "id" and column.pattern is None:
        return replace(column, pattern=pattern_to_text(learn_pattern(table.data[column.name])))
    found = _numbers(table, column) if column.is_numeric else _levels(table, column) if column.is_discrete else {}
    if not found:
        return column
    gone = int(table.missing(column.name).sum())
    if column.missing:
        # Fewer than 5 missing cells speak of single persons as well as fewer than 5 values do.
        share = round(gone / max(1, len(table)), 3) if gone >= MINIMUM_ROWS else 0.0
        found["missing_share"] = share
    return replace(column, distribution=Distribution.of(found))


def _numbers(table: Table, column: Column) -> dict[str, Any]:
    values = table.numbers(column.name)
    if np.isfinite(values).sum() < MINIMUM_ROWS:
        return {}
    grid = Grid.of(column, values, cells=_CELLS)
    if max(abs(end) for end in (*grid.low, *grid.high)) >= FARTHEST:
        return {}  # a schema with such numbers could not be read
    cells = grid.encode(values)
    counts = np.bincount(cells[cells >= 0], minlength=len(grid))
    low, high = ([_short(end) for end in ends] for ends in (grid.low, grid.high))
    return {"family": "histogram", "low": low, "high": high, "counts": counts.tolist()}


def _levels(table: Table, column: Column) -> dict[str, Any]:
    if column.kind != "boolean" and not column.categories:
        return {}
    size = len(categories_of(column))
    codes = table.levels(column.name)
    counts = np.bincount(codes[(codes >= 0) & (codes < size)], minlength=size)
    if column.source != "declared":
        counts = np.where(counts >= MINIMUM_ROWS, counts, 0)  # what a boolean's rarer side would tell
    return {"family": "weights", "weights": counts.tolist()} if counts.sum() else {}


def _short(value: float) -> float | int:
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)
