"""Which column of another tool's table is which of train's, and which of its columns are only row numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten

__all__ = ["listed", "only_train_columns", "renamed"]


def renamed(table: Table, train: Schema, who: str) -> tuple[Table, list[str]]:
    """`table` with train's names for columns that differ from them in letter case, spaces or punctuation only.

    R writes ``capital.gain``, SQL ``capital_gain``. Nothing is renamed where two columns could be meant.
    """
    missing = _by_key(name for name in train.names if name not in table.names)
    extra = _by_key(name for name in table.names if name not in train)
    new = {extra[key]: missing[key] for key in extra if key in missing}
    if not new:
        return table, []
    names = [new.get(name, name) for name in table.names]
    schema = Schema(tuple(replace(column, name=name) for column, name in zip(table.schema, names, strict=True)))
    told = ", ".join(f"{shorten(old, 40)!r} as {shorten(name, 40)!r}" for old, name in list(new.items())[:8])
    more = f" and {len(new) - 8} more" if len(new) > 8 else ""
    return replace(table, schema=schema, data=table.data.rename_columns(names), frame=None), [
        f"{who}: columns read under train's names: {told}{more}."
    ]


def _by_key(names: Iterable[str]) -> dict[str, str]:
    keys = {name: re.sub(r"[\W_]+", "", name.casefold()) for name in names}
    counts = Counter(keys.values())
    return {key: name for name, key in keys.items() if key and counts[key] == 1}


def only_train_columns(table: Table, train: Table, who: str) -> tuple[Table, list[str]]:
    """`table` without columns that train lacks and that say nothing: row numbers, identifiers, text, empty columns.

    Raises
    ------
    BadInput
        A column of train is missing, or there is a further one with something in it.
    """
    missing = [name for name in train.names if name not in table.names]
    extra = {name: _emptiness(table, name) for name in table.names if name not in train.schema}
    refused = [name for name, why in extra.items() if why is None]
    if missing or refused:
        told = [f"{what}: {listed(names)}." for what, names in (("Missing", missing), ("Extra", refused)) if names]
        drop = "Drop the extra ones before you evaluate" if refused and not missing else "Give all tables the same ones"
        raise BadInput(
            f"{who} does not have train's columns.",
            evidence=" ".join(told),
            remedy=f"{drop}; order, dtypes and the case of names may differ.",
        )
    notes = [f"{who}: column {shorten(name)!r} is left out: {why}, and train lacks it." for name, why in extra.items()]
    return table.select(train.names), notes


def _emptiness(table: Table, name: str) -> str | None:
    """Why a column says nothing; ``None`` if it may say something."""
    values = table.data[name]
    if values.null_count == len(values):
        return "all its cells are missing"
    if _row_numbers(values):
        return "it numbers the rows"
    column = table.schema[name]
    return None if column.is_modelled else {"id": "identifiers", "text": "free text"}.get(column.kind, column.kind)


def _row_numbers(values: pa.ChunkedArray) -> bool:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)) or values.null_count:
        return False
    numbers = np.sort(values.to_numpy())
    return bool(numbers[0] in (0, 1) and np.array_equal(numbers, np.arange(len(numbers)) + numbers[0]))


def listed(names: Sequence[str]) -> str:
    """The first eight names, shortened."""
    more = f" and {len(names) - 8} more" if len(names) > 8 else ""
    return ", ".join(repr(shorten(name)) for name in names[:8]) + more
