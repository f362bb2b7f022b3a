"""Sums, differences and scales that hold in every row: ``total == net + tax``, ``fahrenheit == 1.8 * celsius + 32``."""

from __future__ import annotations

from collections.abc import Iterable
from math import comb

import numpy as np

from synthwright.data.constraints import evaluate_rule, parse_rule
from synthwright.data.proposals.candidate import Candidate, Kind, Search
from synthwright.data.proposals.chances import matching
from synthwright.data.proposals.relations import Relation, relations
from synthwright.data.proposals.view import View, numbers_in
from synthwright.data.rule_writing import column_text, number_text, terms_text

__all__ = ["complete_cells", "holds", "search_sums", "surprise"]

_LEAST_ROWS = 30  # without a missing cell, to see a relation in
_ROWS = 1_500  # of the sample: enough for hundreds of columns, and projections stay quick
_SMALLEST = 1e-100  # largest cell of a column; beyond it, or its inverse, ratios leave the range of float64
_WEIGHTED = 3  # columns at most where they have factors: more of them fit by chance what is only near


def search_sums(view: View) -> Search:
    """Every shortest sum of numeric columns that equals another one, or a constant, in all rows."""
    names, cells = complete_cells(view)
    length = min(len(names), 4)
    search = Search(weighed=sum(comb(len(names), k) * 2 ** (k - 1) for k in range(2, length + 1)))
    for one in relations(cells):
        columns = [names[at] for at in one if at >= 0]
        weighted = any(abs(value) != 1.0 for at, value in one.items() if at >= 0)
        if weighted and len(columns) > _WEIGHTED:
            continue
        if len(columns) == 2 and not weighted and all(_two_values(view, name) for name in columns):
            continue  # a == b or a + b == 1 of marks: what `when` and one-hot say better
        rule = _text(one, names)
        if not holds(view, rule):
            continue
        decided, log = surprise(view, columns)
        kind: Kind = "equal" if len(columns) == 2 else "sum"
        search.found.append(Candidate(rule=rule, kind=kind, columns=tuple(columns), decided=decided, log_chance=log))
    return search


def complete_cells(view: View, allowed: Iterable[str] | None = None) -> tuple[list[str], np.ndarray]:
    """Numeric columns and their cells (rows, columns) in sampled rows in which none of them is missing.

    Columns that are missing too often leave first, and so do constant ones.
    """
    chosen = set(view.table.names if allowed is None else allowed)
    names = [column.name for column in view.quantities if column.name in chosen]
    if not names or not len(view.sample):
        return [], np.zeros((0, 0))
    cells = np.column_stack([numbers_in(view.sample, name) for name in names])
    whole = np.isfinite(cells)
    kept = np.flatnonzero(whole.any(axis=0))
    enough = min(4 * _LEAST_ROWS, len(cells))
    while len(kept) and whole[:, kept].all(axis=1).sum() < enough:
        kept = np.delete(kept, whole[:, kept].sum(axis=0).argmin())
    rows = np.flatnonzero(whole[:, kept].all(axis=1)) if len(kept) else np.zeros(0, np.int64)
    if len(rows) < _LEAST_ROWS:
        return [], np.zeros((0, 0))
    picked = cells[np.ix_(rows[np.linspace(0, len(rows) - 1, min(_ROWS, len(rows))).astype(np.int64)], kept)]
    size = np.abs(picked).max(axis=0)
    varied = (np.ptp(picked, axis=0) > 0) & (size < 1 / _SMALLEST) & (size > _SMALLEST)
    return [names[at] for at, varies in zip(kept, varied, strict=True) if varies], picked[:, varied]


def holds(view: View, rule: str) -> bool:
    """Whether all rows obey `rule`, in the language's own arithmetic."""
    return all(evaluate_rule(table, parse_rule(rule, table.schema)).all() for table in (view.sample, view.table))


def surprise(view: View, columns: list[str]) -> tuple[int, float]:
    """Rows without a missing cell in `columns`, and the log chance that the least surprising of them fits the others.

    The others give that column's value in every row, so it has to meet them in one of the permutations that leave its
    equal values equal.
    """
    cells = [view.numbers(name) for name in columns]
    rows = np.logical_and.reduce([np.isfinite(one) for one in cells])
    logs = [matching(np.unique(one[rows], return_counts=True)[1]) for one in cells]
    return int(rows.sum()), max(logs)


def _two_values(view: View, name: str) -> bool:
    return len(np.unique(numbers_in(view.sample, name))) <= 2


def _text(one: Relation, names: list[str]) -> str:
    """The relation with sums only: what is taken away stands on the other side, and a single column on the left."""
    left = [_term(value, names[at]) for at, value in one.items() if at >= 0 and value > 0]
    right = [_term(-value, names[at]) for at, value in one.items() if at >= 0 and value < 0]
    if constant := one.get(-1, 0.0):
        (left if constant > 0 else right).append(number_text(abs(constant)))
    alone = [len(side) == 1 and side[0][0] not in "0123456789" for side in (left, right)]
    if not alone[0] and (alone[1] or len(left) < len(right)):
        left, right = right, left
    return f"{terms_text(left)} == {terms_text(right)}"


def _term(factor: float, name: str) -> str:
    return column_text(name) if factor == 1.0 else f"{number_text(factor)} * {column_text(name)}"
