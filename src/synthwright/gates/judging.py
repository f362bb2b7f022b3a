"""From measurements and gates to one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

from synthwright import registry
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import Need
from synthwright.gates.gate import GateSet
from synthwright.gates.verdict import GateResult, Outcome, Verdict

__all__ = ["Measured", "judge"]


class Measured(Protocol):
    """What an evaluation offers: every measurement and every skipped metric."""

    @property
    def measurements(self) -> tuple[Measurement, ...]:
        """All numbers."""
        ...

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """All metrics without a number, each with a reason."""
        ...


def judge(measured: Measured, gates: GateSet, *, declared: Iterable[Need], epsilon: float | None = None) -> Verdict:
    """The verdict of `gates` on `measured`.

    A gate whose metric needs something that was not `declared` (a target, a holdout) is not planned and listed in
    `not_measured`; a planned gate without a number is undecided. Rows are withheld on FAIL, and on UNDECIDED where the
    gate set says so or a privacy budget `epsilon` is claimed.
    """
    numbers = {measurement.metric: measurement for measurement in measured.measurements}
    reasons = {skipped.metric: skipped.reason for skipped in measured.skipped}
    needs, have = needs_of_measures(), frozenset(declared)
    results: list[GateResult] = []
    not_measured: list[str] = []
    for gate in gates.gates:
        if gate.metric in numbers:
            results.append(gate.judge(numbers[gate.metric]))
        elif not needs.get(gate.metric, frozenset()) <= have:
            not_measured.append(gate.gate)
        else:
            results.append(gate.undecided(reasons.get(gate.metric, "it was not measured")))
    overall = _overall(results)
    return Verdict(
        overall=overall,
        gates=tuple(results),
        not_measured=tuple(not_measured),
        preset=gates.name,
        withheld=overall == "FAIL" or (overall == "UNDECIDED" and (gates.withhold_undecided or epsilon is not None)),
    )


def needs_of_measures() -> Mapping[str, frozenset[Need]]:
    """What has to be declared before each measure of each registered metric can be taken."""
    infos = [registry.find("metric", name).info for name in registry.names("metric")]
    return {measure: info.needs for info in infos for measure in info.measures}


def _overall(results: Iterable[GateResult]) -> Outcome:
    blocking = {result.verdict for result in results if result.blocking}
    return "FAIL" if "FAIL" in blocking else "UNDECIDED" if "UNDECIDED" in blocking else "PASS"
