"""The verdict in a sentence."""

from __future__ import annotations

from collections import Counter

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.wording import info_of

__all__ = ["caution", "verdict_sentence", "wanting"]

_INPUTS = {  # in the order in which a figure that needs several asks for them
    "holdout": "unseen real rows (`--holdout`)",
    "target": "a target (`--target`)",
    "groups": "sensitive columns (`--sensitive`)",
    "against": "a benchmark file (`--against`)",
    "identifiers": "identifiers or free text to compare",
    "lineage": "synthetic rows that carry their lineage",
}
_OTHER = "an input that was not declared"


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
    """How many figures wait for which input; names where no metric is known by them; empty without any."""
    if not facts.not_measured:
        return ""
    told = [*(one.metric for one in facts.measurements), *(one.metric for one in facts.skipped)]
    known = (info_of(name) for name in told)
    have = frozenset[str]().union(*(info.needs for info in known if info is not None))
    infos = [info for entry in facts.not_measured if (info := info_of(entry.metric)) is not None]
    waiting = Counter(
        next((words for need, words in _INPUTS.items() if need in info.needs - have), _OTHER) for info in infos
    )
    if not waiting:
        names = ", ".join(shorten(entry.metric, 40).replace("_", " ") for entry in facts.not_measured[:8])
        more = f" and {len(facts.not_measured) - 8} more" if len(facts.not_measured) > 8 else ""
        return f"Not measured: {names}{more}."
    parts = (f"{count} figure{'s need' if count != 1 else ' needs'} {words}" for words, count in waiting.most_common())
    return f"Not measured: {'; '.join(parts)}."


def _release(facts: RunFacts) -> str:
    if facts.overall is None or not (facts.recipe or facts.record.get("method")):
        return ""  # an evaluation of somebody's files: nothing was released or withheld
    if facts.withheld:
        return "The synthetic rows were withheld."
    return "The synthetic rows were released" + (", with this doubt." if facts.overall == "UNDECIDED" else ".")
