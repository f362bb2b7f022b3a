"""Everything a run needs, checked before anything is spent."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from synthwright.data.reading import read_table
from synthwright.data.schema_file import read_schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, OutOfResource, UnknownName, UsageError, shorten
from synthwright.evaluation.alignment import align_benchmark
from synthwright.gates.presets import load_gates, preset_names
from synthwright.generators.drawing import require_memory
from synthwright.generators.fitting import require_keepable
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import make_generator
from synthwright.pipeline.against import benchmark_keys, benchmark_names
from synthwright.pipeline.conditioned import check_conditions, meeting
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.judging import metrics_named
from synthwright.pipeline.mixing.asking import Mixing
from synthwright.pipeline.mixing.wanted import Wanted, wanted_of
from synthwright.pipeline.mixing.weighing import require_weighable
from synthwright.pipeline.preparing import FEWEST_HOLDOUT, FEWEST_TRAIN, divide
from synthwright.pipeline.recipe import Recipe, default_out
from synthwright.pipeline.sources import Source, find_file

__all__ = ["Plan", "make_plan"]

# Seconds per cell of fit, sample and evaluation with the default method, and seconds that every run takes; one core.
_SECONDS_PER_CELL, _SECONDS_AT_LEAST = 4e-5, 5.0  # Adult: 22 s for 550,000 cells
_ROOM = 1.2  # free disk space wanted, as a multiple of the estimate
_BYTES_AT_LEAST = 10 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A run that can start: `sources` are files by their part in it, `tables` what was given in memory instead.

    `seconds` and `bytes` are estimates, for one process.
    """

    recipe: Recipe
    out: Path
    sources: Mapping[str, Source]
    tables: Mapping[str, Table] = field(default_factory=dict)
    columns: int
    train_rows: int
    holdout_rows: int
    rows: int
    seconds: float
    bytes: int
    mixed: Wanted | None = None
    notes: tuple[str, ...] = ()

    def to_json_value(self) -> dict[str, Any]:
        """What `validate --json` prints."""
        return {
            "recipe": self.recipe.to_mapping(),
            "out": self.out.as_posix(),
            "columns": self.columns,
            "rows": {
                "train": self.train_rows,
                "holdout": self.holdout_rows,
                "synthetic": self.rows,
                **({} if self.mixed is None else {"mixed_in": self.mixed.added}),
            },
            "estimate": {"seconds": self.seconds, "bytes": self.bytes, "cost": None},
            "notes": list(self.notes),
        }

    def lines(self) -> list[str]:
        """The plan in words, one fact per line."""
        recipe = self.recipe
        return [
            f"data     {recipe.data}: {self.columns} columns",
            f"split    {self.train_rows:,} rows to learn from, {self.holdout_rows:,} kept unseen",
            f"target   {recipe.target or 'none: utility will not be measured'}",
            f"method   {recipe.method} {recipe.settings or ''}".rstrip(),
            f"rows     {self.rows:,}, seed {recipe.seed}",
            *([] if self.mixed is None else [f"mix      {_mix_told(self.mixed)}"]),
            f"gates    {recipe.gates}{' and experts, who review a sample' if recipe.require_review else ''}",
            f"out      {self.out}",
            f"needs    about {_duration(self.seconds)} on one core and {self.bytes / 1024**2:,.0f} MB of disk",
        ]


def make_plan(recipe: Recipe, *, beside: Path | None = None, tables: Mapping[str, Table] | None = None) -> Plan:
    """The plan of `recipe`, whose files may lie in the folder `beside`; `tables` stand in for its files.

    Raises
    ------
    SynthwrightError
        Something a run needs is missing, can't be read, contradicts something else, or does not fit on the disk.
    """
    tables = dict(tables or {})
    out = Path(recipe.out) if recipe.out is not None else default_out(recipe.data)
    RunFolder(out).require_free()
    RunFolder(out).require_writable()
    sources = _sources(recipe, beside, tables)
    generator = make_generator(recipe.method, recipe.settings)
    if generator.info.kind != "table":
        raise UsageError(f"{recipe.method} does not make tables.", remedy="`synthwright list generators` shows all.")
    metrics_named(recipe.metrics)
    load_gates(sources["gates"].path if "gates" in sources else recipe.gates)
    table, holdout = _tables(recipe, sources, tables)
    _check_columns(recipe, table)
    train, kept, folded = divide(recipe, table, holdout)
    _check_benchmarks(recipe, train, sources, tables)
    _check_given(recipe, generator, train, kept)
    rows = recipe.rows or len(meeting(recipe.given, train))
    mixed = None if recipe.mix is None else _mix(recipe.mix.mixing, train, generator, recipe.method)
    size = _bytes_needed(table, rows + (0 if mixed is None else mixed.added))
    _require_room(out, size)
    return Plan(
        recipe=recipe,
        out=out,
        sources=sources,
        tables=tables,
        columns=len(table.schema),
        train_rows=len(train),
        holdout_rows=len(kept),
        rows=rows,
        seconds=round(
            _SECONDS_AT_LEAST
            + _SECONDS_PER_CELL * (len(train) + rows + (0 if mixed is None else mixed.added)) / 2 * len(table.schema),
            1,
        ),
        bytes=size,
        mixed=mixed,
        notes=(
            *(source.note for source in sources.values() if source.note),
            *(f"{shorten(name)}: {sentence}." for name, sentence in folded.items()),
            *(() if mixed is None else mixed.notes),
        ),
    )


def _sources(recipe: Recipe, beside: Path | None, tables: Mapping[str, Table]) -> dict[str, Source]:
    asked = {
        "data": None if "data" in tables else recipe.data,
        "holdout": recipe.holdout if isinstance(recipe.holdout, str) and "holdout" not in tables else None,
        "schema": recipe.schema_file,
        "gates": None if recipe.gates in preset_names() else recipe.gates,
    }
    if asked["gates"] is not None and not recipe.gates.endswith((".yaml", ".yml")):
        raise UnknownName.among(
            "gate preset",
            recipe.gates,
            preset_names(),
            listing="`synthwright list gates` shows them; a file ends in .yaml.",
        )
    words = {"data": "data", "holdout": "holdout", "schema": "schema file", "gates": "gate file"}
    benchmarks = recipe.against or []
    asked |= {
        key: text for key, text in zip(benchmark_keys(len(benchmarks)), benchmarks, strict=True) if key not in tables
    }
    return {
        name: find_file(text, what=words.get(name, "benchmark"), beside=beside)
        for name, text in asked.items()
        if text is not None
    }


def _tables(recipe: Recipe, sources: Mapping[str, Source], tables: Mapping[str, Table]) -> tuple[Table, Table | None]:
    schema = read_schema(sources["schema"].path) if "schema" in sources else None
    table = read_table(
        tables.get("data", sources["data"].path if "data" in sources else None), target=recipe.target, schema=schema
    )
    table = table.with_schema(table.schema.with_sensitive(recipe.sensitive or ()))
    if "holdout" in tables:
        return table, tables["holdout"]
    if "holdout" in sources:
        return table, read_table(sources["holdout"].path, schema=table.schema)
    return table, None


def _check_columns(recipe: Recipe, table: Table) -> None:
    if not any(column.is_modelled for column in table.schema):
        raise BadInput(
            "There is nothing to learn from.",
            evidence=f"The columns are identifiers and free text: {', '.join(map(shorten, table.names[:5]))}.",
            remedy="Correct their kinds in a schema file (`synthwright inspect -o`), or bring another table.",
        )
    for name in (recipe.split.group, recipe.split.time):
        if name is not None:
            table.schema[name]
    require_keepable(table)
    target = table.schema.target
    if target is None:
        return
    if not target.is_modelled:
        raise BadInput(
            f"The target {shorten(target.name)!r} can't be predicted.",
            evidence=f"It was taken for {target.kind}: {target.reason}",
            remedy="Choose another target, or correct its kind in a schema file (`synthwright inspect -o`).",
        )
    missing = table.missing(target.name)
    values = table.numbers(target.name) if target.is_numeric else table.levels(target.name)
    if len(set(values[~missing][:1].tolist()) | set(values[~missing].tolist())) < 2:
        raise BadInput(
            f"The target {shorten(target.name)!r} has one value only.",
            evidence="A model has nothing to tell apart.",
            remedy="Choose another target, or leave it out: then utility is not measured.",
        )


def _check_given(recipe: Recipe, generator: Generator[Table], train: Table, holdout: Table) -> None:
    """The conditions can be drawn by and judged; raises otherwise."""
    if recipe.given is None:
        return
    if recipe.mix is not None:
        raise UsageError(
            "A recipe has either `given` or `mix`.",
            evidence="A mix draws by the classes and groups that it wants.",
            remedy="Leave one of them out; `mix.balance` asks for groups.",
        )
    if generator.info.unit != "row":
        raise UsageError(
            f"{recipe.method} draws whole entities, and `given` speaks of rows.", remedy="Leave `given` out."
        )
    check_conditions(recipe.given, train, holdout, (FEWEST_TRAIN, FEWEST_HOLDOUT))


def _mix(mixing: Mixing, train: Table, generator: Generator[Table], method: str) -> Wanted:
    """What the mix wants of these rows; raises where they, or the method, can't give it."""
    if generator.info.unit != "row":
        raise UsageError(
            f"{method} draws whole entities, and a mix is made of single rows.", remedy="Leave `mix` out of the recipe."
        )
    require_weighable(train, mixing.select)
    wanted = wanted_of(train, mixing)
    require_memory(
        len(train) + wanted.added * (1 if mixing.select == "stratified" else mixing.candidates), len(train.names)
    )
    return wanted


def _mix_told(wanted: Wanted) -> str:
    evened = f", {' and '.join(shorten(name, 30) for name in wanted.balanced)} balanced" if wanted.balanced else ""
    return f"{wanted.added:,} synthetic rows, {wanted.added / wanted.rows:.3g} per real one{evened}"


def _check_benchmarks(recipe: Recipe, train: Table, sources: Mapping[str, Source], tables: Mapping[str, Table]) -> None:
    keys = benchmark_keys(len(recipe.against or ()))
    names = benchmark_names(sources[key].shown if key in sources else None for key in keys)
    for key, name in zip(keys, names, strict=True):
        align_benchmark(train, name, tables[key] if key in tables else read_table(sources[key].path))


def _bytes_needed(table: Table, rows: int) -> int:
    """Four copies of the real rows and four of the drawn ones lie on disk at most, uncompressed at worst."""
    per_row = table.data.nbytes / max(len(table), 1)
    return int(_BYTES_AT_LEAST + 4 * per_row * (len(table) + rows))


def _require_room(out: Path, size: int) -> None:
    free = shutil.disk_usage(RunFolder(out).standing).free
    if free < _ROOM * size:
        raise OutOfResource(
            f"There is not enough disk space for {out}.",
            evidence=f"The run needs about {size / 1024**2:,.0f} MB; {free / 1024**2:,.0f} MB are free.",
            remedy="Free some space, ask for fewer --rows, or choose another disk with --out.",
        )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"
