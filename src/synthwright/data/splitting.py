"""Train and holdout: by row without equal rows on both sides, by group, or by time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthwright.data.hashing import mix, row_hashes, value_hashes
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.seeding import Streams

__all__ = ["chance_twins", "split"]

_POINT_MASS_ROWS = 50  # equal rows, and
_POINT_MASS_SHARE = 0.01  # of the table: on one side alone they would make train and holdout unlike (mammography: 30 %)

_FEWEST_TO_TELL = 1_000  # rows: in smaller tables copies and coincidences are not told apart, and stay together
_COINCIDENCE = 0.05  # twins as a share of rows: with fewer, keeping them together distorts nothing


def split(
    table: Table, *, holdout: float = 0.25, seed: int = 0, group: str | None = None, time: str | None = None
) -> tuple[Table, Table]:
    """Train and holdout, in the order of the rows; the holdout has about the share `holdout` of them.

    By row: rows that are equal in all modelled columns stay together, unless they are a point mass (more than 50 rows
    and 1 % of the table: no copies of a record but a combination that is common), which is dealt out in proportion, or
    the table is so narrow or coarse that its rows would be equal by chance as often (see `_coincide`).
    By `group`: all rows of a group stay together (missing is one group). By `time`: the latest rows are the holdout,
    equal times stay together, rows without a time are train. Columns with the role group (first) or time are used
    where neither is named. Which rows fall where depends on their content and `seed`, not on their order.

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
    for name in (group, time):
        if name is not None:
            table.schema[name]  # raises if there is none
    wanted = holdout * len(table)
    if time is not None:
        last = _latest(table, time, wanted)
    elif group is not None:
        last = _by_group(table, group, wanted, seed)
    else:
        last = _by_row(table, wanted, seed)
    return table.take(np.flatnonzero(~last)), table.take(np.flatnonzero(last))


def _compared(table: Table) -> list[str]:
    """The columns in which rows are equal or not: the modelled ones, or all where none is."""
    return [column.name for column in table.schema if column.is_modelled] or list(table.names)


def _by_group(table: Table, group: str, wanted: float, seed: int) -> np.ndarray:
    """True for about `wanted` rows, all or none of each group."""
    keys, member, sizes = np.unique(value_hashes(table.data[group]), return_inverse=True, return_counts=True)
    _require_two(len(keys), f"group{'s' * (len(keys) != 1)} in {shorten(group)!r}", len(table))
    return np.asarray(_drawn(keys, sizes, wanted, seed)[member])


def _by_row(table: Table, wanted: float, seed: int) -> np.ndarray:
    """True for about `wanted` rows, all or none of those that are equal; point masses dealt out in proportion."""
    keys, member, sizes = np.unique(row_hashes(table, _compared(table)), return_inverse=True, return_counts=True)
    _require_two(len(keys), f"different row{'s' * (len(keys) != 1)}", len(table))
    common = sizes > max(_POINT_MASS_ROWS, _POINT_MASS_SHARE * len(table))
    chosen = np.zeros(len(table), dtype=bool)
    for unit in np.flatnonzero(common):
        rows = np.flatnonzero(member == unit)
        part = Streams(seed).at("split", int(keys[unit])).rng().permutation(rows)
        chosen[part[: round(len(rows) * wanted / len(table))]] = True
    if _coincide(table, sizes[member], common[member]):
        repeat = np.zeros(len(table), dtype=np.uint64)
        order = np.argsort(member, kind="stable")
        repeat[order] = np.arange(len(table)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        light_rows = ~common[member]
        chosen[light_rows] = _drawn(
            mix(keys[member] + repeat)[light_rows],
            np.ones(int(light_rows.sum()), dtype=np.int64),
            float(light_rows.sum()) * wanted / len(table),
            seed,
        )
    elif not common.all():
        light = np.zeros(len(keys), dtype=bool)
        rest = float(sizes[~common].sum()) * wanted / len(table)
        light[~common] = _drawn(keys[~common], sizes[~common], rest, seed)
        chosen |= light[member]
    if chosen.all() or not chosen.any():  # a share of next to nothing, or next to all, of few combinations
        chosen[0] = not chosen[0]
    return chosen


def _coincide(table: Table, equal: np.ndarray, common: np.ndarray) -> bool:
    """True if rows outside point masses are equal about as often as in unrelated columns with these values.

    `equal` is how many rows equal each row, itself included. Were columns unrelated, a row would have a twin with the
    probability 1 - exp(-n p), p the product of its values' frequencies (`chance_twins`). Twins that are at most twice
    as many are coincidences of few values, not copies of records: kept on one side they would give train and holdout
    different combinations, and fresh real rows would look like copies.
    """
    light = ~common
    twins = float((equal[light] > 1).mean()) if light.any() else 0.0
    if twins < _COINCIDENCE or len(table) < _FEWEST_TO_TELL:
        return False
    return twins <= 2 * float(chance_twins(table, _compared(table))[light].mean())


def chance_twins(table: Table, names: Sequence[str]) -> np.ndarray:
    """For each row the chance that another one equals it in the columns `names`, were these unrelated."""
    chance = np.ones(len(table))
    for name in names:
        _, value, count = np.unique(value_hashes(table.data[name]), return_inverse=True, return_counts=True)
        chance *= count[value] / len(table)
    return np.asarray(1 - np.exp(-len(table) * chance))


def _require_two(found: int, what: str, rows: int) -> None:
    if found < 2:
        raise BadInput(
            f"The table can't be split: there is only {found} {what}.",
            evidence=f"{rows:,} rows.",
            remedy="Give more rows, or a holdout of your own.",
        )


def _drawn(keys: np.ndarray, sizes: np.ndarray, wanted: float, seed: int) -> np.ndarray:
    """True for units with about `wanted` rows together, in an order that content and seed decide."""
    salt = Streams(seed).at("split").rng().integers(0, 2**64, dtype=np.uint64)
    order = np.argsort(mix(mix(keys ^ salt) + salt), kind="stable")
    chosen = np.zeros(len(keys), dtype=bool)
    chosen[order[_filled(sizes[order], wanted)]] = True
    return chosen


def _filled(sizes: np.ndarray, wanted: float) -> np.ndarray:
    """Which units to take, in order, for `wanted` rows: one that would overfill by more than half of it is passed over.

    Of two or more at least one is taken and one left.
    """
    taken = np.zeros(len(sizes), dtype=bool)
    start, room = 0, wanted
    while start < len(sizes) and room > 0:
        rows = np.cumsum(sizes[start:])
        fits = int(np.searchsorted(rows - sizes[start:] / 2, room))  # so many units end at most half beyond the rest
        taken[start : start + fits] = True
        room -= rows[fits - 1] if fits else 0
        start += fits + 1
    if len(sizes) > 1 and (taken.all() or not taken.any()):
        taken[np.argmin(sizes)] = not taken.any()
    return taken


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
