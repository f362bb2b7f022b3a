"""A model from a schema alone, and the schemas that people pass: a file, an object, a mapping."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from synthwright.data.arrow_types import arrow_type
from synthwright.data.schema import Schema
from synthwright.data.schema_fields import schema_from_yaml
from synthwright.data.schema_file import read_schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.engines.engine import engine_for
from synthwright.errors import BadInput, shorten
from synthwright.generators.draw import Short
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import Empty
from synthwright.generators.rules.schema_sampler import SchemaSampler
from synthwright.seeding import Streams

__all__ = ["sample", "schema_model", "schema_of"]


def sample(
    schema: Schema | str | Path | Mapping[str, Any],
    n: int | None = None,
    *,
    seed: int = 0,
    given: Any = None,
    empty: Empty = "unknown",
    short: Short = "error",
    workers: int = 1,
) -> Table:
    """`n` rows from a schema alone (a `Schema`, a YAML file, a mapping with ``columns``): no data are needed.

    Columns come from their `distribution`, by default evenly from bounds or categories. The same seed gives the same
    rows, and the first k of them don't depend on `n`. `given`, `empty` and `short` are as in `Model.sample`.

    Raises
    ------
    BadInput
        The schema can't be drawn from; the message names the column, and the line where it is a file.
    """
    around = Context(streams=Streams(seed), engine=engine_for(workers))
    return schema_model(schema_of(schema), around).sample(
        n, seed=seed, given=given, empty=empty, short=short, context=around
    )


def schema_model(schema: Schema, context: Context, settings: SchemaSampler | None = None) -> Model:
    """The model that draws rows of `schema`; no data are needed. Raises as `SchemaSampler.fit` does.

    Free text without a distribution is left out where the schema was read off data, and refused where a person declared
    it: who asks for a column has to get it.
    """
    for column in schema:
        if column.kind == "text" and column.distribution is None and column.source == "declared":
            raise BadInput(
                f"Column {shorten(column.name)!r} says nothing about its texts.",
                remedy="Give it a `distribution:`, such as `{family: name}` or `{family: pattern, mask: '##-??'}`.",
            )
    empty = pa.table({column.name: pa.array([], arrow_type(column)) for column in schema})
    return fit_model(Table(schema, empty), settings or SchemaSampler(), context)


def schema_of(source: Any) -> Schema:
    """The schema that `source` is or holds: a `Schema`, the path of a YAML file, or a mapping with ``columns``.

    Raises
    ------
    BadInput
        It is none of these, or something in it does not belong in a schema.
    """
    if isinstance(source, Schema):
        return source
    if isinstance(source, str | Path):
        return read_schema(source)
    if not isinstance(source, Mapping):
        raise BadInput(
            f"{shorten(repr(source))} is no schema.", remedy="Give a Schema, a YAML file, or a mapping with `columns`."
        )
    try:
        text = json.dumps(source, indent=0, ensure_ascii=False, default=str)
    except (TypeError, ValueError, RecursionError) as error:
        raise BadInput("The mapping is no schema.", evidence=str(error)[:120]) from error
    return schema_from_yaml(text, name="schema")
