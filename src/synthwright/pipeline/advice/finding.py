"""One thing that was found in a table: the figure, how grave it is, what it means and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import interval, plain, signed

__all__ = ["SEVERITIES", "Finding", "Severity", "named", "ranked", "within"]

Severity = Literal["stop", "warn", "note"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`figure` says what `value` is the number of; counts over all rows have an interval without width.

    ``stop``: deal with it before anything is made of this table. ``warn``: it changes how to go about it. ``note``:
    good to know.
    """

    code: str
    severity: Severity
    figure: str
    value: Estimate
    sentence: str
    remedy: str
    columns: tuple[str, ...] = ()

    def to_json_value(self) -> dict[str, Any]:
        """The finding as plain values."""
        return {
            "code": self.code,
            "severity": self.severity,
            "figure": self.figure,
            "value": self.value.value,
            "low": self.value.low,
            "high": self.value.high,
            "columns": list(self.columns),
            "sentence": self.sentence,
            "remedy": self.remedy,
        }


def ranked(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The gravest first; equal ones in the order in which the checks run."""
    return tuple(sorted(findings, key=lambda one: SEVERITIES.index(one.severity)))


def named(columns: Iterable[str], most: int = 3) -> str:
    """Column names in quotes: the first `most`, and how many more there are."""
    names = list(columns)
    told = ", ".join(repr(shorten(name, 40)) for name in names[:most])
    return told if len(names) <= most else f"{told} and {len(names) - most} more"


def within(estimate: Estimate, *, sign: bool = False) -> str:
    """The value with its interval behind it, where it has one."""
    value = (signed if sign else plain)(estimate.value)
    return value if estimate.low == estimate.high else f"{value} ({interval(estimate, sign=sign)})"
