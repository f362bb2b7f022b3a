"""Values that follow from other columns: sums, differences, products and ratios in the language of rules.

The language is that of `synthwright.data.constraints`, with a value instead of a condition on top: ``price * pieces``,
``admission + 3``, ``'adult'``. There are no powers, calls or attributes, and nothing is ever run as code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from synthwright.data.rule_text import parse, rule_error
from synthwright.data.rule_tree import Arithmetic, Node, columns_in
from synthwright.data.rule_types import Sort, sort_of
from synthwright.errors import BadInput, shorten

if TYPE_CHECKING:
    from synthwright.data.schema import Schema, Unit
    from synthwright.data.table import Table

__all__ = ["Expression", "parse_condition", "parse_value", "truth_in", "values_in"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked expression: its text, what it says as a tree, and what its values are."""

    text: str
    tree: Node
    sort: Sort

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it speaks of, each once."""
        return columns_in(self.tree)


def parse_value(text: str, schema: Schema) -> Expression:
    """The value that `text` says in rows of `schema`: a number, a date, a text or a truth.

    Raises
    ------
    BadInput
        It is no value, names a column that does not exist, or joins what can't be joined; the position is named.
    """
    tree = parse(text)
    return Expression(text.strip(), tree, sort_of(tree, schema, text))


def parse_condition(text: str, schema: Schema) -> Expression:
    """The condition that `text` says; raises `BadInput` for anything else."""
    found = parse_value(text, schema)
    if found.sort.kind != "truth":
        what = f"this is {found.sort}, not a condition"
        raise rule_error(text, found.tree.at, what, "Compare it with something: `age < 18`.")
    return found


def truth_in(table: Table, expression: Expression) -> np.ndarray:
    """True for each row in which the condition is known to hold."""
    from synthwright.data.rule_values import truth_of

    truth = truth_of(table, expression.tree)
    return np.asarray(truth.true & truth.known)


def values_in(table: Table, expression: Expression, unit: Unit | None = None) -> np.ndarray:
    """The numbers of the expression in each row (float64); dates in `unit`s since 1970.

    Raises
    ------
    BadInput
        Something is divided by zero, or a result is too large for a number.
    """
    from synthwright.data.rule_values import amounts_of

    for ratio in _ratios(expression.tree):
        zeros = amounts_of(table, ratio.right, None) == 0
        if zeros.any():
            raise rule_error(
                expression.text,
                ratio.at,
                f"{int(zeros.sum()):,} of {len(table):,} rows divide by zero",
                "Give the divisor bounds that leave 0 out, or put a `cases` distribution around it.",
            )
    values = amounts_of(table, expression.tree, unit)
    if np.isinf(values).any():
        raise BadInput(
            f"The expression {shorten(expression.text, 120)!r} is too large for a number.",
            evidence=f"It overflows in {int(np.isinf(values).sum()):,} of {len(table):,} rows.",
            remedy="Give its columns closer bounds.",
        )
    return values


def _ratios(node: Node) -> Iterator[Arithmetic]:
    if isinstance(node, Arithmetic):
        if node.operator == "/":
            yield node
        yield from _ratios(node.left)
        yield from _ratios(node.right)
