"""Which rule is kept how: computed, encoded, or checked row by row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from synthwright.data.constraints import Rule
from synthwright.data.dependence import depends_on
from synthwright.data.expressions import Expression, parse_value
from synthwright.data.rule_tree import Arithmetic, Combined, Compared, Literally, Named, Node, OneHot
from synthwright.data.rule_wording import rule_text
from synthwright.data.schema import Schema
from synthwright.errors import BadInput
from synthwright.generators._constraints.clauses import AtLeast, at_least, clauses_of, equations, solutions
from synthwright.generators._constraints.deriving import Derive
from synthwright.generators._constraints.joining import Joint
from synthwright.generators._constraints.ordering import Limit, Order
from synthwright.generators._constraints.steps import Step
from synthwright.generators.protocol import GeneratorInfo

__all__ = ["Compiled", "compiled"]


_TIED = frozenset({"sequence", "anomaly", "value"})  # distributions that say what no rule should change
_PLAIN = frozenset({"feature", "sensitive", "target"})  # roles of columns that nothing but a method looks at


@dataclass(frozen=True, slots=True)
class Compiled:
    """`steps` in the order of encoding, the rules `kept` by them alone, and combinations to be checked (`listed`)."""

    steps: tuple[Step, ...]
    kept: tuple[Rule, ...]
    listed: tuple[Joint, ...]


def compiled(schema: Schema, rules: Sequence[Rule], info: GeneratorInfo) -> Compiled:
    """As many of `rules` as can be are kept by computing and encoding.

    Every column is taken by one step at most, and no step needs what only a later one decodes; what does not fit (a
    circle of derivations, a second rule on one column) is left to the check that every row passes in any case.
    `schema` has the columns that the method would see.
    """
    build = _Build(schema, info)
    clauses = {rule: clauses_of(rule) for rule in rules}
    done: set[Node] = set()
    orders = [found for clause in chain(*clauses.values()) if (found := at_least(clause)) is not None]
    for equation in filter(None, map(equations, chain(*clauses.values(), _squeezed(orders)))):
        if build.derive(equation):
            done.add(equation)
    for rule in rules:
        if isinstance(rule.tree, Combined | OneHot) and build.join(rule):
            done.add(rule.tree)
    for clause in chain(*clauses.values()):
        order = at_least(clause)
        if order is not None and info.needs_records and build.order(order):
            done.add(clause)
    unlisted = [rule for rule in rules if isinstance(rule.tree, Combined) and not rule.tree.values]
    return Compiled(
        build.steps(),
        tuple(rule for rule in rules if done.issuperset(clauses[rule])),
        tuple(Joint(tuple(schema[name] for name in rule.columns), rule) for rule in unlisted if rule.tree not in done),
    )


def _squeezed(orders: Sequence[AtLeast]) -> Iterator[Compared]:
    """``a <= b`` and ``b <= a`` together are ``a == b``."""
    said = {(rule_text(one.low), rule_text(one.high)) for one in orders if not one.strict}
    for one in orders:
        if not one.strict and (rule_text(one.high), rule_text(one.low)) in said:
            yield Compared("==", one.high, one.low, one.high.at)


@dataclass
class _Build:
    schema: Schema
    info: GeneratorInfo
    derived: dict[str, Derive] = field(default_factory=dict)
    joined: dict[str, Joint] = field(default_factory=dict)
    ordered: dict[str, Order] = field(default_factory=dict)

    def derive(self, equation: Compared) -> bool:
        """True if it is kept by computing a column: one whose grid holds the result, no target if that can be had."""
        found = list(solutions(equation, self._never_zero))[: None if self.info.needs_records else 1]
        free = [
            (column, value)
            for column, node in found
            if self._may_take(column) and (value := self._value(node, column)) is not None
        ]
        free = [
            (column, value) for column, value in free if self._computable(column) and not self._circular(column, value)
        ]
        free.sort(key=lambda one: (not self._fine_enough(*one), self.schema[one[0]].role != "feature"))
        for column, value in free[:1]:
            self.derived[column] = Derive(self.schema[column], value)
        return bool(free)

    def join(self, rule: Rule) -> bool:
        """True if its columns are drawn as one: not by methods for numbers, nor where classes are balanced."""
        columns = tuple(self.schema[name] for name in rule.columns)
        classes = any(column.role == "target" for column in columns) and self.info.keeps_records
        if classes or not self.info.needs_records or self.info.takes == "numbers":
            return False
        if any(column.name in self._taken or column.role not in _PLAIN for column in columns):
            return False
        for column in columns:
            self.joined[column.name] = Joint(columns, rule)
        return True

    def order(self, order: AtLeast) -> bool:
        """True if the distance of one side from the other is learnt; the higher side's, unless it is taken."""
        ways = [(order.high, order.low, True), (order.low, order.high, False)]
        if isinstance(order.high, Named) and self._role(order.high) == "target":
            ways.reverse()
        for column, limit, above in ways:
            if isinstance(column, Named) and self._bounded(column.column, limit, above=above, strict=order.strict):
                return True
        return False

    def steps(self) -> tuple[Step, ...]:
        """The steps, each before those whose columns it needs: the first to be encoded, the last to be decoded."""
        waiting: list[Step] = [
            *self.derived.values(),
            *self.ordered.values(),
            *dict.fromkeys(self.joined.values()),
        ]
        done: list[Step] = []
        while waiting:
            needed = {name for step in waiting for name in step.inputs}
            now = [step for step in waiting if not needed.intersection(step.takes)]
            done += now
            waiting = [step for step in waiting if step not in now]
        return tuple(done)

    @property
    def _never_zero(self) -> frozenset[str]:
        bounded = [column for column in self.schema if column.is_numeric and column.bounds is not None]
        return frozenset(one.name for one in bounded if one.bounds and (one.bounds[0] > 0 or one.bounds[1] < 0))

    @property
    def _taken(self) -> frozenset[str]:
        return frozenset({*self.derived, *self.joined, *self.ordered})

    def _role(self, named: Named) -> str:
        return self.schema[named.column].role

    def _may_take(self, name: str) -> bool:
        column = self.schema[name]
        return name not in self._taken and column.is_numeric and column.role in _PLAIN

    def _computable(self, name: str) -> bool:
        """Without records, only columns that no distribution ties to others, or to their places."""
        one = self.schema[name].distribution
        if self.info.needs_records:
            return True
        tied = [other for other in self.schema if name in depends_on(other.distribution, self.schema)]
        own = one is not None and (one.family in _TIED or one.get("unique") or depends_on(one, self.schema))
        return not (tied or own)

    def _value(self, node: Node, name: str) -> Expression | None:
        """`node` as a value that `name` could have; ``None`` if it is of another kind."""
        try:
            value = parse_value(rule_text(node), self.schema)
        except BadInput:  # what was solved for is no sum of dates that there is
            return None
        wanted = "date" if self.schema[name].kind == "datetime" else "number"
        return value if value.sort.kind == wanted else None

    def _bounded(self, name: str, limit: Node, *, above: bool, strict: bool) -> bool:
        value = self._value(limit, name) if self._numeric(name) else None
        if value is None or not value.columns or name in value.columns or self._circular(name, value):
            return False
        known = self.ordered.get(name)
        if known is not None and known.above == above:
            self.ordered[name] = replace(known, limits=(*known.limits, Limit(value, strict)))
            return True
        if known is not None or not self._may_take(name):
            return False
        self.ordered[name] = Order(self.schema[name], (Limit(value, strict),), above)
        return True

    def _numeric(self, name: str) -> bool:
        return self.schema[name].is_numeric

    def _circular(self, name: str, value: Expression) -> bool:
        """True if `value` would need `name` itself, by way of what is computed or encoded already."""
        steps: Mapping[str, Step] = {**self.derived, **self.joined, **self.ordered}
        waiting, seen = list(value.columns), set[str]()
        while waiting:
            one = waiting.pop()
            if one == name:
                return True
            if one not in seen:
                seen.add(one)
                waiting += [] if one not in steps else steps[one].inputs
        return False

    def _fine_enough(self, name: str, value: Expression) -> bool:
        """True if the column's grid holds every value that the expression can have."""
        step, needed = self.schema[name].step, _decimals(value.tree, self.schema)
        return step is None or (needed is not None and 10.0**-needed >= step * 0.999)


def _decimals(node: Node, schema: Schema) -> int | None:
    """Decimal places that hold every value of `node`; ``None`` if no number of them does."""
    match node:
        case Literally():
            text = repr(float(node.value)) if not isinstance(node.value, str) else "0"
            return 0 if "e" in text else len(text.rstrip("0").partition(".")[2])
        case Named():
            column = schema[node.column]
            if column.step is not None:
                return column.decimals or 0
            return 0 if column.is_discrete else None
        case Arithmetic(operator="/"):
            return None
        case Arithmetic():
            sides = [_decimals(one, schema) for one in (node.left, node.right)]
            if None in sides:
                return None
            known = [one for one in sides if one is not None]
            return sum(known) if node.operator == "*" else max(known)
    return None
