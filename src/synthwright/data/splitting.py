"""Train and holdout: by row without equal rows on both sides, by group, or by time."""

from __future__ import annotations

import numpy as np

from synthwright.data.hashing import mix, row_hashes, value_hashes
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.seeding import Streams

__all__ = ["split"]


def split(
    table: Table, *, holdout: float = 0.25, seed: int = 0, group: str | None = None, time: str | None = None
) -> tuple[Table, Table]:
    """Train and holdout, in the order of the rows; the holdout has about the share `holdout` of them.

    By row: rows that are equal in all modelled columns stay together. By `group`: all rows of a group stay together
    (missing is one group). By `time`: the latest rows are the holdout, equal times stay together, rows without a time
    are train. Columns with the role group (first) or time are used where neither is named. Which rows fall where
    depends on their content and `seed`, not on their order.

    Raises
    ------
    UsageError
        `holdout` is not between 0 and 1, `group` and `time` are both given, or there is no such column.
    BadInput
        All rows (groups, times) are equal, so there is nothing to split.
    """
    if not 0 < holdout < 1:
        raise UsageError(f"A holdout of {holdout} is no share.", remedy="Give a number between 0 and 1, such as 0.25.")
    if group is not None and time is not None:
        raise UsageError("A split is by group or by time, not both.", remedy="Name one of them.")
    if group is None and time is None:
        group = next((column.name for column in table.schema.having("group")), None)
        time = next((column.name for column in table.schema.having("time")), None) if group is None else None
    wanted = holdout * len(table)
    if time is not None:
        table.schema[time]
        last = _latest(table, time, wanted)
    else:
        if group is not None:
            table.schema[group]
        keys = value_hashes(table.data[group]) if group is not None else row_hashes(table, _compared(table))
        last = _drawn(
            keys, wanted, seed, what=f"groups in {shorten(group)!r}" if group is not None else "different rows"
        )
    return table.take(np.flatnonzero(~last)), table.take(np.flatnonzero(last))


def _compared(table: Table) -> list[str]:
    """The columns in which rows are equal or not: the modelled ones, or all where none is."""
    return [column.name for column in table.schema if column.is_modelled] or list(table.names)


def _drawn(keys: np.ndarray, wanted: float, seed: int, *, what: str) -> np.ndarray:
    """True for about `wanted` rows, all or none of those that share a key."""
    units, member, sizes = np.unique(keys, return_inverse=True, return_counts=True)
    if len(units) < 2:
        raise BadInput(
            f"The table can't be split: there are {len(units)} {what}.",
            evidence=f"{len(keys):,} rows.",
            remedy="Give more rows, or a holdout of your own.",
        )
    salt = Streams(seed).at("split").rng().integers(0, 2**64, dtype=np.uint64)
    order = np.argsort(mix(mix(units ^ salt) + salt), kind="stable")
    chosen = np.zeros(len(units), dtype=bool)
    chosen[order[: _cut(np.cumsum(sizes[order]), wanted)]] = True
    return np.asarray(chosen[member])


def _latest(table: Table, time: str, wanted: float) -> np.ndarray:
    if not table.schema[time].is_numeric:
        raise BadInput(
            f"Column {shorten(time)!r} can't order the rows in time.",
            evidence=f"Its kind is {table.schema[time].kind}.",
            remedy="Name a column of dates or numbers.",
        )
    values = table.numbers(time)
    times, member, sizes = np.unique(
        np.where(np.isnan(values), -np.inf, values), return_inverse=True, return_counts=True
    )
    if len(times) < 2:
        raise BadInput(
            f"The table can't be split by {shorten(time)!r}: there is {len(times)} time.",
            remedy="Split by row, or give a holdout of your own.",
        )
    chosen = np.zeros(len(times), dtype=bool)
    chosen[len(times) - _cut(np.cumsum(sizes[::-1]), wanted) :] = True
    return np.asarray(chosen[member])


def _cut(rows: np.ndarray, wanted: float) -> int:
    """How many units to take so that their `rows` (cumulative) come nearest to `wanted`; at least one, never all."""
    return int(np.clip(np.argmin(np.abs(rows - wanted)) + 1, 1, len(rows) - 1))
