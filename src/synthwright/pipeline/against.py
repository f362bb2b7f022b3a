"""The benchmarks that a run or an evaluation is compared with: their names, their tables, the columns they share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from synthwright.data.reading import read_table
from synthwright.data.table import Table
from synthwright.errors import UsageError, shorten
from synthwright.evaluation.comparison import Comparison
from synthwright.pipeline.job import IN_MEMORY, Input
from synthwright.pipeline.working import get_table

__all__ = ["benchmark_inputs", "benchmark_keys", "benchmark_names", "benchmarks", "columns_told", "named_benchmarks"]

_KEY = "against"


def benchmark_keys(count: int) -> list[str]:
    """What the inputs of a run are called that are benchmarks: a run may have many."""
    return [f"{_KEY} {at + 1}" for at in range(count)]


def benchmark_inputs(inputs: Mapping[str, Input]) -> list[Input]:
    """The inputs that are benchmarks, in order."""
    return [inputs[key] for key in benchmark_keys(len(inputs)) if key in inputs]


def benchmark_names(shown: Iterable[str | None]) -> list[str]:
    """A name for each benchmark, from the name of its file; no two are the same."""
    names: list[str] = []
    for at, one in enumerate(shown):
        name = Path(one).name if one else f"benchmark {at + 1}"
        names.append(name if name not in names else f"{name} ({at + 1})")
    return names


def named_benchmarks(against: Sequence[Any] | Mapping[str, Any]) -> Mapping[str, Any]:
    """What was given to compare with, by name; one file alone is a list that somebody forgot to write.

    Raises
    ------
    UsageError
        It is no list and no mapping.
    """
    if isinstance(against, Mapping):
        return against
    if not isinstance(against, list | tuple):
        raise UsageError("`against` is a list of files or tables.", remedy="Write against=[...], also for one.")
    names = benchmark_names(str(one) if isinstance(one, str | Path) else None for one in against)
    return dict(zip(names, against, strict=True))


def benchmarks(inputs: Mapping[str, Input]) -> dict[str, Table]:
    """The tables of the benchmarks among `inputs`, by name."""
    entries = benchmark_inputs(inputs)
    names = benchmark_names(None if entry.shown == IN_MEMORY else entry.shown for entry in entries)
    return {name: _table(entry) for name, entry in zip(names, entries, strict=True)}


def columns_told(comparison: Comparison) -> list[str]:
    """One sentence per benchmark: the columns that it is compared in."""
    return [
        f"{shorten(name)}: compared in {len(table.names)} of {len(comparison.columns)} columns, {_listed(table.names)}."
        for name, table in comparison.against.items()
    ]


def _table(entry: Input) -> Table:
    return get_table(Path(entry.path)) if entry.shown == IN_MEMORY else read_table(Path(entry.path))


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - 12} more" if len(names) > 12 else ""
    return ", ".join(shorten(name) for name in names[:12]) + more
