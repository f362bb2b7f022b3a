"""Tables whose rows are no independent examples by their nature: events of users, and lists to be ranked."""

from __future__ import annotations

import re

import numpy as np

from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.clock import Axis
from synthwright.pipeline.advice.finding import Finding, named
from synthwright.pipeline.advice.groups import Group
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.provenance.numbers import plain, share

__all__ = ["behaviour", "ranking"]


def _any_of(words: str) -> re.Pattern[str]:
    """One of these words as a part of a name, perhaps with an "id" behind it."""
    return re.compile(rf"(^|[\W_])({words})([\W_]?id)?($|[\W_])", re.IGNORECASE)


_EVENT = _any_of("event|click|clicks|clicked|action|page|url|view|viewed|impression|purchase")
_USER = _any_of("user|visitor|customer|client|session|device|member|account|cookie")
_QUERY = _any_of("query|qid|search|srch|request|impression|question|topic|list")
_GRADE = _any_of("relevance|relevant|rel|grade|rating|rank|position|score|click|clicked|label")
_GRADES = 11  # different grades at most: 0 to 10


def behaviour(looked: Looked, groups: list[Group], axis: Axis | None) -> list[Finding]:
    """Rows that are events: several per user, in the course of time or under a name that says so."""
    for group in (one for one in groups if one.named):
        moving = 0.0 if axis is None else _moving(group, axis)
        events = [column.name for column in looked.table.schema if _EVENT.search(column.name)]
        if moving < 0.5 and not (_USER.search(group.name) and events):
            continue
        told = f"The rows are events of {group.count:,} {named([group.name])}, {plain(round(group.size, 1))} each"
        told += f"; within {share(moving)} of those with several rows the time moves on." if moving >= 0.5 else "."
        return [
            Finding(
                code="kind.behaviour",
                severity="warn",
                figure="rows per group",
                value=Estimate.exact(group.size),
                sentence=told,
                remedy="A table method makes single events, no histories: make one row per "
                f"{named([group.name])} first (counts, sums, last values), or keep to real histories.",
                columns=(group.name, *(axis.columns if moving >= 0.5 and axis is not None else events[:3])),
            )
        ]
    return []


def ranking(groups: list[Group], target: Target | None) -> list[Finding]:
    """Lists of candidates per query, with a grade each."""
    if target is None:
        return []
    grades = len(np.unique(target.values[target.known]))
    if grades > _GRADES:
        return []
    for group in groups:
        if not _QUERY.search(group.name) or not (_GRADE.search(target.column.name) or group.size >= 3):
            continue
        return [
            Finding(
                code="kind.ranking",
                severity="warn",
                figure="rows per query",
                value=Estimate.exact(group.size),
                sentence=f"{named([group.name])} groups {plain(round(group.size, 1))} rows on average, and "
                f"{named([target.column.name])} has {grades} grades: this looks like lists to be ranked.",
                remedy="A row means nothing without its list: a table method breaks lists up. Judge by NDCG per query, "
                "split by query, and add whole real lists rather than rows.",
                columns=(group.name, target.column.name),
            )
        ]
    return []


def _moving(group: Group, axis: Axis) -> float:
    """The share of groups with several rows in which the time is not the same throughout."""
    used = (group.codes >= 0) & ~np.isnan(axis.when)
    codes, when = group.codes[used], axis.when[used]
    if len(codes) == 0:
        return 0.0
    low, high = np.full(group.count, np.inf), np.full(group.count, -np.inf)
    np.minimum.at(low, codes, when)
    np.maximum.at(high, codes, when)
    several = np.bincount(codes, minlength=group.count) > 1
    return float((high[several] > low[several]).mean()) if several.any() else 0.0
