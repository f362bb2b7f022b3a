"""How a verdict is told: the word, the reasons, five figures, where to look and what to do next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from synthwright.cli.console import json_out, say, table, verdict_line
from synthwright.errors import shorten
from synthwright.provenance.wording import title_of

if TYPE_CHECKING:
    from synthwright.evaluation.measurement import Estimate, Measurement
    from synthwright.gates.verdict import Verdict
    from synthwright.pipeline.result import Result

__all__ = ["HEADLINES", "figures", "headline", "told", "verdict_told"]

# What a reader asks first: does it look alike, can it be told apart, does it help, is it a copy?
HEADLINES = (
    "fidelity.column_shapes",
    "fidelity.pair_trends",
    "fidelity.c2st",
    "utility.tstr",
    "privacy.membership",
    "diversity.coverage",
)

_REVIEW = (("export", ""), ("import", " FILE"))


def told(result: Result, *, json: bool = False) -> int:
    """Tell how a run ended; the exit code."""
    from synthwright.review.judging import GATE

    verdict = result.verdict
    if json:
        json_out(result.to_json_value())
    else:
        figures(headline(result.facts.measurements), verdict.risks)
    verdict_told(verdict)
    for name, reason in (result.facts.record.get("left_out") or {}).items():
        say(f"Left out: {shorten(name)} ({reason})")
    say(f"Report: {result.folder / 'report.html'}")
    if verdict.withheld:
        say(f"The rows were withheld; they stay in {result.folder / 'private' / 'rejected'}.")
        if any(gate.gate == GATE and gate.verdict == "UNDECIDED" for gate in verdict.gates):
            commands = (f"`synthwright review {what} {result.folder}{file}`" for what, file in _REVIEW)
            say(f"Next: {', then '.join(commands)}.")
        return 1
    say(f"Rows: {result.folder / 'synthetic.parquet'}")
    return 0


def verdict_told(verdict: Verdict) -> None:
    """The verdict with its reasons and with what was not measured."""
    passed = sum(gate.verdict == "PASS" for gate in verdict.gates)
    blocking = [gate for gate in verdict.gates if gate.blocking]
    deciding = f"{sum(gate.verdict == 'PASS' for gate in blocking)} of {len(blocking)} that block"
    unplanned = ", ".join(f"'{gate}'" for gate in verdict.not_measured)
    missing = f"; not run for want of inputs: {unplanned}" if unplanned else ""
    verdict_line(
        verdict.overall, f"  {passed} of {len(verdict.gates)} gates passed, {deciding} ({verdict.preset}){missing}"
    )
    if verdict.risks:
        words = ", ".join(f"{title_of(metric)} {word}" for metric, word in verdict.risks.items())
        say(f"  Privacy risk: {words}")
    for sentence in verdict.reasons:
        say(f"  {sentence}")


def headline(measurements: Iterable[Measurement]) -> list[Measurement]:
    """The five figures a reader asks for first, as far as they were measured; otherwise the first five."""
    every = list(measurements)
    found = [one for name in HEADLINES for one in every if one.metric == name]
    return (found or every)[:5]


def figures(measurements: Iterable[Measurement], risks: Mapping[str, str]) -> None:
    """A table of measurements on standard output; `risks` has the word for privacy figures that a gate judged."""
    rows = [
        (one.metric, _text(one.estimate), _text(one.holdout), _text(one.baseline), risks.get(one.metric, ""))
        for one in measurements
    ]
    if rows:
        table(("metric", "synthetic", "unseen real rows", "no skill", "risk"), rows)


def _text(estimate: Estimate | None) -> str:
    if estimate is None:
        return "-"
    if estimate.low == estimate.high:
        return f"{estimate.value:.3g}"
    return f"{estimate.value:.3g} [{estimate.low:.3g}, {estimate.high:.3g}]"
