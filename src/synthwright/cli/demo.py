"""The verb that shows everything once: a real table that comes with the package, judged in under a minute."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthwright.cli.console import progress, say
from synthwright.cli.options import Workers
from synthwright.cli.outcome import told

__all__ = ["demo"]


def demo(
    *,
    out: Annotated[Path, typer.Option("--out", help="The run folder; has to be new or empty.")] = Path("runs/demo"),
    workers: Workers = 1,
) -> int:
    """Run everything once on a bundled real table.

    Twelve thousand visits to a web shop become a judged synthetic table with its report. No network, under a minute.
    """
    from synthwright import api
    from synthwright.data.demo import DEMO_TARGET, demo_path

    say("12,330 visits to a web shop, 18 columns, one question: did the visit end in a purchase? (CC BY 4.0)")
    with progress() as tell:
        result = api.run(
            demo_path(),
            target=DEMO_TARGET,
            out=out,
            workers=workers,
            progress=tell,
            command=("synthwright", "demo"),
            purpose="To show what a run of synthwright writes.",
            because="A first look should need no data of one's own.",
        )
    code = told(result)
    say(
        "Next: `synthwright inspect YOUR.csv` explains its columns, `synthwright run YOUR.csv` does all this with them."
    )
    return code
