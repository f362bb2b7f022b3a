"""Orders and ranges that no row can obey together, found before anything is learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from synthwright.data.calendar import from_iso
from synthwright.data.constraints import Rule
from synthwright.data.rule_tree import Arithmetic, Literally, Named, Node
from synthwright.data.schema import Schema
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.clauses import at_least, clauses_of, equations

__all__ = ["require_consistent"]

_ZERO = ""  # stands for the number 0 among the columns; no rule can name it


@dataclass(frozen=True, slots=True)
class _Edge:
    """``high - low >= distance``, more than that if `strict`; `rule` says so."""

    low: str
    high: str
    distance: float
    strict: bool
    rule: str


def require_consistent(schema: Schema, rules: Sequence[Rule]) -> None:
    """Returns if differences of columns, and ranges, can all be kept by one row.

    Looked at are clauses such as ``a <= b``, ``a + 3 < b``, ``a == b``, ``a >= 5`` that hold everywhere, and declared
    bounds; a contradiction is a circle of them with a sum above 0 (Bellman 1958). What is said of products, sums of
    columns or under a condition is left to rejection.

    Raises
    ------
    BadInput
        They contradict each other; the rules of the circle are named.
    """
    edges = [edge for rule in rules for edge in _edges(rule, schema)]
    if not edges:
        return
    for name in {name for edge in edges for name in (edge.low, edge.high)} - {_ZERO}:
        column = schema[name]
        if column.source == "declared" and column.bounds is not None and column.is_numeric:
            told = f"bounds of {shorten(name, 30)}"
            edges.append(_Edge(_ZERO, name, column.bounds[0], False, told))
            edges.append(_Edge(name, _ZERO, -column.bounds[1], False, told))
    circle = _circle(edges)
    if circle:
        told = "; ".join(dict.fromkeys(shorten(edge.rule, 60) for edge in circle))
        raise BadInput(
            "The constraints contradict each other: no row can obey them all.",
            evidence=f"Together they can't hold: {shorten(told, 300)}.",
            remedy="Remove or correct one of them.",
        )


def _edges(rule: Rule, schema: Schema) -> Iterator[_Edge]:
    for clause in clauses_of(rule):
        pairs = []
        same, order = equations(clause), at_least(clause)
        if same is not None:
            pairs = [(same.left, same.right, False), (same.right, same.left, False)]
        elif order is not None:
            pairs = [(order.low, order.high, order.strict)]
        for low, high, strict in pairs:
            one, two = _shifted(low, high, schema), _shifted(high, low, schema)
            if one is not None and two is not None and _same_unit(one[0], two[0], schema):
                yield _Edge(one[0], two[0], one[1] - two[1], strict, rule.text)


def _shifted(node: Node, other: Node, schema: Schema) -> tuple[str, float] | None:
    """`node` as a column (or 0) and what is added to it; ``None`` if it is anything else."""
    match node:
        case Named() if node.column in schema and schema[node.column].is_numeric:
            return node.column, 0.0
        case Literally(value=bool()):
            return None
        case Literally(value=float() as number):
            return _ZERO, number
        case Literally(value=str() as text):
            column = schema[other.column] if isinstance(other, Named) else None
            return (_ZERO, from_iso(text, column.unit or "second")) if column and column.kind == "datetime" else None
        case Arithmetic(operator="+" | "-", right=Literally(value=float() as number)) if not isinstance(number, bool):
            found = _shifted(node.left, other, schema)
            return None if found is None else (found[0], found[1] + (number if node.operator == "+" else -number))
        case Arithmetic(operator="+", left=Literally(value=float() as number)) if not isinstance(number, bool):
            found = _shifted(node.right, other, schema)
            return None if found is None else (found[0], found[1] + number)
    return None


def _same_unit(low: str, high: str, schema: Schema) -> bool:
    units = {schema[name].unit or "second" for name in (low, high) if name and schema[name].kind == "datetime"}
    return len(units) <= 1


def _circle(edges: Sequence[_Edge]) -> list[_Edge]:
    """The edges of a circle whose distances sum to more than 0 (or to 0, with a strict one); empty if there is none."""
    names = list(dict.fromkeys(name for edge in edges for name in (edge.low, edge.high)))
    longest: dict[str, tuple[float, int]] = dict.fromkeys(names, (0.0, 0))
    came: dict[str, _Edge] = {}
    last = ""
    for _ in range(len(names) + 1):
        moved = False
        for edge in edges:
            far = (longest[edge.low][0] + edge.distance, longest[edge.low][1] + edge.strict)
            here = longest[edge.high]
            slack = 1e-9 * max(1.0, abs(far[0]))
            if far[0] > here[0] + slack or (abs(far[0] - here[0]) <= slack and far[1] > here[1]):
                longest[edge.high], came[edge.high], moved, last = far, edge, True, edge.high
        if not moved:
            return []
    for _ in names:  # far enough back to stand on the circle itself
        last = came[last].low
    found = [came[last]]
    while found[-1].low != last:
        found.append(came[found[-1].low])
    return found[::-1]
