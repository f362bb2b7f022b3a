"""The verdict in a sentence."""

from __future__ import annotations

from synthwright.provenance.facts import RunFacts
from synthwright.provenance.wording import info_of

__all__ = ["caution", "verdict_sentence", "wanting"]

_NEEDS = {
    "holdout": "a holdout",
    "target": "a target",
    "groups": "sensitive columns",
    "against": "benchmark rows",
    "identifiers": "identifiers",
}


def verdict_sentence(facts: RunFacts) -> str:
    """How many blocking gates passed, and what became of the rows; where nothing was judged, it says so."""
    blocking = [gate for gate in facts.gates if gate.get("blocking")]
    failed = sum(gate.get("verdict") == "FAIL" for gate in blocking)
    undecided = sum(gate.get("verdict") == "UNDECIDED" for gate in blocking)
    of = f"{len(blocking)} blocking gate{'s' if len(blocking) != 1 else ''}"
    if facts.overall == "PASS":
        sentence = "The one blocking gate passed." if len(blocking) == 1 else f"All {of} passed."
    elif facts.overall == "FAIL":
        sentence = f"{failed} of {of} failed{f', {undecided} undecided' if undecided else ''}."
    elif facts.overall == "UNDECIDED":
        sentence = f"None of {of} failed, but {undecided} could not be decided."
    else:
        sentence = "No gates were applied: the figures are for the reader to judge."
    return f"{sentence} {_release(facts)}".strip()


def caution(facts: RunFacts) -> str:
    """What the verdict does not cover: advisory gates that failed, gates that were never planned; may be empty."""
    parts = []
    advisory = sum(not gate.get("blocking") and gate.get("verdict") == "FAIL" for gate in facts.gates)
    if advisory:
        parts.append(f"{advisory} advisory gate{'s' if advisory != 1 else ''} failed.")
    parts.append(wanting(facts))
    return " ".join(part for part in parts if part)


def wanting(facts: RunFacts) -> str:
    """How many figures and gates were never planned, and which inputs they would have needed; empty without any."""
    if not facts.not_measured:
        return ""
    infos = [info for entry in facts.not_measured if (info := info_of(entry.metric)) is not None]
    had = {need for one in facts.measurements if (info := info_of(one.metric)) for need in info.needs}
    lacking = [words for need, words in _NEEDS.items() if need not in had and any(need in i.needs for i in infos)]
    figures, gates = len(infos), len(facts.not_measured) - len(infos)
    counted = [f"{n} {word}{'s' if n != 1 else ''}" for n, word in ((figures, "figure"), (gates, "gate")) if n]
    why = f"for want of {', '.join(lacking)}" if lacking else "because their inputs were not declared"
    return f"Not measured {why}: {' and '.join(counted)}."


def _release(facts: RunFacts) -> str:
    if facts.overall is None or not (facts.recipe or facts.record.get("method")):
        return ""  # an evaluation of somebody's files: nothing was released or withheld
    if facts.withheld:
        return "The synthetic rows were withheld."
    return "The synthetic rows were released" + (", with this doubt." if facts.overall == "UNDECIDED" else ".")
