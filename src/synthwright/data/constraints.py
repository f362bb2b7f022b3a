"""Rules between columns, as a person declares them in the schema: read, checked and evaluated, never run as code.

A rule is a condition that every row obeys::

    age_at_entry <= age                           when relationship == 'Wife' then sex == 'Female'
    total == net + tax                            discharge is missing or admission <= discharge
    0 <= share <= 1                               `marital-status` in ('Married', 'Widowed') and not (age < 14)
    code matches '[A-Z]{2}[0-9]{4}'               one_hot(is_red, is_green, is_blue)
    combinations(country, city)                   unique(shop, day)

Comparisons ``== != < <= > >=`` (they chain), ``+ - * /``, ``in (...)``, ``is missing``, ``matches`` a pattern (RE2,
the whole text), ``and or not``, brackets, and one ``when ... then ...`` around them. Of the columns in ``one_hot(...)``
exactly one is set. ``combinations(...)`` are those that the reference rows show, or those listed: ``combinations(x, y)
in (('NO', 'Oslo'), ('SE', 'Lund'))``. Texts stand in quotes, column names that are no words in backticks. Dates
are compared with dates such as ``'2024-05-31'``; levels of ordinal columns have the order of their categories. Numbers
are equal up to the rounding of their storage.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from synthwright.data.rule_text import parse
from synthwright.data.rule_tree import Combined, Node, Unique, columns_in
from synthwright.data.rule_types import check, is_about_tables

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

    @property
    def is_about_tables(self) -> bool:
        """True for rules that no row can be judged by alone (`unique`, and `combinations` without a list)."""
        return is_about_tables(self.tree)


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


def evaluate_rule(table: Table, rule: Rule, reference: Table | None = None) -> np.ndarray:
    """True for each row that obeys `rule`; a row whose missing cells leave it open does.

    Of rows that have to be unique, the first obeys. `reference` shows which ``combinations(...)`` there are; without
    it, a rule that lists none is obeyed.

    Examples
    --------
    With ``when age < 18 then not married``, a child without entry under ``married`` is no violation; a married child
    is, and a married person without age is not.
    """
    import numpy as np

    from synthwright.data.rule_groups import known_together, repeated
    from synthwright.data.rule_values import truth_of

    if isinstance(rule.tree, Unique):
        return ~repeated(table, rule.columns)
    if isinstance(rule.tree, Combined) and not rule.tree.values:
        if reference is None:
            return np.ones(len(table), dtype=bool)
        return known_together(table, rule.columns, reference)
    return ~truth_of(table, rule.tree).false
