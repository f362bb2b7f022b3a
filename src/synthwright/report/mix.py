"""The mix of real and synthetic rows: who was added, chosen by what, and what became of groups."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.mixes import mix_sentences
from synthwright.provenance.numbers import DASH, count, interval, plain, signed
from synthwright.provenance.wording import phrase

__all__ = ["Mix", "mix"]

_MOST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """`said` and `warnings` are sentences; `groups` are (columns, rows), rows (label, real, added, two bar widths).

    `changes` are (division, figure, real rows, mix, difference, interval, grew).
    """

    said: tuple[str, ...]
    warnings: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[str, str, str, float, float], ...]], ...]
    changes: tuple[tuple[str, str, str, str, str, str, bool], ...]
    reason: str


def mix(facts: RunFacts) -> Mix | None:
    """The section; ``None`` where the run was not asked for a mix of its own, or has none since rows are withheld."""
    told = facts.record.get("mix")
    if not isinstance(told, Mapping) or not told.get("asked") or facts.withheld:
        return None
    audit, groups = (_mapping(told.get(name)) for name in ("audit", "groups"))
    return Mix(
        said=tuple(shorten(one, 600) for one in mix_sentences(told)),
        warnings=tuple(shorten(str(one), 600) for one in _list(told.get("warnings"))[:_MOST]),
        groups=tuple((shorten(str(columns), 80), _rows(listed)) for columns, listed in groups.items()),
        changes=(*_evenness(audit), *_changes(audit)),
        reason=shorten(str(audit.get("reason") or ""), 200),
    )


def _rows(listed: Any) -> tuple[tuple[str, str, str, float, float], ...]:
    rows = [one for one in _list(listed) if isinstance(one, Mapping) and _whole(one)][:_MOST]
    longest = max((one["real"] + one["added"] for one in rows), default=1) or 1
    return tuple(
        (
            shorten(str(one.get("label")), 60),
            count(one["real"]),
            count(one["added"]),
            round(100 * one["real"] / longest, 2),
            round(100 * one["added"] / longest, 2),
        )
        for one in rows
    )


def _whole(one: Mapping[str, Any]) -> bool:
    return all(isinstance(one.get(name), int) for name in ("real", "added"))


def _evenness(audit: Any) -> list[tuple[str, str, str, str, str, str, bool]]:
    return [
        (
            shorten(str(one.get("division")), 60),
            "Smallest group, rows per row of the largest",
            plain(one.get("before")),
            plain(one.get("after")),
            signed(one["after"] - one["before"]),
            DASH,
            False,
        )
        for one in _list(audit.get("evenness"))[:_MOST]
        if isinstance(one, Mapping) and all(isinstance(one.get(name), float | int) for name in ("before", "after"))
    ]


def _changes(audit: Any) -> list[tuple[str, str, str, str, str, str, bool]]:
    found = [one for one in _list(audit.get("changes")) if isinstance(one, Mapping)]
    found.sort(key=lambda one: not one.get("widened"))
    rows = []
    for one in found[:_MOST]:
        before, after, change = (_estimate(one.get(name)) for name in ("before", "after", "change"))
        if before is None or after is None or change is None:
            continue
        rows.append(
            (
                shorten(str(one.get("division")), 60),
                phrase(shorten(str(one.get("figure")), 40)),
                plain(before.value),
                plain(after.value),
                signed(change.value),
                interval(change, sign=True),
                bool(one.get("widened")),
            )
        )
    return rows


def _estimate(value: Any) -> Estimate | None:
    if not isinstance(value, Mapping) or not all(isinstance(value.get(one), float | int) for one in _ENDS):
        return None
    found = [float(value[one]) for one in _ENDS]
    return Estimate(found[0], min(found), max(found))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


_ENDS = ("value", "low", "high")
