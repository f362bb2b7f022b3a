"""The compiled rules of a model: what is computed, encoded and checked, and which rules are only measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np

from synthwright.data.columns import to_arrow
from synthwright.data.constraints import Rule, evaluate_rule, parse_rule
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.generators._constraints.deriving import Derive
from synthwright.generators._constraints.joining import Joint
from synthwright.generators._constraints.ordering import Order
from synthwright.generators._constraints.steps import Step, swapped
from synthwright.generators.margins import Margin

__all__ = ["Plan"]

_KINDS: Mapping[str, type[Derive | Order | Joint]] = {"derive": Derive, "order": Order, "joint": Joint}
_STATE = {"columns", "steps", "constant", "checks", "listed", "kept", "unique", "measured"}


@dataclass(frozen=True)
class Plan:
    """How the rules of a model are kept.

    `schema` has the columns that are encoded, `steps` are in the order of encoding, `constant` has the encoded columns
    with one value throughout, which no method sees. Whatever the steps did, every row passes `checks` and shows
    combinations that are `listed`; `kept` are the checks that the steps guarantee. Rules in `unique` are kept over the
    whole draw, those in `measured` are not kept, for the reason given.
    """

    schema: Schema = field(default_factory=lambda: Schema(()))
    steps: tuple[Step, ...] = ()
    constant: Mapping[str, Margin] = field(default_factory=dict)
    checks: tuple[Rule, ...] = ()
    listed: tuple[Joint, ...] = ()
    kept: tuple[str, ...] = ()
    unique: tuple[Rule, ...] = ()
    measured: Mapping[str, str] = field(default_factory=dict)

    @property
    def checks_rows(self) -> bool:
        """True where rows are encoded or checked one by one."""
        return bool(self.steps or self.checks or self.listed)

    @property
    def is_empty(self) -> bool:
        """True where there was no rule."""
        return not (self.checks_rows or self.unique or self.measured)

    @property
    def encoded(self) -> Schema:
        """The columns after encoding, constant ones too."""
        columns = {column.name: column for column in self.schema}
        for step in self.steps:
            for name in step.takes:
                del columns[name]
            columns |= {column.name: column for column in step.gives}
        return Schema(tuple(columns.values()))

    def encode(self, table: Table) -> Table:
        """`table`, or some of its columns, as a method sees it; constant columns are still there."""
        for step in self.steps:
            table = step.encode(table)
        return table

    def known(self, names: frozenset[str]) -> frozenset[str] | None:
        """The encoded columns that are known where `names` are; ``None`` if they say what can't be put exactly."""
        for step in self.steps:
            found = step.known(names)
            if found is None:
                return None
            names = found
        return names - set(self.constant)

    def lost(self, names: frozenset[str]) -> frozenset[str]:
        """As few of `names` as have to be left out for `known` to say the rest exactly."""
        left = names
        gone: frozenset[str] = frozenset()
        for step in self.steps:
            found = step.known(left)
            if found is None:
                gone |= left.intersection(step.takes)
                found = left.difference(step.takes)
            left = found
        return gone

    def decode(self, table: Table) -> tuple[Table, np.ndarray]:
        """Rows as people know them from rows that a method drew, and those whose cells their columns allow."""
        encoded, rng = self.encoded, np.random.default_rng(0)  # constants: no number of it counts
        put = {encoded[name]: to_arrow(encoded[name], one.draw(len(table), rng)) for name, one in self.constant.items()}
        table = swapped(table, (), put)
        fits = np.ones(len(table), dtype=bool)
        for step in reversed(self.steps):
            table, allowed = step.decode(table, self.schema)
            fits &= allowed
        return table.select(self.schema.names), fits

    def broken(self, table: Table) -> dict[str, np.ndarray]:
        """For each check the rows of `table` that break it; it has the columns that the checks speak of."""
        found = {rule.text: ~evaluate_rule(table, rule) for rule in self.checks}
        return found | {one.rule.text: ~one.allows(table) for one in self.listed}

    def told(self) -> dict[str, list[str]]:
        """The plan in words: lines under ``derived``, ``encoded``, ``checked``, ``unique`` and ``measured``."""
        words = [step.words() for step in self.steps]
        checked = [rule.text for rule in self.checks if rule.text not in self.kept]
        lines = {
            "derived": [line for kind, line in words if kind == "derive"],
            "encoded": [line for kind, line in words if kind == "encode"],
            "checked": [*checked, *(one.rule.text for one in self.listed)],
            "unique": [rule.text for rule in self.unique],
            "measured": [f"{text} ({reason})" for text, reason in self.measured.items()],
        }
        return {kind: found for kind, found in lines.items() if found}

    def state(self) -> dict[str, Any]:
        """All of it as JSON types."""
        return {
            "columns": list(self.schema.names),
            "steps": [step.state() for step in self.steps],
            "constant": {name: margin.state() for name, margin in self.constant.items()},
            "checks": [rule.text for rule in self.checks],
            "listed": [one.state() for one in self.listed],
            "kept": list(self.kept),
            "unique": [rule.text for rule in self.unique],
            "measured": dict(self.measured),
        }

    @classmethod
    def from_state(cls, schema: Schema, state: Any) -> Self:
        """Read back `state` for a model that draws `schema`.

        Raises
        ------
        BadInput, LookupError, TypeError, ValueError
            It does not fit the schema: the folder may come from anyone.
        """
        if not isinstance(state, dict) or set(state) != _STATE:
            raise BadInput("The constraints of the model can't be read.")
        seen = replace(schema, constraints=()).select(state["columns"])
        steps = tuple(_KINDS[one["step"]].from_state(one, seen) for one in state["steps"])
        taken = [name for step in steps for name in step.takes]
        given = [column.name for step in steps for column in step.gives]
        if len({*taken, *given, *seen.names}) != len(seen) + len(given) or len(set(taken)) != len(taken):
            raise BadInput("The constraints of the model take a column twice.")
        plan = cls(
            schema=seen,
            steps=steps,
            checks=tuple(parse_rule(text, schema) for text in state["checks"]),
            listed=tuple(Joint.from_state(one, seen) for one in state["listed"]),
            kept=tuple(str(text) for text in state["kept"]),
            unique=tuple(parse_rule(text, schema) for text in state["unique"]),
            measured={str(text): str(reason) for text, reason in state["measured"].items()},
        )
        columns = plan.encoded
        margins = {name: Margin.from_state(columns[name], one) for name, one in state["constant"].items()}
        return replace(plan, constant=margins)

    def with_rules(self, checks: Sequence[Rule], unique: Sequence[Rule]) -> Self:
        """The same plan with further rules, kept by checking alone."""
        return replace(self, checks=(*self.checks, *checks), unique=(*self.unique, *unique))
