"""The file of a monitor, read again where a training goes on; it may come from anyone."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from synthwright.errors import BadInput, shorten
from synthwright.training.row_figures import Sums

__all__ = ["read_history"]

_LARGEST = 64 * 1024 * 1024  # bytes; 2,000 epochs with 20 metrics take 4 MB


def read_history(path: Path, parts: Sequence[str]) -> tuple[Any, Any, list[Mapping[str, Sums]]]:
    """Epochs and rate of false alarms as the file says, and what was counted in each closed epoch, by part.

    Raises
    ------
    BadInput
        There is no such file, or no monitor wrote it.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise BadInput(f"{path.name} is too large for a monitor's history.", evidence=f"Over {_LARGEST:,} bytes.")
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise error if isinstance(error, BadInput) else _refused(path, str(error)) from error
    if not isinstance(told, dict) or not {"epochs", "false_alarms", "history"} <= set(told):
        raise _refused(path, "it lacks epochs, false_alarms or history")
    records = told["history"]
    closed: list[dict[str, Sums]] = []
    for record in records if isinstance(records, list) else [records]:
        epoch, part, sums = _counted(path, record, parts)
        if epoch not in {len(closed) - 1, len(closed)} or (epoch < len(closed) and closed[epoch][part].rows):
            raise _refused(path, f"epoch {epoch} is out of turn")
        if epoch == len(closed):
            closed.append({name: Sums() for name in parts})
        closed[epoch][part] = sums
    return told["epochs"], told["false_alarms"], list(closed)


def _counted(path: Path, record: Any, parts: Sequence[str]) -> tuple[int, str, Sums]:
    """Epoch, part and sums of one record."""
    if not isinstance(record, dict):
        raise _refused(path, "its history is no list of records")
    named = {"epoch", "part", "rows"}
    figures = {name: value for name, value in record.items() if name not in named}
    whole = [record.get(name) for name in ("epoch", "rows")]
    if any(isinstance(value, bool) or not isinstance(value, int) or value < 0 for value in whole):
        raise _refused(path, "an epoch or a number of rows is no whole number")
    if record.get("part") not in parts or "loss" not in figures or record["rows"] == 0:
        raise _refused(path, "a record has an unknown part, no rows, or no loss")
    if not all(value is None or _is_number(value) for value in figures.values()):
        raise _refused(path, "a figure is no number")
    rows = int(record["rows"])
    means = {name: float("nan") if value is None else float(value) for name, value in figures.items()}
    return int(record["epoch"]), str(record["part"]), Sums(rows, {n: (mean * rows, rows) for n, mean in means.items()})


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _refused(path: Path, why: str) -> BadInput:
    return BadInput(
        f"{shorten(path.name)} is no history that a SourceMonitor has saved.",
        evidence=shorten(why, 200),
        remedy="Give the file that monitor.save(path) wrote.",
    )
