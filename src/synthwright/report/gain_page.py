"""The page of a gain experiment: the sentence first, then what every way to train gained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import interval, plain, signed
from synthwright.report.charts.gains import Line, gains
from synthwright.report.page import template
from synthwright.report.svg import Markup

__all__ = ["gain_page"]


@dataclass(frozen=True, slots=True)
class _Learner:
    name: str
    base: str
    drawing: Markup


def gain_page(found: Mapping[str, Any], name: str = "") -> str:
    """One HTML page of what `Gain.to_json_value` says: no script, no request, no row."""
    tone, word = ("pass", "It helps") if found["helps"] else ("doubt", "Not shown to help")
    return template("gain.html.j2").render(
        name=shorten(name, 80),
        tone=tone,
        word=word,
        sentence=found["sentence"],
        score=found["score"],
        seeds=found["seeds"],
        learners=[_learner(found, learner) for learner in found["real"]],
        cells=[_row(cell) for cell in found["cells"]],
    )


def _learner(found: Mapping[str, Any], learner: str) -> _Learner:
    base = found["real"][learner]
    lines = [
        Line(
            arm=cell["arm"],
            label=_label(cell),
            gain=_estimate(cell, "gain"),
            chosen=cell == found["candidate"],
        )
        for cell in found["cells"]
        if cell["learner"] == learner
    ]
    score = Estimate(base["value"], base["low"], base["high"])
    told = f"{base['arm']}: {found['score']} {plain(score.value)} ({interval(score)})"
    return _Learner(learner, told, gains(lines, f"Gain in {found['score']} of the {learner} model"))


def _label(cell: Mapping[str, Any]) -> str:
    if not cell["ratio"]:
        return "alone"
    return f"+ {cell['ratio']:.3g} per real row" if cell["with_real_rows"] else f"{cell['ratio']:.3g}, no real rows"


def _row(cell: Mapping[str, Any]) -> tuple[str, ...]:
    columns = [(signed if name == "gain" else plain)(cell[name]) for name in ("score", "gain")]
    expected = signed(cell["expected"])
    told = interval(_estimate(cell, "gain"), sign=True)
    return (
        shorten(cell["arm"], 40),
        _label(cell),
        cell["learner"],
        *columns,
        told,
        expected,
    )


def _estimate(cell: Mapping[str, Any], name: str) -> Estimate:
    return Estimate(cell[name], cell[f"{name}_low"], cell[f"{name}_high"])
