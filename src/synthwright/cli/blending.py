"""The verb that puts real and synthetic rows into one table: blend."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from synthwright.cli.console import json_out, progress, say, table
from synthwright.cli.options import (
    Balance,
    Json,
    MixSelect,
    SchemaFile,
    Seed,
    Sensitive,
    Target,
    balance_of,
    columns_of,
)
from synthwright.cli.outputs import OutFile, require_new

__all__ = ["blend"]


def blend(
    real: Annotated[str, typer.Argument(metavar="REAL", help="The real rows: CSV (also .gz), Parquet or JSONL.")],
    synthetic: Annotated[str, typer.Argument(metavar="SYNTHETIC", help="Synthetic rows of any tool.")],
    *,
    out: OutFile,
    ratio: Annotated[
        float | None,
        typer.Option(metavar="R", help="Synthetic rows per real row.", show_default="1, or as a balance needs"),
    ] = None,
    balance: Balance = None,
    select: MixSelect = None,
    target: Target = None,
    sensitive: Sensitive = None,
    holdout: Annotated[
        str | None, typer.Option(metavar="FILE", help="Unseen real rows: models of groups are compared on them.")
    ] = None,
    schema: SchemaFile = None,
    name: Annotated[str, typer.Option(help="What `source` says of synthetic rows that don't say it.")] = "synthetic",
    short: Annotated[
        str, typer.Option(metavar="error|return", help="Where too few rows are there: end, or take those.")
    ] = "error",
    seed: Seed = 0,
    json: Json = False,
) -> int:
    """Mix real and synthetic rows to train on.

    Exactly as many of each class and group as asked, all real rows first; columns `source` and `depth` tell them apart.
    The file holds the real rows: it is for training, not for sharing.
    """
    from synthwright import api

    require_new(out)
    with progress() as tell:
        made = api.blend(
            real,
            synthetic,
            ratio=ratio,
            balance=balance_of(balance),
            select=select or "stratified",
            target=target,
            sensitive=columns_of(sensitive),
            holdout=holdout,
            schema=schema,
            name=name,
            short=short,
            seed=seed,
            progress=tell,
        )
    api.write(made.table, out, judged=None)
    if json:
        json_out(dict(made.told))
    else:
        for columns, groups in made.told["groups"].items():
            rows = [(one["label"], f"{one['real']:,}", f"{one['added']:,}") for one in groups]
            table((columns, "real", "added"), rows, numbers=("real", "added"))
    _say(made.told)
    say(f"Wrote {len(made.table):,} rows to {out}.")
    return 0


def _say(told: Any) -> None:
    share = told["synthetic_share"]
    say(f"{told['real_rows']:,} real rows and {told['synthetic_rows']:,} synthetic ones: {share:.0%} of the mix.")
    if "sentence" in told["selection"]:
        say(f"{told['selection']['sentence']}.")
    for sentence in told["notes"]:
        say(sentence)
    for sentence in told["warnings"]:
        say(f"Warning: {sentence}")
