"""A schema as JSON types, inside saved models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from synthwright.data.schema import Column, Schema
from synthwright.errors import BadInput

__all__ = ["schema_from_json", "schema_to_json"]

_FIELDS = tuple(field.name for field in fields(Column))
_LISTS = ("bounds", "categories")


def schema_to_json(schema: Schema) -> dict[str, Any]:
    """Every field of every column, as JSON types."""
    columns = [{name: getattr(column, name) for name in _FIELDS} for column in schema]
    return {"columns": columns, "constraints": list(schema.constraints)}


def schema_from_json(state: Mapping[str, Any]) -> Schema:
    """Read back `schema_to_json`.

    Raises
    ------
    BadInput
        A key is missing or a value is of the wrong type.
    """
    try:
        columns = [
            Column(**{**entry, **{name: tuple(entry[name]) for name in _LISTS if entry.get(name) is not None}})
            for entry in state["columns"]
        ]
        return Schema(tuple(columns), tuple(state["constraints"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput("The saved schema can't be read.", evidence=str(error)[:200]) from error
