"""Verbs that make a model and draw from it, without gates: fit, sample."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from synthwright.cli.console import progress, say
from synthwright.cli.options import (
    FoldRareLabels,
    SchemaFile,
    Seed,
    Settings,
    Source,
    Target,
    Workers,
    fold_of,
    settings_of_text,
)
from synthwright.cli.outputs import OutFile, require_new
from synthwright.errors import UsageError, shorten

if TYPE_CHECKING:
    from synthwright.generators.draw import Draw, Short
    from synthwright.generators.protocol import Empty

__all__ = ["fit", "sample"]


def fit(
    source: Source,
    *,
    out: Annotated[Path, typer.Option("--output", "-o", metavar="MODEL", help="The model folder; new or empty.")],
    method: Annotated[
        str, typer.Option(help="How rows are made; `list generators` shows all.")
    ] = "tabular.honest_trees",
    settings: Settings = None,
    seed: Seed = 0,
    target: Target = None,
    schema: SchemaFile = None,
    fold_rare: FoldRareLabels = None,
    constraint: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help='A rule for every row, such as "a <= b"; may be repeated.'),
    ] = None,
    workers: Workers = 1,
) -> int:
    """Learn from all rows and save the model.

    Nothing is judged: `run` does that. Rules of the schema and of --constraint are kept in every row drawn later.
    """
    from synthwright import api
    from synthwright.provenance.kept_rules import kept_told

    api.require_free(out)
    with progress() as tell:
        model = api.fit(
            source,
            method,
            settings=settings_of_text(settings),
            seed=seed,
            target=target,
            schema=schema,
            fold_rare=fold_of(fold_rare),
            constraints=constraint or (),
            workers=workers,
            progress=tell,
        )
        model.save(out)
    for name, reason in model.left_out.items():
        say(f"Left out: {shorten(name)} ({reason})")
    for line in kept_told(model.constraints.told()):
        say(line)
    say(f"Wrote {out}. `synthwright sample {out} -n 1000 -o rows.parquet` draws from it.")
    return 0


def sample(
    model: Annotated[Path, typer.Argument(metavar="MODEL|SCHEMA", help="A model folder, or a schema (.yaml).")],
    *,
    out: OutFile,
    rows: Annotated[
        int | None, typer.Option("-n", "--rows", help="Rows to draw; with --given-file, as many as it has.")
    ] = None,
    seed: Seed = 0,
    given: Annotated[
        list[str] | None,
        typer.Option(metavar="COL=VALUE|LO..HI|A,B|missing|present", help="Only rows like this; may be repeated."),
    ] = None,
    given_file: Annotated[
        Path | None,
        typer.Option("--given-file", metavar="FILE", help="Partial rows: row i that is drawn equals row i there."),
    ] = None,
    given_empty: Annotated[
        str, typer.Option(metavar="unknown|missing", help="What an empty cell of these rows means.")
    ] = "unknown",
    short: Annotated[
        str, typer.Option(metavar="error|return", help="Where too few rows are found: end, or take those.")
    ] = "error",
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

    _require_sample_call(rows, given_file, out)
    alone = model.suffix in {".yaml", ".yml"}
    loaded = schema_model(read_schema(model), api.context(seed, 1, ignore)) if alone else api.load(model)
    told = parse_given(*(given or []))
    with progress() as tell:
        drawn = loaded.draw(
            rows,
            seed=seed,
            given=told if given_file is None else (str(given_file), told),
            empty=cast("Empty", given_empty),
            short=cast("Short", short),
            context=api.context(seed, workers, tell),
        )
    api.write(drawn.table, out, judged=loaded.judged)
    say(f"Wrote {drawn.found:,} rows to {out}.")
    _say_cost(drawn)
    for name, reason in loaded.left_out.items() if alone else ():
        say(f"Left out: {shorten(name)} ({reason}); a `distribution:` in the schema says how to make it up.")
    if alone:
        say("These rows come from the schema alone: nothing was measured.")
    elif loaded.judged is None:
        say("These rows are unjudged: `synthwright evaluate` measures them against real ones.")
    return 0


def _say_cost(drawn: Draw) -> None:
    """How many rows are lacking, and what those found were picked from; nothing where all is as asked."""
    figures = drawn.summary()
    if drawn.found < drawn.asked:
        say(f"{drawn.asked - drawn.found:,} of the {drawn.asked:,} rows asked for were not found.")
    if "effective" in figures:
        told = figures["effective"]
        say(
            f"{told['rows']:,} rows were picked by weight, each from candidates worth {told['smallest']:.1f} "
            f"independent ones or more ({told['median']:.1f} in the median)."
        )
    elif drawn.candidates > drawn.fits:
        say(f"{drawn.acceptance:.2%} of {drawn.candidates:,} candidates fit the conditions.")
    if drawn.tally.rate is not None:
        others = "; the others were drawn again" if drawn.tally.rate < 1 else ""
        say(f"Constraints: {drawn.tally.rate:.1%} of {drawn.tally.candidates:,} candidates obey them{others}.")


def _require_sample_call(rows: int | None, given: Path | None, out: Path) -> None:
    """A call of `sample` that can be carried out; raises `UsageError` before anything is loaded."""
    from synthwright.generators.drawing import checked_count

    if rows is not None:
        checked_count(rows)
    elif given is None:
        raise UsageError("Nothing says how many rows to draw.", remedy="Give -n, or --given-file with partial rows.")
    if given is not None and not given.is_file():
        raise UsageError(f"There is no file {given}.", remedy="--given-file names the partial rows to complete.")
    require_new(out)
