"""The stage that reads and splits: real rows into train and holdout before anything is fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from synthwright import files
from synthwright.data.folding import Folding, FoldRare, may_be_folded
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.inference import complete_schema
from synthwright.data.lineage import Lineage, lineage_of, unmarked
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.schema_file import read_schema, write_schema
from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.evaluation._aligning.overlap import check_holdout
from synthwright.generators.settings import make_generator, settings_of
from synthwright.pipeline.against import benchmark_inputs
from synthwright.pipeline.analysis import analyse
from synthwright.pipeline.conditioned import meeting
from synthwright.pipeline.job import IN_MEMORY, Input, Job, Wrote
from synthwright.pipeline.recipe import Recipe
from synthwright.pipeline.recipe_file import recipe_text
from synthwright.pipeline.working import files_of, get_table, put_table

__all__ = ["FEWEST_HOLDOUT", "FEWEST_TRAIN", "divide", "prepare", "read_inputs"]

FEWEST_TRAIN = 10  # twice the smallest cell that may be spoken of: with fewer there is nothing but single persons
FEWEST_HOLDOUT = 5  # the smallest cell itself: no figure of fewer rows is published


def prepare(job: Job) -> Wrote:
    """Train and holdout are on disk, with schema, analysis and the effective recipe beside them."""
    job.tell("split", f"reading {job.inputs['data'].shown}")
    table, given_holdout = read_inputs(job.recipe, job.inputs)
    lineage, table = lineage_of(table), unmarked(table)
    train, holdout, folded = divide(job.recipe, table, given_holdout)
    put_table(job.train_file, train)
    put_table(job.holdout_file, holdout)
    write_schema(train.schema, job.folder.schema)
    files.write_json(job.folder.analysis, analyse(table))
    files.write_text(job.folder.recipe, _effective(job, train))
    job.tell("split", f"{len(train):,} rows to learn from, {len(holdout):,} kept unseen", done=1, total=1)
    return Wrote(
        paths=(
            *files_of(job.train_file),
            *files_of(job.holdout_file),
            job.folder.schema,
            job.folder.analysis,
            job.folder.recipe,
        ),
        facts={
            "fitting": len(meeting(job.recipe.given, train)),
            "rows": {"train": len(train), "holdout": len(holdout)},
            "digests": {"train": train.digest(), "holdout": holdout.digest()},
            "lineage": asdict(lineage),
            "notes": [*(entry.note for entry in job.inputs.values() if entry.note), *_synthetic(lineage)],
            "folded": dict(folded),
        },
    )


def _synthetic(lineage: Lineage) -> list[str]:
    """What a reader must know of data that are not real."""
    if lineage.depth == 0:
        return []
    told = (
        f"The data carries the mark of synthetic rows (depth {lineage.depth}, {100 * lineage.share:.0f} % of the rows)"
    )
    return [f"{told}: what was kept of it as the holdout is no more real than what was learnt from."]


def read_inputs(recipe: Recipe, inputs: Mapping[str, Input]) -> tuple[Table, Table | None]:
    """The data and, where one is given, the holdout, under one schema."""
    schema = read_schema(Path(inputs["schema"].path)) if "schema" in inputs else None
    table = _read(inputs["data"], recipe.target, schema)
    table = table.with_schema(table.schema.with_sensitive(recipe.sensitive or ()))
    holdout = _read(inputs["holdout"], None, table.schema) if "holdout" in inputs else None
    return table, holdout


def _read(entry: Input, target: str | None, schema: Schema | None) -> Table:
    if entry.shown == IN_MEMORY:
        table = get_table(Path(entry.path))
        return table if target is None else table.with_schema(table.schema.with_target(target))
    return read_table(Path(entry.path), target=target, schema=schema)


def divide(recipe: Recipe, table: Table, holdout: Table | None) -> tuple[Table, Table, Mapping[str, str]]:
    """Train and holdout under a schema whose domains come from train alone, and what was done to their labels.

    Raises
    ------
    BadInput
        Too few rows on one side, or a holdout that is not unseen.
    """
    if holdout is not None:
        train = table
        check_holdout(train, holdout)
    else:
        share = recipe.holdout if isinstance(recipe.holdout, float) else 0.25
        train, holdout = split(table, holdout=share, seed=recipe.seed, group=recipe.split.group, time=recipe.split.time)
    for part, name, fewest in ((train, "train", FEWEST_TRAIN), (holdout, "holdout", FEWEST_HOLDOUT)):
        if len(part) < fewest:
            raise BadInput(
                f"{len(part)} rows are too few for {name}.",
                evidence=f"The data has {len(table):,} rows; {name} needs at least {fewest}.",
                remedy="Bring more rows, or change --holdout.",
            )
    schema = schema_of_train(table, train)
    return _folded(recipe, train.with_schema(schema), holdout.with_schema(schema))


def _folded(recipe: Recipe, train: Table, holdout: Table) -> tuple[Table, Table, Mapping[str, str]]:
    """Both parts with the labels that are rare in train folded, and what was folded in words.

    Methods that keep records would hand out labels that fewer than 5 rows hold: with them these are always folded.
    """
    below: FoldRare | None = recipe.fold_rare
    if below is None and make_generator(recipe.method, recipe.settings).info.keeps_records:
        below = {column.name: MINIMUM_ROWS for column in train.schema if _is_guessed(train, column)}
    if not below:
        return train, holdout, {}
    folding = Folding.of(train, below)
    seen = folding.applied(train)
    return seen, folding.under(seen.schema, holdout), folding.told


def _is_guessed(train: Table, column: Column) -> bool:
    """True for labels that nobody declared to be fit for publication; classes stay."""
    return column.source == "data" and column.role != "target" and may_be_folded(train, column)


def schema_of_train(table: Table, train: Table) -> Schema:
    """The table's schema in which every domain that was read off the data is read off train alone.

    Bounds and categories that only holdout rows show would tell the method about them. What a person declared or
    changed (it differs from what the data shows) stays.
    """
    opened = _opened(table.schema)
    whole, seen = complete_schema(opened, table.data), complete_schema(opened, train.data)
    kept = [
        column if column.source != "data" or _domain(column) != _domain(whole[column.name]) else seen[column.name]
        for column in table.schema
    ]
    return replace(table.schema, columns=tuple(kept))


def _effective(job: Job, train: Table) -> str:
    """The recipe with every default spelt out, and names in place of this machine's paths."""
    named = benchmark_inputs(job.inputs)
    shown: dict[str, Any] = {name: entry.shown for name, entry in job.inputs.items() if entry not in named}
    if named:
        shown["against"] = [entry.shown for entry in named]
    if Path(job.recipe.out or "").is_absolute():
        shown["out"] = Path(job.recipe.out or "").name
    settings = settings_of(make_generator(job.recipe.method, job.recipe.settings))
    told = {
        **job.recipe.to_mapping(),
        **shown,
        "settings": settings,
        "rows": job.recipe.rows or len(meeting(job.recipe.given, train)),
    }
    return recipe_text(told, comment="The effective recipe of this run. Paths outside its folder are shown as names.")


def _opened(schema: Schema) -> Schema:
    columns = [replace(column, bounds=None, decimals=None, categories=None) for column in schema]
    return replace(schema, columns=tuple(columns))


def _domain(column: Column) -> tuple[object, ...]:
    return tuple(getattr(column, name) for name in ("bounds", "decimals", "categories"))
