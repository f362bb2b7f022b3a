"""The page of a gain experiment: the sentence first, then what every way to train gained, where, and at what cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import DASH, interval, plain, seconds, share, signed
from synthwright.provenance.wording import phrase
from synthwright.report.answered import answered, estimate_of
from synthwright.report.charts.gain_curve import Curve, gain_curve
from synthwright.report.charts.gains import Line, gains
from synthwright.report.svg import Markup

__all__ = ["gain_page"]

_PARTS = 12  # classes and groups in one chart: those that are moved most


@dataclass(frozen=True, slots=True)
class _Learner:
    name: str
    base: str
    curve: Markup | None
    drawing: Markup


@dataclass(frozen=True, slots=True)
class _Parts:
    """Classes or groups: one chart per score."""

    title: str
    drawing: Markup


def gain_page(found: Mapping[str, Any], costs: Mapping[str, Any], name: str = "") -> str:
    """One HTML page of what `Gain.to_json_value` says, and of `Gain.costs`: no script, no request, no row."""
    answer = ("pass", "It helps") if found["helps"] else ("doubt", "Not shown to help")
    return answered(
        "gain",
        answer,
        [found["sentence"]],
        name=name,
        notes=found["notes"],
        score=found["score"],
        seeds=found["seeds"],
        learners=[_learner(found, learner) for learner in found["real"]],
        arms=[_arm(arm, costs.get(arm["arm"])) for arm in found["arms"]],
        priced=any(arm["worth"] and arm["worth"]["saved"] for arm in found["arms"]),
        parts=_parts(found),
        others=_others(found),
        cells=[_row(cell) for cell in found["cells"]],
    )


def _learner(found: Mapping[str, Any], learner: str) -> _Learner:
    base = found["real"][learner]
    lines = [
        Line(
            arm=cell["arm"],
            label=_label(cell),
            gain=_estimate(cell, "gain"),
            chosen=_is_chosen(found, cell),
            scales=cell["with_real_rows"],
        )
        for cell in found["cells"]
        if cell["learner"] == learner
    ]
    score = estimate_of(base)
    told = f"{base['arm']}: {found['score']} {plain(score.value)} ({interval(score)})"
    title = f"Gain in {found['score']} of the {learner} model"
    return _Learner(learner, told, _curve(found, learner, f"{title} by rows added"), gains(lines, title))


def _curve(found: Mapping[str, Any], learner: str, title: str) -> Markup | None:
    """Gains by ratio; nothing where there is one ratio only."""
    controls = {one["arm"] for one in found["arms"] if one["control"]}
    points: dict[str, list[tuple[float, Estimate]]] = {}
    for cell in found["cells"]:
        if cell["learner"] == learner and cell["with_real_rows"] and cell["ratio"] > 0:
            points.setdefault(cell["arm"], []).append((cell["ratio"], _estimate(cell, "gain")))
    if all(len(some) < 2 for some in points.values()):
        return None
    return gain_curve([Curve(arm=arm, points=some, control=arm in controls) for arm, some in points.items()], title)


def _is_chosen(found: Mapping[str, Any], cell: Mapping[str, Any]) -> bool:
    chosen = found["candidate"]
    return chosen is not None and all(cell[key] == chosen[key] for key in ("arm", "ratio", "with_real_rows", "learner"))


def _arm(arm: Mapping[str, Any], cost: Any) -> tuple[str, ...]:
    """Name, ratio, gain, its interval, its share of the best, CPU time and its share, per point, worth, saved."""
    worth = arm["worth"]
    rows = DASH
    saved = DASH
    if worth is not None:
        least = "≥ " if worth["at_least"] else ""
        rows = f"{least}{worth['rows']['value']:,.0f} ({worth['rows']['low']:,.0f} to {worth['rows']['high']:,.0f})"
        if worth["saved"] is not None:
            ends = (worth["saved"][end] for end in ("value", "low", "high"))
            saved = "{}{:,.0f} ({:,.0f} to {:,.0f})".format(least, *ends)
    timed = (DASH, DASH, DASH)
    if cost is not None:
        timed = (
            seconds(cost.total),
            share(cost.share),
            DASH if cost.per_point is None else seconds(cost.per_point),
        )
    return (
        shorten(arm["arm"], 40) + (" (control)" if arm["control"] else ""),
        _ratio(arm),
        signed(arm["gain"]),
        interval(_estimate(arm, "gain"), sign=True),
        DASH if arm["share_of_best_gain"] is None else f"{100 * arm['share_of_best_gain']:.0f} %",
        *timed,
        rows,
        saved,
    )


def _parts(found: Mapping[str, Any]) -> list[_Parts]:
    """Charts of the candidate's gains, and those of the controls, per class and group: one per score."""
    beside = {one["arm"] for one in found["controls"] if one["arm"] != "real rows again"}
    shown = [arm for arm in found["arms"] if _is_chosen(found, arm) or arm["arm"] in beside]
    charts = []
    for score in dict.fromkeys(part["score"] for arm in shown for part in arm["parts"]):
        told = [(part, arm) for arm in shown for part in arm["parts"] if part["score"] == score]
        moved: dict[str, float] = {}
        for part, _ in told:
            moved[part["part"]] = max(moved.get(part["part"], 0.0), abs(part["gain"]["value"]))
        most = sorted(moved, key=lambda name: -moved[name])[:_PARTS]
        lines = [
            Line(arm=name, label=shorten(arm["arm"], 28), gain=estimate_of(part["gain"]), chosen=_is_chosen(found, arm))
            for name in moved
            if name in most
            for part, arm in told
            if part["part"] == name
        ]
        charts.append(_Parts(phrase(score), gains(lines, f"Gain in {score}")))
    return charts


def _others(found: Mapping[str, Any]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: what the arms gain by every other score."""
    chosen = {(arm["arm"], arm["ratio"], arm["with_real_rows"], arm["learner"]) for arm in found["arms"]}
    rows: list[tuple[str, ...]] = []
    names: tuple[str, ...] = ()
    for cell in found["cells"]:
        if (cell["arm"], cell["ratio"], cell["with_real_rows"], cell["learner"]) in chosen:
            names = tuple(cell["scores"])
            told = (signed(one["gain"]["value"]) for one in cell["scores"].values())
            rows.append((shorten(cell["arm"], 40), _ratio(cell), *told))
    return tuple(phrase(name) for name in names), rows


def _label(cell: Mapping[str, Any]) -> str:
    if not cell["ratio"]:
        return "alone"
    return f"+ {cell['ratio']:.3g} per real row" if cell["with_real_rows"] else f"{cell['ratio']:.3g}, no real rows"


def _ratio(cell: Mapping[str, Any]) -> str:
    """Added rows per real row; of a model without real rows, it says so."""
    told = f"{cell['ratio']:.3g}"
    return told if cell["with_real_rows"] else f"{told}, no real rows"


def _row(cell: Mapping[str, Any]) -> tuple[str, ...]:
    columns = [(signed if name == "gain" else plain)(cell[name]) for name in ("score", "gain")]
    expected = signed(cell["expected"])
    told = interval(_estimate(cell, "gain"), sign=True)
    return (
        shorten(cell["arm"], 40),
        _ratio(cell),
        cell["learner"],
        *columns,
        told,
        expected,
    )


def _estimate(cell: Mapping[str, Any], name: str) -> Estimate:
    return Estimate(cell[name], cell[f"{name}_low"], cell[f"{name}_high"])
