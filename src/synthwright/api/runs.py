"""The whole chain, from data or a recipe to a run folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from synthwright.api.models import generator_of
from synthwright.api.tables import Path_, Progress, context, read
from synthwright.canonical import plain
from synthwright.data.folding import FoldRare
from synthwright.data.table import Table
from synthwright.engines.context import ignore
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import settings_of
from synthwright.pipeline import running
from synthwright.pipeline.against import benchmark_keys
from synthwright.pipeline.conditioned import written
from synthwright.pipeline.mixing.asking import mixing_of
from synthwright.pipeline.plan import Plan, make_plan
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.pipeline.recipe_file import load_recipe, recipe_of
from synthwright.pipeline.result import Result
from synthwright.registry import name_of
from synthwright.report.page import render_report

__all__ = ["plan_recipe", "resume", "run", "run_recipe"]


def run(
    data: Any,
    *,
    method: str | Generator[Table] = DEFAULT_METHOD,
    settings: Mapping[str, Any] | None = None,
    target: str | None = None,
    given: Mapping[str, Any] | None = None,
    rows: int | None = None,
    seed: int = 0,
    holdout: Any = 0.25,
    schema: Path_ | None = None,
    group: str | None = None,
    time: str | None = None,
    sensitive: Sequence[str] = (),
    against: Sequence[Any] = (),
    fold_rare: FoldRare | None = None,
    mix: Any = None,
    gates: Path_ = "default",
    metrics: Sequence[str] | None = None,
    require_review: bool = False,
    max_reject_rate: float = 0.1,
    purpose: str = "",
    because: str = "",
    out: Path_ | None = None,
    workers: int = 1,
    progress: Progress = ignore,
    command: Sequence[str] = ("sw.run",),
) -> Result:
    """The whole chain: read, split, fit, sample, measure, judge, and a run folder that says what was done and found.

    `mix` says what `private/mixed.parquet` is to hold beside the real rows of train: a ratio of synthetic rows per real
    row, or a mapping with ``ratio``, ``balance``, ``select`` and the like (see `blend`); by default all released rows.
    With `given` (as `Model.sample` has it) only rows like that are drawn, and compared with real rows like that.
    With `fold_rare` (rows, or rows by column) labels in fewer rows of train than that stand as ``other``.

    Raises
    ------
    SynthwrightError
        Something is missing, can't be read or does not fit; nothing was started.
    """
    generator = generator_of(method, settings)
    tables, inputs = _taken(data, holdout, against, target)
    told = {
        **inputs,
        "schema": None if schema is None else str(schema),
        "method": name_of("generator", generator),
        "settings": settings_of(generator),
        "given": None if given is None else written(given),
        "rows": rows,
        "seed": seed,
        "split": {name: column for name, column in (("group", group), ("time", time)) if column is not None},
        "sensitive": list(sensitive) or None,
        "fold_rare": dict(fold_rare) if isinstance(fold_rare, Mapping) else fold_rare,
        "mix": None if (mixing := mixing_of(mix)) is None else mixing.to_json_value(),
        "gates": str(gates),
        "metrics": None if metrics is None else list(metrics),
        "require_review": require_review,
        "max_reject_rate": max_reject_rate,
        "purpose": purpose,
        "because": because,
        "out": None if out is None else str(out),
    }
    result = _carry_out(make_plan(recipe_of(plain(told)), tables=tables), workers, progress, command)
    return Result(result.folder, tables["data"].frame if "data" in tables else None)


def _taken(
    data: Any, holdout: Any, against: Sequence[Any], target: str | None
) -> tuple[dict[str, Table], dict[str, Any]]:
    """The inputs that are no files, read as tables, and what the recipe says of all inputs."""
    benchmarks = dict(zip(benchmark_keys(len(against)), against, strict=True))
    inputs = {"data": data, "holdout": holdout, **benchmarks}
    named = {key for key, one in inputs.items() if isinstance(one, str | Path)}
    named |= {"holdout"} if isinstance(holdout, float | int) else set()  # a share of the rows
    tables = {
        key: read(one, target=target if key == "data" else None) for key, one in inputs.items() if key not in named
    }
    told = {
        key: (str(one) if isinstance(one, Path) else one) if key in named else "table" for key, one in inputs.items()
    }
    return tables, {
        "data": told["data"],
        "target": getattr(tables["data"].schema.target, "name", None) if "data" in tables else target,
        "holdout": told["holdout"],
        "against": [told[key] for key in benchmarks] or None,
    }


def resume(folder: Path_, *, workers: int | None = None, progress: Progress = ignore) -> Result:
    """The stopped run in `folder`, finished; its digests are those of an undisturbed run."""
    return running.resume(
        Path(folder), lambda seed, before: context(seed, workers or before, progress), render=render_report
    )


def run_recipe(
    source: str, given: Mapping[str, Any], *, workers: int, progress: Progress, command: Sequence[str]
) -> Result:
    """The run of a recipe file (.yaml) or of data, with the keys in `given` winning over the recipe's."""
    return _carry_out(plan_recipe(source, given), workers, progress, command)


def plan_recipe(source: str, given: Mapping[str, Any]) -> Plan:
    """The plan of a recipe file (.yaml) or of data with defaults; everything is checked, nothing is spent."""
    if not source.endswith((".yaml", ".yml")):
        return make_plan(recipe_of({"data": source, **given}))
    path = Path(source)
    told = load_recipe(path).to_mapping()
    if "mix" in given:
        given = {**given, "mix": {**told.get("mix", {}), **given["mix"]}}
    if "method" in given and given["method"] != told["method"]:
        told.pop("settings", None)  # settings belong to the method they were written for
    out = Path("runs") / path.name.rpartition(".")[0]
    return make_plan(recipe_of({"out": out.as_posix(), **told, **given}), beside=path.parent)


def _carry_out(plan: Plan, workers: int, progress: Progress, command: Sequence[str]) -> Result:
    call = {"command": list(command), "workers": workers}
    return running.carry_out(plan, context(plan.recipe.seed, workers, progress), render=render_report, call=call)
