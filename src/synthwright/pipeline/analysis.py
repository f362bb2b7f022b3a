"""What a table holds before anything is made of it: sizes, classes, imbalance, missing cells, duplicates."""

from __future__ import annotations

from collections import Counter
from typing import Any, Literal

import numpy as np
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.hashing import row_hashes
from synthwright.data.table import Table

__all__ = ["analyse", "task_of"]

Task = Literal["classification", "regression"]


def analyse(table: Table) -> dict[str, Any]:
    """Sizes, kinds, missing rates and duplicates of `table`; classes of its target with at least 5 rows.

    `imbalance` is the largest class over the smallest one listed; ``None`` where there are no two classes.
    `duplicates` counts rows that equal an earlier one; `unlisted` has, for columns with categories, the share of rows
    whose value is none of them (fewer than 5 rows have it), rounded to whole percent and left out where that is 0.
    """
    target = table.schema.target
    classes = _classes(table, target.name) if target is not None and target.is_discrete else {}
    rows = max(len(table), 1)
    return {
        "rows": len(table),
        "columns": len(table.schema),
        "target": None if target is None else target.name,
        "task": task_of(table),
        "classes": classes,
        "imbalance": max(classes.values()) / min(classes.values()) if len(classes) > 1 else None,
        "missing": {name: float(np.count_nonzero(table.missing(name))) / rows for name in table.names},
        "duplicates": len(table) - len(np.unique(row_hashes(table))),
        "unlisted": unlisted_shares(table),
        "kinds": {column.name: column.kind for column in table.schema},
        "contents": {column.name: column.content for column in table.schema if column.content is not None},
    }


def unlisted_shares(table: Table) -> dict[str, float]:
    """For each column with categories the share of rows, to whole percent, that have a value which is not listed."""
    shares = {}
    for column in table.schema:
        if column.is_discrete and column.categories:
            rare = np.count_nonzero(table.levels(column.name) == len(column.categories))
            shares[column.name] = round(rare / len(table), 2) if rare >= MINIMUM_ROWS else 0.0
    return {name: share for name, share in shares.items() if share > 0}


def task_of(table: Table) -> Task | None:
    """What a model of the target would do; ``None`` without a target that can be predicted."""
    target = table.schema.target
    if target is None or not target.is_modelled:
        return None
    return "classification" if target.is_discrete else "regression"


def _classes(table: Table, name: str) -> dict[str, int]:
    cells = decoded(table.data[name])
    counted = pc.value_counts(cells)
    counts = Counter(
        {str(entry["values"]): entry["counts"] for entry in counted.to_pylist() if entry["values"] is not None}
    )
    return {value: int(count) for value, count in counts.most_common() if count >= MINIMUM_ROWS}
