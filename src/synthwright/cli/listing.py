"""The verb that lists what there is: generators, metrics, gates."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from synthwright.cli.console import json_out, table
from synthwright.cli.options import Json

__all__ = ["Listed", "show_list"]


class Listed(StrEnum):
    """What can be listed."""

    GENERATORS = "generators"
    METRICS = "metrics"
    GATES = "gates"


def show_list(
    what: Annotated[Listed, typer.Argument(help="generators, metrics or gates.")],
    *,
    json: Json = False,
) -> int:
    """List generators, metrics or gates."""
    rows = {Listed.GENERATORS: _generators, Listed.METRICS: _metrics, Listed.GATES: _gates}[what]()
    if json:
        json_out(rows)
    else:
        shown = [name for name in (rows[0] if rows else ()) if name != "source"]
        table(shown, [[_cell(row[name]) for name in shown] for row in rows])
    return 0


def _generators() -> list[dict[str, Any]]:
    from synthwright import registry

    found = []
    for name in registry.names("generator"):
        info = registry.find("generator", name).info
        found.append(
            {
                "name": name,
                "summary": info.summary,
                "kind": info.kind,
                "conditions": info.conditions,
                "reproducible": info.reproducible,
                "guarantee": info.guarantee,
                "source": info.source,
            }
        )
    return found


def _metrics() -> list[dict[str, Any]]:
    from synthwright import registry

    found = []
    for name in registry.names("metric"):
        info = registry.find("metric", name).info
        found.append(
            {
                "name": name,
                "question": info.question,
                "measures": list(info.measures),
                "needs": sorted(info.needs),
                "default": info.default,
                "source": info.source,
            }
        )
    return found


def _gates() -> list[dict[str, Any]]:
    from synthwright.gates.presets import load_gates, preset_names

    return [
        {
            "preset": preset,
            "gate": gate.gate,
            "metric": gate.metric,
            "bound": gate.bound,
            "blocking": gate.blocking,
        }
        for preset in preset_names()
        for gate in load_gates(preset).gates
    ]


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else ", ".join(map(str, value)) if isinstance(value, list) else str(value)
