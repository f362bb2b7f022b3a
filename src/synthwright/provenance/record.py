"""The run record: what went in, what was asked, with which versions, what came out. It holds no machine paths."""

from __future__ import annotations

import platform
import shlex
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path, PurePath
from typing import Any

__all__ = ["RECORDED", "run_record", "shown_command", "versions"]

# The packages whose version can change a number.
RECORDED = ("numpy", "scipy", "pyarrow", "narwhals", "scikit-learn", "lightgbm", "safetensors", "pandas", "polars")


def run_record(
    *,
    command: Sequence[str],
    inputs: Sequence[Mapping[str, Any]],
    method: str,
    settings: Mapping[str, Any],
    seed: int,
    workers: int,
    left_out: Mapping[str, str],
    folded: Mapping[str, str] | None = None,
    acceptance: Mapping[str, float],
    mix: Mapping[str, Any] | None = None,
    digests: Mapping[str, str],
    seconds: Mapping[str, float],
    started: str,
    created: str,
    released: bool,
    notes: Sequence[str] = (),
    constraints: Mapping[str, Sequence[str]] | None = None,
    lineage: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The content of `record.json`.

    `inputs` are files and tables with name, rows, size and digest; `digests` belong to what depends on seed and inputs
    alone; `left_out` says for each column that no method learnt why, `folded` which labels
    stand as one, `constraints` how each rule was kept (derived,
    encoded, checked, unique, measured); `acceptance` has the share of candidates kept where rows were rejected;
    `lineage` has the depth of the rows (1: made by a model of real rows), depth and synthetic share of those they were
    learnt from; `mix` is the account of private/mixed.parquet. `seconds` are per stage. What is empty is left out.
    """
    record: dict[str, Any] = {
        "format": 1,
        "synthwright": version_of("synthwright"),
        "created": created,
        "started": started,
        "seconds": dict(seconds),
        "command": shown_command(command),
        "released": released,
        "inputs": [dict(entry) for entry in inputs],
        "method": method,
        "settings": dict(settings),
        "lineage": dict(lineage or {}),
        "seed": seed,
        "workers": workers,
        "left_out": dict(left_out),
        "folded": dict(folded or {}),
        "constraints": {kind: list(lines) for kind, lines in (constraints or {}).items()},
        "acceptance": dict(acceptance),
        "mix": dict(mix or {}),
        "digests": dict(digests),
        "cost_usd": 0.0,  # no method of tables buys anything
        "versions": versions(),
        "notes": list(notes),
    }
    return {name: value for name, value in record.items() if value not in ({}, [], None)}


def versions() -> dict[str, str]:
    """Versions of Python, the system and of every package that can change a number and is installed."""
    found = {name: version for name in RECORDED if (version := version_of(name)) is not None}
    return {"python": platform.python_version(), "system": f"{sys.platform} {platform.machine()}", **found}


def version_of(package: str) -> str | None:
    """The installed version of `package`; ``None`` if it is not installed."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def shown_command(arguments: Sequence[str]) -> str:
    """The command as it was typed, with file names in place of absolute paths."""
    return " ".join(shlex.quote(_shortened(argument)) for argument in arguments)


def _shortened(argument: str) -> str:
    option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
    if Path(value).is_absolute() or ".." in PurePath(value).parts:
        value = PurePath(value).name
    return f"{option}{equals}{value}"
