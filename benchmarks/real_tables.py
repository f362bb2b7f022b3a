"""Where the real tables lie that benchmarks measure on."""

from __future__ import annotations

import os
from pathlib import Path

HOMES = [Path(home) for home in (os.environ.get("SYNTHWRIGHT_DATA"),) if home]
HOMES.append(Path(__file__).resolve().parents[2] / "shared/data")


def find(name: str, file: str | None = None) -> Path | None:
    """`file` (default ``NAME.parquet``) of a table in $SYNTHWRIGHT_DATA or ../shared/data; ``None`` if in neither."""
    places = (home / name / (file or f"{name}.parquet") for home in HOMES)
    return next((place for place in places if place.exists()), None)
