"""How to read each number: the question it answers, which way is better, where it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.wording import direction, info_of, title_of

__all__ = ["Reading", "readings"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One metric explained; `names` are the measurements it covers here."""

    title: str
    question: str
    direction: str
    source: str
    names: tuple[str, ...]


def readings(facts: RunFacts) -> list[Reading]:
    """One entry per metric that was measured, in the order of the measurements."""
    found: dict[object, Reading] = {}
    for measurement in facts.measurements:
        info = info_of(measurement.metric)
        key = info.question if info else measurement.metric
        earlier = found.get(key)
        found[key] = Reading(
            title=earlier.title if earlier else shorten(title_of(_family(measurement.metric))),
            question=shorten(info.question, 300)
            if info
            else "No registered metric has this name in this installation.",
            direction=earlier.direction if earlier else direction(measurement),
            source=shorten(info.source, 300) if info else "",
            names=(*(earlier.names if earlier else ()), shorten(measurement.metric, 80)),
        )
    return list(found.values())


def _family(metric: str) -> str:
    """``utility.tstr`` of ``utility.tstr.linear.auc``: what is explained once."""
    return ".".join(metric.split(".")[:2])
