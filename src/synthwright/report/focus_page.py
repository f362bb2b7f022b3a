"""The page of a focus on errors: what it gained first, then slice by slice beside as many rows drawn anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.numbers import count, interval, plain, signed
from synthwright.report.answered import answered, estimate_of
from synthwright.report.charts.gains import Line, gains

__all__ = ["focus_page"]

_LABELS = {"focused": "drawn for it", "uniform": "drawn anywhere", "beyond": "gain of the focus"}


def focus_page(found: Mapping[str, Any], name: str = "") -> str:
    """One HTML page of what `FocusedGain.to_json_value` says: no script, no request, no row."""
    answer = ("pass", "The focus helps") if found["helps"] else ("doubt", "The focus is not shown to help")
    lines = [
        Line(arm=one["where"], label=label, gain=estimate_of(one[key]), chosen=key == "beyond")
        for one in found["slices"]
        for key, label in _LABELS.items()
    ]
    return answered(
        "focus",
        answer,
        found["sentences"],
        name=name,
        method=found["method"],
        learner=found["learner"],
        seeds=found["seeds"],
        drawing=gains(lines, "How much less real rows of each slice are mistaken") if lines else "",
        rows=[_row(one) for one in found["slices"]],
    )


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    beyond = estimate_of(one["beyond"])
    return (
        shorten(one["where"], 60),
        f"{one['drawn']:,.0f} of {one['asked']:,}",
        count(one["tested"]),
        signed(one["excess"]["value"]),
        signed(one["focused"]["value"]),
        signed(one["uniform"]["value"]),
        signed(beyond.value),
        interval(beyond, sign=True),
        plain(one["chance"]),
        one["verdict"],
    )
