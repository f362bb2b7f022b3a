"""SDV metadata as a schema: columns, keys and constraints, and a list of all that could not be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from synthwright.data.schema import Column, Role, Schema
from synthwright.data.sdv.columns import column_of
from synthwright.data.sdv.constraints import rules_from
from synthwright.data.sdv.document import SdvTable, is_sdv, parsed, table_of
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten

__all__ = ["SdvSchema", "as_stored", "schema_from_sdv", "sdv_schema_in"]

_TABLE_KEYS = frozenset(
    {
        "METADATA_SPEC_VERSION", "SCHEMA_VERSION", "columns", "fields", "primary_key", "alternate_keys", "sequence_key",
        "sequence_index", "column_relationships", "constraints", "name", "path", "tables", "relationships",
    }
)  # fmt: skip
_SHOWN = 3  # sentences of what was left out in one message


@dataclass(frozen=True, slots=True)
class SdvSchema:
    """A schema, and one sentence for everything in the metadata that it does not say."""

    schema: Schema
    left_out: tuple[str, ...]


def schema_from_sdv(
    source: str | Path | Mapping[str, Any], *, table: str | None = None, constraints: Sequence[Mapping[str, Any]] = ()
) -> SdvSchema:
    """The schema that SDV metadata describes: a JSON file, or the mapping that ``metadata.to_dict()`` gives.

    `table` names one of several. `constraints` are those that were added to a synthesizer, as SDV writes them
    (``{"constraint_class": "Inequality", "constraint_parameters": {...}}``); metadata before 1.0 hold theirs. A
    boundary that is not said to be strict includes its end.

    Raises
    ------
    BadInput
        It is no SDV metadata, or describes several tables and none is named.
    UsageError
        There is no such table.
    """
    if isinstance(source, Mapping):
        return _schema(table_of(dict(source), name="metadata", table=table), "metadata", constraints)
    path = Path(source)
    if not path.is_file():
        raise BadInput(f"There is no metadata file {path}.", remedy="SDV writes one with `metadata.save_to_json(...)`.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path.name} can't be read as text.", evidence=str(error)[:200]) from error
    name = shorten(path.name)
    return _schema(table_of(parsed(text, name=name), name=name, table=table), name, constraints)


def sdv_schema_in(text: str, *, name: str) -> Schema | None:
    """The schema in `text` if it is SDV metadata and nothing in it would be left out; None if it is something else.

    Raises
    ------
    BadInput
        It is SDV metadata that says more than a schema can; the first sentences of what are quoted.
    """
    if not is_sdv(text):
        return None
    found = _schema(table_of(parsed(text, name=name), name=name), name, ())
    if found.left_out:
        more = len(found.left_out) - _SHOWN
        raise BadInput(
            f"{name} says {len(found.left_out)} thing{'s' * (len(found.left_out) > 1)} that a schema can't take over.",
            evidence="; ".join(found.left_out[:_SHOWN]) + (f"; and {more} more" if more > 0 else "") + ".",
            remedy=f"Convert it once, look, and use the result: `synthwright inspect DATA --sdv-metadata {name} "
            "-o schema.yaml`.",
        )
    return found.schema


def as_stored(table: Table) -> Table:
    """`table` with numbers that the metadata said nothing more of as whole ones, where they are stored so."""
    import pyarrow as pa

    whole = [
        replace(column, kind="integer", decimals=None)
        for column in table.schema
        if column.kind == "float" and pa.types.is_integer(table.data[column.name].type)
    ]
    return table.with_schema(table.schema.replacing(*whole))


def _schema(table: SdvTable, file: str, constraints: Sequence[Any]) -> SdvSchema:
    entries = table.entry.get("columns", table.entry.get("fields"))
    if not isinstance(entries, dict) or not entries:
        raise BadInput(f"{file} lists no columns.", remedy="`columns` holds one object per column, by name.")
    left_out = list(table.beyond)
    columns: list[Column] = []
    for name, entry in entries.items():
        column, notes = column_of(str(name), entry, file=file)
        columns.append(column)
        left_out += notes
    schema = Schema(tuple(columns))
    schema, rules = _keyed(schema, table.entry, file, left_out)
    for constraint in (*_listed(table.entry, file), *table.constraints, *constraints):
        found, why = rules_from(constraint, schema)
        rules += found
        left_out += [why] if why else []
    left_out += [f"{key!r} is not known here" for key in map(str, table.entry) if key not in _TABLE_KEYS]
    for link in _items(table.entry, "column_relationships"):
        names = link.get("column_names") if isinstance(link, dict) else link
        left_out.append(f"column_relationships of {shorten(str(names))}: columns are linked by rules here")
    return SdvSchema(replace(schema, constraints=tuple(dict.fromkeys(rules))), tuple(left_out))


def _listed(entry: Mapping[str, Any], file: str) -> list[Any]:
    """Constraints within a table's metadata, where SDV kept them before 1.0."""
    found = entry.get("constraints") or []
    if not isinstance(found, list):
        raise BadInput(f"{file}: `constraints` is no list.", remedy="SDV saves one object per constraint.")
    return found


def _keyed(schema: Schema, entry: Mapping[str, Any], file: str, left_out: list[str]) -> tuple[Schema, list[str]]:
    """The schema with the roles that keys give, and the rules that keys are unique."""
    rules: list[str] = []
    keys = [entry["primary_key"]] if entry.get("primary_key") is not None else []
    for key in (*keys, *_items(entry, "alternate_keys")):
        names = [key] if isinstance(key, str) else key
        if not isinstance(names, list) or not names or not all(isinstance(one, str) for one in names):
            raise BadInput(f"{file}: the key {shorten(str(key))} names no column.", remedy="Write a column's name.")
        for name in names:
            _there(schema, name, "key", file)
        found, why = rules_from(
            {"constraint_class": "Unique", "constraint_parameters": {"column_names": names}}, schema
        )
        rules += found
        left_out += [f"key {', '.join(map(shorten, names))}: {why.partition(': ')[2]}"] if why else []
    roles: dict[str, Role] = {}
    for word, role in (("sequence_index", "time"), ("sequence_key", "group")):
        if entry.get(word) is not None:
            roles[_there(schema, entry[word], word, file)] = role  # type: ignore[assignment]  # two of the roles
    if keys and isinstance(keys[0], str):
        roles[keys[0]] = "key"
    return schema.replacing(*(replace(schema[name], role=role) for name, role in roles.items())), rules


def _items(entry: Mapping[str, Any], word: str) -> list[Any]:
    found = entry.get(word) or []
    return found if isinstance(found, list) else [found]


def _there(schema: Schema, name: Any, what: str, file: str) -> str:
    if not isinstance(name, str) or name not in schema:
        raise BadInput(
            f"{file}: the {what.replace('_', ' ')} {shorten(str(name))!r} is no column.",
            evidence=f"Columns: {', '.join(shorten(one) for one in schema.names[:8])}.",
            remedy="Correct the name in the metadata.",
        )
    return name
