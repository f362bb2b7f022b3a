"""What holds in some rows only: ``when status == 'open' then closed is missing``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.proposals.candidate import ENOUGH, Candidate, Kind, Search
from synthwright.data.proposals.chances import implied
from synthwright.data.proposals.following import needed
from synthwright.data.proposals.view import View
from synthwright.data.rule_writing import column_text, literal_text
from synthwright.data.schema import Column, Scalar
from synthwright.data.table import Table

__all__ = ["search_cases"]

_VALUES = 12  # of a column: its most frequent ones
_COMMON = 0.05  # of the rows that a number needs to count as a value rather than a measurement
_DECIDED = 100  # rows that a rule has to say something about, and
_CONDITION = 0.01  # of the rows in which its condition holds: what a value of a long list does may be chance
_FEW = 20  # different numbers at most for those of a measured column to count as values
_BY_CHANCE = 0.95  # of all rows: what nearly every row does anyway is not said of some
_CONFIRMED = 4_000  # candidates at most that are looked at in all rows, the most surprising first


@dataclass(frozen=True, slots=True)
class _Fact:
    """Something a row does or does not: a cell is missing, is there, or holds a value."""

    column: str
    value: Scalar | None  # None: the cell is missing
    turned: bool = False  # the cell is not missing

    @property
    def text(self) -> str:
        if self.value is None:
            return f"{column_text(self.column)} is {'not ' * self.turned}missing"
        return f"{column_text(self.column)} == {literal_text(self.value)}"

    def marks(self, table: Table) -> tuple[np.ndarray, np.ndarray]:
        """True where it holds, and where it certainly does not."""
        missing = table.missing(self.column)
        if self.value is None:
            return (~missing, missing) if self.turned else (missing, ~missing)
        column = table.schema[self.column]
        if column.is_numeric or column.kind == "boolean":
            same = table.numbers(self.column) == float(self.value)
        else:
            same = table.levels(self.column) == list(column.categories or ()).index(self.value)
        return same & ~missing, ~same & ~missing


def search_cases(view: View) -> Search:
    """Every ``when ... then ...`` between two facts of a row that no row breaks."""
    facts = [fact for column in view.table.schema for fact in _facts(view, column)]
    search = Search(weighed=len(facts) ** 2)
    marks: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def marked(at: int) -> tuple[np.ndarray, np.ndarray]:
        if at not in marks:
            marks[at] = facts[at].marks(view.table)
        return marks[at]

    kept = {
        (one, two) for one, two in _on_sample(view, facts)[:_CONFIRMED] if not np.any(marked(one)[0] & marked(two)[1])
    }
    together: dict[tuple[str, bool, int], list[int]] = {}
    for one, two in sorted(needed(kept, _brought(facts))):
        together.setdefault((facts[one].column, facts[one].value is None, two), []).append(one)
    for (_, _, two), ones in together.items():
        condition = np.logical_or.reduce([marked(one)[0] for one in ones])
        found = _confirmed(tuple(facts[one] for one in ones), facts[two], condition, marked(two))
        if found is not None:
            search.found.append(found)
    return search


def _facts(view: View, column: Column) -> list[_Fact]:
    """What is worth saying of a column: that a cell is missing or there, and its frequent values, never a rare one."""
    found: list[_Fact] = []
    missing = view.missing(column.name)
    if MINIMUM_ROWS <= missing.sum() <= len(missing) - MINIMUM_ROWS:
        found += [_Fact(column.name, None), _Fact(column.name, None, turned=True)]
    if column.kind in {"datetime", "text", "id"}:
        return found
    values = view.sample.data[column.name].drop_null()
    if not len(values):
        return found
    counted = pc.value_counts(decoded(values))
    measured = column.kind == "float" and len(counted) > _FEW
    often = sorted(counted.to_pylist(), key=lambda one: (-one["counts"], str(one["values"])))[:_VALUES]
    for one in often:
        value, rows = one["values"], one["counts"]
        if rows < MINIMUM_ROWS or (column.is_numeric and value != 0 and rows < _COMMON * len(view.sample)):
            continue
        if measured and value != 0:
            continue
        if column.kind in {"categorical", "ordinal"} and value not in (column.categories or ()):
            continue
        found.append(_Fact(column.name, float(value) if column.is_numeric else value))
    return found


def _on_sample(view: View, facts: list[_Fact]) -> list[tuple[int, int]]:
    """Pairs of facts in whose sampled rows the first never goes with the denial of the second; best ones first."""
    if len(facts) < 2:
        return []
    true, false = (
        np.column_stack(side).astype(np.float32)
        for side in zip(*(fact.marks(view.sample) for fact in facts), strict=True)
    )
    broken = true.T @ false  # (condition, consequence): exact counts, far below 2**24
    both = (true.T @ true).astype(np.float64)
    known = true + false
    rows, having = known.sum(axis=0, dtype=np.float64), true.sum(axis=0, dtype=np.float64)
    columns = np.array([hash(fact.column) for fact in facts])
    log = implied(rows[None, :], having[None, :], np.minimum(both, having[None, :]))
    fit = (broken == 0) & (both > 0) & (columns[:, None] != columns[None, :]) & (log < np.log(1e-3))
    frequent = (having >= _CONDITION * len(view.sample)) | np.array([fact.value is None for fact in facts])
    # Of `b not missing if a is not missing` the other way round is told: `a missing if b is missing`.
    turned = np.array([fact.turned for fact in facts])
    fit &= ~(turned[:, None] & turned[None, :])
    fit &= (having[None, :] <= _BY_CHANCE * rows[None, :]) & frequent[:, None]
    one, two = np.nonzero(fit)
    best = np.argsort(log[one, two], kind="stable")
    return list(zip(one[best].tolist(), two[best].tolist(), strict=True))


def _confirmed(
    facts: tuple[_Fact, ...], two: _Fact, condition: np.ndarray, second: tuple[np.ndarray, np.ndarray]
) -> Candidate | None:
    """The rule that any of `facts` brings `two`, if no row breaks it and enough rows speak for it."""
    true, false = second
    both, rows, having = (int(np.count_nonzero(marks)) for marks in (condition & true, true | false, true))
    expected = both * (1 - having / max(rows, 1))  # breaks by chance: values are picked from many, so twice as many
    if np.any(condition & false) or both < _DECIDED or having > _BY_CHANCE * rows or expected < 2 * ENOUGH:
        return None
    log = float(implied(np.array(rows), np.array(having), np.array(both)))
    kind: Kind = "missing" if two.value is None else "case"
    rule = f"when {_any_text(facts)} then {two.text}"
    return Candidate(rule=rule, kind=kind, columns=(facts[0].column, two.column), decided=both, log_chance=log)


def _any_text(facts: tuple[_Fact, ...]) -> str:
    """The condition that a column holds any of these values: ``month in ('Jan', 'Feb')``."""
    if len(facts) == 1:
        return facts[0].text
    values = sorted(literal_text(fact.value) for fact in facts if fact.value is not None)
    return f"{column_text(facts[0].column)} in ({', '.join(values)})"


def _brought(facts: list[_Fact]) -> set[tuple[int, int]]:
    """What is true without data: a value in a cell brings that the cell is not missing."""
    there = {fact.column: at for at, fact in enumerate(facts) if fact.turned}
    return {(at, there[one.column]) for at, one in enumerate(facts) if one.value is not None and one.column in there}
