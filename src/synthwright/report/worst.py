"""The columns to look at first, by what several metrics say of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Measurement
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import DASH, interval, plain
from synthwright.provenance.wording import title_of
from synthwright.report.distributions import excess_of

__all__ = ["WorstColumns", "worst_columns"]

_MOST = 10
_METRICS = ("fidelity.column_shapes", "fidelity.wasserstein", "fidelity.missing_rates", "fidelity.c2st")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstColumns:
    """`heads` are the metrics, `rows` (column, (figure, interval) per metric), worst first by the first metric."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]


def worst_columns(facts: RunFacts) -> WorstColumns | None:
    """The ten worst columns; from the views where no metric reports by column; ``None`` without either."""
    measured = [m for name in _METRICS if (m := facts.get(name)) is not None and m.parts]
    if not measured:
        return _from_views(facts)
    first = measured[0]
    names = sorted(first.parts, key=lambda name: _badness(first, name), reverse=True)[:_MOST]
    return WorstColumns(
        heads=tuple(title_of(m.metric) for m in measured),
        rows=tuple(
            (
                shorten(name, 40),
                tuple(
                    (plain(m.parts[name].value), interval(m.parts[name])) if name in m.parts else (DASH, DASH)
                    for m in measured
                ),
            )
            for name in names
        ),
    )


def _badness(measurement: Measurement, name: str) -> float:
    value = measurement.parts[name].value
    if measurement.better == "higher":
        return -value
    return abs(value - measurement.target) if measurement.target is not None else value


def _from_views(facts: RunFacts) -> WorstColumns | None:
    views = [view for view in facts.views.get("columns") or [] if isinstance(view, Mapping)]
    if not views:
        return None
    worst = sorted(views, key=excess_of, reverse=True)[:_MOST]
    return WorstColumns(
        heads=("Distance from train", "The holdout's distance"),
        rows=tuple(
            (
                shorten(str(view.get("name")), 40),
                ((plain(view.get("distance")), DASH), (plain(view.get("ceiling")), DASH)),
            )
            for view in worst
        ),
    )
