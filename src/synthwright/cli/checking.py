"""Verbs that check without spending: validate a recipe, verify a finished run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthwright.cli.console import data, json_out, say
from synthwright.cli.options import Json

__all__ = ["validate", "verify"]


def validate(
    recipe: Annotated[str, typer.Argument(metavar="RECIPE", help="A recipe (.yaml), or data for a run with defaults.")],
    *,
    json: Json = False,
) -> int:
    """Check a recipe before anything is spent.

    Inputs, columns, method, settings, gates, the folder and the disk; then an estimate of time and space.
    """
    from synthwright import api

    plan = api.plan_recipe(recipe, {})
    if json:
        json_out(plan.to_json_value())
        return 0
    for note in plan.notes:
        say(note)
    for line in plan.lines():
        data(line)
    say(f"Ready: `synthwright run {recipe}` writes {plan.out}.")
    return 0


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished run.")],
    *,
    json: Json = False,
) -> int:
    """Check a finished run against its manifest.

    The exit code is 3 if a file was changed, is missing or was added.
    """
    from synthwright.pipeline.manifest import verify as check

    mismatches = check(folder)
    if json:
        json_out({"intact": not mismatches, "mismatches": mismatches})
    else:
        for mismatch in mismatches:
            data(f"{mismatch.problem}\t{mismatch.file}\t{mismatch.detail}".rstrip())
    if mismatches:
        say(f"{len(mismatches)} of the files in {folder} are not what its manifest says.")
        return 3
    say(f"{folder} is intact: every file is what its manifest says.")
    return 0
