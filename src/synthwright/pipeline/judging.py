"""The stages that judge: measure synthetic against unseen real rows, then hold the figures to the gates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import pyarrow.parquet as pq

from synthwright import files, registry
from synthwright.data.table import Table
from synthwright.engines.context import Context, Event
from synthwright.errors import UsageError
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.exactness import distances_of, expected_seconds, how_long, with_all_rows
from synthwright.evaluation.protocol import Metric
from synthwright.evaluation.suite import Evaluation, declared_by, default_metrics, evaluate
from synthwright.evaluation.views import make_views
from synthwright.gates.gate import GateSet
from synthwright.gates.judging import judge, with_gate
from synthwright.gates.presets import load_gates
from synthwright.gates.verdict import Verdict
from synthwright.generators.model import Model
from synthwright.learning.estimators import named_learners
from synthwright.pipeline.against import benchmarks, columns_told
from synthwright.pipeline.conditioned import conditions_told, meeting
from synthwright.pipeline.job import Job, Wrote
from synthwright.pipeline.mixing.stage import mix_figures
from synthwright.pipeline.redrawing import redrawing
from synthwright.pipeline.risks import risks
from synthwright.pipeline.verdict_file import write_verdict
from synthwright.pipeline.working import get_table, put_arrow
from synthwright.provenance.facts import RunFacts
from synthwright.review.judging import gate as review_gate

__all__ = ["evaluate_rows", "judge_run", "judge_tables", "metrics_named", "with_estimator"]


def evaluate_rows(job: Job) -> Wrote:
    """`measurements.json` holds figures, `views.json` the report's pictures, `row_risks.parquet` each row's risk."""
    job.tell("evaluate", "against unseen real rows")
    drawn = get_table(job.drawn_file)
    # Columns that the model left out (free text, nothing but rare values) have nothing to be compared with.
    real = (get_table(path) for path in (job.train_file, job.holdout_file))
    train, holdout = (meeting(job.recipe.given, table).select(drawn.names) for table in real)
    comparison = align(train, drawn, holdout, seed=job.recipe.seed, against=benchmarks(job.inputs))
    measured = evaluate(comparison, job.context, metrics_named(job.recipe.metrics))
    files.write_json(job.folder.measurements, measured.to_json_value())
    files.write_json(job.folder.views, make_views(comparison, job.context.at("views")))
    ids = pq.read_table(job.folder.lineage, columns=["record_id"])["record_id"]
    put_arrow(job.folder.row_risks, risks(comparison, measured, ids))
    return Wrote(
        paths=(job.folder.measurements, job.folder.views, job.folder.row_risks),
        facts={
            "declared": declared_by(comparison),
            "compared": [*_limited(job, train, holdout), *comparison.notes, *columns_told(comparison)],
        },
    )


def _limited(job: Job, train: Table, holdout: Table) -> list[str]:
    """Which real rows were compared with, where rows were drawn under conditions."""
    if job.recipe.given is None:
        return []
    told = conditions_told(job.recipe.given)
    return [
        f"Drawn where {told}, and compared with the {len(train):,} and {len(holdout):,} real rows that are like it."
    ]


def judge_run(job: Job) -> Wrote:
    """`verdict.json` says what the gates make of the measurements."""
    gates = gates_of(job)
    measured = RunFacts.load(job.folder.path)
    measured = replace(measured, measurements=(*measured.measurements, *mix_figures(job)))
    verdict = judge(measured, gates, declared=job.facts["declared"], sizes=measured.sizes)
    withheld = verdict.withheld
    if job.recipe.require_review:
        verdict = with_gate(verdict, review_gate(None, job.recipe.max_reject_rate), withheld=withheld)
    write_verdict(job.folder.verdict, verdict)
    job.tell("judge", f"{verdict.overall} by the gates {gates.name}", done=1, total=1)
    return Wrote(paths=(job.folder.verdict,), facts={"withheld_anyway": withheld})


def gates_of(job: Job) -> GateSet:
    """The gates of the run: a preset, or the file it was given."""
    return load_gates(Path(job.inputs["gates"].path) if "gates" in job.inputs else job.recipe.gates)


def metrics_named(names: Sequence[str] | Sequence[Metric] | None) -> list[Metric] | None:
    """The metrics with these names, and those given as they are; ``None`` for all that are measured by default."""
    if names is None:
        return None
    return [registry.find("metric", name)() if isinstance(name, str) else name for name in names]


def with_estimator(metrics: Sequence[Metric] | None, estimator: object) -> list[Metric] | None:
    """The metrics (all default ones, if ``None``), of which those that fit models fit `estimator`, too.

    Raises
    ------
    UsageError
        It is no estimator, or none of the metrics fits one.
    """
    if estimator is None:
        return None if metrics is None else list(metrics)
    learners = named_learners(estimator)
    chosen = default_metrics() if metrics is None else list(metrics)
    if not any(_fits_any(one) for one in chosen):
        raise UsageError(
            "An estimator was given, and none of these metrics fits one.",
            remedy="Add utility.tstr or utility.tatr to the metrics.",
        )
    return [replace(cast("Any", one), learners=learners) if _fits_any(one) else one for one in chosen]


def _fits_any(metric: Metric) -> bool:
    """True if the metric's settings name learners."""
    return any(field.name == "learners" for field in fields(cast("Any", metric)))


def judge_tables(
    train: Table,
    synthetic: Table,
    holdout: Table | None,
    *,
    gates: GateSet,
    metrics: Sequence[str] | Sequence[Metric] | None,
    context: Context,
    model: Model | None = None,
    redraws: int = 0,
    against: Mapping[str, Table] | None = None,
    exact: bool = False,
) -> tuple[Comparison, Evaluation, Verdict]:
    """Tables from anywhere, compared, measured and judged; with `redraws` of the `model` beside the synthetic one.

    `exact`: metrics that look at a sample look at all rows instead, after `context` was told how long that may take.
    """
    comparison = align(train, synthetic, holdout, seed=context.streams.seed, against=against)
    if model is not None:
        comparison = redrawing(comparison, model, redraws)
    chosen = metrics_named(metrics)
    if exact:
        chosen = with_all_rows(default_metrics() if chosen is None else chosen, comparison)
        duration = how_long(expected_seconds(comparison))
        context.progress(Event("all rows", 0, None, f"{distances_of(comparison):.1e} distances, about {duration}"))
    measured = evaluate(comparison, context, chosen)
    sizes: dict[str, int] = {part: comparison.rows(part) for part in comparison.parts}
    return comparison, measured, judge(measured, gates, declared=declared_by(comparison), sizes=sizes)
