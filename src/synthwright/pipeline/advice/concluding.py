"""From findings to advice: is synthesis likely to help, what to try first, with which method, and when to stop."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from synthwright.pipeline.advice.finding import Finding, named, within
from synthwright.pipeline.advice.learning import Curve
from synthwright.pipeline.advice.looked import Looked
from synthwright.pipeline.advice.sizes import FEW_RARE, FEW_ROWS, UNBALANCED
from synthwright.pipeline.advice.target import Target
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.provenance.numbers import interval, plain, signed
from synthwright.registry import find

__all__ = ["Conclusion", "Outlook", "concluded"]

Outlook = Literal["not yet", "unlikely", "open", "worth a test"]

_RATIO = 1.0
_OVER_SAMPLERS = ("tabular.smote", "tabular.smote_nc")  # the first that takes the table
_DEPENDENT = ("kind.ranking", "kind.behaviour", "order.time", "order.rows")
_MENDED = 1.5  # the most frequent class over the rarest, from where balancing changes anything


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """`outlook` on synthesis and why; `first` in the order to try; `commands` to run next, as they stand.

    ``not yet``: something has to be mended first. ``unlikely``: figures speak against it. ``open``: they don't tell.
    ``worth a test``: what synthesis needs is there. None of them is a promise: the gain experiment decides.
    """

    outlook: Outlook
    because: tuple[str, ...]
    first: tuple[str, ...]
    methods: tuple[str, ...]
    ratio: float
    stop: str
    commands: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The outlook in one sentence."""
        told = {
            "not yet": "Not yet: mend this first",
            "unlikely": "Synthesis is unlikely to help here",
            "open": "Whether synthesis helps can't be told beforehand",
            "worth a test": "Synthesis is worth a test here",
        }
        return f"{told[self.outlook]}: {'; '.join(self.because)}."

    def to_json_value(self) -> dict[str, Any]:
        """The conclusion as plain values."""
        made = {name: list(one) if isinstance(one, tuple) else one for name, one in asdict(self).items()}
        return {"sentence": self.sentence, **made}


def concluded(
    looked: Looked,
    target: Target | None,
    findings: Sequence[Finding],
    curve: Curve | None,
    *,
    source: str,
    schema: str | None,
    changes: Sequence[str],
) -> Conclusion:
    """What follows from `findings`; `source` is what commands call the data, `schema` the file to read it under.

    `changes` are those of a schema that `advise -o` would write.
    """
    if target is None:
        return _without_target(findings, source)
    outlook, because = _outlook(looked, target, findings, curve)
    methods = _methods(looked, target)
    return Conclusion(
        outlook=outlook,
        because=because,
        first=tuple(_steps(target, curve, methods)),
        methods=methods,
        ratio=_RATIO,
        stop=_stop(looked, target, curve),
        commands=_commands(target, methods, source, schema, needed=bool(changes)),
    )


def _outlook(
    looked: Looked, target: Target, findings: Sequence[Finding], curve: Curve | None
) -> tuple[Outlook, tuple[str, ...]]:
    codes = {one.code: one for one in findings}
    stops = [one for one in findings if one.severity == "stop"]
    if stops:
        columns = sorted({name for one in stops for name in one.columns})
        return "not yet", (f"{named(columns)} may give the target away, and every figure with it",)
    against = []
    if "learning.no_signal" in codes:
        against.append("no signal is shown that made up rows could pass on")
    against += [_dependent(codes[code]) for code in _DEPENDENT if code in codes and codes[code].severity == "warn"]
    if curve is not None and curve.saturated(target.score):
        most = max(curve.next.high, 0.0)
        against.append(
            f"twice as many real rows would bring at most about {signed(most)} {target.score}, and made up rows know "
            "no more"
        )
    if against:
        return "unlikely", tuple(against)
    if (rows := len(looked.table)) < FEW_ROWS:
        return "open", (f"of {rows:,} rows a simple generator may help, and a quarter of them can't show it",)
    if curve is not None and curve.rising(target.score):
        told = f"twice as many real rows would bring about {signed(curve.next.value)} {target.score}"
        if curve.detectable > curve.next.value:
            return "open", (f"{told}, and a holdout of a quarter can't show a gain as small as that",)
        return "worth a test", (f"{told}, and rows made up may bring a part of that",)
    if curve is None:
        return "open", ("there are too few rows for a learning curve",)
    return "open", (
        f"twice as many real rows would bring {interval(curve.next, sign=True)} {target.score}: that decides nothing",
    )


def _dependent(one: Finding) -> str:
    return {
        "kind.ranking": "rows are parts of lists, which a table method breaks up",
        "kind.behaviour": "rows are events of histories, which a table method does not make",
        "order.time": "rows follow one another in time, and a table method draws them as if independent",
        "order.rows": "neighbouring rows depend on each other, and a table method draws them as if independent",
    }[one.code]


def _methods(looked: Looked, target: Target) -> tuple[str, ...]:
    """An over-sampler that takes this table, where there are classes to balance, and the default generator."""
    if not target.labels or int(target.counts.max()) < _MENDED * int(target.counts.min()):
        return (DEFAULT_METHOD,)
    numbers = all(one.is_numeric and not looked.view.missing(one.name).any() for one in looked.features)
    takes = (name for name in _OVER_SAMPLERS if numbers or find("generator", name).info.takes == "mixed")
    return (next(takes), DEFAULT_METHOD)


def _steps(target: Target, curve: Curve | None, methods: tuple[str, ...]) -> list[str]:
    steps = ["More real rows: no method knows more than the rows it has seen."]
    if curve is not None:
        further = within(curve.next, sign=True)
        steps = [f"More real rows: twice as many would bring about {further} {target.score}."]
        if curve.saturated(target.score):
            steps = [f"Better columns or another model. {steps[0]}"]
    ratio = float(target.counts.max() / target.counts.min()) if target.labels else 1.0
    if len(methods) > 1:
        strong = "first of all, with" if ratio >= UNBALANCED else "with"
        steps.append(f"Class weights, {strong} a decision threshold chosen on validation rows: no rows needed.")
        label = target.labels[target.rarest]
        steps.append(f"Over-sampling of {label}: {methods[0]}, beside tabular.random_oversample as a control.")
    steps.append(f"Generation: {DEFAULT_METHOD}, {_RATIO:g} synthetic row per real row to start with.")
    return steps


def _stop(looked: Looked, target: Target, curve: Curve | None) -> str:
    told = "Stop at ratio 0 if the interval of the gain holds 0 at ratio 1 and does not leave it at 2, or if "
    told += f"{'class weights or ' if target.labels else ''}real rows taken twice do as well"
    if curve is not None and np.isfinite(curve.detectable):
        tested = round(0.25 * len(looked.table))
        told += f"; a holdout of {tested:,} rows can't show gains below about {plain(curve.detectable)} {target.score}"
    if target.labels and int(target.counts.min()) < FEW_RARE:
        told += ", the rarest class being so small"
    return f"{told}."


def _commands(
    target: Target, methods: tuple[str, ...], source: str, schema: str | None, *, needed: bool
) -> tuple[str, ...]:
    """What to type next: with a schema that says what was found, where that changes how rows are split or read."""
    data, name = shlex.quote(source), shlex.quote(target.column.name)
    told = []
    if needed and schema is None:
        schema = "advised.yaml"
        told.append(f"synthwright advise {data} --target {name} -o {schema}")
    under = "" if schema is None else f" --schema {shlex.quote(schema)}"
    with_methods = "".join(f" --method {method}" for method in methods)
    told.append(f"synthwright gain {data} --target {name}{under}{with_methods} --ratios {_RATIO:g}")
    return tuple(told)


def _without_target(findings: Sequence[Finding], source: str) -> Conclusion:
    stops = tuple(one.sentence for one in findings if one.severity == "stop")
    return Conclusion(
        outlook="not yet" if stops else "open",
        because=tuple(one.removesuffix(".") for one in stops)
        or ("no target is named, and what helps a model of one column may harm that of another",),
        first=("Name the column that a model is to predict: only then can help be measured.",),
        methods=(DEFAULT_METHOD,),
        ratio=_RATIO,
        stop="Without a target there is no gain to stop at: judge fidelity and privacy with `synthwright run`.",
        commands=(f"synthwright advise {shlex.quote(source)} --target COLUMN",),
    )
