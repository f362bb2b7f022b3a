"""Columns that say who a row belongs to: several rows of one person, school or machine, and how much these agree."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from synthwright.data.schema import Column
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.provenance.numbers import plain

__all__ = ["Group", "found_groups", "group_findings", "intraclass"]

_WHO = re.compile(
    r"(^|[\W_])(id|uuid|user|customer|client|member|patient|person|subject|participant|student|pupil|teacher|school"
    r"|hospital|household|family|device|machine|sensor|station|vehicle|tail ?(num|number)|session|visitor|account|store"
    r"|shop|seller|driver|player|team|author|query|qid|batch|site)(id|s)?($|[\W_])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"[a-z](Id|ID)$")
_FEWEST = 10  # groups: with fewer they are categories
_MANY = 30  # different labels, beyond which a column without such a name may be one of groups
_SEVERAL = 2.0  # rows per group on average
_NAMED, _DECLARED = "its name says so", "its role says so"
_AGREE = 0.05  # correlation within groups beyond which a split by row flatters


@dataclass(frozen=True, eq=False)
class Group:
    """A column of groups: the group of each row (-1 none), whether groups stand together, and why it is taken for one.

    `named` is true where its name or its role says so. `agreement` is the correlation of the target between two rows
    of a group, ``None`` without a target.
    """

    name: str
    codes: np.ndarray
    together: bool
    because: str
    named: bool
    agreement: Estimate | None

    @property
    def declared(self) -> bool:
        """True if a person says so."""
        return self.because == _DECLARED

    @property
    def count(self) -> int:
        """How many groups there are."""
        return int(self.codes.max()) + 1

    @property
    def size(self) -> float:
        """Rows per group on average."""
        return float((self.codes >= 0).sum()) / self.count

    @property
    def agrees(self) -> bool:
        """True if rows of a group are surely more alike in the target than rows of two groups, and by enough."""
        one = self.agreement
        return one is not None and one.low > _AGREE


def found_groups(looked: Looked, target: Target | None) -> list[Group]:
    """The columns that seem to say who a row belongs to, those whose rows agree most in the target first."""
    found = []
    for column in looked.table.schema:
        if column.role == "target" or column.kind in {"float", "datetime", "boolean"}:
            continue
        codes = looked.view.codes(column.name)
        count = int(codes.max(initial=-1)) + 1
        declared = column.role in {"group", "key"}
        if not declared and (count < _FEWEST or (codes >= 0).sum() < _SEVERAL * count):
            continue
        if count < 2:
            continue
        together = _stand_together(codes, count)
        if because := _why(looked, column, codes, count, together=together, declared=declared):
            agreement = None if target is None else intraclass(target.outcome, codes)
            says = because in {_NAMED, _DECLARED}
            found.append(Group(column.name, codes, together, because, says, agreement))
    return sorted(found, key=lambda one: -(one.agreement.low if one.agreement is not None else 0.0))


def group_findings(groups: list[Group], target: Target | None) -> list[Finding]:
    """A sentence for every column of groups, at most three."""
    return [_finding(group, target) for group in groups[:3]]


def intraclass(outcome: np.ndarray, codes: np.ndarray) -> Estimate | None:
    """The correlation of `outcome` between two rows of one group, from the analysis of variance with its F interval.

    ICC(1) of Shrout & Fleiss (1979), doi:10.1037/0033-2909.86.2.420, with the mean group size of unequal groups.
    ``None`` where nothing varies, or no group has two rows.
    """
    from scipy.special import fdtri

    used = (codes >= 0) & ~np.isnan(outcome)
    _, codes, sizes = np.unique(codes[used], return_inverse=True, return_counts=True)
    y, k, n = outcome[used], len(sizes), int(used.sum())
    if k < 2 or n <= k or float(y.var()) == 0:
        return None
    means = np.bincount(codes, weights=y) / sizes
    between = float((sizes * (means - y.mean()) ** 2).sum()) / (k - 1)
    within = float(((y - means[codes]) ** 2).sum()) / (n - k)
    size = (n - float((sizes**2).sum()) / n) / (k - 1)
    if within == 0:
        return Estimate.exact(1.0)
    ratio = between / within
    ends = [ratio / float(fdtri(k - 1, n - k, q)) for q in (0.975, 0.025)]
    value, low, high = ((f - 1) / (f + size - 1) for f in (ratio, *ends))
    return Estimate(value, min(value, low), max(value, high))


def _stand_together(codes: np.ndarray, count: int) -> bool:
    """True if the rows of each group follow one another."""
    return bool(1 + np.count_nonzero(np.diff(codes)) <= 1.1 * count)


def _why(looked: Looked, column: Column, codes: np.ndarray, count: int, *, together: bool, declared: bool) -> str:
    """Why the column is taken for one of groups; empty if it is not."""
    if declared:
        return _DECLARED
    if _WHO.search(column.name) or _CAMEL.search(column.name):
        return _NAMED
    if count < _MANY or (column.kind == "integer" and not together):
        return ""
    fixed = _fixed_by(looked, column, codes, count)
    if fixed:
        return f"it fixes {named(fixed)}"
    return "its rows stand together" if together and column.kind != "integer" else ""


def _fixed_by(looked: Looked, column: Column, codes: np.ndarray, count: int) -> list[str]:
    """The other columns that have one value within each group, and far fewer values than there are groups or rows."""
    first = np.zeros(count, dtype=np.int64)
    used = np.flatnonzero(codes >= 0)
    first[codes[used][::-1]] = used[::-1]
    fixed = []
    for other in looked.features:
        if other.name == column.name:
            continue
        theirs = looked.view.codes(other.name)
        different = int(theirs.max(initial=-1)) + 1
        if 1 < different <= count and np.array_equal(theirs[used], theirs[first[codes[used]]]):
            fixed.append(other.name)
    return fixed


def _finding(group: Group, target: Target | None) -> Finding:
    told = (
        f"{named([group.name])} names {group.count:,} groups of {plain(round(group.size, 1))} rows on average "
        f"({group.because})"
    )
    one = group.agreement
    if one is None or target is None:
        told += "."
        figure, value = "rows per group", Estimate.exact(group.size)
    else:
        effect = 1 + (group.size - 1) * max(one.value, 0.0)
        worth = float((group.codes >= 0).sum()) / effect
        told += f"; {target.told} correlates {within(one)} between rows of one group"
        told += f": for a mean they are worth about {worth:,.0f} independent rows." if group.agrees else "."
        figure, value = "intra-class correlation of the target", one
    remedy = "Keep all rows of a group on one side of every split (role: group); methods draw rows as if independent."
    if one is not None and not group.agrees:
        remedy = "Rows of a group hardly agree in the target; a split by group is still the safer one."
    return Finding(
        code="groups.rows",
        severity="warn" if group.agrees or target is None else "note",
        figure=figure,
        value=value,
        sentence=told,
        remedy=remedy,
        columns=(group.name,),
    )
