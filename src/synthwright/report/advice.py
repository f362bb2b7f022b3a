"""What to try next, from what was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.wording import phrase, signs
from synthwright.report.worst import worst_columns

__all__ = ["advice"]


_HOLDOUT = (
    "Without unseen real rows there is no ceiling, and copies can't be told from coincidence: keep some real rows back "
    "with `--holdout`."
)
_OWN_USE = (
    "The learners here are standard ones. Train the model you care about on the synthetic rows and test it on real "
    "rows that nothing has seen."
)
_SCHEMA = "check their kinds, bounds and missing marks in the schema first."
_TARGET = "With `--target` a model is trained on the synthetic rows and tested on real ones."
_SKIPPED = "the reasons stand under Measurements."
_OUTCOMES = {"FAIL": "Failed", "UNDECIDED": "Undecided"}


def advice(facts: RunFacts) -> list[tuple[str, str]]:
    """(what, how) in the order of what matters most; the gates' own advice comes first."""
    told = [
        (f"{_OUTCOMES.get(str(gate.get('verdict')), 'Look at')}: {_name(gate)}", _sentence(gate))
        for gate in facts.gates
        if gate.get("verdict") != "PASS"
    ]
    if facts.overall in {"FAIL", "UNDECIDED"} and (worst := worst_columns(facts)) is not None:
        names = ", ".join(name for name, _ in worst.rows[:3])
        told.append(("Start with the worst columns", f"{names}: {_SCHEMA}"))
    if not facts.has_holdout:
        told.append(("Declare a holdout", _HOLDOUT))
    if facts.measurements and not any(m.metric.startswith("utility.") for m in facts.measurements):
        told.append(("Name a target", _TARGET))
    if facts.skipped:
        several = "s" if len(facts.skipped) > 1 else ""
        told.append(("Look at what was skipped", f"{len(facts.skipped)} metric{several} gave no number; {_SKIPPED}"))
    return [*told, ("Test your own use", _OWN_USE)]


def _name(gate: Mapping[str, Any]) -> str:
    return phrase(shorten(str(gate.get("gate") or "gate")))


def _sentence(gate: Mapping[str, Any]) -> str:
    return signs(shorten(str(gate.get("sentence") or "No reason was recorded."), 600))
