"""Columns side by side, those first that are further from train than unseen real rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import DASH, plain, share
from synthwright.report.charts.histogram import histogram, shares
from synthwright.report.svg import Markup

__all__ = ["AT_ONCE", "Distribution", "distributions", "excess_of"]

AT_ONCE = 12  # drawings shown before the rest is folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """One column: its drawing, its figures, and the same as a table."""

    name: str
    kind: str
    target: bool
    distance: str
    ceiling: str
    missing: str
    drawing: Markup
    table: tuple[tuple[str, str, str, str], ...]


def distributions(facts: RunFacts) -> list[Distribution]:
    """All columns with views, by the distance that exceeds the holdout's, largest first."""
    views = [view for view in facts.views.get("columns") or [] if isinstance(view, Mapping)]
    return [_distribution(view, facts.views.get("sizes") or {}) for view in sorted(views, key=excess_of, reverse=True)]


def excess_of(view: Mapping[str, Any]) -> float:
    """How much further from train the synthetic column is than the holdout's."""
    return float(view.get("distance") or 0.0) - float(view.get("ceiling") or 0.0)


def _distribution(view: Mapping[str, Any], sizes: Mapping[str, Any]) -> Distribution:
    name = shorten(str(view.get("name")), 40)
    train, synthetic, holdout = (shares(view, part, sizes.get(part)) for part in ("train", "synthetic", "holdout"))
    labels = [shorten(str(label), 40) for label in view.get("labels") or []]
    return Distribution(
        name=name,
        kind=str(view.get("kind") or ""),
        target=view.get("role") == "target",
        distance=plain(view.get("distance")),
        ceiling=plain(view.get("ceiling")),
        missing=_missing(view, sizes),
        drawing=histogram(view, sizes, name),
        table=tuple(
            (label, _share(train, at), _share(synthetic, at), _share(holdout, at)) for at, label in enumerate(labels)
        ),
    )


def _share(values: Sequence[float | None], at: int) -> str:
    return share(values[at]) if at < len(values) else DASH


def _missing(view: Mapping[str, Any], sizes: Mapping[str, Any]) -> str:
    missing = view.get("missing") or {}
    if not any(missing.get(part) != 0 for part in ("train", "synthetic") if part in missing):
        return ""
    told = [
        f"{part} {'few' if missing[part] is None else share(missing[part] / sizes[part])}"
        for part in ("train", "synthetic")
        if part in missing and sizes.get(part)
    ]
    return f"missing: {', '.join(told)}"
