"""The verdict in one word, one sentence and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.report.wording import phrase

__all__ = ["Banner", "Gate", "banner", "gates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Banner:
    """What stands first on the page. `tone` is ``pass``, ``fail``, ``doubt`` or ``none``; never colour alone."""

    tone: str
    word: str
    sentence: str
    reasons: tuple[str, ...]
    caution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """One judged gate."""

    name: str
    metric: str
    bound: str
    verdict: str
    tone: str
    blocking: bool
    sentence: str


_TONES = {"PASS": "pass", "FAIL": "fail", "UNDECIDED": "doubt"}


def banner(facts: RunFacts) -> Banner:
    """The verdict of `facts`; where nothing was judged, it says so."""
    blocking = [gate for gate in facts.gates if gate.get("blocking")]
    failed = sum(gate.get("verdict") == "FAIL" for gate in blocking)
    undecided = sum(gate.get("verdict") == "UNDECIDED" for gate in blocking)
    of = f"{len(blocking)} blocking gate{'s' if len(blocking) != 1 else ''}"
    if facts.overall == "PASS":
        sentence = f"The one blocking gate passed." if len(blocking) == 1 else f"All {of} passed."
    elif facts.overall == "FAIL":
        sentence = f"{failed} of {of} failed{f', {undecided} undecided' if undecided else ''}."
    elif facts.overall == "UNDECIDED":
        sentence = f"None of {of} failed, but {undecided} could not be decided."
    else:
        sentence = "No gates were applied: the figures below are for you to judge."
    return Banner(
        tone=_TONES.get(facts.overall or "", "none"),
        word=facts.overall or "NOT JUDGED",
        sentence=f"{sentence} {_release(facts)}".strip(),
        reasons=tuple(shorten(reason, 600) for reason in facts.reasons),
        caution=_caution(facts),
    )


def gates(facts: RunFacts) -> list[Gate]:
    """All gates, those that decide first."""
    return [
        Gate(
            name=phrase(shorten(str(gate.get("gate") or "?"))),
            metric=shorten(str(gate.get("metric") or "")),
            bound=shorten(str(gate.get("bound") or ""), 160).replace("<= ", "≤\u00a0").replace(">= ", "≥\u00a0"),
            verdict=shorten(str(gate.get("verdict") or "?"), 20),
            tone=_TONES.get(str(gate.get("verdict")), "none"),
            blocking=bool(gate.get("blocking")),
            sentence=shorten(str(gate.get("sentence") or ""), 600),
        )
        for gate in facts.gates
    ]


def _release(facts: RunFacts) -> str:
    if facts.overall is None or not (facts.recipe or facts.record.get("method")):
        return ""  # an evaluation of somebody's files: nothing was released or withheld
    if facts.withheld:
        return "The synthetic rows were withheld."
    return "The synthetic rows were released" + (", with this doubt." if facts.overall == "UNDECIDED" else ".")


def _caution(facts: RunFacts) -> str:
    parts = []
    advisory = sum(not gate.get("blocking") and gate.get("verdict") == "FAIL" for gate in facts.gates)
    if advisory:
        parts.append(f"{advisory} advisory gate{'s' if advisory != 1 else ''} failed.")
    if facts.not_measured:
        names = ", ".join(shorten(entry.metric, 40).replace("_", " ") for entry in facts.not_measured[:8])
        more = f" and {len(facts.not_measured) - 8} more" if len(facts.not_measured) > 8 else ""
        parts.append(f"Not measured: {names}{more}.")
    return " ".join(parts)
