"""Verbs that make a judged table: run, resume."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from synthwright.cli.console import progress, say
from synthwright.cli.options import (
    Against,
    Balance,
    FoldRareLabels,
    Gates,
    HoldoutOption,
    Json,
    Metrics,
    MixRatio,
    MixSelect,
    OptionalMethod,
    OptionalOut,
    OptionalSeed,
    SchemaFile,
    Sensitive,
    Settings,
    Target,
    Workers,
    balance_of,
    columns_of,
    fold_of,
    given_of,
    holdout_of,
    settings_of_text,
)
from synthwright.cli.outcome import told

__all__ = ["overrides", "resume", "run"]


def run(
    source: Annotated[str, typer.Argument(metavar="RECIPE|DATA", help="A recipe (.yaml), or data.")],
    *,
    target: Target = None,
    method: OptionalMethod = None,
    settings: Settings = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            metavar="COL=VALUE|LO..HI|A,B|missing|present",
            help="Only rows like this, compared with real rows like this; may be repeated.",
        ),
    ] = None,
    rows: Annotated[int | None, typer.Option(min=1, help="Rows to draw.", show_default="as many as in train")] = None,
    seed: OptionalSeed = None,
    holdout: HoldoutOption = None,
    schema: SchemaFile = None,
    sensitive: Sensitive = None,
    against: Against = None,
    fold_rare: FoldRareLabels = None,
    mix: MixRatio = None,
    balance: Balance = None,
    select: MixSelect = None,
    gates: Gates = None,
    metrics: Metrics = None,
    require_review: Annotated[
        bool, typer.Option("--require-review", help="Withhold the rows until experts have judged a sample (`review`).")
    ] = False,
    max_reject_rate: Annotated[
        float | None,
        typer.Option(help="The share of bad rows that experts may find, with its interval.", show_default="0.1"),
    ] = None,
    workers: Workers = 1,
    out: OptionalOut = None,
    json: Json = False,
) -> int:
    """Make a judged synthetic table from a real one.

    Read, split, fit, sample, measure, judge: one folder with the released rows, their report and their card.

    A .yaml file is a recipe, anything else is data. Options given here win over the recipe. The exit code is 1 if a
    gate withheld the rows; report and verdict are written either way.
    """
    from synthwright import api

    told_here = overrides(
        target=target,
        method=method,
        settings=settings_of_text(settings) or None,
        given=given_of(given),
        rows=rows,
        seed=seed,
        holdout=holdout_of(holdout),
        schema=None if schema is None else str(schema),
        sensitive=list(columns_of(sensitive)) or None,
        against=against or None,
        fold_rare=fold_of(fold_rare),
        mix=overrides(ratio=mix, balance=balance_of(balance), select=select) or None,
        gates=gates,
        metrics=metrics or None,
        require_review=require_review or None,
        max_reject_rate=max_reject_rate,
        out=None if out is None else str(out),
    )
    with progress() as tell:
        result = api.run_recipe(
            source, told_here, workers=workers, progress=tell, command=("synthwright", *sys.argv[1:])
        )
    return told(result, json=json)


def resume(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a run that was stopped.")],
    *,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes.", show_default="as before")] = None,
    json: Json = False,
) -> int:
    """Carry on with a stopped run.

    Finished stages are checked and kept; the digests are those of an undisturbed run.
    """
    from synthwright import api

    with progress() as tell:
        result = api.resume(folder, workers=workers, progress=tell)
    say(f"{folder} is finished.")
    return told(result, json=json)


def overrides(**options: Any) -> dict[str, Any]:
    """The options that were given."""
    return {name: value for name, value in options.items() if value is not None}
