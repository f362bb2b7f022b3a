"""What gates say: PASS, FAIL or UNDECIDED, each with one sentence that ends with what to try next; risk in a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["GateResult", "Outcome", "Risk", "Verdict", "highest"]

Outcome = Literal["PASS", "FAIL", "UNDECIDED"]
Risk = Literal["low", "medium", "high"]

_RISKS: dict[Outcome, Risk] = {"PASS": "low", "UNDECIDED": "medium", "FAIL": "high"}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One gate, judged. `bound` is the bound as text, such as ``"upper 95 % of the excess <= 0.03"``."""

    gate: str
    metric: str
    bound: str
    verdict: Outcome
    blocking: bool
    sentence: str

    @property
    def risk(self) -> Risk | None:
        """A privacy figure in a word: low where its gate passed, medium in doubt, high where it failed."""
        return _RISKS[self.verdict] if self.metric.startswith("privacy.") else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All gates of a run. `withheld` is True when the rows must not be handed over.

    FAIL if a blocking gate fails, else UNDECIDED if a blocking gate is undecided, else PASS. `not_measured` names the
    gates that could not be planned because their inputs (target, holdout) were not declared.
    """

    overall: Outcome
    gates: tuple[GateResult, ...]
    not_measured: tuple[str, ...] = ()
    preset: str = "default"
    withheld: bool = False

    @property
    def risks(self) -> Mapping[str, Risk]:
        """The word for every privacy figure with a gate; of several gates the worst."""
        metrics = dict.fromkeys(gate.metric for gate in self.gates if gate.risk is not None)
        return {metric: highest(gate.risk for gate in self.gates if gate.metric == metric) for metric in metrics}

    @property
    def reasons(self) -> Sequence[str]:
        """The sentences of the blocking gates that did not pass, failures first."""
        order = {"FAIL": 0, "UNDECIDED": 1}
        told = [gate for gate in self.gates if gate.blocking and gate.verdict != "PASS"]
        return [gate.sentence for gate in sorted(told, key=lambda gate: order[gate.verdict])]


def highest(risks: Iterable[Risk | None]) -> Risk:
    """The worst of the words there are; low where there is none."""
    order: tuple[Risk, ...] = ("low", "medium", "high")
    return max((risk for risk in risks if risk is not None), key=order.index, default="low")
