"""Columns that no two rows share: ``unique(order)``, ``unique(order, line)``."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from synthwright.data.proposals.candidate import Candidate, Search
from synthwright.data.proposals.chances import no_repeats, rarely_broken
from synthwright.data.proposals.view import View, codes_in
from synthwright.data.rule_writing import column_text

__all__ = ["search_keys"]

_PARTS = 3  # columns of a key: more of them tell any rows apart
_WEIGHED = 16  # columns that are combined: those with the most different values


def search_keys(view: View) -> Search:
    """Every column without repeated values that is not so by mere fineness, or the shortest combinations of columns.

    A measure with many digits has no repeats either: the chance is that of drawing evenly from its range.
    """
    names = [column.name for column in view.table.schema if column.kind != "float"]
    search = Search(weighed=len(names))
    single = [name for name in names if _unique(view, (name,))]
    for name in single:
        log = _fineness(view, name)
        search.found.append(_key(view, (name,), log))
    if single:
        return search
    wide = sorted(names, key=lambda name: -codes_in(view.sample, name).max(initial=-1))[:_WEIGHED]
    whole = [name for name in names if name in wide and not view.missing(name).any()]
    for parts in range(2, _PARTS + 1):
        tried = list(combinations(whole, parts))
        search.weighed += len(tried)
        found = [group for group in tried if _unique(view, group)]
        for group in found:
            search.found.append(_key(view, group, _together(view, group)))
        if found:
            break
    return search


def _unique(view: View, names: tuple[str, ...]) -> bool:
    """Whether no two rows agree in all of `names`, and none of these cells is missing."""
    if len(view.table) < 2 or not _differ([codes_in(view.sample, name) for name in names]):
        return False
    if any(view.missing(name).any() for name in names):
        return False
    return _differ([view.codes(name) for name in names])


def _differ(codes: list[np.ndarray]) -> bool:
    joined = codes[0]
    for one in codes[1:]:
        joined = np.unique(joined, return_inverse=True)[1].astype(np.int64) * (int(one.max()) + 1) + one
    return len(np.unique(joined)) == len(joined)


def _fineness(view: View, name: str) -> float:
    """How surprising it is that a column has no repeats: never more than for values that seldom repeat."""
    n, column = len(view.table), view.table.schema[name]
    rare = rarely_broken(n)
    if not column.is_numeric:
        return rare
    values = view.numbers(name)
    step = np.diff(np.sort(values)).min(initial=np.inf)
    places = float(np.ptp(values) / max(step, 1e-300)) + 1.0
    return max(rare, no_repeats(n, 1.0 / max(places, 1.0)))


def _together(view: View, names: tuple[str, ...]) -> float:
    """How surprising it is that columns which know nothing of one another have no combination twice."""
    share = 1.0
    for name in names:
        counts = np.bincount(view.codes(name))
        share *= float(np.sum((counts / counts.sum()) ** 2))
    return no_repeats(len(view.table), share)


def _key(view: View, names: tuple[str, ...], log: float) -> Candidate:
    rule = f"unique({', '.join(column_text(name) for name in names)})"
    return Candidate(rule=rule, kind="key", columns=names, decided=len(view.table), log_chance=log)
