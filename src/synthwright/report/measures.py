"""Every measurement as a row of a table, by area; the few that stand at the top as tiles."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Measurement
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import count, interval, middle, plain
from synthwright.provenance.wording import AREAS, area_of, direction, title_of
from synthwright.report.charts.strip import strip
from synthwright.report.svg import Markup

__all__ = ["Area", "Row", "Tile", "areas", "tiles"]

_MOST_TILES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement, ready to print; `notes` says what is out of the ordinary, `risk` a privacy figure in a word."""

    metric: str
    title: str
    direction: str
    drawing: Markup
    value: str
    interval: str
    ceiling: str
    floor: str
    excess: str
    excess_interval: str
    detectable: str
    rows: tuple[str, str]
    notes: str
    risk: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """The measurements of one area and the question they answer together."""

    name: str
    question: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One headline figure."""

    title: str
    value: str
    interval: str
    against: str
    direction: str
    drawing: Markup


def areas(facts: RunFacts) -> list[Area]:
    """All measurements, in the order of the areas."""
    names = dict.fromkeys([*AREAS, *(area_of(measurement.metric) for measurement in facts.measurements)])
    grouped = {name: [m for m in facts.measurements if area_of(m.metric) == name] for name in names}
    risks = facts.risks
    return [
        Area(name=name.capitalize(), question=AREAS.get(name, ""), rows=tuple(_row(m, risks) for m in _ordered(group)))
        for name, group in grouped.items()
        if group
    ]


def tiles(facts: RunFacts) -> list[Tile]:
    """The headline figures among the measurements, six at most."""
    return [_tile(measurement) for measurement in _chosen(facts)]


def _chosen(facts: RunFacts) -> list[Measurement]:
    """Relative utility says the same as TSTR, near copies more than exact ones can: one tile for each."""
    have = {measurement.metric for measurement in facts.headlines}
    doubled = {"utility.tstr"} if "utility.relative" in have else set()
    return [measurement for measurement in facts.headlines if measurement.metric not in doubled][:_MOST_TILES]


def _ordered(group: Iterable[Measurement]) -> list[Measurement]:
    """A headline before its details: `x` before `x.worst`, wherever the file has them."""
    return sorted(group, key=lambda measurement: measurement.metric)


def _row(measurement: Measurement, risks: Mapping[str, str]) -> Row:
    title = shorten(title_of(measurement.metric))
    notes = []
    if measurement.sampled:
        notes.append("on a sample")
    if measurement.confidence != 0.95:
        notes.append(f"{100 * measurement.confidence:g} % interval")
    return Row(
        metric=shorten(measurement.metric, 80),
        title=title,
        direction=direction(measurement),
        drawing=strip(measurement, title),
        value=plain(measurement.estimate.value),
        interval=interval(measurement.estimate),
        ceiling=middle(measurement.holdout),
        floor=middle(measurement.baseline),
        excess=middle(measurement.excess, sign=True),
        excess_interval=interval(measurement.excess, sign=True),
        detectable=plain(measurement.detectable),
        rows=(count(measurement.n_real), count(measurement.n_synthetic)),
        notes=", ".join(notes),
        risk=risks.get(measurement.metric, ""),
    )


def _tile(measurement: Measurement) -> Tile:
    against = []
    if measurement.holdout is not None:
        against.append(f"unseen real rows {plain(measurement.holdout.value)}")
    if measurement.baseline is not None:
        against.append(f"no skill {plain(measurement.baseline.value)}")
    title = shorten(title_of(measurement.metric))
    return Tile(
        title=title,
        value=plain(measurement.estimate.value),
        interval=interval(measurement.estimate),
        against=" · ".join(against) or "no holdout to compare with",
        direction=direction(measurement),
        drawing=strip(measurement, title),
    )
