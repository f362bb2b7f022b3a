"""From measurements and gates to one verdict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from synthwright import registry
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import Need
from synthwright.gates.asked import UNASKED
from synthwright.gates.gate import Gate, GateSet
from synthwright.gates.rows_needed import Sizes
from synthwright.gates.verdict import GateResult, Outcome, Verdict

__all__ = ["Measured", "judge", "with_gate"]


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


def judge(
    measured: Measured,
    gates: GateSet,
    *,
    declared: Iterable[Need],
    epsilon: float | None = None,
    sizes: Mapping[str, int] | None = None,
) -> Verdict:
    """The verdict of `gates` on `measured`.

    A gate whose metric needs something that was not `declared` (a target, a holdout) is not planned and listed in
    `not_measured`; a planned gate without a number is undecided, unless it speaks of what not every table or run has
    and there is nothing to speak of (`where_measured`). Rows are withheld on FAIL, and on UNDECIDED where the gate set
    says so or a privacy budget `epsilon` is claimed. With the `sizes` of train, synthetic and holdout, doubt is told
    with the rows that would end it.
    """
    numbers = {measurement.metric: measurement for measurement in measured.measurements}
    reasons = {**UNASKED, **{skipped.metric: skipped.reason for skipped in measured.skipped}}
    needs, have = needs_of_measures(), frozenset(declared)
    results: list[GateResult] = []
    not_measured: list[str] = []
    for gate in gates.gates:
        if gate.metric in numbers:
            results.append(gate.judge(numbers[gate.metric], _sizes_for(gate, sizes)))
        elif not needs.get(gate.metric, frozenset()) <= have:
            not_measured.append(gate.gate)
        elif gate.metric not in reasons:
            results.append(gate.undecided("it was not measured", f"Ask for `{gate.metric}`, too."))
        elif not gate.where_measured:
            results.append(gate.undecided(reasons[gate.metric]))
    overall = _overall(results)
    return Verdict(
        overall=overall,
        gates=tuple(results),
        not_measured=tuple(not_measured),
        preset=gates.name,
        withheld=overall == "FAIL" or (overall == "UNDECIDED" and (gates.withhold_undecided or epsilon is not None)),
    )


def with_gate(verdict: Verdict, result: GateResult, *, withheld: bool) -> Verdict:
    """`verdict` with one more gate (in place of an earlier result of it) that has to pass before rows are released.

    `withheld` says whether the other gates withhold them anyway.
    """
    gates = (*(gate for gate in verdict.gates if gate.gate != result.gate), result)
    return replace(
        verdict,
        overall=_overall(gates),
        gates=gates,
        withheld=withheld or (result.blocking and result.verdict != "PASS"),
    )


def _sizes_for(gate: Gate, sizes: Mapping[str, int] | None) -> Sizes | None:
    """The `sizes`, with the kinds of rows that the interval held by the gate rests on."""
    if sizes is None:
        return None
    infos = [registry.find("metric", name).info for name in registry.names("metric")]
    info = next((info for info in infos if gate.metric in info.measures), None)
    rests_on = () if info is None else info.rests_on
    if info is not None and gate.of == "estimate" and "holdout" not in info.needs:
        rests_on = tuple(kind for kind in rests_on if kind != "holdout")
    return Sizes(rows=sizes, rests_on=rests_on)


def needs_of_measures() -> Mapping[str, frozenset[Need]]:
    """What has to be declared before each measure of each registered metric can be taken."""
    infos = [registry.find("metric", name).info for name in registry.names("metric")]
    return {measure: info.needs for info in infos for measure in info.measures}


def _overall(results: Iterable[GateResult]) -> Outcome:
    blocking = {result.verdict for result in results if result.blocking}
    return "FAIL" if "FAIL" in blocking else "UNDECIDED" if "UNDECIDED" in blocking else "PASS"
