"""What the parts of a rule are: numbers, dates, texts, levels in order or truths; and whether they go together."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from synthwright.data.calendar import from_iso
from synthwright.data.rule_groups import pattern_problem
from synthwright.data.rule_text import rule_error
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
from synthwright.data.schema import Column, Scalar, Schema, Unit
from synthwright.errors import BadInput, shorten

__all__ = ["Sort", "check", "is_about_tables", "sort_of"]

_STORED_NUMBERS = ("int", "uint", "float", "double", "decimal")  # identifiers may be numbers

_NAMES = {
    "number": "a number",
    "date": "a date",
    "text": "a text",
    "order": "a level",
    "truth": "true or false",
    "open": "a value",
}


@dataclass(frozen=True, slots=True)
class Sort:
    """What a value is. Dates have a `unit`; levels in order have their list, `levels`, lowest first.

    What a schema leaves open (a unit, categories) is filled in from data later, and goes with anything until then.
    """

    kind: Literal["number", "date", "text", "order", "truth", "open"]
    unit: Unit | None = None
    levels: tuple[Scalar, ...] = ()

    def __str__(self) -> str:
        return _NAMES[self.kind]


def check(text: str, node: Node, schema: Schema) -> None:
    """Returns if the rule is a truth about rows of `schema`.

    Raises
    ------
    BadInput
        A column does not exist, or values that don't go together meet; rule, position and column are named.
    """
    checker = _Checker(text, schema)
    if is_about_tables(node) and isinstance(node, Unique | Combined):
        checker.group(node)
        return
    sort = checker.sort(node)
    if sort.kind != "truth":
        what = f"the rule is {sort}, not a condition"
        raise rule_error(text, node.at, what, "Compare it with something: `a <= b`, `a == b + c`.")


def is_about_tables(node: Node) -> bool:
    """True for rules that no row can be judged by alone: uniqueness, and combinations that the reference rows show."""
    return isinstance(node, Unique) or (isinstance(node, Combined) and not node.values)


def sort_of(node: Node, schema: Schema, text: str = "") -> Sort:
    """What `node` of a checked rule is; for one that is not checked yet, `text` is what complaints quote."""
    return _Checker(text, schema).sort(node)


@dataclass(frozen=True, slots=True)
class _Checker:
    text: str
    schema: Schema

    def sort(self, node: Node) -> Sort:
        match node:
            case Literally():
                return _literal(node)
            case Named():
                return _of_column(self.column(node))
            case Arithmetic():
                return self.arithmetic(node)
            case Compared():
                self.compared(node.left, node.right, ordered=node.operator not in {"==", "!="}, at=node.at)
            case Among():
                for value in node.values:
                    self.compared(node.operand, value, ordered=False, at=value.at)
            case Unset():
                self.column(node.operand)
            case Matched():
                self.matched(node)
            case OneHot() | Combined() | Unique():
                if is_about_tables(node):
                    what = "uniqueness and combinations without a list speak of the whole table, not of a row"
                    raise self.wrong(node.at, what, "Let this stand alone as a rule of its own.")
                self.group(node)
            case Negated():
                self.truth(node.operand)
            case Joined():
                self.truth(node.left)
                self.truth(node.right)
            case Given():
                self.truth(node.condition)
                self.truth(node.consequence)
        return Sort("truth")

    def column(self, node: Named) -> Column:
        if node.column in self.schema:
            return self.schema[node.column]
        close = get_close_matches(node.column, self.schema.names, n=1)
        raise self.wrong(
            node.at,
            f"there is no column {shorten(node.column)!r}",
            "Put texts in quotes and unusual column names in `backticks`.",
            f"Did you mean {shorten(close[0])!r}?" if close else "",
        )

    def matched(self, node: Matched) -> None:
        sort = self.sort(node.operand)
        if sort.kind not in {"text", "open", "order"}:
            raise self.wrong(node.at, f"{self.told(node.operand)} is {sort}, not a text", "Compare it: `a <= 9`.")
        reason = pattern_problem(node.pattern)
        if reason:
            remedy = "Patterns are RE2: classes, groups, |, ?, *, +, {n,m}; no look-around and no back references."
            raise self.wrong(node.at, f"the pattern {shorten(node.pattern, 60)!r} can't be used", remedy, reason)

    def group(self, node: OneHot | Combined | Unique) -> None:
        names = [named.column for named in node.columns]
        for at, named in enumerate(node.columns):
            column = self.column(named)
            if named.column in names[:at]:
                raise self.wrong(named.at, f"column {shorten(named.column)!r} is listed twice", "Keep one.")
            if isinstance(node, OneHot) and column.kind not in {"boolean", "integer"} and not _is_flag(column):
                what = f"column {shorten(named.column)!r} is {self.sort(named)}, neither true nor false, 1 nor 0"
                raise self.wrong(named.at, what, "List columns of booleans, or of zeros and ones.")
            if isinstance(node, Combined) and not (column.is_discrete or column.kind == "integer"):
                what = f"column {shorten(named.column)!r} of kind {column.kind} has no fixed values to combine"
                raise self.wrong(named.at, what, "List columns with categories or whole numbers.")
        if len(names) < 2 and not isinstance(node, Unique):
            raise self.wrong(node.at, "one column alone combines with nothing", "List two columns or more.")
        for values in node.values if isinstance(node, Combined) else ():
            if len(values) != len(names):
                what = f"{len(values)} values stand for {len(names)} columns"
                raise self.wrong(values[0].at, what, "Give every column one value: `in (('a', 1), ('b', 2))`.")
            for named, value in zip(node.columns, values, strict=True):
                self.compared(named, value, ordered=False, at=value.at)

    def truth(self, node: Node) -> None:
        sort = self.sort(node)
        if sort.kind not in {"truth", "open"}:
            raise self.wrong(node.at, f"{self.told(node)} is {sort}, not a condition", "Compare it with something.")

    def arithmetic(self, node: Arithmetic) -> Sort:
        left, right = self.sort(node.left), self.sort(node.right)
        kinds = (left.kind, right.kind)
        if set(kinds) <= {"number", "open"}:
            return Sort("number")
        if kinds == ("date", "date") and node.operator == "-":
            if left.unit == right.unit or None in {left.unit, right.unit}:
                return Sort("number")
            what = f"the dates are in {left.unit}s and {right.unit}s"
            raise self.wrong(node.at, what, "Give both columns the same `unit` in the schema.")
        if kinds == ("date", "number") and node.operator in {"+", "-"}:
            return left
        if kinds == ("number", "date") and node.operator == "+":
            return right
        what = f"`{node.operator}` does not join {left} ({self.told(node.left)}) and {right} ({self.told(node.right)})"
        raise self.wrong(
            node.at, what, "Calculate with numbers; dates take numbers of their unit, and have differences."
        )

    def compared(self, left: Node, right: Node, *, ordered: bool, at: int) -> None:
        one, two = self.sort(left), self.sort(right)
        for node, sort, other, to in ((left, one, right, two), (right, two, left, one)):
            if isinstance(node, Literally) and isinstance(node.value, str) and not isinstance(other, Literally):
                self.literal(node, other, to)
                sort = to if to.kind in {"date", "order"} else sort  # noqa: PLW2901  # read as what it is compared with
                one, two = (sort, two) if node is left else (one, sort)
        same = one.kind == two.kind and (one.levels == two.levels or not (one.levels and two.levels))
        loose = "open" in {one.kind, two.kind} or (not ordered and {one.kind, two.kind} == {"order", "text"})
        if not same and not loose:
            what = f"{one} ({self.told(left)}) can't be compared with {two} ({self.told(right)})"
            raise self.wrong(at, what, "Compare numbers with numbers, dates with dates, and quote texts.")
        if ordered and one.kind in {"text", "truth"}:
            what = f"{self.told(left)} has no order"
            raise self.wrong(at, what, "Use == or in, or give the column the kind ordinal and list its categories.")

    def literal(self, node: Literally, other: Node, to: Sort) -> None:
        """A quoted text fits what it is compared with: a date is one, a level is among those declared."""
        value = str(node.value)
        if to.kind == "date":
            try:
                from_iso(value, to.unit or "second")
            except ValueError as error:
                raise self.wrong(node.at, shorten(str(error), 160), "Write the date as '2024-05-31'.") from error
            return
        column = self.schema[other.column] if isinstance(other, Named) else None
        closed = column is not None and (to.kind == "order" or (column.source == "declared" and column.is_discrete))
        if column is None or not closed or column.categories is None:
            return
        known = [str(one) for one in column.categories]
        if value not in known:
            close = get_close_matches(value, known, n=1)
            what = f"column {shorten(column.name)!r} has no category {shorten(value)!r}"
            raise self.wrong(
                node.at,
                what,
                "Use a category of the schema, or add this one to it.",
                f"Did you mean {shorten(close[0])!r}?" if close else "",
            )

    def told(self, node: Node) -> str:
        match node:
            case Named():
                return f"column {shorten(node.column)!r}"
            case Literally():
                return shorten(repr(node.value))
        return "the result"

    def wrong(self, at: int, what: str, remedy: str, evidence: str = "") -> BadInput:
        return rule_error(self.text, at, what, remedy, evidence)


def _is_flag(column: Column) -> bool:
    return column.is_discrete and set(column.categories or (None,)) <= {0, 1}


def _literal(node: Literally) -> Sort:
    if isinstance(node.value, bool):
        return Sort("truth")
    return Sort("text" if isinstance(node.value, str) else "number")


def _of_column(column: Column) -> Sort:
    if column.kind == "datetime":
        return Sort("date", unit=column.unit)
    if column.is_numeric:
        return Sort("number")
    values = column.categories or ()
    if column.kind == "boolean" or (values and all(isinstance(value, bool) for value in values)):
        return Sort("truth")
    if values and all(isinstance(value, int | float) for value in values):
        return Sort("number")
    if column.kind == "ordinal":
        return Sort("order", levels=values)
    if column.is_discrete:
        return Sort("text" if values else "open")
    return Sort("number" if column.dtype.startswith(_STORED_NUMBERS) else "text")
