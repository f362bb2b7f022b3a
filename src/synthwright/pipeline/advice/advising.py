"""All checks of one table in their order, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from synthwright.data.schema import Role, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context, Event
from synthwright.errors import BadInput
from synthwright.pipeline.advice.clock import Axis, time_axis
from synthwright.pipeline.advice.concluding import Conclusion, concluded
from synthwright.pipeline.advice.drift import drift
from synthwright.pipeline.advice.finding import Finding, named, ranked
from synthwright.pipeline.advice.gaps import gaps, telling_gaps
from synthwright.pipeline.advice.groups import Group, found_groups, group_findings
from synthwright.pipeline.advice.kinds import behaviour, ranking
from synthwright.pipeline.advice.leaks import WIDE, dominant_column, giveaways, target_rules
from synthwright.pipeline.advice.learning import Curve, curve_of, signal, slope
from synthwright.pipeline.advice.looked import CURVE_ROWS, Looked
from synthwright.pipeline.advice.order import order_findings
from synthwright.pipeline.advice.repeats import conflicts, repeats
from synthwright.pipeline.advice.sizes import classes, size, unknown_targets
from synthwright.pipeline.advice.slices import hard_slices, rare_labels
from synthwright.pipeline.advice.target import Target, target_of
from synthwright.pipeline.advice.trial import Trial

__all__ = ["Advice", "find_advice"]

_ALWAYS = (
    "whether labels are right, and whether the rows are those that the model will meet",
    "when a column becomes known: only those that predict nearly everything are suspected",
    "links between tables, texts, and combinations of three columns or more",
    "your own model: the figures are those of a linear and a boosted one",
)


@dataclass(frozen=True, eq=False)
class Advice:
    """What was found in a table, the gravest first, and what to do.

    `schema` says of its columns what was found, `changes` where that is more than was read.
    `rows` is the size of the table; models looked at `looked_at` of them, the learning curve at `curve_rows`, at even
    distances.
    """

    rows: int
    looked_at: int
    curve_rows: int
    target: str | None
    findings: tuple[Finding, ...]
    conclusion: Conclusion
    not_looked_at: tuple[str, ...]
    schema: Schema
    changes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """The conclusion in one sentence."""
        return self.conclusion.sentence

    def to_json_value(self) -> dict[str, Any]:
        """Everything as plain values, in an order that does not change."""
        return {
            "rows": self.rows,
            "looked_at": self.looked_at,
            "curve_rows": self.curve_rows,
            "target": self.target,
            "findings": [one.to_json_value() for one in self.findings],
            "conclusion": self.conclusion.to_json_value(),
            "not_looked_at": list(self.not_looked_at),
        }

    def __str__(self) -> str:
        from synthwright.pipeline.advice.telling import told

        return told(self)


def find_advice(table: Table, context: Context, *, source: str = "DATA", schema: str | None = None) -> Advice:
    """Every check of `table`; `source` and `schema` are what the commands call the files.

    Raises
    ------
    BadInput
        The table has no rows.
    """
    if len(table) == 0:
        raise BadInput("The table has no rows.", remedy="Advice needs data: give a table with rows.")
    tell = _teller(context)
    goal = target_of(table)
    target = goal if isinstance(goal, Target) else None
    looked = (
        Looked.of(table, context.streams)
        if target is None
        else Looked.of(table, context.streams, known=target.known, classes=len(target.labels))
    )
    tell("counts")
    found = [*([goal] if isinstance(goal, Finding) else []), *size(looked), *gaps(looked), *repeats(looked)]
    found += rare_labels(looked)
    groups, axis = found_groups(looked, target), time_axis(looked)
    found += [*order_findings(looked, target, axis, groups), *group_findings(groups, target)]
    found += [*behaviour(looked, groups, axis), *ranking(groups, target)]
    curve = None
    if target is not None:
        found += [*unknown_targets(target), *classes(target), *conflicts(looked, target)]
        found += telling_gaps(looked, target)
        looked = looked.without({name for one in found if one.code == "leak.gap" for name in one.columns})
        units = next((one.codes for one in groups if one.agrees or one.declared), None)
        modelled, curve = _modelled(looked, target, axis, units, tell)
        found += modelled
    ordered = ranked(found)
    advised, changes = _advised(table.schema, ordered, groups, axis)
    left = [name for name in looked.table.names if name not in advised]
    return Advice(
        rows=len(table),
        looked_at=len(looked.rows),
        curve_rows=len(looked.with_rows(CURVE_ROWS).rows),
        target=None if table.schema.target is None else table.schema.target.name,
        findings=ordered,
        conclusion=concluded(
            looked.without(left), target, ordered, curve, source=source, schema=schema, changes=changes
        ),
        not_looked_at=_left_out(looked, target),
        schema=advised,
        changes=changes,
    )


def _modelled(
    looked: Looked, target: Target, axis: Axis | None, units: np.ndarray | None, tell: Callable[[str], None]
) -> tuple[list[Finding], Curve | None]:
    """What models of the target find, and their learning curve; columns that give it away are left out of them."""
    if not looked.features:
        return [], None
    tell("leaks")
    leaks = giveaways(looked, target)
    leaks += target_rules(looked, target, leaks)
    given = {name for one in leaks for name in one.columns}
    looked = looked.without(given)
    if not looked.features:
        return leaks, None
    tell("models")
    names = [column.name for column in looked.features]
    trial = Trial.of(looked, target, names, units)
    learner, tested = trial.best()
    found = [*leaks, *([] if leaks else dominant_column(looked, target, learner, tested, units))]
    tell("learning curve")
    far = looked.with_rows(CURVE_ROWS)
    long = trial if far is looked else Trial.of(far, target, names, units)
    whole = tested if far is looked else long.tested(learner)
    curve = curve_of(looked, long, learner, whole)
    found += [*signal(target, learner, whole, sorted(given)), *slope(target, curve)]
    found += [] if axis is None else drift(looked, trial, learner, axis)
    tell("slices")
    return [*found, *hard_slices(looked, target, tested)], curve


def _advised(
    schema: Schema, findings: tuple[Finding, ...], groups: list[Group], axis: Axis | None
) -> tuple[Schema, tuple[str, ...]]:
    """`schema` without columns that give the target away, with the time or the groups to split by; what was changed."""
    grave = [one for one in findings if one.severity == "stop" and one.code.startswith("leak.")]
    leaks = {name for one in grave for name in one.columns}
    kept = schema.select([name for name in schema.names if name not in leaks])
    changes = [f"Left out: {name}, for it may give the target away." for name in schema.names if name in leaks]
    codes = {one.code for one in findings if one.severity == "warn"}
    by: tuple[str, Role] | None = None
    if axis is not None and {"order.time", "order.drift"} & codes and len(axis.columns) == 1:
        by = axis.columns[0], "time"
    elif "groups.rows" in codes and groups:
        by = groups[0].name, "group"
    if by is not None and by[0] in kept and kept[by[0]].role == "feature":
        kept = kept.replacing(replace(kept[by[0]], role=by[1]))
        changes.append(f"Role {by[1]}: {by[0]}, for splits to keep to.")
    return kept, tuple(changes)


def _left_out(looked: Looked, target: Target | None) -> tuple[str, ...]:
    """What the advice does not rest on, so that nobody takes silence for health."""
    told = []
    if target is None:
        told.append("everything that needs a target: signal, learning curve, leaks, slices")
    unmodelled = [column.name for column in looked.table.schema if not column.is_modelled]
    if unmodelled:
        told.append(f"what texts and identifiers hold ({named(unmodelled)})")
    if target is not None and len(looked.table.schema) > WIDE:
        told.append(f"rules that tie the target to other columns, of which there are more than {WIDE}")
    return (*told, *_ALWAYS)


def _teller(context: Context) -> Callable[[str], None]:
    stages = ("counts", "leaks", "models", "learning curve", "slices")
    return lambda stage: context.progress(Event("advise", stages.index(stage), len(stages), stage))
