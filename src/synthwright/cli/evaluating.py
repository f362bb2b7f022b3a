"""Verbs that judge tables from anywhere, and draw the page again: evaluate, report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthwright.cli.console import json_out, progress, say
from synthwright.cli.options import (
    Against,
    FoldRareLabels,
    Gates,
    Json,
    Metrics,
    SchemaFile,
    Seed,
    Sensitive,
    Target,
    Workers,
    columns_of,
    fold_of,
)
from synthwright.cli.outcome import figures, headline, verdict_told

if TYPE_CHECKING:
    from synthwright.pipeline.evaluated import Report

__all__ = ["evaluate", "report"]


def evaluate(
    *,
    train: Annotated[str, typer.Option(help="The real rows that the synthetic ones were made from.")],
    synthetic: Annotated[str, typer.Option(help="The synthetic rows, from any tool.")],
    holdout: Annotated[str | None, typer.Option(help="Real rows that their maker never saw.")] = None,
    target: Target = None,
    schema: SchemaFile = None,
    sensitive: Sensitive = None,
    fold_rare: FoldRareLabels = None,
    against: Against = None,
    gates: Gates = None,
    metrics: Metrics = None,
    model: Annotated[
        Path | None,
        typer.Option("--model", metavar="DIR", help="What drew the synthetic rows; see --redraws."),
    ] = None,
    redraws: Annotated[
        int, typer.Option(min=0, help="So many more tables of --model: utility for any draw, not for this one alone.")
    ] = 0,
    exact: Annotated[
        bool, typer.Option("--exact", help="All rows, no samples: for the patient. Says how long it takes first.")
    ] = False,
    seed: Seed = 0,
    workers: Workers = 1,
    out: Annotated[
        Path | None, typer.Option("--out", help="Write figures, verdict and report into this new folder.")
    ] = None,
    json: Json = False,
) -> int:
    """Measure and judge a synthetic table from any tool.

    The exit code is 1 if a gate would withhold it.
    """
    from synthwright import api

    if out is not None:
        api.require_free(out)
    with progress() as tell:
        judged = api.evaluate(
            train=train,
            synthetic=synthetic,
            holdout=holdout,
            target=target,
            schema=schema,
            sensitive=columns_of(sensitive),
            fold_rare=fold_of(fold_rare),
            against=against or (),
            gates=gates or "default",
            metrics=metrics or None,
            model=model,
            redraws=redraws,
            exact=exact,
            seed=seed,
            workers=workers,
            progress=tell,
        )
    if out is not None:  # before anything is printed: what can't be written is an error alone
        judged.write(out)
    _show(judged, json=json)
    _say_where(out, json=json)
    return 1 if judged.verdict.withheld else 0


def _show(judged: Report, *, json: bool) -> None:
    for note in judged.notes:
        say(note)
    if json:
        json_out(judged.to_json_value())
    else:
        figures(headline(judged.measurements), judged.verdict.risks)
        verdict_told(judged.verdict)


def _say_where(out: Path | None, *, json: bool) -> None:
    if out is not None:
        say(f"Report: {out / 'report.html'}")
    elif not json:
        say("--out DIR keeps every figure and writes the report.")


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run or an evaluation.")],
    *,
    out: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write the page here.", show_default="report.html in DIR")
    ] = None,
) -> int:
    """Draw a report again from its figures."""
    from synthwright import api

    say(f"Wrote {api.draw_report(folder, out)}.")
    return 0
