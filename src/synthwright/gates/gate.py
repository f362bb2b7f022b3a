"""A gate: one bound on the pessimistic end of one estimate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.gates.rows_needed import Limits, Sizes, rows_sentence
from synthwright.gates.verdict import GateResult, Outcome

__all__ = ["Gate", "GateSet"]

Of = Literal["estimate", "excess", "value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A bound that a measurement has to keep with its whole interval.

    `of` says what is held to the bound: the measurement's own interval, its excess over the real-data ceiling, or the
    bare value where all released rows were counted and nothing is left to chance (broken rules).
    `at_most` is kept by the upper end, `at_least` by the lower one. `fails_above` and `fails_below`, where given, say
    what the whole interval has to break to fail, if less is a fault already than what small tables can rule out: any
    copy is one, but 500 rows can't exclude it. The sentence names the `worst_parts` first parts of the
    measurement (columns or pairs, worst first). A gate `where_measured` speaks of what not every table or run has,
    such as missing cells or a mix: where there is nothing to speak of, it is left out instead of being undecided.
    `subject` and `advice` are the words around the figures; `advice` says what to try next.
    """

    gate: str
    metric: str
    of: Of = "estimate"
    at_most: float = math.inf
    at_least: float = -math.inf
    fails_above: float | None = None
    fails_below: float | None = None
    blocking: bool = True
    where_measured: bool = False
    worst_parts: int = 0
    subject: str = ""
    advice: str = ""

    @property
    def bound(self) -> str:
        """The bound in words, with what it is held against."""
        return f"{_WHAT[self.of]}: {self._limits}"

    @property
    def _limits(self) -> str:
        limits = [f"at least {self.at_least:g}"] if self.at_least > -math.inf else []
        limits += [f"at most {self.at_most:g}"] if self.at_most < math.inf else []
        limits += [f"a fault if surely below {self.fails_below:g}"] if self.fails_below is not None else []
        limits += [f"a fault if surely above {self.fails_above:g}"] if self.fails_above is not None else []
        return ", ".join(limits)

    def judge(self, measurement: Measurement, sizes: Sizes | None = None) -> GateResult:
        """PASS if the whole interval keeps the bound, FAIL if the whole interval breaks it, else UNDECIDED.

        Where it is undecided, the sentence names the rows that would decide it, by kind if the `sizes` are known.
        """
        estimate = measurement.excess if self.of == "excess" else measurement.estimate
        if self.of == "value":
            estimate = Estimate.exact(measurement.estimate.value)
        if estimate is None:
            problem = f"{self._subject} is unknown: no holdout was measured, so there is nothing to compare with."
            return self._result("UNDECIDED", f"{problem} Give real rows that the rows' maker never saw as the holdout.")
        outcome = self._outcome(estimate)
        sentence = f"{self._told(estimate, measurement.confidence)} {_WORDS[outcome]} ({self._limits})."
        worst = [repr(shorten(part)) for part in list(measurement.parts)[: self.worst_parts]]
        if outcome != "PASS" and worst:
            sentence = f"{sentence} Worst: {', '.join(worst)}."
        if outcome == "UNDECIDED":
            sentence = f"{sentence} {rows_sentence(measurement, estimate, self._ends, sizes)}"
        return self._result(outcome, f"{sentence} {self.advice if outcome != 'PASS' else ''}".rstrip())

    def undecided(self, reason: str, advice: str | None = None) -> GateResult:
        """The result where the metric gave no number; `advice` instead of the gate's own where that would mislead."""
        told = self.advice if advice is None else advice
        return self._result("UNDECIDED", f"{self._subject} is unknown: {reason}. {told}".rstrip())

    def _result(self, outcome: Outcome, sentence: str) -> GateResult:
        return GateResult(
            gate=self.gate,
            metric=self.metric,
            bound=self.bound,
            verdict=outcome,
            blocking=self.blocking,
            sentence=sentence,
        )

    @property
    def _ends(self) -> Limits:
        highest = self.at_most if self.fails_above is None else self.fails_above
        lowest = self.at_least if self.fails_below is None else self.fails_below
        return Limits(at_least=self.at_least, at_most=self.at_most, lowest=lowest, highest=highest)

    def _outcome(self, estimate: Estimate) -> Outcome:
        # A bound is broken only if no point of the interval keeps it.
        if estimate.high < self._ends.lowest or estimate.low > self._ends.highest:
            return "FAIL"
        return "PASS" if self.at_least <= estimate.low and estimate.high <= self.at_most else "UNDECIDED"

    @property
    def _subject(self) -> str:
        return self.subject or f"{self.metric}{' (excess over the ceiling)' if self.of == 'excess' else ''}"

    def _told(self, estimate: Estimate, confidence: float) -> str:
        if self.of == "value":
            return f"{self._subject} is {estimate.value:,.3g}, which"
        return (
            f"{self._subject} is {estimate.value:.3g} "
            f"({100 * confidence:g} % interval {estimate.low:.3g} to {estimate.high:.3g}), which"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GateSet:
    """Named gates and what to do in doubt: `withhold_undecided` keeps rows back unless every blocking gate passes."""

    name: str
    gates: tuple[Gate, ...]
    withhold_undecided: bool = False


_WHAT: dict[Of, str] = {"estimate": "the estimate", "excess": "the excess over the ceiling", "value": "the value"}
_WORDS: dict[Outcome, str] = {
    "PASS": "keeps the bound",
    "FAIL": "breaks the bound",
    "UNDECIDED": "may keep the bound or not",
}
