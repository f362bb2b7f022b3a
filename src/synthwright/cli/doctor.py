"""The verb that looks at the machine: versions, the tree library, threads, disk, optional packages."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

from synthwright.cli.console import json_out, say, table
from synthwright.cli.options import Json

__all__ = ["doctor"]

_OPTIONAL = ("pandas", "polars", "torch")  # frames of two, networks of the third, where they are installed
_LITTLE_DISK = 1024**3  # bytes; a run on a million rows writes a few hundred MB


def doctor(*, json: Json = False) -> int:
    """Check this installation.

    Versions, LightGBM and its OpenMP library, processors, memory, disk, optional packages.
    """
    checks = [*_versions(), _trees(), _threads(), _memory(), _disk(), *_optional()]
    if json:
        json_out(checks)
    else:
        table(("what", "state", "found", "what to do"), [[str(one[key]) for key in one] for one in checks])
    wrong = [one for one in checks if one["state"] == "missing"]
    say("Everything a run needs is here." if not wrong else f"{len(wrong)} thing(s) are missing: see above.")
    return 0 if not wrong else 4


def _check(what: str, state: str, found: str, remedy: str = "") -> dict[str, Any]:
    return {"what": what, "state": state, "found": found, "remedy": remedy}


def _versions() -> list[dict[str, Any]]:
    from synthwright.provenance.record import version_of, versions

    found = {"synthwright": version_of("synthwright") or "not installed as a package", **versions()}
    return [_check(name, "ok", version) for name, version in found.items() if name not in _OPTIONAL]


def _trees() -> dict[str, Any]:
    from synthwright.learning.boosting import boosting_library

    library = boosting_library()
    if library.startswith("lightgbm"):
        return _check("tree learner", "ok", library)
    remedy = "pip install lightgbm; on Linux also the system library: apt-get install libgomp1 (or dnf install libgomp)"
    return _check("tree learner", "missing", f"only {library}: `evaluate` works, tree methods do not", remedy)


def _threads() -> dict[str, Any]:
    asked = os.environ.get("OMP_NUM_THREADS")
    note = f"OMP_NUM_THREADS={asked}" if asked else "OMP_NUM_THREADS is not set"
    return _check("processors", "ok", f"{os.cpu_count()}, {note}")


def _memory() -> dict[str, Any]:
    from synthwright.engines.machine import memory_bytes

    size = memory_bytes()
    return _check("memory", "ok", "unknown" if size is None else f"{size / 1024**3:.1f} GB")


def _disk() -> dict[str, Any]:
    free = shutil.disk_usage(Path.cwd()).free
    found = f"{free / 1024**3:.1f} GB free here"
    if free < _LITTLE_DISK:
        return _check("disk", "low", found, "Free some space, or write elsewhere with --out.")
    return _check("disk", "ok", found)


def _optional() -> list[dict[str, Any]]:
    from synthwright.provenance.record import version_of

    return [
        _check(
            name,
            "ok" if (version := version_of(name)) else "absent",
            version or "",
            "" if version else f"pip install {name}",
        )
        for name in _OPTIONAL
    ]
