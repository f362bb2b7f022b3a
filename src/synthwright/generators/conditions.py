"""Conditions as people write them, in Python and on the command line, turned into predicates."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import arrow_type
from synthwright.data.calendar import NANOSECONDS
from synthwright.data.columns import categories_of
from synthwright.data.predicates import OneOf, Predicate, Range
from synthwright.data.schema import Column, Scalar, Schema
from synthwright.errors import BadInput, UsageError, shorten

__all__ = ["State", "level", "number", "parse_condition", "parse_given", "predicates_of"]

_TRUE, _FALSE = {"true", "yes", "1"}, {"false", "no", "0"}


@dataclass(frozen=True, slots=True)
class State:
    """A bare word of the command line that says whether cells are there; quoted, it is a value like any other."""

    word: Literal["missing", "present"]


def parse_given(*texts: str) -> dict[str, Any]:
    """Command-line conditions as the mapping that `Given.of` takes.

    ``age=30..40`` is a range, ``age=30..`` an open one, ``city=A,B`` a set, ``sex=Female`` a value, ``income=missing``
    or ``income=`` missing, ``income=present`` or ``income=..`` not missing. What holds a comma or two dots, or is one
    of these words, stands in double quotes: ``city="Paris, TX",Rome``.

    Raises
    ------
    UsageError
        A text is not of this form, or two speak about one column.
    """
    given: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(
                f"{shorten(text)!r} is no condition.",
                remedy="Write COLUMN=VALUE, COLUMN=LOW..HIGH, COLUMN=A,B, COLUMN=missing or COLUMN=present.",
            )
        if name in given:
            raise UsageError(f"There are two conditions on {shorten(name)!r}.", remedy="Keep one.")
        given[name] = parse_condition(value)
    return given


def parse_condition(value: str) -> Any:
    """What stands behind the sign in ``--given COLUMN=``, as `Given.of` takes it."""
    if not value:
        return None
    if value in {"missing", "present"}:
        return State("missing" if value == "missing" else "present")
    if ".." in value and '"' not in value:
        low, _, high = value.partition("..")
        return (low or None, high or None)
    parts = next(csv.reader([value], skipinitialspace=True))
    return parts[0] if len(parts) == 1 else frozenset(parts)


def predicates_of(given: Mapping[str, Any], schema: Schema) -> tuple[Predicate, ...]:
    """One predicate per entry: a value, ``(low, high)``, a set or list of values, or ``None`` for missing.

    An end of a range that is ``None`` is open, so ``(None, None)`` is any value: not missing. Texts are read as the
    column's kind, so ``"30"`` is 30 for an integer and ``"2024-05-01"`` a day for a datetime.
    """
    return tuple(_predicate(schema[str(name)], value) for name, value in given.items())


def _predicate(column: Column, value: Any) -> Predicate:
    if isinstance(value, State):
        return _in_state(column, value.word)
    if isinstance(value, tuple):
        return _range(column, value)
    if isinstance(value, set | frozenset | list):
        if not value:
            raise BadInput(f"The set of values for column {shorten(column.name)!r} is empty.", remedy="Name one.")
        values = [None if one is None else _scalar(column, one) for one in value]
        return OneOf(column.name, tuple(sorted(set(values), key=lambda one: (one is None, str(one)))))
    return OneOf(column.name, (None if value is None else _scalar(column, value),))


def _in_state(column: Column, word: Literal["missing", "present"]) -> Predicate:
    if column.is_discrete and word in {str(one) for one in categories_of(column)}:
        raise UsageError(
            f"{word!r} is a value of column {shorten(column.name)!r}, too.",
            remedy=f"""Quote the value ({shorten(column.name)}='"{word}"'), or leave it out for missing cells.""",
        )
    return OneOf(column.name, (None,)) if word == "missing" else _range(column, (None, None))


def _range(column: Column, value: tuple[Any, ...]) -> Predicate:
    if len(value) != 2:
        raise BadInput(
            f"The range for column {shorten(column.name)!r} has {len(value)} ends.",
            remedy="Write (low, high), or a set {a, b, c} for several values.",
        )
    if column.is_discrete and value[0] is None and value[1] is None:
        return OneOf(column.name, categories_of(column))
    if column.kind == "ordinal":
        levels = categories_of(column)
        first = 0 if value[0] is None else levels.index(level(column, value[0]))
        last = len(levels) - 1 if value[1] is None else levels.index(level(column, value[1]))
        if first > last:
            raise _upside_down(column, value)
        return OneOf(column.name, levels[first : last + 1])
    if not column.is_numeric:
        raise BadInput(
            f"Column {shorten(column.name)!r} has no ranges.",
            evidence=f"Its kind is {column.kind}.",
            remedy="Give a set of values: {a, b} in Python, a,b on the command line; a value with two dots in quotes.",
        )
    low = -math.inf if value[0] is None else number(column, value[0])
    high = math.inf if value[1] is None else number(column, value[1])
    if low > high:
        raise _upside_down(column, value)
    return Range(column.name, low, high)


def _upside_down(column: Column, value: tuple[Any, ...]) -> BadInput:
    return BadInput(
        f"The range for column {shorten(column.name)!r} is upside down.",
        evidence=f"{shorten(str(value[0]))} lies above {shorten(str(value[1]))}.",
        remedy="Put the lower end first.",
    )


def _scalar(column: Column, value: Any) -> Scalar:
    if column.is_numeric:
        return number(column, value)
    return level(column, value)


def number(column: Column, value: Any) -> float:
    """`value` in the units of `Table.numbers`: numbers and their texts, or dates and their ISO texts.

    A time between two ticks of the column has a fraction.

    Raises
    ------
    BadInput
        It is no finite number, or no date.
    """
    if isinstance(value, bool | np.bool_):
        raise _not_of_kind(column, value)
    try:
        found = _ticks(column, value) if column.kind == "datetime" else float(value)
    except (ValueError, TypeError, OverflowError, pa.ArrowException) as error:
        raise _not_of_kind(column, value) from error
    if math.isfinite(found):
        return found
    raise _not_of_kind(column, value)


def _ticks(column: Column, value: Any) -> float:
    stored = arrow_type(column)
    if isinstance(value, int | float | np.number):
        raise TypeError("a bare number is no date")
    if pa.types.is_date(stored):
        stored = pa.timestamp("s")
    told = pa.array([str(value)])
    moment = told.cast(stored) if _has_zone(str(value)) == bool(stored.tz) else _in_zone(told, stored)
    nanoseconds = {"s": 10**9, "ms": 10**6, "us": 10**3, "ns": 1}[moment.type.unit]
    return float(moment.cast(pa.int64())[0].as_py() * nanoseconds / NANOSECONDS[column.unit or "second"])


def _has_zone(text: str) -> bool:
    clock = text.replace("T", " ").partition(" ")[2]
    return clock.endswith("Z") or "+" in clock or "-" in clock


def _in_zone(told: pa.Array, stored: pa.TimestampType) -> pa.Array:
    if not stored.tz:
        raise TypeError("the column's times have no zone")
    return pc.assume_timezone(told.cast(pa.timestamp(stored.unit)), stored.tz)


def level(column: Column, value: Any) -> Scalar:
    """The category that `value` or its text names; `value` itself where the column lists none like it.

    Raises
    ------
    BadInput
        The column has categories and `value` is none of them.
    """
    if not column.is_discrete:
        return str(value)
    known = categories_of(column)
    if isinstance(value, np.generic):
        value = value.item()
    same = [one for one in known if one == value and isinstance(one, bool) == isinstance(value, bool)]
    if column.kind == "boolean" and isinstance(value, str) and value.lower() in _TRUE | _FALSE:
        same = [one for one in known if one is (value.lower() in _TRUE)]
    if same or (same := [one for one in known if str(one) == str(value)]):
        return same[0]
    near = get_close_matches(str(value)[:60], [str(one) for one in known[:1_000]], n=1)
    raise BadInput(
        f"{shorten(str(value))!r} is no value of column {shorten(column.name)!r}.",
        evidence=(f"Did you mean {shorten(near[0])!r}? " if near else "") + _known_levels(known),
        remedy="Values rarer than 5 rows are never drawn, unless the schema declares them.",
    )


def _known_levels(known: tuple[Scalar, ...]) -> str:
    shown = ", ".join(repr(shorten(str(one), 30)) for one in known[:12])
    return f"Its values: {shown}{', …' if len(known) > 12 else ''}."


def _not_of_kind(column: Column, value: Any) -> BadInput:
    what = "a date" if column.kind == "datetime" else "a number"
    return BadInput(
        f"{shorten(str(value))!r} is not {what}.",
        evidence=f"Column {shorten(column.name)!r} has the kind {column.kind}.",
        remedy="Give a value, (low, high), a set of values, or None for missing.",
    )
