"""Columns of which one is never above the other: ``admission <= discharge``."""

from __future__ import annotations

import numpy as np

from synthwright.data.proposals.candidate import Candidate, Search
from synthwright.data.proposals.chances import ordered
from synthwright.data.proposals.following import needed
from synthwright.data.proposals.view import View, numbers_in
from synthwright.data.rule_writing import column_text

__all__ = ["search_orderings"]

_BY_CHANCE = 0.95  # of all pairs of cells: beyond it the ranges, not the rows, keep the columns apart


def search_orderings(view: View) -> Search:
    """Every ``a <= b`` between numbers, or between dates, that no row breaks and that the ranges do not explain."""
    search = Search()
    kinds = [
        [column.name for column in view.quantities],
        [column.name for column in view.table.schema if column.kind == "datetime"],
    ]
    for names in kinds:
        search.weighed += len(names) * (len(names) - 1)
        found = {}
        for low, high in _never_above(view, names):
            if (one := _confirmed(view, names[low], names[high])) is not None:
                found[low, high] = one
        search.found += [found[pair] for pair in sorted(needed(set(found)))]
    return search


def _confirmed(view: View, low: str, high: str) -> Candidate | None:
    """The rule if no row breaks it and the ranges leave it open."""
    one, two = view.numbers(low), view.numbers(high)
    both = np.isfinite(one) & np.isfinite(two)
    if not both.any() or np.any(one[both] > two[both]):
        return None
    log, by_chance = ordered(one[both], two[both])
    if by_chance > _BY_CHANCE:
        return None
    rule = f"{column_text(low)} <= {column_text(high)}"
    return Candidate(rule=rule, kind="order", columns=(low, high), decided=int(both.sum()), log_chance=log)


def _never_above(view: View, names: list[str]) -> list[tuple[int, int]]:
    """Pairs of columns in which no sampled row has the first above the second, and some row has it below."""
    if len(names) < 2 or not len(view.sample):
        return []
    cells = np.column_stack([numbers_in(view.sample, name) for name in names])
    pairs = []
    with np.errstate(invalid="ignore"):
        for at in range(len(names)):
            one = cells[:, at : at + 1]
            fits = ~(one > cells).any(axis=0) & (one < cells).any(axis=0)
            pairs += [(at, int(other)) for other in np.flatnonzero(fits)]
    return pairs
