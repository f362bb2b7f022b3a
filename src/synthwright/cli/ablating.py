"""The verb that asks which synthetic rows earn their place: ablate."""

from __future__ import annotations

from typing import Annotated

import typer

from synthwright.cli.console import json_out, progress, say, table
from synthwright.cli.focusing import focused
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

__all__ = ["ablate"]


def ablate(
    source: Source,
    *,
    target: PredictedTarget,
    method: Methods = None,
    synthetic: Elsewhere = None,
    ratio: Annotated[float, typer.Option(help="Synthetic rows per real row, all sources together.")] = 1.0,
    columns: Annotated[
        str | None,
        typer.Option(
            metavar="COL[,COL]", help="Columns to cut rows by.", show_default="the six that tell most of the target"
        ),
    ] = None,
    focus: Annotated[
        str | None,
        typer.Option(metavar="errors", help="Draw the rows where a model errs most, beside as many drawn anywhere."),
    ] = None,
    slices: Annotated[int, typer.Option(help="With --focus: how many of the worst slices get rows.")] = 3,
    sensitive: Sensitive = None,
    holdout: HoldoutOption = None,
    seeds: Annotated[int, typer.Option(min=1, help="Fits and draws; intervals hold for other ones.")] = 5,
    schema: SchemaFile = None,
    seed: Seed = 0,
    workers: Workers = 1,
    out: PageOut = None,
    resume: Resume = False,
    cache: Cache = None,
    json: Json = False,
) -> int:
    """Ask which synthetic rows earn their place, and where on real rows they hurt.

    Models with and without each generator, each class and each slice of the synthetic rows, tested on unseen real rows.
    With --focus errors instead: whether rows drawn for the worst slices help more there than as many drawn anywhere.
    """
    from synthwright import api

    require_out(out, resume=resume)
    if focus is not None:
        return focused(
            source,
            focus,
            methods=method or (),
            elsewhere=bool(synthetic),
            json=json,
            out=out,
            resume=resume,
            cache=cache,
            target=target,
            ratio=ratio,
            slices=slices,
            columns=columns_of(columns) or None,
            holdout=holdout_of(holdout) or 0.25,
            seeds=seeds,
            schema=schema,
            seed=seed,
            workers=workers,
        )
    with progress() as tell:
        found = api.ablate(
            source,
            target=target,
            methods=method or (() if synthetic else ("tabular.honest_trees",)),
            synthetic={path.name: path for path in synthetic or ()},
            ratio=ratio,
            columns=columns_of(columns) or None,
            sensitive=columns_of(sensitive),
            holdout=holdout_of(holdout) or 0.25,
            seeds=seeds,
            schema=schema,
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
        heads = ("what", "kind", "name", "rows", "change", "low", "high", "chance", "verdict")
        rows = [
            (
                *(str(one[name]) for name in heads[:4]),
                *(f"{one[name]:+.4f}" for name in heads[4:7]),
                f"{one['chance']:.3f}",
                one["verdict"],
            )
            for one in found.to_records()
        ]
        table(heads, rows, numbers=heads[3:8])
    for sentence in found.sentences:
        say(sentence)
    if out is not None:
        say(f"Report: {out / 'ablation.html'}")
    return 0
