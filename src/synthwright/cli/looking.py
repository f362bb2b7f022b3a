"""Verbs that look at data before anything is made: inspect, init."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from synthwright.cli.console import data, json_out, say, table
from synthwright.cli.options import Json, SchemaFile, Source, Target
from synthwright.cli.outputs import require_new

if TYPE_CHECKING:
    from synthwright.data.proposals.proposing import Proposal
    from synthwright.data.table import Table

__all__ = ["init", "inspect"]


def inspect(
    source: Source,
    *,
    target: Target = None,
    schema: SchemaFile = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the schema to this file, to correct it.")
    ] = None,
    distributions: Annotated[
        bool, typer.Option("--distributions", help="Put what the values are like into the schema.")
    ] = False,
    propose: Annotated[
        bool, typer.Option("--propose", help="Look for rules that no row breaks, to be accepted or left.")
    ] = False,
    sdv_metadata: Annotated[
        Path | None, typer.Option("--sdv-metadata", help="Take the columns from this metadata file of SDV (JSON).")
    ] = None,
    sdv_table: Annotated[
        str | None, typer.Option("--table", metavar="NAME", help="The table, where the metadata describe several.")
    ] = None,
    json: Json = False,
) -> int:
    """Show what each column is taken for, and why.

    Classes, imbalance, missing cells and repeated rows as well. With --distributions, `sample` makes rows from the
    written schema alone; it holds no value that fewer than 5 rows share. With --propose, rules that hold throughout
    (sums, orders, fixed combinations ...) stand in the written schema as comments: uncomment those that have to hold.
    With --sdv-metadata, kinds, keys and constraints come from there, and what could not be taken over is listed.
    Nothing is written over: the file of --output has to be new.
    """
    from synthwright import api
    from synthwright.pipeline.analysis import analyse

    if out is not None:
        require_new(out)
    left_out: tuple[str, ...] = ()
    if sdv_metadata is None:
        _refuse_table(sdv_table)
        read = api.read(source, target=target, schema=schema)
    else:
        read, left_out = _under_sdv(source, target, sdv_metadata, sdv_table, schema)
    analysis = analyse(read)
    if distributions:
        from synthwright.generators.describing import describe

        read = read.with_schema(describe(read))
    proposals = _proposed(read) if propose else ()
    if out is not None:
        _write_schema(out, read, proposals, left_out)
    if json:
        told: dict[str, Any] = {"proposals": [_as_json(one) for one in proposals]} if propose else {}
        told |= {"left_out": list(left_out)} if sdv_metadata is not None else {}
        json_out({**analysis, "schema": _columns(read), **told})
    else:
        _show(read, analysis)
        if propose:
            _show_proposals(proposals)
    for sentence in left_out:
        say(f"Not taken over: {sentence}")
    if out is not None:
        say(f"Wrote {out}; correct it and pass it as --schema.")
    return 0


def init(
    source: Source,
    *,
    target: Target = None,
    schema: SchemaFile = None,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="The recipe to write.", show_default="standard output")
    ] = None,
) -> int:
    """Write a commented recipe for a table.

    Fill in `purpose:` and `because:`; they are printed in the data card.
    """
    from synthwright import api, files
    from synthwright.pipeline.recipe import published_schema
    from synthwright.pipeline.recipe_template import SCHEMA_NAME, recipe_template

    if out is not None:
        require_new(out)
    read = api.read(source, target=target, schema=schema)
    text = recipe_template(source, read, schema=None if schema is None else str(schema), in_file=out is not None)
    if out is None:
        data(text.rstrip("\n"))
        return 0
    files.make_folder(out.parent)
    files.write_text(out, text)
    files.write_json(out.parent / SCHEMA_NAME, published_schema())
    say(f"Wrote {out} ({SCHEMA_NAME} beside it helps editors). Fill in `purpose:` and `because:`, then:")
    say(f"  synthwright validate {out} && synthwright run {out}")
    return 0


def _show(read: Table, analysis: dict[str, Any]) -> None:
    say(f"{analysis['rows']:,} rows, {analysis['columns']} columns, {analysis['duplicates']:,} rows repeat another one")
    table(
        ("column", "kind", "role", "missing", "why"),
        [
            (column.name, column.kind, column.role, f"{analysis['missing'][column.name]:.1%}", column.reason)
            for column in read.schema
        ],
        numbers=("missing",),
    )
    if analysis["classes"]:
        shown = ", ".join(f"{name} {count:,}" for name, count in list(analysis["classes"].items())[:10])
        ratio = f"; the largest is {analysis['imbalance']:.1f} times the smallest" if analysis["imbalance"] else ""
        say(f"Classes of {analysis['target']}: {shown}{ratio}")


def _refuse_table(name: str | None) -> None:
    from synthwright.errors import UsageError

    if name is not None:
        raise UsageError("--table names a table of SDV metadata.", remedy="Give the file with --sdv-metadata.")


def _under_sdv(
    source: str, target: str | None, metadata: Path, name: str | None, schema: Path | None
) -> tuple[Table, tuple[str, ...]]:
    """The table under what SDV metadata say of it, and what could not be taken over."""
    from synthwright import api
    from synthwright.data.sdv.reading import as_stored, schema_from_sdv
    from synthwright.errors import UsageError

    if schema is not None:
        raise UsageError("A schema was given twice.", remedy="Give either --schema or --sdv-metadata.")
    found = schema_from_sdv(metadata, table=name)
    return as_stored(api.read(source, target=target, schema=found.schema)), found.left_out


def _proposed(read: Table) -> tuple[Proposal, ...]:
    from synthwright.data.proposals.proposing import propose

    return propose(read)


def _show_proposals(proposals: tuple[Proposal, ...]) -> None:
    say(f"{len(proposals)} rule{'s' * (len(proposals) != 1)} that no row breaks; accept those that have to hold:")
    if proposals:
        table(("rule", "kind", "evidence"), [(one.rule, one.kind, one.evidence) for one in proposals])


def _as_json(one: Proposal) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(one), "evidence": one.evidence}


def _columns(read: Table) -> list[dict[str, Any]]:
    from synthwright.data.schema_file import schema_to_json

    return list(schema_to_json(read.schema)["columns"])


def _write_schema(out: Path, read: Table, proposals: tuple[Proposal, ...], left_out: tuple[str, ...]) -> None:
    from synthwright import files
    from synthwright.data.schema_file import write_schema

    files.make_folder(out.parent)
    suggested = [(one.rule, one.evidence) for one in proposals]
    write_schema(read.schema, out, suggested=suggested, remarks=[f"Not taken over: {one}" for one in left_out])
