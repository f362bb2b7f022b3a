"""The verb that asks whether synthetic data help: gain."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import typer

from synthwright.cli.console import json_out, progress, say, table
from synthwright.cli.options import (
    Cache,
    Elsewhere,
    HoldoutOption,
    Json,
    Methods,
    PageOut,
    PredictedTarget,
    Resume,
    SchemaFile,
    Seed,
    Sensitive,
    Source,
    Workers,
    columns_of,
    holdout_of,
    require_out,
)
from synthwright.errors import UsageError, shorten

__all__ = ["gain"]


def gain(
    source: Source,
    *,
    target: PredictedTarget,
    method: Methods = None,
    synthetic: Elsewhere = None,
    ratios: Annotated[str, typer.Option(metavar="R,R,...", help="Synthetic rows per real row.")] = "0.25,0.5,1,2,5",
    holdout: HoldoutOption = None,
    learner: Annotated[
        list[str] | None,
        typer.Option(
            "--learner", help="A built-in one, or none of them; may be repeated.", show_default="linear, boosted"
        ),
    ] = None,
    script: Annotated[
        list[str] | None,
        typer.Option("--script", metavar="COMMAND", help="Your own training, called with TRAIN TEST PREDICTIONS."),
    ] = None,
    script_timeout: Annotated[
        float, typer.Option(metavar="SECONDS", help="The longest that a script may take.")
    ] = 3600,
    script_format: Annotated[Literal["csv", "parquet"], typer.Option(help="The files that a script reads.")] = "csv",
    score: Annotated[
        str | None,
        typer.Option(help="What gains are measured by, such as average_precision.", show_default="auc or r2"),
    ] = None,
    label_cost: Annotated[float | None, typer.Option(metavar="MONEY", help="The price of a labelled real row.")] = None,
    row_cost: Annotated[float, typer.Option(metavar="MONEY", help="The price of a synthetic row.")] = 0.0,
    seeds: Annotated[int, typer.Option(min=1, help="Splits, fits and draws; intervals hold for other ones.")] = 3,
    schema: SchemaFile = None,
    sensitive: Sensitive = None,
    group: Annotated[str | None, typer.Option(help="Rows with one value here stay on one side of every split.")] = None,
    time: Annotated[str | None, typer.Option(help="The latest rows by this column are the holdout.")] = None,
    seed: Seed = 0,
    workers: Workers = 1,
    out: PageOut = None,
    resume: Resume = False,
    cache: Cache = None,
    json: Json = False,
) -> int:
    """Ask whether synthetic rows make a model better on unseen real rows.

    How much better, and at how many synthetic rows per real row; ratio 0 is recommended where nothing helps.
    """
    from synthwright import api
    from synthwright.api import Script

    require_out(out, resume=resume)
    with progress() as tell:
        found = api.gain(
            source,
            target=target,
            methods=method or (() if synthetic else ("tabular.honest_trees",)),
            synthetic={path.name: path for path in synthetic or ()},
            ratios=_ratios(ratios),
            holdout=holdout_of(holdout) or 0.25,
            learners=[name for name in learner or ("linear", "boosted") if name != "none"],
            script=[Script(command=one, timeout_s=script_timeout, form=script_format) for one in script or ()],
            score=score,
            label_cost=label_cost,
            row_cost=row_cost,
            seeds=seeds,
            schema=schema,
            sensitive=columns_of(sensitive),
            group=group,
            time=time,
            seed=seed,
            workers=workers,
            progress=tell,
            out=out,
            resume=resume,
            cache=cache,
        )
    if json:
        json_out(found.to_json_value())
    else:
        _show(found)
    say(found.sentence)
    for note in found.notes:
        say(note)
    if out is not None:
        say(f"Report: {out / 'gain.html'}")
    return 0


def _show(found: Any) -> None:
    columns = ("added", "ratio", "learner", found.score, "gain", "low", "high")
    rows = [
        (
            shorten(row.cell.arm, 40) + ("" if row.cell.real else ", no real rows"),
            f"{row.cell.ratio:.3g}",
            row.cell.learner,
            f"{row.score.value:.4f}",
            *(f"{value:+.4f}" for value in (row.gain.value, row.gain.low, row.gain.high)),
        )
        for row in found.rows
    ]
    table(columns, rows, numbers=columns[3:])


def _ratios(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise UsageError(
            f"--ratios {shorten(text)} is no list of numbers.", remedy="Write it as in --ratios 0.5,1,2."
        ) from None
