"""All searches on one table: what they found, held against how many rules they looked at."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from synthwright.data.constraints import parse_rule
from synthwright.data.proposals.candidate import Candidate, Kind, Search
from synthwright.data.proposals.cases import search_cases
from synthwright.data.proposals.dependences import search_dependences
from synthwright.data.proposals.keys import search_keys
from synthwright.data.proposals.one_hot import search_one_hot
from synthwright.data.proposals.orderings import search_orderings
from synthwright.data.proposals.products import search_products
from synthwright.data.proposals.ranges import search_ranges
from synthwright.data.proposals.sums import search_sums
from synthwright.data.proposals.view import View
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError

__all__ = ["FALSE_ALARMS", "Proposal", "propose", "propose_constraints"]

FALSE_ALARMS = 0.01  # the chance that any rule is proposed between columns that know nothing of one another
_SEARCHES: tuple[Callable[[View], Search], ...] = (
    search_sums,
    search_products,
    search_dependences,
    search_one_hot,
    search_orderings,
    search_cases,
    search_keys,
    search_ranges,
)
_ORDER: tuple[Kind, ...] = (
    "equal", "sum", "product", "one-hot", "combinations", "order", "missing", "case", "key", "range",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A rule that all rows obey, for a person to accept or leave.

    `rows` obey it for certain, of `of` rows in all; in the others missing cells leave it open. `log10_chance` is the
    chance that all of them would if the columns knew nothing of one another, `log10_adjusted` the same after Holm's
    correction for all rules that were looked at.
    """

    rule: str
    kind: Kind
    columns: tuple[str, ...]
    rows: int
    of: int
    log10_chance: float
    log10_adjusted: float

    @property
    def evidence(self) -> str:
        """One sentence: how many rows obey it, and how surprising that is."""
        rows = f"all {self.of:,} rows" if self.rows == self.of else f"{self.rows:,} of {self.of:,} rows, none breaks it"
        if self.kind == "range" or (self.kind == "key" and len(self.columns) == 1):
            what = "if 1 row in 100 broke it"
        else:
            what = "if the columns knew nothing of one another"
        return f"{rows}; chance {_chance(self.log10_adjusted)} {what}"


def propose_constraints(
    data: Any,
    *,
    target: str | None = None,
    schema: Schema | str | Path | None = None,
    false_alarms: float = FALSE_ALARMS,
) -> tuple[Proposal, ...]:
    """Rules that no row of `data` (whatever `sw.read` takes, but examples) breaks: `propose` on any kind of table.

    Sums, products, orders, fixed combinations, one-hot groups, missing cells that follow from others, keys and ranges;
    each with its text (`rule`, to be put under `constraints`) and its `evidence`.

    Raises
    ------
    BadInput
        `data` can't be read as a table, or does not fit `schema`.
    UsageError
        `false_alarms` is no chance.
    """
    from synthwright.data.reading import read_table

    return propose(read_table(data, target=target, schema=schema), false_alarms=false_alarms)


def propose(table: Table, *, false_alarms: float = FALSE_ALARMS) -> tuple[Proposal, ...]:
    """Rules that every row of `table` obeys and that chance does not explain, the strictest kinds first.

    Candidates are found in a sample of rows and confirmed in all. No text holds a value that fewer than 5 rows share.
    A rule of one column is held against one row in a hundred that breaks it; all others against columns that know
    nothing of one another. `false_alarms` bounds the chance that any of these is proposed wrongly (Holm 1979); it says
    nothing of columns that are linked but may still break a rule: look at each before you accept it.

    Raises
    ------
    UsageError
        `false_alarms` is no chance.
    """
    if not 0 < false_alarms < 1:
        raise UsageError(f"false_alarms is {false_alarms}.", remedy="Give a chance between 0 and 1, such as 0.01.")
    view = View.of(table)
    searches = [search(view) for search in _SEARCHES]
    tested = [(one, log) for search in searches for one, log in _holm(search, len(searches))]
    sure = {one: log for one, log in tested if log < math.log(false_alarms) and _reads(one.rule, table.schema)}
    proposals = [
        Proposal(
            rule=one.rule,
            kind=one.kind,
            columns=one.columns,
            rows=one.decided,
            of=len(table),
            log10_chance=one.log_chance / math.log(10),
            log10_adjusted=sure[one] / math.log(10),
        )
        for one in _without_repetition(view, list(sure))
    ]
    return tuple(sorted(proposals, key=lambda one: (_ORDER.index(one.kind), one.log10_adjusted, one.rule)))


def _holm(search: Search, searches: int) -> list[tuple[Candidate, float]]:
    """Each candidate with its adjusted log chance; what was weighed and not found counts as certain.

    Every search has its own share of the false alarms, so that one which looks at 2**60 groups does not drown the rest.
    """
    adjusted, largest = [], -math.inf
    for at, one in enumerate(sorted(search.found, key=lambda one: one.log_chance)):
        tests = max(search.weighed - at, 1) * searches
        largest = max(largest, min(0.0, one.log_chance + math.log(tests)))
        adjusted.append((one, largest))
    return adjusted


def _reads(rule: str, schema: Schema) -> bool:
    """Whether the language of rules can say it of these columns."""
    try:
        parse_rule(rule, schema)
    except BadInput:
        return False
    return True


def _without_repetition(view: View, found: list[Candidate]) -> list[Candidate]:
    """`found` without what a stricter kind says already of the same columns."""
    said: dict[Kind, set[frozenset[str]]] = {}
    for one in found:
        pairs = said.setdefault(one.kind, set())
        pairs |= {frozenset((a, b)) for a in one.columns for b in one.columns if a != b}
    equal, sums = said.get("equal", set()), said.get("sum", set()) | said.get("product", set())
    fixed = said.get("combinations", set()) | equal | said.get("one-hot", set())
    one_hot = said.get("one-hot", set())
    kept = []
    for one in found:
        pair = frozenset(one.columns)
        if one.kind == "order" and (pair in equal or (pair in sums and _positive(view, pair))):
            continue
        if one.kind in {"case", "missing"} and pair in fixed and "missing" not in one.rule:
            continue
        if one.kind == "sum" and all(frozenset(two) in one_hot for two in combinations(one.columns, 2)):
            continue
        if one.kind == "combinations" and pair in equal | sums:
            continue
        kept.append(one)
    return kept


def _positive(view: View, names: Iterable[str]) -> bool:
    """Whether none of these columns is ever below 0: the order of a sum and its parts follows then."""
    return all(np.nanmin(view.numbers(name)) >= 0 for name in names)


def _chance(log10: float) -> str:
    return f"below 1e{math.ceil(log10)}" if log10 > -300 else "below 1e-300"
