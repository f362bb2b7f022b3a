"""What gates say: PASS, FAIL or UNDECIDED, each with one sentence that ends with what to try next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

__all__ = ["GateResult", "Outcome", "Verdict"]

Outcome = Literal["PASS", "FAIL", "UNDECIDED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One gate, judged. `bound` is the bound as text, such as ``"upper 95 % of the excess <= 0.03"``."""

    gate: str
    metric: str
    bound: str
    verdict: Outcome
    blocking: bool
    sentence: str


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
    def reasons(self) -> Sequence[str]:
        """The sentences of the blocking gates that did not pass, failures first."""
        order = {"FAIL": 0, "UNDECIDED": 1}
        told = [gate for gate in self.gates if gate.blocking and gate.verdict != "PASS"]
        return [gate.sentence for gate in sorted(told, key=lambda gate: order[gate.verdict])]
