"""What has to hold of an evaluation for its answer to be right: small statements over gates and intervals.

A statement about an interval asks for a margin, not for significance at 5 %: a right suite breaks it once in thousands
of tables, so that a population nobody has seen before may be judged on its first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from synthwright import registry
from synthwright.evaluation.measurement import Estimate, Measurement
from synthwright.evaluation.suite import Evaluation
from synthwright.gates.presets import load_gates
from synthwright.gates.verdict import Verdict

__all__ = [
    "ALL",
    "NO_COPIES_SEEN",
    "SHAPES_HOLD",
    "Check",
    "Judged",
    "Told",
    "any_of",
    "at_gate",
    "complete",
    "confounded",
    "mirrored",
    "no_surer",
    "overall",
    "steady",
    "sure",
    "worse_than_beside",
]

ALL = "all default metrics"


@dataclass(frozen=True)
class Judged:
    """What synthwright said about one case: figures and verdict, or the sentence with which it refused the tables."""

    evaluation: Evaluation | None = None
    verdict: Verdict | None = None
    refused: str = ""

    def find(self, metric: str) -> Measurement | str:
        """The measurement, or why there is none."""
        if self.evaluation is None:
            return f"refused: {self.refused}"
        if metric in self.evaluation:
            return self.evaluation[metric]
        reasons = {skip.metric: skip.reason for skip in self.evaluation.skipped}
        return f"skipped: {reasons[metric]}" if metric in reasons else "there is no such figure"


@dataclass(frozen=True)
class Told:
    """One statement, whether it holds, and the figure behind it."""

    statement: str
    right: bool
    found: str


Judge = Callable[[Judged, Judged | None], tuple[bool, str]]


@dataclass(frozen=True)
class Check:
    """A statement. `metrics` are the figures it reads; `judge` sees the case and the one beside."""

    statement: str
    metrics: tuple[str, ...]
    judge: Judge = field(repr=False)

    def told(self, found: Judged, beside: Judged | None = None) -> Told:
        """The statement held to what was found."""
        return Told(self.statement, *self.judge(found, beside))


def sure(metric: str, *, above: float | None = None, below: float | None = None, of: str = "excess") -> Check:
    """The whole interval lies beyond the bound."""

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        one = _interval(found, metric, of)
        if isinstance(one, str):
            return False, one
        right = (above is None or one.low > above) and (below is None or one.high < below)
        return right, _shown(one)

    bound = f"above {above:g}" if above is not None else f"below {below:g}"
    return Check(f"{metric}, {of}: surely {bound}", (metric,), judge)


def no_surer(metric: str, *, above: float | None = None, below: float | None = None, of: str = "excess") -> Check:
    """The interval does not lie wholly beyond the bound: nothing is claimed that is not there."""

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        one = _interval(found, metric, of)
        if isinstance(one, str):
            return one.startswith("skipped"), one
        right = (above is None or one.low <= above) and (below is None or one.high >= below)
        return right, _shown(one)

    bound = f"above {above:g}" if above is not None else f"below {below:g}"
    return Check(f"{metric}, {of}: not surely {bound}", (metric,), judge)


def at_gate(gate: str, *outcomes: str) -> Check:
    """The default gate of this name says one of `outcomes`."""
    metric = next((one.metric for one in load_gates("default").gates if one.gate == gate), "")

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        if found.verdict is None:
            return False, f"refused: {found.refused}"
        results = {one.gate: one for one in found.verdict.gates}
        if gate not in results:
            return False, "there is no such gate"
        return results[gate].verdict in outcomes, f"{results[gate].verdict}: {results[gate].sentence}"

    return Check(f"gate '{gate}': {' or '.join(outcomes)}", (metric,), judge)


def overall(*outcomes: str) -> Check:
    """The verdict of all default gates together."""

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        if found.verdict is None:
            return False, f"refused: {found.refused}"
        told = [f"{one.gate}: {one.verdict}" for one in found.verdict.gates if one.verdict != "PASS" and one.blocking]
        return found.verdict.overall in outcomes, f"{found.verdict.overall} {'; '.join(told)}".strip()

    return Check(f"overall: {' or '.join(outcomes)}", (ALL,), judge)


def any_of(*checks: Check) -> Check:
    """At least one of the statements holds."""

    def judge(found: Judged, beside: Judged | None) -> tuple[bool, str]:
        told = [check.told(found, beside) for check in checks]
        return any(one.right for one in told), " | ".join(f"{one.statement}: {one.found}" for one in told)

    metrics = tuple(metric for check in checks for metric in check.metrics)
    return Check(" or ".join(check.statement for check in checks), metrics, judge)


def complete() -> Check:
    """Every figure of every default metric is measured, skipped with a reason, or listed as not measured."""

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        if found.evaluation is None:
            return False, f"refused: {found.refused}"
        told = {one.metric for one in found.evaluation.measurements} | set(found.evaluation.not_measured)
        told |= {one.metric for one in found.evaluation.skipped if one.reason}
        lost = [name for name in _declared() if name not in told]
        return not lost, f"{len(found.evaluation.measurements)} measured, {len(found.evaluation.skipped)} skipped" + (
            f", lost without a word: {lost}" if lost else ""
        )

    return Check("every figure is there, or the reason why not", (ALL,), judge)


def steady(metrics: Iterable[str], rows: int) -> Check:
    """No figure differs from the same figure beside by more than `rows` of its rows would explain."""
    names = tuple(metrics)

    def judge(found: Judged, beside: Judged | None) -> tuple[bool, str]:
        if beside is None:
            return False, "nothing beside"
        moved = {}
        for name in names:
            one, other = found.find(name), beside.find(name)
            if isinstance(one, str) or isinstance(other, str):
                if one != other:
                    moved[name] = float("inf")
                continue
            moved[name] = abs(one.estimate.value - other.estimate.value) * one.n_synthetic
        worst = max(moved, key=moved.__getitem__)
        return moved[worst] <= rows, f"largest move {moved[worst]:.2g} rows ({worst})"

    return Check(f"no figure moves by more than {rows} rows", names, judge)


def worse_than_beside(metric: str, by: float) -> Check:
    """The figure (an error) is larger than beside, by at least `by`."""

    def judge(found: Judged, beside: Judged | None) -> tuple[bool, str]:
        one, other = found.find(metric), "nothing beside" if beside is None else beside.find(metric)
        if isinstance(one, str) or isinstance(other, str):
            return False, f"{one}; {other}"
        values = one.estimate.value, other.estimate.value
        return values[0] >= values[1] + by, f"{values[0]:.3g} after {values[1]:.3g}"

    return Check(f"{metric}: worse than for the smaller fault", (metric,), judge)


def mirrored(tolerance: float) -> Check:
    """What a reversed target does to the score of a model trained on it, by pencil.

    Two classes: the model ranks the other way round, so the AUC is one minus that of real rows. A number y with
    predictions f of explained share r: 1 - E(y + f)^2 / Var(y) = -3 r.
    """
    metric = "utility.tstr"

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        one = found.find(metric)
        if isinstance(one, str) or one.holdout is None:
            return False, str(one)
        number = one.metric in found.evaluation and "utility.tstr.boosted.r2" in found.evaluation  # type: ignore[operator]
        expected = -3 * one.holdout.value if number else 1 - one.holdout.value
        return abs(one.estimate.value - expected) <= tolerance * (4 if number else 1), (
            f"{one.estimate.value:.3g}, by pencil {expected:.3g}"
        )

    return Check(f"{metric}: the mirror image of the real score, within {tolerance:g}", (metric,), judge)


def confounded(*metrics: str) -> Check:
    """No leakage is claimed: the membership figures are skipped, or say that members and others differ anyway."""

    def judge(found: Judged, _: Judged | None) -> tuple[bool, str]:
        told = [
            f"{metric}: {one if isinstance(one, str) else 'measured'}"
            for metric in metrics
            if (one := found.find(metric)) is not None
        ]
        said = any(word in line for line in told for word in ("confounded", "exchangeable"))
        return said, "; ".join(told)

    return Check("'confounded' instead of leakage", metrics, judge)


def _declared() -> list[str]:
    names = registry.names("metric", kind="table", default=True)
    return [measure for name in names for measure in registry.find("metric", name).info.measures]


def _interval(found: Judged, metric: str, of: str) -> Estimate | str:
    one = found.find(metric)
    if isinstance(one, str):
        return one
    interval = one.excess if of == "excess" else one.estimate
    return "no holdout, no excess" if interval is None else interval


def _shown(one: Estimate) -> str:
    return f"{one.value:.3g} [{one.low:.3g}, {one.high:.3g}]"


SHAPES_HOLD = (at_gate("columns alike", "PASS", "UNDECIDED"), at_gate("worst column", "PASS", "UNDECIDED"))
NO_COPIES_SEEN = (at_gate("no copies", "PASS", "UNDECIDED"), at_gate("no near copies", "PASS", "UNDECIDED"))
