"""Rules between columns, as a person declares them in the schema: read, checked and evaluated, never run as code.

A rule is a condition that every row obeys::

    age_at_entry <= age                           when relationship == 'Wife' then sex == 'Female'
    total == net + tax                            discharge is missing or admission <= discharge
    0 <= share <= 1                               `marital-status` in ('Married', 'Widowed') and not (age < 14)

Comparisons ``== != < <= > >=`` (they chain), ``+ - * /``, ``in (...)``, ``is missing``, ``and or not``, brackets, and
one ``when ... then ...`` around them. Texts stand in quotes, column names that are no words in backticks. Dates are
compared with dates such as ``'2024-05-31'``; levels of ordinal columns have the order of their categories. Numbers are
equal up to the rounding of their storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthwright.data.rule_text import parse
from synthwright.data.rule_tree import Node, columns_in
from synthwright.data.rule_types import check

if TYPE_CHECKING:
    import numpy as np

    from synthwright.data.schema import Schema
    from synthwright.data.table import Table

__all__ = ["Rule", "evaluate_rule", "parse_rule", "rules_of"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A checked rule: its text as a person wrote it, and what it says as a tree (`rule_tree`)."""

    text: str
    tree: Node

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it speaks of, each once, in the order of the text."""
        return columns_in(self.tree)


def parse_rule(text: str, schema: Schema) -> Rule:
    """The rule that `text` says about rows of `schema`.

    Raises
    ------
    BadInput
        It is no rule, names a column that does not exist, or compares what can't be compared; the message has the rule,
        the position of the mistake and the column.
    """
    tree = parse(text)
    check(text, tree, schema)
    return Rule(text.strip(), tree)


def rules_of(schema: Schema) -> tuple[Rule, ...]:
    """The constraints of `schema` as rules, in their order."""
    return tuple(parse_rule(text, schema) for text in schema.constraints)


def evaluate_rule(table: Table, rule: Rule) -> np.ndarray:
    """True for each row that obeys `rule`; a row whose missing cells leave it open does.

    Examples
    --------
    With ``when age < 18 then not married``, a child without entry under ``married`` is no violation; a married child
    is, and a married person without age is not.
    """
    from synthwright.data.rule_values import truth_of

    return ~truth_of(table, rule.tree).false
