"""Rules that a person brings after fitting, and rows that a person fixes: kept by looking, not by encoding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from synthwright.data.constraints import parse_rule, rules_of
from synthwright.data.rule_tree import Combined
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.generators._constraints.contradictions import require_consistent
from synthwright.generators._constraints.joining import Joint
from synthwright.generators._constraints.plan import Plan
from synthwright.generators._constraints.planning import sorted_rules
from synthwright.generators.protocol import GeneratorInfo

__all__ = ["require_obeyed", "with_rules"]


def with_rules(
    schema: Schema, plan: Plan, constraints: Sequence[str], made_up: Sequence[str], info: GeneratorInfo
) -> tuple[Schema, Plan]:
    """`schema` and `plan` of a fitted model with further rules, kept by checking alone.

    Raises
    ------
    BadInput
        One is no rule about these columns, can't be checked here, or contradicts others.
    """
    if isinstance(constraints, str):
        raise UsageError("The constraints are one text.", remedy='Give a list: with_constraints(["a <= b"]).')
    rules = [parse_rule(text, schema) for text in constraints]
    told = sorted_rules(rules, made_up, info)
    for text, reason in told.measured.items():
        raise BadInput(f"Rule {shorten(text, 120)!r} can't be kept by this model.", evidence=f"{reason}.")
    for rule in told.rows:
        if isinstance(rule.tree, Combined) and not rule.tree.values:
            raise BadInput(
                f"Rule {shorten(rule.text, 120)!r}: a fitted model has no rows that show combinations.",
                remedy="List them: `combinations(a, b) in (('x', 1), ('y', 2))`; or give the rule to `fit`.",
            )
    require_consistent(schema, (*rules_of(schema), *rules))
    every = dict.fromkeys([*schema.constraints, *(rule.text for rule in rules)])
    return replace(schema, constraints=tuple(every)), plan.with_rules(told.rows, told.unique)


def require_obeyed(fixed: Table | None, plan: Plan) -> None:
    """Returns if the fixed rows break no rule by what they say alone.

    Raises
    ------
    BadInput
        One does; the first such row is named.
    """
    if fixed is None:
        return
    names = set(fixed.names)
    listed = tuple(one for one in plan.listed if names.issuperset(one.names))
    joined = tuple(step for step in plan.steps if isinstance(step, Joint) and names.issuperset(step.takes))
    told = replace(plan, checks=tuple(rule for rule in plan.checks if names.issuperset(rule.columns)), listed=listed)
    found = told.broken(fixed) | {step.rule.text: ~step.allows(fixed) for step in joined}
    for text, rows in found.items():
        if rows.any():
            raise BadInput(
                f"{int(rows.sum()):,} of {len(fixed):,} fixed rows break the rule {shorten(text, 120)!r}.",
                evidence=f"The first is row {int(np.argmax(rows)):,}, counted from 0.",
                remedy="Fix values that obey the constraints, or leave one of the columns open.",
            )
