"""Rows in an order: by a time column, or just as they stand in the file; and whether the later ones are different."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._statistics.intervals import normal
from synthwright.evaluation.measurement import Estimate
from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.groups import Group
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.target import Target
from synthwright.pipeline.advice.trial import Trial
from synthwright.provenance.numbers import plain

__all__ = ["Axis", "drift", "order_findings", "time_axis"]

_TIME = re.compile(r"(^|[\W_])(time|timestamp|datetime|date|epoch|ts)($|[\W_])", re.IGNORECASE)
_BORN = re.compile(r"birth|born|dob", re.IGNORECASE)
_CALENDAR = ("year", "month", "day", "hour", "minute")
_ALIKE = 0.1  # rank correlation of neighbours, at the low end, beyond which they are no independent rows
_SORTED = 0.99
_STRETCHES = 0.9  # of a class: no row differs from the one before but where a stretch ends
_LOOKED_AT = 20  # columns
_FALSE_ALARMS = 0.001
_WORSE = {"AUC": 0.02, "R²": 0.05}  # lost on later rows, at the low end


@dataclass(frozen=True, eq=False)
class Axis:
    """The columns that say when a row was, and a number per row that grows with it (NaN unknown)."""

    columns: tuple[str, ...]
    when: np.ndarray

    @property
    def order(self) -> np.ndarray:
        """Positions of the rows that have a time, the earliest first; equal times as they stand in the table."""
        known = np.flatnonzero(~np.isnan(self.when))
        return np.asarray(known[np.argsort(self.when[known], kind="stable")])


def time_axis(looked: Looked) -> Axis | None:
    """When rows were: a column with the role time, one of dates, year with month and day, or numbers called time."""
    schema, table = looked.table.schema, looked.table
    declared = [column.name for column in schema.having("time") if column.is_numeric]
    dates = [c.name for c in schema if c.kind == "datetime" and c.role != "target" and not _BORN.search(c.name)]
    if chosen := (declared or dates):
        # Of several the one with the most different times: the finest clock.
        best = max(chosen, key=lambda name: int(looked.view.codes(name).max(initial=-1)))
        return Axis((best,), table.numbers(best))
    numbers = {column.name.lower(): column.name for column in schema if column.kind in {"integer", "float"}}
    parts = [numbers[part] for part in _CALENDAR if part in numbers]
    if {"year", "month"} <= numbers.keys():
        when = np.zeros(len(table))
        for part, most in zip(_CALENDAR, (1, 13, 32, 24, 60), strict=True):
            when = when * most + (table.numbers(numbers[part]) if part in numbers else 0.0)
        return Axis(tuple(parts), when)
    called = [c.name for c in looked.features if c.kind in {"integer", "float"} and _TIME.search(c.name)]
    # A duration is called time too: a clock only goes forward, in the order of the rows.
    clocks = [name for name in called if _forward(table.numbers(name))]
    return Axis((clocks[0],), table.numbers(clocks[0])) if clocks else None


def order_findings(looked: Looked, target: Target | None, axis: Axis | None, groups: list[Group]) -> list[Finding]:
    """How much neighbours in time, or in the file, resemble each other."""
    if axis is not None:
        return [_in_time(looked, target, axis)]
    if target is None:
        return []
    outcome = target.outcome
    value = _neighbours(outcome)
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
    if together is not None and _neighbours(_centred(outcome, together.codes)).low <= _ALIKE:
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


def drift(looked: Looked, trial: Trial, learner: str, axis: Axis) -> list[Finding]:
    """What a model of the earlier rows loses on the latest quarter, against a split at random of the same sizes."""
    when = axis.when[looked.rows]
    known = np.flatnonzero(~np.isnan(when))
    order = known[np.argsort(when[known], kind="stable")]
    cut = len(order) * 3 // 4
    if cut < 40 or len(order) - cut < 20:
        return []
    dealt = np.sort(looked.streams.at("advice", "drift").rng().permutation(order)[:cut])
    later = trial.scored_on(learner, np.sort(order[:cut]), np.sort(order[cut:]))
    random = trial.scored_on(learner, dealt, np.setdiff1d(order, dealt))
    lost = random.value - later.value
    half = float(np.hypot(random.high - random.value, later.high - later.value))
    value = Estimate(lost, lost - half, lost + half)
    worse = value.low > _WORSE[trial.target.score]
    told = (
        f"Fitted on the earlier three quarters by {named(axis.columns)}, the {learner} model reaches "
        f"{trial.target.score} {plain(later.value)} on the latest quarter; with rows dealt out at random "
        f"{plain(random.value)}; the difference is {within(value, sign=True)}."
    )
    remedy = "Later rows are about as predictable as others."
    if worse:
        remedy = (
            "Split by time (role: time) and judge on the latest rows: a split at random flatters, for gains as well."
        )
    return [
        Finding(
            code="order.drift",
            severity="warn" if worse else "note",
            figure=f"{trial.target.score} lost on later rows",
            value=value,
            sentence=told,
            remedy=remedy,
            columns=axis.columns,
        )
    ]


def _in_time(looked: Looked, target: Target | None, axis: Axis) -> Finding:
    order = axis.order
    remedy = (
        "Split by time (role: time); a table method draws rows as if independent, so every sequence would be wrong."
    )
    if target is None:
        numeric = [column for column in looked.features if column.is_numeric and column.name not in axis.columns]
        found = [(_neighbours(looked.table.numbers(column.name)[order]), column.name) for column in numeric]
        alike = [one for one in found if one[0].low > _ALIKE]
        value, name = max(found, key=lambda one: one[0].low, default=(Estimate(0.0, -1.0, 1.0), ""))
        what, count = f"{named([name])} correlates" if name else "", f"{len(alike)} of {len(found)} columns"
        told = f"In the order of {named(axis.columns)} {count} resemble the row before"
        told += f"; {what} {within(value)} with it." if what else "."
        return _ordered(axis, value, told, remedy, alarming=bool(alike))
    value = _neighbours(target.outcome[order])
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


def _neighbours(values: np.ndarray) -> Estimate:
    """The rank correlation of each row with the one before it; Fisher's interval for independent pairs."""
    known = values[~np.isnan(values)]
    if len(known) < 10 or float(np.ptp(known)) == 0:
        return Estimate(0.0, -1.0, 1.0)
    value = _rank_correlation(known[:-1], known[1:])
    z, half = np.arctanh(min(max(value, -0.999999), 0.999999)), normal(0.95) / np.sqrt(len(known) - 4)
    return Estimate(value, min(value, float(np.tanh(z - half))), max(value, float(np.tanh(z + half))))


def _rank_correlation(one: np.ndarray, two: np.ndarray) -> float:
    ranks = [_ranks(values) for values in (one, two)]
    if min(float(ranks[0].std()), float(ranks[1].std())) == 0:
        return 0.0
    return float(np.corrcoef(ranks[0], ranks[1])[0, 1])


def _ranks(values: np.ndarray) -> np.ndarray:
    """Mean ranks: equal values share one."""
    _, at, counts = np.unique(values, return_inverse=True, return_counts=True)
    return np.asarray((np.cumsum(counts) - (counts - 1) / 2)[at])


def _is_sorted(looked: Looked, target: Target, value: Estimate) -> bool:
    """True if the order is one by the target alone: numbers go one way, or neighbours within a class are unrelated."""
    outcome = target.outcome
    if not target.labels:
        return abs(_rank_correlation(np.arange(len(outcome)), outcome)) > _SORTED
    if value.low < _STRETCHES:
        return False
    numeric = [column.name for column in looked.features if column.is_numeric][:_LOOKED_AT]
    rest = [_neighbours(_centred(looked.table.numbers(name), target.values)) for name in numeric]
    return all(one.low <= _ALIKE for one in rest)


def _centred(outcome: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """`outcome` less the mean of its group; rows without a group are unknown."""
    used = (codes >= 0) & ~np.isnan(outcome)
    counts = np.bincount(codes[used])
    means = np.bincount(codes[used], weights=outcome[used]) / np.maximum(counts, 1)
    made = np.full(len(outcome), np.nan)
    made[used] = outcome[used] - means[codes[used]]
    return made


def _forward(values: np.ndarray) -> bool:
    """True if the numbers all but always stay or grow from row to row, and do grow."""
    known = values[np.isfinite(values)]
    if len(known) < 20 or known[0] == known[-1]:
        return False
    return float((np.diff(known) >= 0).mean()) > _SORTED
