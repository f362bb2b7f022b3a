"""The Python functions that people call; the only place besides the command line where pipeline and report meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

from synthwright import files
from synthwright.canonical import plain
from synthwright.data.reading import read_table
from synthwright.data.schema import Schema
from synthwright.data.splitting import split as split_table
from synthwright.data.table import Table
from synthwright.data.writing import write_table
from synthwright.engines.context import Context, Event, ignore
from synthwright.engines.engine import engine_for
from synthwright.errors import UsageError
from synthwright.gates.presets import load_gates
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import make_generator, settings_of
from synthwright.pipeline import running
from synthwright.pipeline.against import benchmark_keys, named_benchmarks
from synthwright.pipeline.evaluated import Report
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.judging import judge_tables, metrics_named, with_estimator
from synthwright.pipeline.manifest import require_intact, update_manifest, verify
from synthwright.pipeline.plan import Plan, make_plan
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.pipeline.recipe_file import load_recipe, recipe_of
from synthwright.pipeline.redrawing import checked_redraws
from synthwright.pipeline.result import Result
from synthwright.pipeline.sources import find_file
from synthwright.registry import name_of
from synthwright.report.page import render_report
from synthwright.seeding import Streams

__all__ = ["evaluate", "fit", "load", "read", "resume", "run", "split", "verify"]

Progress = Callable[[Event], None]
Path_ = str | Path


def read(source: Any, *, target: str | None = None, schema: Schema | Path_ | None = None) -> Table:
    """`source` as a `Table`: a path, ``example:NAME``, a frame of pandas, polars or Arrow, a NumPy array, records.

    Raises
    ------
    BadInput
        It can't be read as a table, or does not fit `schema`.
    """
    if isinstance(source, str):
        source = find_file(source, what="data").path
    return read_table(source, target=target, schema=schema)


def split(
    data: Any, *, holdout: float = 0.25, seed: int = 0, group: str | None = None, time: str | None = None
) -> tuple[Any, Any]:
    """Train and holdout, by row, by `group` or by `time`; rows that equal each other stay on one side.

    A `Table` gives two tables, a frame two frames of its kind.
    """
    table = read(data)
    train, kept = split_table(table, holdout=holdout, seed=seed, group=group, time=time)
    if isinstance(data, Table | str | Path):
        return train, kept
    return train.to_native(), kept.to_native()


def fit(
    data: Any,
    method: str | Generator[Table] = DEFAULT_METHOD,
    *,
    settings: Mapping[str, Any] | None = None,
    seed: int = 0,
    target: str | None = None,
    schema: Schema | Path_ | None = None,
    constraints: Sequence[str] = (),
    workers: int = 1,
    progress: Progress = ignore,
) -> Model:
    """A model that has learnt from all rows of `data`; `method` is a name or a settings object. Nothing is judged.

    Every row that it draws obeys `constraints` (texts such as ``"a <= b"``) and those of the schema;
    ``model.constraints.told()`` says how each is kept.

    Raises
    ------
    BadInput
        The data can't be read or learnt from, or a constraint is none, contradicts others, or is broken by most rows.
    """
    generator = _generator(method, settings)
    table = read(data, target=target, schema=schema)
    if constraints:
        table = table.with_schema(with_constraints(table.schema, constraints))
    progress(Event("fit", 0, None, f"{name_of('generator', generator)} on {len(table):,} rows"))
    return fit_model(table, generator, context(seed, workers, progress))


def with_constraints(schema: Schema, constraints: Sequence[str]) -> Schema:
    """`schema` with `constraints` behind its own; raises `UsageError` where they are no list."""
    if isinstance(constraints, str):
        raise UsageError("The constraints are one text.", remedy='Give a list: constraints=["a <= b"].')
    return replace(schema, constraints=tuple(dict.fromkeys([*schema.constraints, *constraints])))


def load(folder: Path_) -> Model:
    """The model that `Model.save` or a run wrote into `folder`.

    Raises
    ------
    BadInput
        The folder is no model, or not one that can be read safely.
    """
    return Model.load(Path(folder))


def evaluate(
    *,
    train: Any,
    synthetic: Any,
    holdout: Any = None,
    target: str | None = None,
    schema: Schema | Path_ | None = None,
    sensitive: Sequence[str] = (),
    against: Sequence[Any] | Mapping[str, Any] = (),
    gates: Path_ = "default",
    metrics: Sequence[str] | None = None,
    estimator: Any = None,
    model: Model | Path_ | None = None,
    redraws: int = 0,
    exact: bool = False,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
) -> Report:
    """Every figure on `synthetic` rows (from any tool) against the real ones, and the verdict of `gates` on them.

    Columns named in `sensitive` get that role beside those of the schema: groups are compared by them.
    `estimator` is one with ``fit(X, y)`` and ``predict(X)`` in scikit-learn's sense, or several by name: `utility.tstr`
    and `utility.tatr` fit it beside their own learners (`learning.estimators.Estimator` says what it gets). With the
    `model` that drew the synthetic rows, `redraws` further tables are drawn from it, and ``utility.relative.redrawn``
    says what holds for any table that it draws. Rows of `against` (files or frames, also by name) are looked for in it.
    `exact` uses all rows where distances and learners take a sample of large tables: hours instead of seconds, and
    `progress` is told how many first.

    Raises
    ------
    BadInput
        A table can't be read, the tables have different columns, a benchmark shares none, or the holdout is not unseen.
    UsageError
        `estimator` can't be fitted or no metric fits it, or `redraws` are asked for without a `model`.
    """
    preset, drawing = load_gates(gates), checked_redraws(model, redraws)
    chosen = with_estimator(metrics_named(metrics), estimator)
    maker = model if model is None or isinstance(model, Model) else load(model)
    around = context(seed, workers, progress)
    sources = [partial(read, train, target=target, schema=schema), partial(read, synthetic)]
    sources += [] if holdout is None else [partial(read, holdout)]
    real, made, *unseen = around.engine.share(lambda one: one(), sources)
    real = real.with_schema(real.schema.with_sensitive(sensitive))
    progress(Event("evaluate", 0, None, f"{len(made):,} rows against {len(real):,} real ones"))
    comparison, measured, verdict = judge_tables(
        real,
        made,
        unseen[0] if unseen else None,
        against={name: read(table) for name, table in named_benchmarks(against).items()},
        gates=preset,
        metrics=chosen,
        context=around,
        model=maker,
        redraws=drawing,
        exact=exact,
    )
    return Report(measured, verdict, comparison, around, render_report)


def run(
    data: Any,
    *,
    method: str | Generator[Table] = DEFAULT_METHOD,
    settings: Mapping[str, Any] | None = None,
    target: str | None = None,
    rows: int | None = None,
    seed: int = 0,
    holdout: Any = 0.25,
    schema: Path_ | None = None,
    group: str | None = None,
    time: str | None = None,
    sensitive: Sequence[str] = (),
    against: Sequence[Any] = (),
    gates: Path_ = "default",
    metrics: Sequence[str] | None = None,
    purpose: str = "",
    because: str = "",
    out: Path_ | None = None,
    workers: int = 1,
    progress: Progress = ignore,
    command: Sequence[str] = ("sw.run",),
) -> Result:
    """The whole chain: read, split, fit, sample, measure, judge, and a run folder that says what was done and found.

    Raises
    ------
    SynthwrightError
        Something is missing, can't be read or does not fit; nothing was started.
    """
    generator = _generator(method, settings)
    tables = {} if isinstance(data, str | Path) else {"data": read(data, target=target)}
    if not isinstance(holdout, str | Path | float | int):
        tables["holdout"] = read(holdout)
    benchmarks = dict(zip(benchmark_keys(len(against)), against, strict=True))
    tables |= {key: read(one) for key, one in benchmarks.items() if not isinstance(one, str | Path)}
    told = {
        "data": str(data) if "data" not in tables else "table",
        "target": target if "data" not in tables else getattr(tables["data"].schema.target, "name", None),
        "schema": None if schema is None else str(schema),
        "method": name_of("generator", generator),
        "settings": settings_of(generator),
        "rows": rows,
        "seed": seed,
        "holdout": "table" if "holdout" in tables else str(holdout) if isinstance(holdout, Path) else holdout,
        "split": {name: column for name, column in (("group", group), ("time", time)) if column is not None},
        "sensitive": list(sensitive) or None,
        "against": [str(one) if key not in tables else "table" for key, one in benchmarks.items()] or None,
        "gates": str(gates),
        "metrics": None if metrics is None else list(metrics),
        "purpose": purpose,
        "because": because,
        "out": None if out is None else str(out),
    }
    result = _carry_out(make_plan(recipe_of(plain(told)), tables=tables), workers, progress, command)
    return Result(result.folder, tables["data"].frame if "data" in tables else None)


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
    if "method" in given and given["method"] != told["method"]:
        told.pop("settings", None)  # settings belong to the method they were written for
    out = Path("runs") / path.name.rpartition(".")[0]
    return make_plan(recipe_of({"out": out.as_posix(), **told, **given}), beside=path.parent)


def draw_report(folder: Path, out: Path | None) -> Path:
    """The report of a finished run or an evaluation, drawn again; a run's manifest follows.

    Raises
    ------
    BadInput
        The run's files are not what its manifest says: a page about them would mislead.
    """
    where = RunFolder(folder)
    if where.manifest.is_file():
        require_intact(folder, but="report.html")
    page = render_report(folder)
    files.write_text(out or where.report, page)
    if out is None and where.manifest.is_file():
        update_manifest(folder, "report.html")
    return out or where.report


def context(seed: int, workers: int, progress: Progress) -> Context:
    """The outside world of a call: randomness from `seed`, `workers` processes, progress to `progress`."""
    return Context(streams=Streams(seed), engine=engine_for(workers), progress=progress)


def write(table: Table, path: Path, *, judged: Mapping[str, Any] | None) -> None:
    """`path` holds `table`; Parquet and Arrow files of a model that no run has judged are marked `unjudged`."""
    files.make_folder(path.parent)
    write_table(table, path, mark="synthetic" if judged is not None else "synthetic, unjudged")


def require_free(path: Path) -> None:
    """Nothing is at `path`, or an empty folder, and it can be written to; raises `UsageError` otherwise."""
    RunFolder(path).require_free()
    RunFolder(path).require_writable()


def _carry_out(plan: Plan, workers: int, progress: Progress, command: Sequence[str]) -> Result:
    call = {"command": list(command), "workers": workers}
    return running.carry_out(plan, context(plan.recipe.seed, workers, progress), render=render_report, call=call)


def _generator(method: str | Generator[Table], settings: Mapping[str, Any] | None) -> Generator[Table]:
    if isinstance(method, str):
        return cast("Generator[Table]", make_generator(method, settings))
    if settings:
        raise UsageError("Settings were given twice.", remedy="Put them into the method object.")
    return method
