"""Pairs of columns: the map and its worst entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import count, plain, signed
from synthwright.report.charts.heatmap import heat_key, heatmap
from synthwright.report.svg import Markup

__all__ = ["Pairs", "pairs"]

_WORST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """The heat map, its colour key, and (column, column, distance, excess) of the worst pairs."""

    drawing: Markup
    key: Markup
    worst: tuple[tuple[str, str, str, str], ...]
    ceiling: bool
    rows: str
    left_out: int
    large: bool


def pairs(facts: RunFacts) -> Pairs | None:
    """The pair section; ``None`` without views of pairs."""
    view = facts.views.get("pairs")
    if not isinstance(view, Mapping) or not view.get("excess"):
        return None
    names = [str(name) for name in view["columns"]]
    excess, distance = view["excess"], view["distance"]
    places = [(i, j) for i in range(1, len(names)) for j in range(i)][: len(excess)]
    worst = sorted(range(len(places)), key=lambda at: -excess[at])[:_WORST]
    title = "Pair trends: excess over the holdout" if view.get("ceiling") else "Pair trends: distance from train"
    return Pairs(
        drawing=heatmap(names, excess, title),
        key=heat_key(),
        worst=tuple(
            (
                shorten(names[places[at][1]], 32),
                shorten(names[places[at][0]], 32),
                plain(distance[at]),
                signed(excess[at]),
            )
            for at in worst
        ),
        ceiling=bool(view.get("ceiling")),
        rows=count(view.get("rows")),
        left_out=int(view.get("of") or len(names)) - len(names),
        large=len(names) > 24,
    )
