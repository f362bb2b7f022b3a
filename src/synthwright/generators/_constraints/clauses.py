"""What a rule says as single clauses that all have to hold, in a form that a compiler can look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from synthwright.data.constraints import Rule
from synthwright.data.rule_tree import Arithmetic, Compared, Joined, Literally, Named, Negated, Node, Unset, columns_in

__all__ = ["AtLeast", "at_least", "clauses_of", "equations", "solutions"]

_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}


@dataclass(frozen=True, slots=True)
class AtLeast:
    """``low <= high``, or ``low < high`` if `strict`."""

    low: Node
    high: Node
    strict: bool


def clauses_of(rule: Rule) -> tuple[Node, ...]:
    """Conditions that all have to hold where `rule` does, and together say the same."""
    return tuple(_clauses(rule.tree))


def _clauses(node: Node) -> Iterator[Node]:
    match node:
        case Joined(word="and"):
            yield from _clauses(node.left)
            yield from _clauses(node.right)
        case Joined(word="or"):
            yield from _without_gaps(node)
        case Negated(operand=Joined(word="or") as either):
            yield from _clauses(Negated(either.left, node.at))
            yield from _clauses(Negated(either.right, node.at))
        case Negated(operand=Negated() as twice):
            yield from _clauses(twice.operand)
        case Negated(operand=Compared() as turned):
            yield Compared(_OPPOSITE[turned.operator], turned.left, turned.right, turned.at)  # type: ignore[arg-type]  # one of them
        case _:
            yield node


def _without_gaps(node: Joined) -> Iterator[Node]:
    """``a is missing or a <= b`` is ``a <= b``: what a missing cell leaves open breaks no rule anyway."""
    for gap, other in ((node.left, node.right), (node.right, node.left)):
        plain = list(_clauses(other))
        if isinstance(gap, Unset) and all(
            isinstance(one, Compared) and gap.operand.column in set(columns_in(one)) for one in plain
        ):
            yield from plain
            return
    yield node


def at_least(clause: Node) -> AtLeast | None:
    """The clause as ``low <= high`` or ``low < high``; ``None`` if it is no comparison of sizes."""
    if not isinstance(clause, Compared) or clause.operator in {"==", "!="}:
        return None
    up = clause.operator in {"<", "<="}
    low, high = (clause.left, clause.right) if up else (clause.right, clause.left)
    return AtLeast(low, high, clause.operator in {"<", ">"})


def equations(clause: Node) -> Compared | None:
    """The clause if it says that two things are equal."""
    return clause if isinstance(clause, Compared) and clause.operator == "==" else None


def solutions(equation: Compared, never_zero: frozenset[str] = frozenset()) -> Iterator[tuple[str, Node]]:
    """Columns with what they equal: a side that is one column first, then whatever sums can be solved for.

    Ratios are solved for what is divided, where that is by a column that is `never_zero`.
    """
    sides = [(equation.left, equation.right), (equation.right, equation.left)]
    found = [pair for pair in sides if isinstance(pair[0], Named)]
    for here, there in (*found, *(pair for pair in sides if pair not in found)):
        for column, value in _solved(here, there, never_zero):
            if column not in set(columns_in(value)) and not isinstance(value, Literally):
                yield column, value


def _solved(here: Node, there: Node, never_zero: frozenset[str]) -> Iterator[tuple[str, Node]]:
    """Every column that ``here == there`` gives by adding, taking away, and multiplying with what is never zero."""
    match here:
        case Named():
            yield here.column, there
        case Arithmetic(operator="+"):
            yield from _solved(here.left, Arithmetic("-", there, here.right, here.at), never_zero)
            yield from _solved(here.right, Arithmetic("-", there, here.left, here.at), never_zero)
        case Arithmetic(operator="-"):
            yield from _solved(here.left, Arithmetic("+", there, here.right, here.at), never_zero)
            yield from _solved(here.right, Arithmetic("-", here.left, there, here.at), never_zero)
        case Arithmetic(operator="/", right=Named() as divisor) if divisor.column in never_zero:
            yield from _solved(here.left, Arithmetic("*", there, divisor, here.at), never_zero)
