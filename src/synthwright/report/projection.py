"""Three panels on one pair of axes: train, holdout, synthetic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import count, share
from synthwright.report.charts.density import density
from synthwright.report.svg import Markup

__all__ = ["Projection", "projection"]

_PANELS = (
    ("train", "Train", "what was learnt from"),
    ("holdout", "Holdout", "unseen real rows: what a good result looks like"),
    ("synthetic", "Synthetic", "what was made"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """`panels` are (part, title, subtitle, drawing, share outside the frame)."""

    panels: tuple[tuple[str, str, str, Markup, str], ...]
    rows: str
    explained: str


def projection(facts: RunFacts) -> Projection | None:
    """The projection section; ``None`` without a view of it."""
    view = facts.views.get("projection")
    if not isinstance(view, Mapping) or not isinstance(view.get("panels"), Mapping):
        return None
    panels, side = view["panels"], int(view["side"])
    most = max((value for panel in panels.values() for value in panel["counts"] if value is not None), default=0)
    if not most:
        return None
    return Projection(
        panels=tuple(
            (
                part,
                title,
                told,
                density(panels[part]["counts"], side, most, f"{title} rows"),
                share(panels[part]["outside"]),
            )
            for part, title, told in _PANELS
            if part in panels
        ),
        rows=count(view.get("rows")),
        explained=share(sum(view.get("explained") or [])),
    )
