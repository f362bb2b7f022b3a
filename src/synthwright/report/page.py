"""The page: facts in, one self-contained HTML document out."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Skipped
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import moment
from synthwright.provenance.reviewed import reviewed
from synthwright.report.advice import advice
from synthwright.report.banner import banner, gates
from synthwright.report.compared import compared
from synthwright.report.distributions import AT_ONCE, distributions
from synthwright.report.measures import areas, tiles
from synthwright.report.mix import mix
from synthwright.report.origin import origin
from synthwright.report.pairs import pairs
from synthwright.report.projection import projection
from synthwright.report.prose import prose
from synthwright.report.reading import readings
from synthwright.report.textbook import textbook
from synthwright.report.utility import learners
from synthwright.report.worst import worst_columns

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["page", "render_report", "template"]

_PRIVACY = "privacy"


def render_report(folder: Path) -> str:
    """One HTML page about a run folder, or the folder of an evaluation: no script, no request, no real row.

    Raises
    ------
    BadInput
        The folder has no measurements, or a file in it can't be read.
    """
    return page(RunFacts.load(folder))


def page(facts: RunFacts) -> str:
    """The same from facts in memory."""
    every = areas(facts)
    return template("page.html.j2").render(
        name=shorten(facts.name, 80),
        made=moment(shorten(str(facts.record.get("created") or ""), 40)),
        version=shorten(str(facts.record.get("synthwright") or ""), 40),
        banner=banner(facts),
        tiles=tiles(facts),
        compared=compared(facts),
        parts=tuple(facts.sizes),
        gates=gates(facts),
        distributions=distributions(facts),
        at_once=AT_ONCE,
        not_shown=[
            (shorten(str(entry.get("name")), 40), str(entry.get("why"))) for entry in facts.views.get("not_shown") or []
        ],
        pairs=pairs(facts),
        projection=projection(facts),
        learners=learners(facts),
        privacy=next((area for area in every if area.name.lower() == _PRIVACY), None),
        textbook=textbook(facts),
        worst=worst_columns(facts),
        mix=mix(facts),
        areas=every,
        skipped=_named(facts.skipped),
        not_measured=_named(facts.not_measured),
        reviewed=[(shorten(what, 120), shorten(figure, 120)) for what, figure in reviewed(facts)],
        readings=readings(facts),
        advice=advice(facts),
        origin=origin(facts),
    )


def _named(entries: tuple[Skipped, ...]) -> list[tuple[str, str]]:
    return [(shorten(entry.metric, 80), shorten(entry.reason, 400)) for entry in entries]


@cache
def template(name: str) -> Template:
    """The template called `name`, in a sandbox; everything put into it is escaped."""
    from jinja2 import PackageLoader, StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    options: dict[str, Any] = {"autoescape": True, "trim_blocks": True, "lstrip_blocks": True}
    world = ImmutableSandboxedEnvironment(
        loader=PackageLoader("synthwright.report"), undefined=StrictUndefined, **options
    )
    world.filters["prose"] = prose
    return world.get_template(name)
