"""The file that a verb writes rows into: its option, and the check that nothing is overwritten."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from synthwright.errors import UsageError

__all__ = ["OutFile", "require_new"]

OutFile = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=".parquet, .csv, .csv.gz or .jsonl.")]


def require_new(out: Path) -> None:
    """There is nothing at `out`.

    Raises
    ------
    UsageError
        There is: results are never written over.
    """
    if out.exists():
        raise UsageError(f"{out} exists already.", remedy="Choose another name, or remove it first.")
