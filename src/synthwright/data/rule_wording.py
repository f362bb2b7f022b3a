"""A rule's tree as text again, in the language it was written in."""

from __future__ import annotations

import re

from synthwright.data.rule_text import KEYWORDS
from synthwright.data.rule_tree import (
    Among,
    Arithmetic,
    Combined,
    Compared,
    Given,
    Joined,
    Literally,
    Matched,
    Named,
    Negated,
    Node,
    OneHot,
    Unique,
    Unset,
)

__all__ = ["column_text", "rule_text"]


def column_text(name: str) -> str:
    """`name` as it stands in a rule: in backticks unless it is a plain word."""
    plain = re.fullmatch(r"[^\W\d]\w*", name) is not None and name not in KEYWORDS
    return name if plain else "`" + name.replace("`", "``") + "`"


def rule_text(node: Node) -> str:
    """The text of `node`; `synthwright.data.rule_text.parse` reads it as the same tree, positions aside."""
    match node:
        case Literally():
            return _literal(node.value)
        case Named():
            return column_text(node.column)
        case Arithmetic() | Compared():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case Among():
            return f"{_inner(node.operand)} in {_listed(node.values)}"
        case Unset():
            return f"{rule_text(node.operand)} is missing"
        case Matched():
            return f"{rule_text(node.operand)} matches {_literal(node.pattern)}"
        case OneHot():
            return f"one_hot{_columns(node.columns)}"
        case Unique():
            return f"unique{_columns(node.columns)}"
        case Combined():
            listed = f" in ({', '.join(_listed(values) for values in node.values)})" if node.values else ""
            return f"combinations{_columns(node.columns)}{listed}"
        case Negated():
            return f"not {_inner(node.operand)}"
        case Joined():
            return f"{_inner(node.left)} {node.word} {_inner(node.right)}"
        case Given():
            return f"when {rule_text(node.condition)} then {rule_text(node.consequence)}"


def _inner(node: Node) -> str:
    text = rule_text(node)
    return text if isinstance(node, Literally | Named | OneHot | Combined) else f"({text})"


def _columns(columns: tuple[Named, ...]) -> str:
    return f"({', '.join(rule_text(one) for one in columns)})"


def _listed(values: tuple[Literally, ...]) -> str:
    return f"({', '.join(rule_text(one) for one in values)})"


def _literal(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(int(value)) if value.is_integer() and abs(value) < 2**53 else repr(value)
