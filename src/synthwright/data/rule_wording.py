"""A rule's tree as text again, in the language it was written in."""

from __future__ import annotations

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
from synthwright.data.rule_writing import column_text, literal_text

__all__ = ["rule_text"]


def rule_text(node: Node) -> str:
    """The text of `node`; `synthwright.data.rule_text.parse` reads it as the same tree, positions aside."""
    match node:
        case Literally():
            return literal_text(node.value)
        case Named():
            return column_text(node.column)
        case Arithmetic() | Compared():
            return f"{_inner(node.left)} {node.operator} {_inner(node.right)}"
        case Among():
            return f"{_inner(node.operand)} in {_listed(node.values)}"
        case Unset():
            return f"{rule_text(node.operand)} is missing"
        case Matched():
            return f"{rule_text(node.operand)} matches {literal_text(node.pattern)}"
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
