"""Verbs that make a model and draw from it, without gates: fit, sample."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthwright.cli.console import progress, say
from synthwright.cli.options import SchemaFile, Seed, Settings, Target, Workers, settings_of_text
from synthwright.errors import UsageError, shorten

__all__ = ["fit", "sample"]


def fit(
    source: Annotated[str, typer.Argument(metavar="DATA", help="CSV (also .gz), Parquet or JSONL, or example:NAME.")],
    *,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="The model folder; new or empty.")],
    method: Annotated[
        str, typer.Option(help="How rows are made; `list generators` shows all.")
    ] = "tabular.honest_trees",
    settings: Settings = None,
    seed: Seed = 0,
    target: Target = None,
    schema: SchemaFile = None,
    workers: Workers = 1,
) -> int:
    """Learn from all rows and save the model.

    Nothing is judged: `run` does that.
    """
    from synthwright import api

    api.require_free(out)
    with progress() as tell:
        model = api.fit(
            source,
            method,
            settings=settings_of_text(settings),
            seed=seed,
            target=target,
            schema=schema,
            workers=workers,
            progress=tell,
        )
        model.save(out)
    for name, reason in model.left_out.items():
        say(f"Left out: {shorten(name)} ({reason})")
    say(f"Wrote {out}. `synthwright sample {out} -n 1000 -o rows.parquet` draws from it.")
    return 0


def sample(
    model: Annotated[Path, typer.Argument(metavar="MODEL|SCHEMA", help="A model folder, or a schema (.yaml).")],
    *,
    rows: Annotated[int, typer.Option("-n", "--rows", help="Rows to draw.")],
    out: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=".parquet, .csv, .csv.gz or .jsonl.")],
    seed: Seed = 0,
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="COL=VALUE|LO..HI|A,B", help="Only rows like this; may be repeated."),
    ] = None,
    workers: Workers = 1,
) -> int:
    """Draw rows from a saved model, or from a schema alone.

    The same seed gives the same rows. A model that a run has rejected draws none.
    """
    from synthwright import api
    from synthwright.data.schema_file import read_schema
    from synthwright.engines.context import ignore
    from synthwright.generators.conditions import parse_given
    from synthwright.generators.schema_model import schema_model

    _require_sample_call(rows, out)
    alone = model.suffix in {".yaml", ".yml"}
    loaded = schema_model(read_schema(model), api.context(seed, 1, ignore)) if alone else api.load(model)
    with progress() as tell:
        drawn = loaded.sample(
            rows, seed=seed, given=parse_given(*(given or [])), context=api.context(seed, workers, tell)
        )
    api.write(drawn, out, judged=loaded.judged)
    say(f"Wrote {len(drawn):,} rows to {out}.")
    for name, reason in loaded.left_out.items() if alone else ():
        say(f"Left out: {shorten(name)} ({reason}); a `distribution:` in the schema says how to make it up.")
    if alone:
        say("These rows come from the schema alone: nothing was measured.")
    elif loaded.judged is None:
        say("These rows are unjudged: `synthwright evaluate` measures them against real ones.")
    return 0


def _require_sample_call(rows: int, out: Path) -> None:
    """A call of `sample` that can be carried out; raises `UsageError` before anything is loaded."""
    from synthwright.generators.drawing import checked_count

    checked_count(rows)
    if out.exists():
        raise UsageError(f"{out} exists already.", remedy="Choose another name, or remove it first.")
