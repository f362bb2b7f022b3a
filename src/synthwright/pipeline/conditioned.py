"""Runs under conditions: what a recipe's `given` says, and the real rows that its rows are compared with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.generators.conditions import parse_condition, predicates_of

__all__ = ["asked_of", "check_conditions", "conditions_told", "meeting", "written"]

_BARE = ("", "missing", "present")


def written(given: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions as Python has them (values, ranges, sets, ``None``), as a recipe has them."""
    return {str(name): _written(value) for name, value in given.items()}


def _written(value: Any) -> Any:
    if value is None:
        return "missing"
    if isinstance(value, tuple):
        if len(value) != 2:
            raise UsageError(f"The range {shorten(repr(value))} has {len(value)} ends.", remedy="Write (low, high).")
        ends = ["" if end is None else str(end) for end in value]
        return "present" if ends == ["", ""] else "..".join(ends)
    if isinstance(value, set | frozenset | list):
        return sorted((one.item() if isinstance(one, np.generic) else one for one in value), key=str)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return [value] if isinstance(value, str) else value.item() if isinstance(value, np.generic) else value


def asked_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's conditions as `Model.draw` takes them: a text is what ``--given COLUMN=`` has behind the sign."""
    return {
        name: parse_condition(value)
        if isinstance(value, str)
        else frozenset(value)
        if isinstance(value, list)
        else value
        for name, value in given.items()
    }


def meeting(given: Mapping[str, Any] | None, table: Table) -> Table:
    """The rows of `table` that meet every condition; all of them where there is none."""
    if not given:
        return table
    fits = np.ones(len(table), dtype=bool)
    for predicate in predicates_of(asked_of(given), table.schema):
        fits &= predicate.holds(table)
    return table.take(fits)


def conditions_told(given: Mapping[str, Any]) -> str:
    """The conditions in one line."""
    told = [
        f"{shorten(name, 40)}={','.join(map(str, value)) if isinstance(value, list) else value}"
        for name, value in given.items()
    ]
    return shorten(" and ".join(told), 300)


def check_conditions(given: Mapping[str, Any], train: Table, holdout: Table, fewest: tuple[int, int]) -> None:
    """The columns are learnt, the values are ones that can be drawn, and `fewest` real rows meet them.

    Raises
    ------
    BadInput, UnknownName
        They are not: with the number of rows that meet the conditions where there are too few to judge by.
    """
    _require_modelled(given, train.schema)
    for part, name, few in ((train, "train", fewest[0]), (holdout, "the holdout", fewest[1])):
        found = len(meeting(given, part))
        if found < few:
            raise BadInput(
                f"{found:,} rows of {name} meet the conditions: too few to judge drawn ones by.",
                evidence=f"{conditions_told(given)}; {few} of {len(part):,} are the least.",
                remedy="Widen the conditions, or draw with `synthwright sample MODEL --given`, which judges nothing.",
            )


def _require_modelled(given: Mapping[str, Any], schema: Schema) -> None:
    for name in given:
        column = schema[name]
        if not column.is_modelled:
            raise BadInput(
                f"There can be no condition on {shorten(name)!r}.",
                evidence=f"Its kind is {column.kind}: no method learns it.",
                remedy="Leave the condition out, or correct the kind in a schema file (`synthwright inspect -o`).",
            )
