"""The page of an ablation: what to leave out and where it hurts first, then every piece and every place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.numbers import interval, plain, signed
from synthwright.report.answered import answered, estimate_of
from synthwright.report.charts.gains import Line, gains

__all__ = ["ablation_page"]

_KINDS = {"source": "Sources", "class": "Classes", "class of a source": "Classes of a source", "region": "Regions"}


def ablation_page(found: Mapping[str, Any], name: str = "") -> str:
    """One HTML page of what `Ablation.to_json_value` says: no script, no request, no row."""
    pieces, places = found["contributions"], found["places"]
    bad = [one for one in (*pieces, *places) if one["verdict"] == "harms"]
    answer = ("doubt", "Some of it hurts") if bad else ("pass", "Nothing shown to hurt")
    return answered(
        "ablation",
        answer,
        found["sentences"],
        name=name,
        score=found["score"],
        learner=found["learner"],
        ratio=f"{found['ratio']:.3g}",
        seeds=found["seeds"],
        pieces=gains([_line(one, "piece") for one in pieces], f"What each piece adds to {found['score']}"),
        places=gains([_line(one, "where") for one in places], "How much less real rows are mistaken"),
        rows=[_row("synthetic", one["piece"], one) for one in pieces]
        + [_row("real", one["where"], one) for one in places],
        any_place=bool(places),
    )


def _line(one: Mapping[str, Any], name: str) -> Line:
    kind = _KINDS.get(one["kind"], one["kind"].capitalize() + "s")
    return Line(
        arm=kind, label=shorten(one[name], 30), gain=estimate_of(one["change"]), chosen=one["verdict"] != "not shown"
    )


def _row(rows: str, name: str, one: Mapping[str, Any]) -> Sequence[str]:
    change = estimate_of(one["change"])
    return (
        rows,
        one["kind"],
        shorten(name, 80),
        f"{one['rows']:,}",
        signed(change.value),
        interval(change, sign=True),
        plain(one["chance"]),
        one["verdict"],
    )
