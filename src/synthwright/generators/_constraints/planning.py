"""From the rules of a schema and the rows that a method learns from to a plan of how the rules are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from synthwright.data.constraints import Rule, evaluate_rule, rules_of
from synthwright.data.rule_tree import Combined, Unique
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.compiling import compiled
from synthwright.generators._constraints.contradictions import require_consistent
from synthwright.generators._constraints.deriving import Derive
from synthwright.generators._constraints.plan import Plan
from synthwright.generators._constraints.steps import Step
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.settling import is_settled, settled_margin

__all__ = ["Sorted", "learn_plan", "require_keepable", "sorted_rules"]


@dataclass(frozen=True, slots=True)
class Sorted:
    """Rules by what they speak of: `rows` one by one, `unique` rows of a draw, and those only `measured`, and why."""

    rows: tuple[Rule, ...]
    unique: tuple[Rule, ...]
    measured: Mapping[str, str]


def sorted_rules(rules: Iterable[Rule], made_up: Sequence[str], info: GeneratorInfo) -> Sorted:
    """`rules`, with the reason for each that can't be kept; identifiers among `made_up` are drawn around the method."""
    rows: list[Rule] = []
    unique: list[Rule] = []
    measured: dict[str, str] = {}
    for rule in rules:
        named = [name for name in rule.columns if name in made_up]
        if info.unit != "row":
            measured[rule.text] = "whole entities are drawn, not rows"
        elif named and isinstance(rule.tree, Unique):
            measured[rule.text] = "made-up identifiers never repeat"
        elif named:
            measured[rule.text] = f"{shorten(named[0])!r} is an identifier, made up apart from the row"
        elif isinstance(rule.tree, Unique):
            unique.append(rule)
        elif rule.is_about_tables and not info.needs_records:
            measured[rule.text] = "a schema alone shows no combinations; list them in the rule"
        else:
            rows.append(rule)
    return Sorted(tuple(rows), tuple(unique), measured)


def learn_plan(
    reference: Table, learnt: Sequence[str], made_up: Sequence[str], left_out: Iterable[str], info: GeneratorInfo
) -> tuple[Plan, Table]:
    """How the rules of `reference` are kept by a method that sees the columns `learnt`, and those columns encoded.

    Raises
    ------
    BadInput
        The rules contradict each other, most rows break one of them, no combination has 5 rows, or nothing is left
        to learn.
    """
    outside = set(left_out)
    every = rules_of(reference.schema)
    rules = [rule for rule in every if outside.isdisjoint(rule.columns)]
    gone = {
        rule.text: f"{shorten(next(name for name in rule.columns if name in outside))!r} is left out"
        for rule in every
        if not outside.isdisjoint(rule.columns)
    }
    plain = replace(reference.schema, constraints=())
    table = replace(reference.with_schema(plain).select(learnt), frame=None)
    told = sorted_rules(rules, made_up, info)
    if not rules:
        return Plan(schema=table.schema, measured=gone), table
    require_consistent(plain, told.rows)
    if info.needs_records:
        _require_obeyed(reference, told.rows)
    seen = set(learnt)
    made = compiled(table.schema, [rule for rule in told.rows if seen.issuperset(rule.columns)], info)
    steps: list[Step] = []
    schema = table.schema
    for step in made.steps:
        if info.needs_records:
            found = step.learnt(table, schema)
        else:
            found = step.declared(schema) if isinstance(step, Derive) else step
        steps.append(found)
        table = found.encode(table)
    new = [column for step in steps for column in step.gives]
    if not info.needs_records:
        new = []  # no rows say that a column is constant
    constant = {
        one.name: settled_margin(table, one) for one in new if one.name in table.schema and is_settled(table, one)
    }
    table = table.select([name for name in table.names if name not in constant])
    if not table.names:
        raise BadInput(
            "No column is left to learn from.",
            evidence="The constraints say what every column is.",
            remedy="Check the constraints: one column at least has to vary by itself.",
        )
    unlisted = [rule for rule in told.rows if isinstance(rule.tree, Combined) and not rule.tree.values]
    plan = Plan(
        schema=schema,
        steps=tuple(steps),
        constant=constant,
        checks=tuple(rule for rule in told.rows if rule not in unlisted),
        listed=tuple(one.learnt(reference.select(one.names), schema) for one in made.listed),
        kept=tuple(rule.text for rule in made.kept),
        unique=told.unique,
        measured={**told.measured, **gone},
    )
    return plan, table


def require_keepable(table: Table) -> None:
    """Returns unless the rules of `table` contradict each other, or most of its rows: looked at before work is spent.

    Raises
    ------
    BadInput
        They do; the rules are named.
    """
    rules = [rule for rule in rules_of(table.schema) if not rule.is_about_tables]
    require_consistent(replace(table.schema, constraints=()), rules)
    _require_obeyed(table, rules)


def _require_obeyed(reference: Table, rules: Sequence[Rule]) -> None:
    """Most rows obey each of the rules: otherwise the rule is a mistake, or speaks of another table."""
    for rule in rules:
        broken = int((~evaluate_rule(reference, rule)).sum())
        if broken > len(reference) / 2:
            raise BadInput(
                f"Rule {shorten(rule.text, 120)!r} is broken by most rows that are there.",
                evidence=f"{broken:,} of {len(reference):,} rows break it.",
                remedy="Correct the rule; where numbers were rounded, allow for it: `a - b <= 0.01 and b - a <= 0.01`.",
            )
