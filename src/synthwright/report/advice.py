"""What to try next, from what was found."""

from __future__ import annotations

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.report.wording import phrase
from synthwright.report.worst import worst_columns

__all__ = ["advice"]


def advice(facts: RunFacts) -> list[tuple[str, str]]:
    """(what, how) in the order of what matters most; the gates' own advice comes first."""
    told = [
        (f"{'Failed' if gate.get('verdict') == 'FAIL' else 'Undecided'}: {phrase(shorten(str(gate.get('gate') or 'gate')))}", _sentence(gate))
        for gate in facts.gates
        if gate.get("verdict") != "PASS"
    ]
    if facts.overall in {"FAIL", "UNDECIDED"} and (worst := worst_columns(facts)) is not None:
        names = ", ".join(name for name, _ in worst.rows[:3])
        told.append(
            ("Start with the worst columns", f"{names}: check their kinds, bounds and missing marks in the schema first.")
        )
    if "holdout" not in facts.sizes:
        told.append(
            (
                "Declare a holdout",
                "Without unseen real rows there is no ceiling, and copies can't be told from coincidence: "
                "keep some real rows back with --holdout.",
            )
        )
    if facts.measurements and not any(m.metric.startswith("utility.") for m in facts.measurements):
        told.append(("Name a target", "With --target a model is trained on the synthetic rows and tested on real ones."))
    if facts.skipped:
        told.append(
            (
                "Look at what was skipped",
                f"{len(facts.skipped)} metric{'s' if len(facts.skipped) != 1 else ''} gave no number; "
                "the reasons stand under Measurements.",
            )
        )
    told.append(
        (
            "Test your own use",
            "The learners here are standard ones. Train the model you care about on the synthetic rows and test it on "
            "real rows that nothing has seen.",
        )
    )
    return told


def _sentence(gate: object) -> str:
    sentence = gate.get("sentence") if hasattr(gate, "get") else ""
    return shorten(str(sentence or "No reason was recorded."), 600)
