"""A schema as a file: readable YAML that people edit, JSON types inside saved models."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

from synthwright.data.calendar import iso_text
from synthwright.data.distributions import Distribution, distribution_to_json
from synthwright.data.rule_writing import number_text
from synthwright.data.schema import Column, Schema, Unit
from synthwright.data.schema_fields import schema_from_yaml
from synthwright.errors import BadInput, shorten
from synthwright.files import write_text

__all__ = ["read_schema", "schema_from_json", "schema_to_json", "schema_to_yaml", "write_schema"]

_FIELDS = tuple(field.name for field in fields(Column))
_LISTS = ("bounds", "categories")
_WRITTEN = (
    "kind",
    "role",
    "missing",
    "bounds",
    "unit",
    "decimals",
    "categories",
    "pattern",
    "content",
    "locale",
    "format",
    "source",
    "dtype",
    "distribution",
)
_LARGEST = 64_000_000  # bytes: 100,000 categories and 1,000 columns fit
_LONGEST_LINE = 110  # characters of a list before it goes one item per line
_LONGEST_KEY = 500  # characters; YAML allows 1,024 for a key before its colon
_PLAIN = re.compile(r"[A-Za-z_][\w.-]*(?: [\w.-]+)*", re.ASCII)
_NOT_PLAIN = frozenset(
    {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
)  # elsewhere in YAML these are no text
_SUGGESTIONS = "  # No row breaks the following. Uncomment what has to hold; leave what only happens to.\n"
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ud800-\udfff\ufffe\uffff]")
_INTRODUCTION = (
    "# What the columns are. Edit kind, role, bounds and categories; write `source: declared` for a column whose\n"
    "# values may all be published, then its categories may list values that fewer than 5 rows have.\n"
)


def write_schema(
    schema: Schema, path: str | Path, *, suggested: Sequence[tuple[str, str]] = (), remarks: Sequence[str] = ()
) -> None:
    """`path` holds `schema` as YAML; `suggested` rules and `remarks` stand there as comments (`schema_to_yaml`)."""
    write_text(Path(path), schema_to_yaml(schema, suggested=suggested, remarks=remarks))


def read_schema(path: str | Path) -> Schema:
    """The schema that the YAML file at `path` holds, or SDV metadata (JSON) that a schema can say in full.

    Raises
    ------
    BadInput
        There is no such file, it is not YAML, or a key or value does not belong in a schema; the line is named.
    """
    from synthwright.data.sdv.reading import sdv_schema_in  # it needs this module's neighbours, and is seldom needed

    path = Path(path)
    if not path.is_file():
        raise BadInput(
            f"There is no schema file {path}.", remedy="`synthwright inspect DATA -o schema.yaml` writes one."
        )
    if path.stat().st_size > _LARGEST:
        raise BadInput(f"{path.name} is too large for a schema.", evidence=f"{path.stat().st_size:,} bytes.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise BadInput(
            f"{path.name} can't be read as text.", evidence=str(error)[:200], remedy="Save it as UTF-8."
        ) from error
    name = shorten(path.name)
    return sdv_schema_in(text, name=name) or schema_from_yaml(text, name=name, largest=_LARGEST)


def schema_to_yaml(schema: Schema, *, suggested: Sequence[tuple[str, str]] = (), remarks: Sequence[str] = ()) -> str:
    """`schema` as YAML: one block per column, the reason for each guess as a comment, dates in ISO form.

    `suggested` are rules that the schema does not have, each with its reason: commented out, one line of YAML each.
    `remarks` are comments at the head of the file.
    """
    parts = [
        _INTRODUCTION,
        *(f"# {line}\n" for one in remarks for line in _comment(one)),
        "columns:\n" if len(schema) else "columns: {}\n",
    ]
    for column in schema:
        parts.extend(f"  # {line}\n" for line in _comment(column.reason))
        key = _scalar(column.name)
        parts.append(f"  {key}:\n" if len(key) <= _LONGEST_KEY else f"  ? {key}\n  :\n")
        for name in _WRITTEN:
            value = getattr(column, name)
            if value is not None and value != "":
                parts.append(f"    {name}: {_value(column, name, value)}\n")
    parts.append("constraints:\n" if schema.constraints or suggested else "constraints: []\n")
    parts.extend(f"  - {_scalar(rule)}\n" for rule in schema.constraints)
    new = [(rule, why) for rule, why in suggested if rule not in schema.constraints]
    parts.append(_SUGGESTIONS if new else "")
    for rule, why in new:
        parts.extend(f"  # {line}\n" for line in _comment(why))
        parts.append(f"  # - {_scalar(rule)}\n")
    return "".join(parts)


def _comment(reason: str) -> list[str]:
    return [_UNPRINTABLE.sub("?", line) for line in reason.splitlines() if line.strip()]


def _flow(value: Any) -> str:
    """JSON types on one line of YAML."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_flow(one)}' for key, one in value.items())}}}"
    return f"[{', '.join(_flow(one) for one in value)}]" if isinstance(value, list) else _scalar(value)


def _value(column: Column, name: str, value: Any) -> str:
    if name == "distribution":
        return _flow(distribution_to_json(value))
    if name == "bounds":
        ends = [iso_text(end, column.unit) if column.kind == "datetime" else number_text(end) for end in value]
        return f"[{', '.join(ends)}]"
    if name == "categories":
        items = [_scalar(item) for item in value]
        flow = f"[{', '.join(items)}]"
        return flow if len(flow) <= _LONGEST_LINE else "".join(f"\n      - {item}" for item in items)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if not isinstance(value, str):
        return number_text(value) if isinstance(value, float) else json.dumps(value)
    if _PLAIN.fullmatch(value) and value.lower() not in _NOT_PLAIN:
        return value
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def schema_to_json(schema: Schema) -> dict[str, Any]:
    """Every field of every column, as JSON types."""
    columns = [
        {name: getattr(column, name) for name in _FIELDS if name != "distribution"}
        | ({} if column.distribution is None else {"distribution": distribution_to_json(column.distribution)})
        for column in schema
    ]
    return {"columns": columns, "constraints": list(schema.constraints)}


def schema_from_json(state: Mapping[str, Any]) -> Schema:
    """Read back `schema_to_json`.

    Raises
    ------
    BadInput
        A key is missing or a value is of the wrong type.
    """
    try:
        columns = [_column(entry) for entry in state["columns"]]
        return Schema(tuple(columns), tuple(str(rule) for rule in state["constraints"]))
    except (KeyError, TypeError, AttributeError) as error:
        raise BadInput("The saved schema can't be read.", evidence=str(error)[:200]) from error


def _column(entry: Mapping[str, Any]) -> Column:
    """One column, its fields of the types that `Column` declares: a saved model may come from anyone."""
    found = {**entry, **{name: tuple(entry[name]) for name in _LISTS if entry.get(name) is not None}}
    bounds, categories, decimals, unit = (found.get(name) for name in ("bounds", "categories", "decimals", "unit"))
    sound = (
        all(isinstance(found.get(name, ""), str) for name in ("name", "dtype", "reason"))
        and isinstance(found.get("missing", False), bool)
        and all(isinstance(found.get(name), str | None) for name in ("pattern", "content", "locale", "format"))
        and (decimals is None or (type(decimals) is int and -30 <= decimals <= 30))
        and (unit is None or unit in get_args(Unit))
        and (bounds is None or (len(bounds) == 2 and all(type(end) in {int, float} for end in bounds)))
        and (categories is None or all(isinstance(one, str | int | float | bool) for one in categories))
    )
    if found.get("distribution") is not None:
        found["distribution"] = Distribution.of(found["distribution"])
    if not sound:
        raise TypeError(f"column {shorten(str(found.get('name')))} has a field of another type")
    return Column(**found)
