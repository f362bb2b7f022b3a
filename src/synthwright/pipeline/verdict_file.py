"""verdict.json: the verdict of a run, written and read back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from synthwright.files import write_json
from synthwright.gates.verdict import GateResult, Verdict
from synthwright.provenance.damaged import damaged

__all__ = ["read_verdict", "verdict_json", "write_verdict"]

_GATE = ("gate", "metric", "bound", "verdict", "blocking", "sentence")


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """The content of verdict.json."""
    return {
        "overall": verdict.overall,
        "gates": [{**{name: getattr(gate, name) for name in _GATE}, "risk": gate.risk} for gate in verdict.gates],
        "not_measured": list(verdict.not_measured),
        "preset": verdict.preset,
        "withheld": verdict.withheld,
    }


def write_verdict(path: Path, verdict: Verdict) -> None:
    """`path` holds `verdict`."""
    write_json(path, verdict_json(verdict))


def read_verdict(path: Path) -> Verdict:
    """Read back `write_verdict`.

    Raises
    ------
    BadInput
        The file is missing or damaged.
    """
    try:
        state = json.loads(path.read_text(encoding="utf-8"))
        return Verdict(
            overall=state["overall"],
            gates=tuple(GateResult(**{name: gate[name] for name in _GATE}) for gate in state["gates"]),
            not_measured=tuple(state["not_measured"]),
            preset=state["preset"],
            withheld=state["withheld"],
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise damaged(path.name, error) from error
