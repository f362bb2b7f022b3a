"""When rows were: the columns that say it, and a number per row that grows with time."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from synthwright.pipeline.advice.looked import Looked

__all__ = ["Axis", "time_axis"]

_TIME = re.compile(r"(^|[\W_])(time|timestamp|datetime|date|epoch|ts)($|[\W_])", re.IGNORECASE)
_BORN = re.compile(r"birth|born|dob", re.IGNORECASE)
_CALENDAR = ("year", "month", "day", "hour", "minute")
_FORWARD = 0.99  # of the steps from row to row, of numbers that are a clock


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


def _forward(values: np.ndarray) -> bool:
    """True if the numbers all but always stay or grow from row to row, and do grow."""
    known = values[np.isfinite(values)]
    if len(known) < 20 or known[0] == known[-1]:
        return False
    return float((np.diff(known) >= 0).mean()) > _FORWARD
