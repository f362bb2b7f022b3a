"""An SDV metadata file as JSON, read strictly, and the one table in it that is asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from synthwright.errors import BadInput, UnknownName, UsageError, shorten

__all__ = ["SdvTable", "is_sdv", "parsed", "table_of"]

_LARGEST = 16_000_000  # characters: hundreds of tables of hundreds of columns
_VERSIONS = ("V1", "SINGLE_TABLE_V1", "MULTI_TABLE_V1")
_MARKS = ('"sdtype"', '"METADATA_SPEC_VERSION"', '"SCHEMA_VERSION"', '"fields"')
_SHOWN = 8  # names of tables in a message


@dataclass(frozen=True, slots=True)
class SdvTable:
    """One table's metadata, its name if it has one, and what the file says beyond it that concerns it."""

    name: str
    entry: Mapping[str, Any]
    beyond: tuple[str, ...] = ()
    constraints: tuple[Any, ...] = ()


def is_sdv(text: str) -> bool:
    """Whether `text` looks like SDV metadata: a JSON object that uses its words. Our own schemas may be JSON, too."""
    return text.lstrip().startswith("{") and any(mark in text for mark in _MARKS)


def parsed(text: str, *, name: str) -> dict[str, Any]:
    """The JSON object in `text`; `name` begins messages.

    Raises
    ------
    BadInput
        It is no JSON object, is too large or too deep, or holds a key twice.
    """
    if len(text) > _LARGEST:
        raise BadInput(f"{name} is too large for metadata.", evidence=f"{len(text):,} characters.")
    try:
        value = json.loads(text, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError) as error:
        told = shorten(str(error), 160) if isinstance(error, json.JSONDecodeError) else "It is nested too deep."
        raise BadInput(f"{name} is not JSON.", evidence=told, remedy="Save the metadata again from SDV.") from error
    except _Twice as error:
        problem = f"{name} holds the key {shorten(str(error))!r} twice."
        raise BadInput(problem, remedy="Keep one of them.") from error
    if not isinstance(value, dict):
        raise BadInput(f"{name} holds no JSON object.", remedy="SDV metadata begins with `{`.")
    return value


def table_of(document: Mapping[str, Any], *, name: str, table: str | None = None) -> SdvTable:
    """The metadata of `table`, or of the only one.

    Raises
    ------
    BadInput
        The version is unknown, no table is there, or several are and none is named.
    UsageError
        `table` is not among them.
    """
    version = document.get("METADATA_SPEC_VERSION", document.get("SCHEMA_VERSION"))
    if version is not None and version not in _VERSIONS:
        raise BadInput(
            f"{name} has the metadata version {shorten(str(version))!r}.",
            remedy=f"Known: {', '.join(_VERSIONS)}, and files without a version from before SDV 1.0.",
        )
    constraints = document.get("constraints", [])
    if not isinstance(constraints, list):
        raise BadInput(f"{name}: `constraints` is no list.", remedy="SDV saves one object per constraint.")
    if "tables" not in document:
        if table is not None:
            raise UsageError(f"{name} describes one table without a name.", remedy="Leave the table's name out.")
        return SdvTable("", document)
    tables = document["tables"]
    if not isinstance(tables, dict) or not tables:
        raise BadInput(f"{name} describes no table.", remedy="`tables` holds one object per table, by name.")
    if table is None and len(tables) > 1:
        listed = ", ".join(repr(shorten(one)) for one in list(tables)[:_SHOWN])
        raise BadInput(
            f"{name} describes {len(tables)} tables.",
            evidence=f"{listed}{' and more' * (len(tables) > _SHOWN)}.",
            remedy="Name one of them (`--table NAME`); linked tables come later.",
        )
    chosen = next(iter(tables)) if table is None else table
    if chosen not in tables:
        raise UnknownName.among("table", chosen, tables)
    if not isinstance(tables[chosen], dict):
        raise BadInput(f"{name}: table {shorten(chosen)!r} is no object.", remedy="It holds `columns` and keys.")
    own = [one for one in constraints if not isinstance(one, dict) or _about(one) in {None, chosen}]
    return SdvTable(chosen, tables[chosen], _links(document, chosen), tuple(own))


def _about(constraint: Mapping[str, Any]) -> Any:
    inner = constraint.get("constraint_parameters")
    return constraint.get("table_name", inner.get("table_name") if isinstance(inner, dict) else None)


def _links(document: Mapping[str, Any], table: str) -> tuple[str, ...]:
    """What links `table` to others: told, since no linked table is made."""
    told = []
    for link in document.get("relationships") or ():
        if not isinstance(link, dict):
            told.append(f"relationship {shorten(str(link))}: it is no object")
            continue
        parent, child = link.get("parent_table_name"), link.get("child_table_name")
        if table in {str(parent), str(child)}:
            told.append(f"relationship {shorten(str(parent))} -> {shorten(str(child))}: linked tables come later")
    return tuple(told)


class _Twice(ValueError):
    """A key that an object holds twice."""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise _Twice(key)
        found[key] = value
    return found
