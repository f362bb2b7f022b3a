"""What the distributions of a schema say about one another: families that fit their columns, expressions, an order."""

from __future__ import annotations

import re
from collections.abc import Iterator

from synthwright.data.code_patterns import CodePattern
from synthwright.data.distribution_families import NUMERIC, POOLED
from synthwright.data.distributions import Distribution
from synthwright.data.expressions import parse_condition, parse_value
from synthwright.data.schema import Column, Schema
from synthwright.errors import BadInput, UnknownName, shorten

__all__ = ["PLACEHOLDER", "check_distribution", "depends_on", "drawing_order"]

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_OF_DATES = ("uniform", "histogram", "calendar", "value", "cases")
_OF_NUMBERS = (*NUMERIC, "value", "cases")
_OF_LEVELS = ("weights", "constant", "value", "cases")
_OF_TEXTS = ("constant", "pattern", "sequence", "template", "value", "cases", *POOLED)


def check_distribution(column: Column, schema: Schema) -> None:
    """Returns if the distribution of `column` fits its kind and the other columns of `schema`.

    Raises
    ------
    BadInput
        A family does not fit the kind, or an expression speaks of what isn't there; the column is named.
    """
    if column.distribution is None:
        return
    try:
        _check(column, column.distribution, schema)
        _check_missing(column, column.distribution, schema)
    except (BadInput, UnknownName) as error:
        raise _in(column, error) from error


def depends_on(distribution: Distribution | None, schema: Schema) -> set[str]:
    """The columns that have to be drawn before one with this distribution."""
    return set() if distribution is None else set(_named(distribution, schema))


def drawing_order(schema: Schema) -> tuple[str, ...]:
    """The columns in an order in which each comes after all that it depends on; otherwise in that of the schema.

    Raises
    ------
    BadInput
        Columns depend on each other in a circle.
    """
    needs = {column.name: depends_on(column.distribution, schema) for column in schema}
    order: list[str] = []
    while needs:
        known = set(order)
        ready = [name for name in needs if needs[name] <= known]
        if not ready:
            circle = _circle({name: others - known for name, others in needs.items()})
            raise BadInput(
                f"Column {shorten(circle[0])!r} depends on itself.",
                evidence=" needs ".join(shorten(name) for name in (*circle, circle[0])),
                remedy="Draw one of these columns from a distribution that names none of the others.",
            )
        order.extend(ready)
        for name in ready:
            del needs[name]
    return tuple(order)


def _check(column: Column, distribution: Distribution, schema: Schema) -> None:
    family, known = distribution.family, _families_of(column)
    if family not in known:
        raise BadInput(
            f"A column of kind {column.kind} can't have the family {family}.", remedy=f"It can have {', '.join(known)}."
        )
    for part in distribution.parts():
        if family != "mixture" and part != distribution.get("noise"):
            _check(column, part, schema)
    if distribution.get("when") is not None:
        parse_condition(distribution.get("when"), schema)
    if family == "value":
        _check_value(column, distribution, schema)
    elif family == "weights" and len(distribution.get("weights")) != len(_levels(column)):
        found = len(distribution.get("weights"))
        raise BadInput(f"There are {found} weights for {len(_levels(column))} categories.", remedy="Give one each.")
    elif family == "constant" and column.is_discrete and distribution.get("constant") not in map(str, _levels(column)):
        shown = shorten(distribution.get("constant"))
        raise BadInput(f"{shown!r} is no category of the column.", remedy="Add it to `categories:`.")
    elif family == "pattern":
        CodePattern.of(distribution)
    elif family == "anomaly":
        for name in distribution.get("of"):
            other = schema[name].distribution
            if other is None or other.get("anomaly") is None:
                raise BadInput(
                    f"No anomalies are planted in {shorten(name)!r}.", remedy="Give it `anomaly_share:` and `anomaly:`."
                )
    for name in _named(distribution, schema):
        schema[name]


def _check_missing(column: Column, distribution: Distribution, schema: Schema) -> None:
    if distribution.get("missing_when") is not None:
        parse_condition(distribution.get("missing_when"), schema)
    if distribution.get("missing_share") and not column.missing:
        raise BadInput("missing_share needs `missing: true`.", remedy="Add `missing: true` to the column.")


def _check_value(column: Column, distribution: Distribution, schema: Schema) -> None:
    sort = parse_value(distribution.get("value"), schema).sort.kind
    wanted = {"datetime": {"date"}, "boolean": {"truth"}}.get(column.kind, {"number"} if column.is_numeric else set())
    wanted = wanted or {"text", "order", "number", "truth", "open"}
    if sort not in wanted:
        what = {"number": "a number", "date": "a date", "truth": "true or false"}.get(sort, "a text")
        raise BadInput(f"The expression gives {what}, and the column is {column.kind}.", remedy="Change one of them.")
    if distribution.get("noise") is not None and not column.is_numeric:
        raise BadInput("noise is added to numbers and dates only.", remedy="Leave `noise:` out.")


def _families_of(column: Column) -> tuple[str, ...]:
    if column.kind == "datetime":
        return _OF_DATES
    if column.is_numeric:
        return (*_OF_NUMBERS, "sequence") if column.kind == "integer" else _OF_NUMBERS
    if column.kind == "boolean":
        return (*_OF_LEVELS, "anomaly")
    return _OF_LEVELS if column.is_discrete else _OF_TEXTS


def _levels(column: Column) -> tuple[object, ...]:
    from synthwright.data.columns import categories_of  # it reads Arrow, which a schema does not need

    return categories_of(column)


def _named(distribution: Distribution, schema: Schema) -> Iterator[str]:
    for key, read in (("value", parse_value), ("when", parse_condition)):
        if isinstance(text := distribution.get(key), str):
            yield from read(text, schema).columns
    if distribution.family == "template":
        yield from PLACEHOLDER.findall(distribution.get("template"))
    if distribution.family == "email" and distribution.get("of") is not None:
        yield distribution.get("of")
    for part in distribution.parts():
        yield from _named(part, schema)


def _circle(needs: dict[str, set[str]]) -> list[str]:
    """A circle among columns of which each needs another one."""
    name = next(iter(needs))
    path: list[str] = []
    while name not in path:
        path.append(name)
        inner = [one for one in needs if one in needs[name]]
        if not inner:  # what it needs is outside: begin again with the next
            needs = {one: rest for one, rest in needs.items() if one != name}
            path, inner = [], [next(iter(needs))]
        name = inner[0]
    return path[path.index(name) :]


def _in(column: Column, error: BadInput | UnknownName) -> BadInput:
    problem = f"Column {shorten(column.name)!r}: {error.problem}"
    return BadInput(problem, evidence=error.evidence, remedy=error.remedy)
