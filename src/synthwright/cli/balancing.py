"""The verb that balances classes: oversample."""

from __future__ import annotations

from typing import Annotated

import typer

from synthwright.cli.console import progress, say
from synthwright.cli.options import SchemaFile, Seed, Settings, Source, settings_of_text
from synthwright.cli.outputs import OutFile, require_new
from synthwright.errors import shorten

__all__ = ["balance"]


def balance(
    source: Source,
    *,
    target: Annotated[str, typer.Option(help="The column with the classes.")],
    out: OutFile,
    method: Annotated[str, typer.Option(help="How rows are made; `list generators` shows all.")] = "tabular.smote_nc",
    strategy: Annotated[
        str,
        typer.Option(
            metavar="NAME|RATIO|CLASS=ROWS[,CLASS=ROWS]",
            help="auto, minority, not minority, not majority, all; smaller class over larger one; or final counts.",
        ),
    ] = "auto",
    settings: Settings = None,
    seed: Seed = 0,
    schema: SchemaFile = None,
) -> int:
    """Balance classes with new rows of the smaller ones.

    All rows of DATA come first, then the new ones. Nothing is judged, and the file holds the real rows: it is for
    training, not for sharing.
    """
    import warnings

    from synthwright import api
    from synthwright.engines.context import Event
    from synthwright.generators.oversampling import class_counts, oversample, strategy_of_text
    from synthwright.generators.settings import make_generator

    require_new(out)
    generator = make_generator(method, settings_of_text(settings))
    table = api.read(source, target=target, schema=schema)
    before = class_counts(table)
    wanted = strategy_of_text(strategy, tuple(before))
    with progress() as tell, warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", UserWarning)
        tell(Event("oversample", 0, None, f"{method} on {len(table):,} rows"))
        made = oversample(table, generator, strategy=wanted, seed=seed, context=api.context(seed, 1, tell))
    for warning in told:
        say(f"Warning: {warning.message}")
    api.write(made, out, judged=None)
    for label, rows in class_counts(made).items():
        say(f"{shorten(str(label))}: {before[label]:,} rows, now {rows:,}")
    say(f"Wrote {len(made):,} rows to {out}: the {len(table):,} real ones first, then {len(made) - len(table):,} new.")
    return 0
