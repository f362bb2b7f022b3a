"""The verdict in one word, one sentence and the reasons."""

from __future__ import annotations

from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.told import caution, verdict_sentence
from synthwright.provenance.wording import phrase, signs

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
    return Banner(
        tone=_TONES.get(facts.overall or "", "none"),
        word=facts.overall or "NOT JUDGED",
        sentence=verdict_sentence(facts),
        reasons=tuple(signs(shorten(reason, 600)) for reason in facts.reasons),
        caution=caution(facts),
    )


def gates(facts: RunFacts) -> list[Gate]:
    """All gates, those that decide first."""
    return [
        Gate(
            name=phrase(shorten(str(gate.get("gate") or "?"))),
            metric=shorten(str(gate.get("metric") or "")),
            bound=signs(shorten(str(gate.get("bound") or ""), 160)),
            verdict=shorten(str(gate.get("verdict") or "?"), 20),
            tone=_TONES.get(str(gate.get("verdict")), "none"),
            blocking=bool(gate.get("blocking")),
            sentence=signs(shorten(str(gate.get("sentence") or ""), 600)),
        )
        for gate in facts.gates
    ]
