"""The fields of a schema file, checked one by one; every complaint names the line."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, get_args

from synthwright.data.arrow_types import parse_type
from synthwright.data.calendar import from_iso
from synthwright.data.constraints import parse_rule
from synthwright.data.dependence import check_distribution
from synthwright.data.distributions import Distribution, read_distribution
from synthwright.data.schema import KINDS, ROLES, SOURCES, Column, Schema, Unit
from synthwright.data.yaml_file import LARGEST_YAML, Lines, load_yaml
from synthwright.errors import BadInput, shorten

__all__ = ["schema_from_yaml"]

_CHOICES: dict[str, tuple[str, ...]] = {"kind": KINDS, "role": ROLES, "source": SOURCES, "unit": get_args(Unit)}
_KEYS = (
    "kind",
    "role",
    "missing",
    "bounds",
    "decimals",
    "categories",
    "source",
    "unit",
    "pattern",
    "format",
    "dtype",
    "distribution",
)


def schema_from_yaml(text: str, *, name: str, largest: int = LARGEST_YAML) -> Schema:
    """The schema in `text`; a column without `source` counts as declared, for a person wrote it.

    Raises
    ------
    BadInput
        Something in it does not belong in a schema; `name` and the line stand first.
    """
    value, lines = load_yaml(text, name=name, largest=largest)
    file = _File(name, lines)
    if not isinstance(value, dict):
        raise file.wrong((), "a schema begins with `columns:`", "Write `columns:` and below it one block per column.")
    file.known(value, (), ("columns", "constraints"))
    columns = value.get("columns")
    if not isinstance(columns, dict) or not columns:
        raise file.wrong(
            ("columns",), "`columns` lists no columns", "Write one block per column, such as `age: {kind: integer}`."
        )
    try:
        schema = Schema(tuple(file.column(str(key), entry) for key, entry in columns.items()))
        schema = replace(schema, constraints=file.constraints(value.get("constraints"), schema))
        file.distributions(schema)
    except BadInput as error:
        raise (
            error
            if error.problem.startswith(name)
            else BadInput(f"{name}: {error.problem}", evidence=error.evidence, remedy=error.remedy)
        ) from error
    return schema


@dataclass(frozen=True, slots=True)
class _File:
    """A file's name and lines, for complaints."""

    name: str
    lines: Lines

    def wrong(self, path: tuple[str | int, ...], what: str, remedy: str) -> BadInput:
        """The error for the value at `path`."""
        while path and path not in self.lines:
            path = path[:-1]
        return BadInput(f"{self.name}, line {self.lines.get(path, 1)}: {what}.", remedy=remedy)

    def known(self, value: dict[str, Any], path: tuple[str | int, ...], keys: tuple[str, ...]) -> None:
        """Every key is one of `keys`."""
        for key in value:
            if key not in keys:
                close = get_close_matches(key, keys, n=1)
                hint = f"Did you mean {close[0]!r}? " if close else ""
                raise self.wrong(
                    (*path, key), f"there is no key {shorten(key)!r} here", f"{hint}Known: {', '.join(keys)}."
                )

    def constraints(self, rules: Any, schema: Schema) -> tuple[str, ...]:
        """The rules, each checked against the columns."""
        if not isinstance(rules, list | None):
            raise self.wrong(("constraints",), "constraints is no list", 'Write one rule per line: `- "a <= b"`.')
        for at, rule in enumerate(rules or ()):
            if not isinstance(rule, str):
                what = f"constraint {shorten(str(rule))!r} is no text"
                raise self.wrong(("constraints", at), what, 'Put the rule in quotes, such as "a <= b".')
            try:
                parse_rule(rule, schema)
            except BadInput as error:
                line = self.lines.get(("constraints", at), 1)
                problem = f"{self.name}, line {line}: {error.problem}"
                raise BadInput(problem, evidence=error.evidence, remedy=error.remedy) from error
        return tuple(rule.strip() for rule in rules or ())

    def column(self, name: str, entry: Any) -> Column:
        """The column `name` from its block."""
        path = ("columns", name)
        if not isinstance(entry, dict):
            raise self.wrong(
                path, f"column {shorten(name)!r} has no block of settings", "Write at least `kind:` below it."
            )
        self.known(entry, path, _KEYS)
        given = {key: value for key, value in entry.items() if value is not None}
        for key, choices in _CHOICES.items():
            if key in given and given[key] not in choices:
                close = get_close_matches(str(given[key]), choices, n=1)
                hint = f"Did you mean {close[0]!r}? " if close else ""
                what = f"{key} {shorten(str(given[key]))!r} does not exist"
                raise self.wrong((*path, key), what, f"{hint}Known: {', '.join(choices)}.")
        if "kind" not in given:
            raise self.wrong(path, f"column {shorten(name)!r} has no kind", f"Add one of {', '.join(KINDS)}.")
        if not isinstance(given.get("missing", False), bool):
            raise self.wrong((*path, "missing"), "missing is neither true nor false", "Write true or false.")
        for key in ("pattern", "format", "dtype"):
            if not isinstance(given.get(key, ""), str):
                raise self.wrong((*path, key), f"{key} is no text", "Put it in quotes.")
        self._dtype(path, given)
        self._format(path, given)
        bounds = self._bounds(path, given)
        return Column(
            name=name,
            kind=given["kind"],
            role=given.get("role", "feature"),
            missing=given.get("missing", False),
            bounds=bounds,
            decimals=self._decimals(path, given),
            categories=self._categories(path, given),
            source=given.get("source", "declared"),
            unit=given.get("unit"),
            pattern=given.get("pattern"),
            format=given.get("format"),
            dtype=given.get("dtype", ""),
            distribution=self._distribution(path, given),
        )

    def _distribution(self, path: tuple[str, ...], given: dict[str, Any]) -> Distribution | None:
        if "distribution" not in given:
            return None
        at = (*path, "distribution")
        return read_distribution(
            given["distribution"], lambda inner, what, remedy: self.wrong((*at, *inner), what, remedy)
        )

    def distributions(self, schema: Schema) -> None:
        """What the distributions say about other columns fits those."""
        for column in schema:
            try:
                check_distribution(column, schema)
            except BadInput as error:
                line = self.lines.get(("columns", column.name, "distribution"), 1)
                problem = f"{self.name}, line {line}: {error.problem}"
                raise BadInput(problem, evidence=error.evidence, remedy=error.remedy) from error

    def _dtype(self, path: tuple[str, ...], given: dict[str, Any]) -> None:
        if given.get("dtype"):
            try:
                parse_type(given["dtype"])
            except (ValueError, KeyError) as error:
                what = f"Arrow knows no type {shorten(given['dtype'])!r}"
                raise self.wrong(
                    (*path, "dtype"), what, "Write one such as int64, double, string, or leave it out."
                ) from error

    def _format(self, path: tuple[str, ...], given: dict[str, Any]) -> None:
        if "format" not in given:
            return
        if given["kind"] != "datetime":
            what = f"a column of kind {given['kind']} has no format of dates"
            raise self.wrong((*path, "format"), what, "Remove it, or write `kind: datetime`.")
        from synthwright.data.written_dates import checked_format  # Arrow's compute: only where a schema names one

        try:
            checked_format(given["format"])
        except BadInput as error:
            raise self.wrong(
                (*path, "format"), error.problem.rstrip("."), f"{error.evidence} {error.remedy}"
            ) from error

    def _bounds(self, path: tuple[str, ...], given: dict[str, Any]) -> tuple[float, float] | None:
        ends, at = given.get("bounds"), (*path, "bounds")
        if ends is None:
            return None
        if not isinstance(ends, list) or len(ends) != 2:
            raise self.wrong(at, "bounds are no pair", "Write [lowest, highest].")
        if given["kind"] == "datetime":
            if "unit" not in given:
                raise self.wrong(at, "bounds of dates need a unit", f"Add `unit:`, one of {', '.join(get_args(Unit))}.")
            try:
                low, high = (from_iso(str(end), given["unit"]) for end in ends)
            except ValueError as error:
                raise self.wrong(at, shorten(str(error), 200), "Write both bounds as ISO dates.") from error
        elif given["kind"] not in {"integer", "float"}:
            raise self.wrong(at, f"a column of kind {given['kind']} has no bounds", "Remove them, or change the kind.")
        elif not all(isinstance(end, int | float) and not isinstance(end, bool) for end in ends):
            raise self.wrong(at, "bounds are not numbers", "Write [lowest, highest].")
        else:
            low, high = (float(end) for end in ends)
        if not -math.inf < low <= high < math.inf:
            raise self.wrong(
                at, "the lower bound is above the upper one, or one is not finite", "Write [lowest, highest]."
            )
        return low, high

    def _decimals(self, path: tuple[str, ...], given: dict[str, Any]) -> int | None:
        decimals = given.get("decimals")
        if decimals is not None and (isinstance(decimals, bool) or decimals not in range(16)):
            raise self.wrong(
                (*path, "decimals"), "decimals is no whole number from 0 to 15", "Correct it or leave it out."
            )
        return decimals

    def _categories(self, path: tuple[str, ...], given: dict[str, Any]) -> tuple[Any, ...] | None:
        values, at = given.get("categories"), (*path, "categories")
        if values is None:
            return None
        if given["kind"] not in {"categorical", "ordinal", "boolean"}:
            raise self.wrong(
                at, f"a column of kind {given['kind']} has no categories", "Remove them, or change the kind."
            )
        if not isinstance(values, list):
            raise self.wrong(at, "categories is no list", "Write [first, second].")
        seen: set[Any] = set()
        for position, value in enumerate(values):
            if value is None or isinstance(value, dict | list) or (isinstance(value, float) and math.isnan(value)):
                raise self.wrong(
                    (*at, position), "a category is empty or a list", "Missing values are said by `missing: true`."
                )
            if (type(value), value) in seen:
                raise self.wrong((*at, position), f"category {shorten(str(value))!r} is listed twice", "Keep one.")
            seen.add((type(value), value))
        if len({type(value) for value in values}) > 1 and not all(isinstance(v, int | float) for v in values):
            raise self.wrong(at, "categories mix text and other values", "Put all of them in quotes, or none.")
        return tuple(values)
