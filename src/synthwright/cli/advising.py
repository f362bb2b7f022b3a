"""The verb that says what to try before anything is made: advise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthwright.cli.console import data, json_out, progress, say
from synthwright.cli.options import Json, SchemaFile, Seed, Source, Target
from synthwright.provenance.text import clean_text

if TYPE_CHECKING:
    from synthwright.pipeline.advice.advising import Advice

__all__ = ["advise"]


def advise(
    source: Source,
    *,
    target: Target = None,
    schema: SchemaFile = None,
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write a schema with what was found: roles to split by, leaks left out."),
    ] = None,
    seed: Seed = 0,
    json: Json = False,
) -> int:
    """Say whether synthesis is likely to help, and what to try first.

    Size, classes, gaps, repeated rows, order in time, groups, leaks, learning curve and hard slices, each with its
    figure and what to do; then an outlook, steps in their order, methods that take this table, and the next command.
    Nothing is made. Without a target only what needs none is looked at.
    """
    from synthwright import api
    from synthwright.errors import UsageError

    if out is not None and out.exists():
        raise UsageError(f"{out} exists already.", remedy="Choose another name with -o, or remove it first.")
    with progress() as tell:
        found = api.advise(source, target=target, schema=schema, seed=seed, written=out, progress=tell)
    if out is not None:
        _write_schema(out, found)
    if json:
        json_out(found.to_json_value())
    else:
        data(clean_text(str(found)))
    if out is not None:
        say(f"Wrote {out}; correct it and pass it as --schema.")
    return 0


def _write_schema(out: Path, found: Advice) -> None:
    from synthwright import files
    from synthwright.data.schema_file import write_schema

    files.make_folder(out.parent)
    write_schema(found.schema, out, remarks=found.changes)
