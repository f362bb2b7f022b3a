"""The page of a collapse watch: the verdict first, then every figure round by round."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.evaluation.measurement import Estimate
from synthwright.evaluation.variety import MEANINGS
from synthwright.provenance.numbers import interval, plain, signed
from synthwright.report.answered import answered, estimate_of
from synthwright.report.charts.rounds import rounds
from synthwright.report.svg import Markup

__all__ = ["collapse_page"]

_TITLES = {
    "coverage": "Coverage",
    "distinct": "Distinct rows",
    "modes": "Effective modes",
    "tails": "Tail mass",
    "tstr": "TSTR",
}


@dataclass(frozen=True, slots=True)
class _Drawn:
    title: str
    meaning: str
    drawing: Markup


def collapse_page(found: Mapping[str, Any], name: str = "") -> str:
    """One HTML page of what `CollapseWatch.to_json_value` says: no script, no request, no row."""
    lost = any(found["collapses"].values())
    answer = ("fail", "Variety is lost") if lost else ("pass", "No loss shown")
    return answered(
        "collapse",
        answer,
        [found["sentence"]],
        name=name,
        method=found["method"],
        rounds=found["rounds"],
        seeds=found["seeds"],
        rows=f"{found['rows']:,}",
        modes=list(found["collapses"]),
        figures=[_drawn(found, figure) for figure in _figures(found)],
        falls=[_fall(fall) for fall in found["falls"]],
        points=[_point(point) for point in found["points"]],
    )


def _figures(found: Mapping[str, Any]) -> list[str]:
    told = {point["figure"] for point in found["points"]}
    return [figure for figure in MEANINGS if figure in told]


def _drawn(found: Mapping[str, Any], figure: str) -> _Drawn:
    lines: dict[str, list[Estimate]] = {}
    for point in found["points"]:
        if point["figure"] == figure:
            lines.setdefault(point["mode"], []).append(estimate_of(point))
    real = found["real"].get(figure)
    title = _title(found["score"], figure)
    return _Drawn(title, MEANINGS[figure], rounds(title, None if real is None else estimate_of(real), lines))


def _title(score: str, figure: str) -> str:
    return f"{_TITLES[figure]} ({score})" if figure == "tstr" and score else _TITLES[figure]


def _fall(fall: Mapping[str, Any]) -> tuple[str, ...]:
    change = estimate_of(fall["change"])
    chance = "<0.001" if fall["chance"] < 0.001 else f"{fall['chance']:.3f}"
    ends = (plain(fall["first"]["value"]), plain(fall["last"]["value"]), signed(change.value))
    return (fall["mode"], _TITLES[fall["figure"]], *ends, interval(change, sign=True), chance, _word(fall))


def _word(fall: Mapping[str, Any]) -> str:
    return "lost" if fall["lost"] else "not shown"


def _point(point: Mapping[str, Any]) -> tuple[str, ...]:
    value = estimate_of(point)
    return (point["mode"], str(point["round"]), _TITLES[point["figure"]], plain(value.value), interval(value))
