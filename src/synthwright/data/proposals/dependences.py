"""Columns of which one fixes the other: equal columns, and fixed combinations such as city and country."""

from __future__ import annotations

import numpy as np
import pyarrow.compute as pc

from synthwright.data.proposals.candidate import Candidate, Search
from synthwright.data.proposals.chances import dependent, matching
from synthwright.data.proposals.following import needed
from synthwright.data.proposals.view import View, codes_in
from synthwright.data.rule_writing import column_text

__all__ = ["search_dependences"]

_MEASURED = {"integer": 0.5, "float": 0.05}  # different values per row, beyond which numbers are measures, no labels


def search_dependences(view: View) -> Search:
    """Every ``combinations(a, b)`` in which a's value fixes b's, and ``a == b`` for labels that are the same."""
    names = [column.name for column in view.table.schema if column.kind != "datetime"]
    search = Search(weighed=len(names) * (len(names) - 1))
    fixed = {(a, b): found for a, b in _on_sample(view, names) if (found := _confirmed(view, a, b)) is not None}
    surprising = {pair: found for pair, found in fixed.items() if found.log_chance < 0}
    at = {name: position for position, name in enumerate(names)}
    for one, two in sorted(needed({(at[a], at[b]) for a, b in surprising})):
        pair = (names[one], names[two])
        back = surprising.get(pair[::-1])
        if back is None:
            search.found.append(surprising[pair])
        elif one < two:  # each fixes the other: one rule says both
            search.found.append(_equal(view, min(surprising[pair], back, key=lambda found: found.log_chance)))
    return search


def _on_sample(view: View, names: list[str]) -> list[tuple[str, str]]:
    """Pairs in whose sampled rows the first fixes the second."""
    kept, coded = [], []
    for name in names:
        codes = codes_in(view.sample, name)
        different = int(codes.max(initial=-1)) + 1
        measured = different > _MEASURED.get(view.table.schema[name].kind, 1.0) * len(codes)
        if different > 1 and not measured:
            kept.append(name)
            coded.append(codes)
    if len(kept) < 2:
        return []
    cells, pairs = np.column_stack(coded), []
    for at, name in enumerate(kept):
        order = np.argsort(cells[:, at], kind="stable")
        lined = cells[order]
        same = (lined[1:, at] == lined[:-1, at]) & (lined[1:, at] >= 0)
        # A missing cell leaves it open, also between two cells of the group: all rows decide that.
        apart = (lined[1:] != lined[:-1]) & (lined[1:] >= 0) & (lined[:-1] >= 0)
        broken = (apart & same[:, None]).any(axis=0)
        broken[at] = True
        pairs += [(name, kept[other]) for other in np.flatnonzero(~broken)]
    return pairs


def _confirmed(view: View, a: str, b: str) -> Candidate | None:
    """The rule if `a` fixes `b` in all rows."""
    one, two = view.codes(a), view.codes(b)
    both = (one >= 0) & (two >= 0)
    one, two = one[both], two[both]
    if not len(one):
        return None
    first = np.zeros(int(one.max()) + 1, dtype=np.int64)
    first[one[::-1]] = two[::-1]
    if not np.array_equal(first[one], two):
        return None
    counts = np.bincount(two)
    log = dependent(len(np.unique(one)), counts[counts > 0])
    rule = f"combinations({column_text(a)}, {column_text(b)})"
    return Candidate(rule=rule, kind="combinations", columns=(a, b), decided=len(one), log_chance=log)


def _equal(view: View, found: Candidate) -> Candidate:
    """``a == b`` if the cells are the same, letter by letter; `found` itself otherwise."""
    a, b = found.columns
    one, two = view.table.data[a], view.table.data[b]
    kinds = {view.table.schema[name].kind for name in found.columns}
    if one.type != two.type or "boolean" in kinds or not pc.all(pc.fill_null(pc.equal(one, two), True)).as_py():
        return found
    counts = np.bincount(view.codes(a)[view.codes(a) >= 0])
    rule = f"{column_text(a)} == {column_text(b)}"
    return Candidate(
        rule=rule, kind="equal", columns=found.columns, decided=found.decided, log_chance=matching(counts[counts > 0])
    )
