"""What the columns of a table are, guessed with a reason for each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pyarrow as pa

from synthwright.data.arrow_types import type_name
from synthwright.data.domains import bounds_of, categories_of_values, decimals_of, unit_of
from synthwright.data.identifiers import learn_pattern, pattern_to_text
from synthwright.data.kinds import Guess, guess_kind
from synthwright.data.persons import locale_among, together
from synthwright.data.schema import Column, Role, Schema
from synthwright.errors import UnknownName

__all__ = ["complete_schema", "infer_schema"]


def infer_schema(data: pa.Table, *, target: str | None = None, notes: Mapping[str, str] | None = None) -> Schema:
    """Kind, missing values, bounds, decimals, categories and stored type of every column, each with its reason.

    No value or bound is taken from fewer than 5 rows. The only role given is that of `target`; nothing is guessed to
    be sensitive. `notes` (column to sentence) are added to the reasons.

    Raises
    ------
    UnknownName
        There is no column called `target`.
    """
    if target is not None and target not in data.column_names:
        raise UnknownName.among("column", target, data.column_names)
    notes = notes or {}
    columns = []
    guesses = together({name: guess_kind(name, data[name], is_target=name == target) for name in data.column_names})
    locale = locale_among(guesses.values())
    for name, guess in guesses.items():
        role: Role = "target" if name == target else "feature"
        column = described(Column(name=name, kind=guess.kind, role=role, **_personal(guess, locale)), data[name])
        note = notes.get(name, "")
        told = [guess.reason, _about_decimals(column, data[name].type), note and f"{note[:1].upper()}{note[1:]}."]
        columns.append(replace(column, reason=" ".join(part for part in told if part)))
    return Schema(tuple(columns))


def _personal(guess: Guess, locale: str) -> dict[str, Any]:
    if guess.found is None or not guess.made_up:
        return {}
    return {"content": guess.found.content, "locale": guess.found.locale or locale}


def _about_decimals(column: Column, stored: pa.DataType) -> str:
    if column.kind != "float" or pa.types.is_decimal(stored) or column.bounds is None:
        return ""
    if column.decimals is None:
        return "They have no fixed number of decimals."
    if column.decimals == 0:
        return "All are whole, though stored as floats."
    return f"At most {column.decimals} decimal{'s' * (column.decimals > 1)}."


def complete_schema(schema: Schema, data: pa.Table) -> Schema:
    """`schema` with what it leaves open (bounds, decimals, categories, unit, dtype) filled in from `data`."""
    columns = []
    for column in schema:
        found = described(column, data[column.name])
        declared = {
            field: getattr(column, field)
            for field in ("bounds", "decimals", "categories", "unit", "pattern", "locale")
            if getattr(column, field) is not None
        }
        columns.append(replace(found, **declared, missing=column.missing))
    return replace(schema, columns=tuple(columns))


def described(column: Column, values: pa.ChunkedArray) -> Column:
    """`column` with the domain that `values` show for its kind."""
    column = replace(column, missing=values.null_count > 0, dtype=type_name(values.type))
    if column.kind in {"categorical", "ordinal"}:
        listed, _, _ = categories_of_values(values, ordered=column.kind == "ordinal")
        return replace(column, categories=listed)
    if column.kind == "id" and column.content is None:
        return replace(column, pattern=column.pattern or pattern_to_text(learn_pattern(values)))
    if column.kind == "datetime":
        column = replace(column, unit=column.unit or unit_of(values))
    if column.kind == "float":
        column = replace(column, decimals=decimals_of(values))
    return replace(column, bounds=bounds_of(column, values)) if column.is_numeric else column
