"""The Python functions that people call; the only place besides the command line where pipeline and report meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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
from synthwright.generators.drawing import checked_count
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.protocol import Generator
from synthwright.generators.settings import make_generator, settings_of
from synthwright.pipeline import running
from synthwright.pipeline.evaluated import Report
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.judging import judge_tables
from synthwright.pipeline.manifest import require_intact, update_manifest, verify
from synthwright.pipeline.plan import Plan, make_plan
from synthwright.pipeline.recipe import DEFAULT_METHOD
from synthwright.pipeline.recipe_file import load_recipe, recipe_of
from synthwright.pipeline.result import Result
from synthwright.pipeline.sources import find_file
from synthwright.registry import name_of
from synthwright.report.page import render_report

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
    workers: int = 1,
    progress: Progress = ignore,
) -> Model:
    """A model that has learnt from all rows of `data`; `method` is a name or a settings object. Nothing is judged."""
    generator = _generator(method, settings)
    table = read(data, target=target, schema=schema)
    progress(Event("fit", 0, None, f"{name_of('generator', generator)} on {len(table):,} rows"))
    return fit_model(table, generator, context(seed, workers, progress))


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
    gates: Path_ = "default",
    metrics: Sequence[str] | None = None,
    seed: int = 0,
    workers: int = 1,
    progress: Progress = ignore,
) -> Report:
    """Every figure on `synthetic` rows (from any tool) against the real ones, and the verdict of `gates` on them.

    Raises
    ------
    BadInput
        A table can't be read, the tables have different columns, or the holdout is not unseen.
    """
    preset = load_gates(gates)
    real, made = read(train, target=target, schema=schema), read(synthetic)
    progress(Event("evaluate", 0, None, f"{len(made):,} rows against {len(real):,} real ones"))
    comparison, measured, verdict = judge_tables(
        real,
        made,
        None if holdout is None else read(holdout),
        gates=preset,
        metrics=metrics,
        context=(around := context(seed, workers, progress)),
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
    told = {
        "data": str(data) if "data" not in tables else "table",
        "target": target if target is not None or "data" not in tables else _target_of(tables["data"]),
        "schema": None if schema is None else str(schema),
        "method": name_of("generator", generator),
        "settings": settings_of(generator),
        "rows": rows,
        "seed": seed,
        "holdout": "table" if "holdout" in tables else str(holdout) if isinstance(holdout, Path) else holdout,
        "split": {name: column for name, column in (("group", group), ("time", time)) if column is not None},
        "gates": str(gates),
        "metrics": None if metrics is None else list(metrics),
        "purpose": purpose,
        "because": because,
        "out": None if out is None else str(out),
    }
    plan = make_plan(recipe_of(plain(told)), tables=tables)
    result = _carry_out(plan, workers, progress, command)
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
    from synthwright.seeding import Streams

    return Context(streams=Streams(seed), engine=engine_for(workers), progress=progress)


def write(table: Table, path: Path, *, judged: Mapping[str, Any] | None) -> None:
    """`path` holds `table`; Parquet and Arrow files of a model that no run has judged are marked `unjudged`."""
    files.make_folder(path.parent)
    write_table(table, path, mark="synthetic" if judged is not None else "synthetic, unjudged")


def require_free(path: Path) -> None:
    """Nothing is at `path`, or an empty folder, and it can be written to; raises `UsageError` otherwise."""
    RunFolder(path).require_free()
    RunFolder(path).require_writable()


def require_sample_call(model: Path, rows: int, out: Path) -> None:
    """A call of `sample` that can be carried out; raises `UsageError` before anything is loaded."""
    if model.suffix in {".yaml", ".yml"}:
        raise UsageError(
            f"{model} is a schema, and this release draws from models only.",
            remedy="`synthwright fit DATA -o MODEL` makes a model.",
        )
    checked_count(rows)
    if out.exists():
        raise UsageError(f"{out} exists already.", remedy="Choose another name, or remove it first.")


def _carry_out(plan: Plan, workers: int, progress: Progress, command: Sequence[str]) -> Result:
    call = {"command": list(command), "workers": workers}
    return running.carry_out(plan, context(plan.recipe.seed, workers, progress), render=render_report, call=call)


def _generator(method: str | Generator[Table], settings: Mapping[str, Any] | None) -> Generator[Table]:
    if isinstance(method, str):
        return cast("Generator[Table]", make_generator(method, settings))
    if settings:
        raise UsageError("Settings were given twice.", remedy="Put them into the method object.")
    return method


def _target_of(table: Table) -> str | None:
    return None if table.schema.target is None else table.schema.target.name
