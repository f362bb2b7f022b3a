"""The verb that watches what rounds of training on synthetic rows lose: collapse."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from synthwright.cli.console import json_out, progress, say, table
from synthwright.cli.options import (
    Cache,
    HoldoutOption,
    Json,
    OptionalMethod,
    PageOut,
    Resume,
    SchemaFile,
    Seed,
    Source,
    Workers,
    holdout_of,
    require_out,
)

__all__ = ["collapse"]


def collapse(
    source: Source,
    *,
    target: Annotated[str | None, typer.Option(help="The column that a model of each round's rows predicts.")] = None,
    method: OptionalMethod = None,
    rounds: Annotated[int, typer.Option(min=2, help="How often the method learns from its own rows.")] = 5,
    mode: Annotated[
        str,
        typer.Option(
            metavar="replace|accumulate|both",
            help="Learn from the last round alone, or from real rows and all rounds.",
        ),
    ] = "both",
    holdout: HoldoutOption = None,
    seeds: Annotated[int, typer.Option(min=1, help="Chains of rounds; intervals hold for other ones.")] = 6,
    schema: SchemaFile = None,
    seed: Seed = 0,
    workers: Workers = 1,
    out: PageOut = None,
    resume: Resume = False,
    cache: Cache = None,
    json: Json = False,
) -> int:
    """Watch whether a method collapses when it is trained on its own output.

    Per round: how much of the real variety its rows still cover, the modes in use, the mass of the tails, and what a
    model of them scores on unseen real rows; with the real rows replaced, and with them kept.
    """
    from synthwright import api
    from synthwright.pipeline.recipe import DEFAULT_METHOD

    require_out(out, resume=resume)
    modes: Any = ("replace", "accumulate") if mode == "both" else (mode,)
    with progress() as tell:
        found = api.collapse_watch(
            source,
            target=target,
            method=method or DEFAULT_METHOD,
            rounds=rounds,
            modes=modes,
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
        columns = ("mode", "round", "figure", "value", "low", "high", "change", "low", "high")
        rows = [("real rows", "", name, *_ends(one), "", "", "") for name, one in found.real.items()]
        rows += [
            (one.mode, str(one.round), one.figure, *_ends(one.estimate), *_ends(one.change, "+"))
            for one in found.points
        ]
        table(columns, rows, numbers=columns[3:])
    say(found.sentence)
    if out is not None:
        say(f"Report: {out / 'collapse.html'}")
    return 0


def _ends(one: Any, sign: str = "") -> tuple[str, str, str]:
    return tuple(f"{value:{sign}.3f}" for value in (one.value, one.low, one.high))  # type: ignore[return-value]  # three
