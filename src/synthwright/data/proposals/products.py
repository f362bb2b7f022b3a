"""Products and ratios that hold in every row: ``total == price * pieces``, ``speed * hours == distance``."""

from __future__ import annotations

from math import comb

import numpy as np

from synthwright.data.proposals.candidate import Candidate, Search
from synthwright.data.proposals.relations import Relation, relations
from synthwright.data.proposals.sums import complete_cells, holds, surprise
from synthwright.data.proposals.view import View, numbers_in
from synthwright.data.rule_writing import column_text

__all__ = ["search_products"]

_POSITIVE = 0.5  # of the rows at least: logarithms need positive numbers, and rows with a 0 or less are checked later
_MOST = 4  # columns of a product
_POWER = 2  # of a column: areas and squares
_LEAST_ROWS = 30


def search_products(view: View) -> Search:
    """Every product of up to four numeric columns that equals another one in all rows: sums of logarithms.

    Ratios are written as products, ``speed * hours == distance``: nothing is divided by zero then.
    """
    names, cells = _positive(view)
    search = Search(weighed=sum(comb(len(names), k) * 2 ** (k - 1) for k in range(3, min(len(names), _MOST) + 1)))
    for one in relations(cells, constant=False):
        columns = [names[at] for at in one]
        whole = all(value.is_integer() and abs(value) <= _POWER for value in one.values())
        if not whole or not 2 < len(columns) <= _MOST:
            continue
        rule = _text(one, names)
        if holds(view, rule):
            decided, log = surprise(view, columns)
            search.found.append(
                Candidate(rule=rule, kind="product", columns=tuple(columns), decided=decided, log_chance=log)
            )
    return search


def _positive(view: View) -> tuple[list[str], np.ndarray]:
    """Logarithms of the columns that are mostly positive, in sampled rows in which all of them are."""
    often = []
    for column in view.quantities:
        values = numbers_in(view.sample, column.name)
        there = np.isfinite(values)
        if there.any() and np.mean(values[there] > 0) >= _POSITIVE and len(np.unique(values[there])) > 2:
            often.append(column.name)
    names, cells = complete_cells(view, often)
    if not names:
        return [], np.zeros((0, 0))
    above = cells > 0
    while len(names) and above.all(axis=1).sum() < _LEAST_ROWS:
        worst = int(above.sum(axis=0).argmin())
        names.pop(worst)
        cells, above = np.delete(cells, worst, axis=1), np.delete(above, worst, axis=1)
    if not names:
        return [], np.zeros((0, 0))
    logs = np.log(cells[above.all(axis=1)])
    varied = np.ptp(logs, axis=0) > 0
    return [name for name, varies in zip(names, varied, strict=True) if varies], logs[:, varied]


def _text(one: Relation, names: list[str]) -> str:
    sides = []
    for sign in (1, -1):
        factors = [column_text(names[at]) for at, value in one.items() for _ in range(max(0, int(sign * value)))]
        sides.append(factors)
    sides.sort(key=len)
    return " == ".join(" * ".join(side) for side in sides)
