"""The page of a focus on errors: what it gained first, then slice by slice beside as many rows drawn anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import count, interval, plain, signed
from synthwright.report.charts.gains import Line, gains
from synthwright.report.page import template

__all__ = ["focus_page"]

_LABELS = {"focused": "drawn for it", "uniform": "drawn anywhere", "beyond": "gain of the focus"}


def focus_page(found: Mapping[str, Any], name: str = "") -> str:
    """One HTML page of what `FocusedGain.to_json_value` says: no script, no request, no row."""
    tone, word = ("pass", "The focus helps") if found["helps"] else ("doubt", "The focus is not shown to help")
    lines = [
        Line(arm=one["where"], label=label, gain=_estimate(one[key]), chosen=key == "beyond")
        for one in found["slices"]
        for key, label in _LABELS.items()
    ]
    return template("focus.html.j2").render(
        name=shorten(name, 80),
        tone=tone,
        word=word,
        sentences=found["sentences"],
        method=found["method"],
        learner=found["learner"],
        seeds=found["seeds"],
        drawing=gains(lines, "How much less real rows of each slice are mistaken") if lines else "",
        rows=[_row(one) for one in found["slices"]],
    )


def _row(one: Mapping[str, Any]) -> tuple[str, ...]:
    beyond = _estimate(one["beyond"])
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


def _estimate(told: Mapping[str, float]) -> Estimate:
    return Estimate(told["value"], told["low"], told["high"])
