"""Rows in an order: by a time column, or just as they stand in the file."""

from __future__ import annotations

import numpy as np

from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.clock import Axis
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.groups import Group
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.neighbours import centred, neighbours, rank_correlation
from synthwright.pipeline.advice.target import Target

__all__ = ["order_findings"]

_ALIKE = 0.1  # rank correlation of neighbours, at the low end, beyond which they are no independent rows
_SORTED = 0.99
_STRETCHES = 0.9  # of a class: no row differs from the one before but where a stretch ends
_LOOKED_AT = 20  # columns
_FALSE_ALARMS = 0.001


def order_findings(looked: Looked, target: Target | None, axis: Axis | None, groups: list[Group]) -> list[Finding]:
    """How much neighbours in time, or in the file, resemble each other."""
    if axis is not None:
        return [_in_time(looked, target, axis)]
    if target is None:
        return []
    outcome = target.outcome
    value = neighbours(outcome)
    if value.value - normal(1 - _FALSE_ALARMS) / len(outcome) ** 0.5 <= 0 or value.low <= _ALIKE:
        return []
    if _is_sorted(looked, target, value):
        return [
            _order(
                "order.sorted",
                "note",
                value,
                target,
                f"The rows are sorted by the target {named([target.column.name])}, or stand in stretches of it: "
                f"it correlates {within(value)} with the row before, and within a class no column does.",
                "Shuffle them before anything takes the first rows: synthwright's splits do not go by position.",
            )
        ]
    together = next((group for group in groups if group.together), None)
    if together is not None and neighbours(centred(outcome, together.codes)).low <= _ALIKE:
        return []  # neighbours are alike because they belong to one group: that is told already
    return [
        _order(
            "order.rows",
            "warn",
            value,
            target,
            f"Neighbouring rows resemble each other though no column says when they were: {target.told} correlates "
            f"{within(value)} with the row before.",
            "Find out what the order of the file is (time, place, batch): rows of one stretch belong on one side of a "
            "split, and methods draw rows as if independent.",
        )
    ]


def _in_time(looked: Looked, target: Target | None, axis: Axis) -> Finding:
    order = axis.order
    remedy = (
        "Split by time (role: time); a table method draws rows as if independent, so every sequence would be wrong."
    )
    if target is None:
        numeric = [column for column in looked.features if column.is_numeric and column.name not in axis.columns]
        found = [(neighbours(looked.table.numbers(column.name)[order]), column.name) for column in numeric]
        alike = [one for one in found if one[0].low > _ALIKE]
        value, name = max(found, key=lambda one: one[0].low, default=(Estimate(0.0, -1.0, 1.0), ""))
        what, count = f"{named([name])} correlates" if name else "", f"{len(alike)} of {len(found)} columns"
        told = f"In the order of {named(axis.columns)} {count} resemble the row before"
        told += f"; {what} {within(value)} with it." if what else "."
        return _ordered(axis, value, told, remedy, alarming=bool(alike))
    value = neighbours(target.outcome[order])
    told = f"In the order of {named(axis.columns)} {target.told} correlates {within(value)} with the row before."
    return _ordered(axis, value, told, remedy, alarming=value.low > _ALIKE)


def _ordered(axis: Axis, value: Estimate, told: str, remedy: str, *, alarming: bool) -> Finding:
    return Finding(
        code="order.time",
        severity="warn" if alarming else "note",
        figure="rank correlation with the row before",
        value=value,
        sentence=told,
        remedy=remedy if alarming else "Neighbours in time hardly agree; a split by time is still the safer one.",
        columns=axis.columns,
    )


def _order(code: str, severity: str, value: Estimate, target: Target, told: str, remedy: str) -> Finding:
    return Finding(
        code=code,
        severity="warn" if severity == "warn" else "note",
        figure="rank correlation with the row before",
        value=value,
        sentence=told,
        remedy=remedy,
        columns=(target.column.name,),
    )


def _is_sorted(looked: Looked, target: Target, value: Estimate) -> bool:
    """True if the order is one by the target alone: numbers go one way, or neighbours within a class are unrelated."""
    outcome = target.outcome
    if not target.labels:
        return abs(rank_correlation(np.arange(len(outcome)), outcome)) > _SORTED
    if value.low < _STRETCHES:
        return False
    numeric = [column.name for column in looked.features if column.is_numeric][:_LOOKED_AT]
    rest = [neighbours(centred(looked.table.numbers(name), target.values)) for name in numeric]
    return all(one.low <= _ALIKE for one in rest)
