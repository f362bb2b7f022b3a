"""Columns of marks of which every row has exactly one: ``one_hot(red, green, blue)``."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from synthwright.data.proposals.candidate import Candidate, Search
from synthwright.data.proposals.chances import exclusive
from synthwright.data.proposals.view import View
from synthwright.data.rule_writing import column_text

__all__ = ["search_one_hot"]

_STEM = re.compile(r"^(.*)[_.=:\- ][^_.=:\- ]*$")


def search_one_hot(view: View) -> Search:
    """Every group of columns of 0 and 1 (or false and true) in which each row has exactly one 1.

    Columns whose names begin alike are tried together first, then each column with those after it that never meet it.
    """
    marks = _marks(view)
    names = list(marks)
    search = Search(weighed=2 ** min(len(names), 60))  # every group of columns is one that could have been found
    stems: dict[str, list[str]] = {}
    for name in names:
        if found := _STEM.match(name):
            stems.setdefault(found[1], []).append(name)
    taken: set[str] = set()
    for group in [*stems.values(), *([name, *names[at + 1 :]] for at, name in enumerate(names))]:
        free = [name for name in group if name not in taken]
        if (whole := _whole([(name, marks[name]) for name in free])) is not None:
            taken |= set(whole)
            counts = np.array([marks[name].sum() for name in whole], dtype=np.float64)
            rule = f"one_hot({', '.join(column_text(name) for name in whole)})"
            n = len(view.table)
            search.found.append(
                Candidate(rule=rule, kind="one-hot", columns=tuple(whole), decided=n, log_chance=exclusive(n, counts))
            )
    return search


def _marks(view: View) -> dict[str, np.ndarray]:
    """The columns of 0 and 1 without missing cells, true where they hold a 1."""
    found = {}
    for column in view.table.schema:
        if not (column.is_modelled and column.kind != "datetime") or view.missing(column.name).any():
            continue
        if column.kind in {"categorical", "ordinal"} and not _are_marks(column.categories or ()):
            continue
        values = view.numbers(column.name)
        ones = values == 1
        if np.all(ones | (values == 0)) and 0 < ones.sum() < len(ones):
            found[column.name] = ones
    return found


def _are_marks(categories: Sequence[object]) -> bool:
    """True for numbers 0 and 1; a table so small that no category is listed has none to look at."""
    return bool(categories) and all(isinstance(value, int | float) and value in {0, 1} for value in categories)


def _whole(group: list[tuple[str, np.ndarray]]) -> list[str] | None:
    """The first columns of `group` that never meet one another and together meet every row; None without such."""
    if len(group) < 2:
        return None
    covered = group[0][1].copy()
    kept = [group[0][0]]
    for name, marks in group[1:]:
        if not np.any(covered & marks):
            covered |= marks
            kept.append(name)
            if covered.all():
                return kept
    return None
