"""Rows that have to be unique over a whole draw, whatever blocks it comes in."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.constraints import Rule
from synthwright.data.hashing import row_hashes
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.generators.tally import Tally

__all__ = ["Distinct", "require_room"]

_CHUNK = 1_024  # rows drawn again together: a repetition costs no more than this, wherever the draw ends
_SHARED = 16  # rounds in which every place gets one more candidate; near the end of the domain these are too few,
_ALONE = 128  # and a place gets so many rounds of a whole chunk: enough where 1 in 10,000 candidates is new

Redraw = Callable[[np.ndarray, str, int], Table]


@dataclass(slots=True)
class Distinct:
    """What a draw has shown so far of the columns of each rule, as row hashes; and how many candidates that took.

    Place after place takes the first of its candidates that repeats nothing before it. Candidates of a place are fixed
    by its block, the place and their number, so the first rows never depend on how many follow. Two different rows
    share a hash with a chance of 1 in 10^19: then one is drawn again.
    """

    rules: tuple[Rule, ...]
    seen: list[set[int]] = field(init=False)
    tally: Tally = field(default_factory=Tally)  # since it was last asked for

    def __post_init__(self) -> None:
        self.seen = [set() for _ in self.rules]

    def meet(self, table: Table) -> None:
        """What these rows show counts as seen; they are left as they are."""
        for seen, keys in zip(self.seen, self._keys(table), strict=True):
            seen.update(key for key in keys if key is not None)

    def settle(self, table: Table, redraw: Redraw) -> Table:
        """`table`, the next block of a draw, with other rows in the places of those that repeat an earlier one.

        ``redraw(places, name, number)`` draws these places of the block again, for the `number`-th time under a name.

        Raises
        ------
        BadInput
            131,088 candidates for one place were all seen before; with the count and the rate.
        """
        tables, source, offset = [table], np.arange(len(table)), len(table)
        for first in range(0, len(table), _CHUNK):
            end = min(first + _CHUNK, len(table))
            keys = [self._keys(table.take(np.arange(first, end)))]
            drawn: list[int] = [-1]  # where each round's rows begin in the concatenated tables; round 0 lies in place
            for place in range(end - first):
                number = 0
                while number < _SHARED and not self._takes(keys[number], place):
                    number += 1
                    if number == len(keys) and number < _SHARED:
                        again = redraw(np.arange(first, end), f"from {first}", number)
                        tables.append(again)
                        keys.append(self._keys(again))
                        drawn.append(offset)
                        offset += len(again)
                self.tally.add(Tally(number, 0))
                if number == _SHARED:
                    tables.append(self._alone(first + place, redraw))
                    source[first + place] = offset
                    offset += 1
                elif number:
                    source[first + place] = drawn[number] + place
        return table if len(tables) == 1 else Table.concat(tables).take(source)

    def _alone(self, place: int, redraw: Redraw) -> Table:
        """One row for a place that is hard to fill: the first new one among many candidates for it alone."""
        for number in range(_ALONE):
            again = redraw(np.full(_CHUNK, place), f"at {place}", number)
            keys = self._keys(again)
            for at in range(_CHUNK):
                if self._takes(keys, at):
                    self.tally.add(Tally(at, 0))
                    return again.take(np.array([at]))
            self.tally.add(Tally(_CHUNK, 0))
        told = "; ".join(shorten(rule.text, 80) for rule in self.rules)
        found = max((len(seen) for seen in self.seen), default=0)
        tried = found + self.tally.candidates
        raise BadInput(
            f"The rows can't be kept unique: {found:,} different ones were found.",
            evidence=f"{told}: {found:,} of {tried:,} candidates were new ({found / max(1, tried):.2%}), and none "
            f"of the last {_ALONE * _CHUNK:,}.",
            remedy="Draw fewer rows, or name more columns in the rule.",
        )

    def counted(self, rows: int) -> Tally:
        """The candidates that repeated something, since this was last asked, and `rows` that did not."""
        found, self.tally = self.tally, Tally()
        found.add(Tally(rows, rows))
        return found

    def _keys(self, table: Table) -> list[list[int | None]]:
        """For each rule the rows' hashes; ``None`` where a cell is missing, which repeats nothing."""
        found: list[list[int | None]] = []
        for rule in self.rules:
            gaps = np.logical_or.reduce([table.missing(name) for name in rule.columns])
            hashes = row_hashes(table, rule.columns).tolist()
            found.append([None if gap else key for key, gap in zip(hashes, gaps.tolist(), strict=True)])
        return found

    def _takes(self, keys: Sequence[list[int | None]], place: int) -> bool:
        mine = [each[place] for each in keys]
        if any(key is not None and key in seen for key, seen in zip(mine, self.seen, strict=True)):
            return False
        for key, seen in zip(mine, self.seen, strict=True):
            if key is not None:
                seen.add(key)
        return True


def require_room(schema: Schema, rules: Sequence[Rule], n: int) -> None:
    """Returns if the columns of each rule have at least `n` values together, as far as the schema says.

    Raises
    ------
    BadInput
        They have fewer.
    """
    for rule in rules:
        room = math.prod(_values(schema[name]) for name in rule.columns)
        if room < n:
            raise BadInput(
                f"Rule {shorten(rule.text, 120)!r}: {n:,} different rows can't be drawn.",
                evidence=f"Its columns have {int(room):,} combinations of values.",
                remedy="Draw fewer rows, name more columns in the rule, or declare wider bounds.",
            )


def _values(column: Column) -> float:
    """How many values the column can have; infinite where that is not known, or where missing ones don't count."""
    if column.missing:
        return math.inf
    if column.is_discrete:
        return len(categories_of(column)) if column.kind == "boolean" or column.categories else math.inf
    if column.bounds is None or column.step is None:
        return math.inf
    return math.floor((column.bounds[1] - column.bounds[0]) / column.step + 1e-9) + 1
