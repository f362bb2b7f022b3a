"""Any three tables measured and judged, and the page about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from synthwright import files
from synthwright.api.models import load
from synthwright.api.tables import Path_, Progress, context, read
from synthwright.data.folding import Folding, FoldRare
from synthwright.data.schema import Schema
from synthwright.engines.context import Event, ignore
from synthwright.errors import shorten
from synthwright.gates.presets import load_gates
from synthwright.generators.model import Model
from synthwright.pipeline.against import named_benchmarks
from synthwright.pipeline.evaluated import Report
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.judging import judge_tables, metrics_named, with_estimator
from synthwright.pipeline.manifest import require_intact, update_manifest
from synthwright.pipeline.redrawing import checked_redraws
from synthwright.report.page import render_report

__all__ = ["draw_report", "evaluate"]


def evaluate(
    *,
    train: Any,
    synthetic: Any,
    holdout: Any = None,
    target: str | None = None,
    schema: Schema | Path_ | None = None,
    sensitive: Sequence[str] = (),
    fold_rare: FoldRare | None = None,
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

    With `fold_rare` rare labels of train stand as ``other`` in the real rows, as they do in rows of a run with it.

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
    if fold_rare is not None:
        folding = Folding.of(real, fold_rare)
        real = folding.applied(real)
        unseen = [folding.under(real.schema, one) for one in unseen]
        for name, sentence in folding.told.items():
            progress(Event("evaluate", 0, None, f"{shorten(name)}: {sentence}"))
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
