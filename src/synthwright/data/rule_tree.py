"""What a rule says, as a tree: columns and literals below, arithmetic and comparisons above, one truth on top."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Among",
    "Arithmetic",
    "Combined",
    "Compared",
    "Comparison",
    "Given",
    "Joined",
    "Literally",
    "Matched",
    "Named",
    "Negated",
    "Node",
    "OneHot",
    "Operator",
    "Unique",
    "Unset",
    "columns_in",
]

Operator = Literal["+", "-", "*", "/"]
Comparison = Literal["==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Literally:
    """A number, a text or a truth as it stands in the rule; `at` is the position of its first character, from 1."""

    value: float | str | bool
    at: int


@dataclass(frozen=True, slots=True)
class Named:
    """A column."""

    column: str
    at: int


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """Two operands and what is done with them."""

    operator: Operator
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class Compared:
    """Two operands and how they have to stand to each other."""

    operator: Comparison
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class Among:
    """An operand that is one of some literals."""

    operand: Node
    values: tuple[Literally, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Unset:
    """A column whose cell is missing."""

    operand: Named
    at: int


@dataclass(frozen=True, slots=True)
class Matched:
    """A column whose text is, from its first to its last character, of a pattern: a regular expression (RE2)."""

    operand: Named
    pattern: str
    at: int


@dataclass(frozen=True, slots=True)
class OneHot:
    """Columns of which exactly one is true (or 1), and all others false (or 0)."""

    columns: tuple[Named, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Combined:
    """Columns whose values occur together: as in `values`, or, where it is empty, as in the reference rows."""

    columns: tuple[Named, ...]
    values: tuple[tuple[Literally, ...], ...]
    at: int


@dataclass(frozen=True, slots=True)
class Unique:
    """Columns that no two rows of a table share; rows with a missing one of them share nothing."""

    columns: tuple[Named, ...]
    at: int


@dataclass(frozen=True, slots=True)
class Negated:
    """What is true where the operand is false."""

    operand: Node
    at: int


@dataclass(frozen=True, slots=True)
class Joined:
    """Two truths, joined by ``and`` or ``or``."""

    word: Literal["and", "or"]
    left: Node
    right: Node
    at: int


@dataclass(frozen=True, slots=True)
class Given:
    """``when condition then consequence``: it says nothing about rows where the condition fails."""

    condition: Node
    consequence: Node
    at: int


Node = (
    Literally
    | Named
    | Arithmetic
    | Compared
    | Among
    | Unset
    | Matched
    | OneHot
    | Combined
    | Unique
    | Negated
    | Joined
    | Given
)


def columns_in(node: Node) -> tuple[str, ...]:
    """The columns that the tree names, each once, from left to right."""
    return tuple(dict.fromkeys(_named_in(node)))


def _named_in(node: Node) -> Iterator[str]:
    match node:
        case Named():
            yield node.column
        case Arithmetic() | Compared() | Joined():
            yield from _named_in(node.left)
            yield from _named_in(node.right)
        case Among() | Unset() | Negated() | Matched():
            yield from _named_in(node.operand)
        case OneHot() | Combined() | Unique():
            for named in node.columns:
                yield named.column
        case Given():
            yield from _named_in(node.condition)
            yield from _named_in(node.consequence)
        case Literally():
            pass
