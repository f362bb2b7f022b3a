"""The verb that asks whether synthetic data help: gain."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthwright.cli.console import json_out, progress, say, table
from synthwright.cli.options import HoldoutOption, Json, SchemaFile, Seed, Workers, holdout_of
from synthwright.errors import UsageError, shorten

__all__ = ["gain"]


def gain(
    source: Annotated[str, typer.Argument(metavar="DATA", help="CSV (also .gz), Parquet or JSONL, or example:NAME.")],
    *,
    target: Annotated[str, typer.Option(help="The column that a model is to predict.")],
    method: Annotated[
        list[str] | None,
        typer.Option("--method", help="May be repeated; see `list generators`.", show_default="tabular.honest_trees"),
    ] = None,
    synthetic: Annotated[
        list[Path] | None, typer.Option("--synthetic", metavar="FILE", help="Rows from elsewhere; may be repeated.")
    ] = None,
    ratios: Annotated[str, typer.Option(metavar="R,R,...", help="Synthetic rows per real row.")] = "0.25,0.5,1,2,5",
    holdout: HoldoutOption = None,
    seeds: Annotated[int, typer.Option(min=1, help="Splits, fits and draws; intervals hold for other ones.")] = 3,
    schema: SchemaFile = None,
    seed: Seed = 0,
    workers: Workers = 1,
    out: Annotated[Path | None, typer.Option("--out", help="Write figures and a page into this new folder.")] = None,
    json: Json = False,
) -> int:
    """Ask whether synthetic rows make a model better on unseen real rows.

    How much better, and at how many synthetic rows per real row; ratio 0 is recommended where nothing helps.
    """
    from synthwright import api

    with progress() as tell:
        found = api.gain(
            source,
            target=target,
            methods=method or (() if synthetic else ("tabular.honest_trees",)),
            synthetic={path.name: path for path in synthetic or ()},
            ratios=_ratios(ratios),
            holdout=holdout_of(holdout) or 0.25,
            seeds=seeds,
            schema=schema,
            seed=seed,
            workers=workers,
            progress=tell,
            out=out,
        )
    if json:
        json_out(found.to_json_value())
    else:
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
    say(found.sentence)
    if out is not None:
        say(f"Report: {out / 'gain.html'}")
    return 0


def _ratios(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise UsageError(
            f"--ratios {shorten(text)} is no list of numbers.", remedy="Write it as in --ratios 0.5,1,2."
        ) from None
