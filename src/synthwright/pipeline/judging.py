"""The stages that judge: measure synthetic against unseen real rows, then hold the figures to the gates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from synthwright import files, registry
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.alignment import align
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.protocol import Metric, Need
from synthwright.evaluation.suite import Evaluation, evaluate
from synthwright.evaluation.views import make_views
from synthwright.gates.gate import GateSet
from synthwright.gates.judging import judge
from synthwright.gates.presets import load_gates
from synthwright.gates.verdict import Verdict
from synthwright.pipeline.job import Job, Wrote
from synthwright.pipeline.verdict_file import write_verdict
from synthwright.pipeline.working import get_table
from synthwright.provenance.facts import RunFacts

__all__ = ["declared_by", "evaluate_rows", "judge_run", "judge_tables", "metrics_named"]


def evaluate_rows(job: Job) -> Wrote:
    """`measurements.json` holds every figure, `views.json` what the report draws."""
    job.tell("evaluate", "against unseen real rows")
    drawn = get_table(job.drawn_file)
    # Columns that the model left out (free text, nothing but rare values) have nothing to be compared with.
    train, holdout = (get_table(path).select(drawn.names) for path in (job.train_file, job.holdout_file))
    comparison = align(train, drawn, holdout, seed=job.recipe.seed)
    measured = evaluate(comparison, job.context, metrics_named(job.recipe.metrics))
    files.write_json(job.folder.measurements, measured.to_json_value())
    files.write_json(job.folder.views, make_views(comparison, job.context.at("views")))
    return Wrote(paths=(job.folder.measurements, job.folder.views), facts={"declared": declared_by(comparison)})


def judge_run(job: Job) -> Wrote:
    """`verdict.json` says what the gates make of the measurements."""
    gates = gates_of(job)
    measured = RunFacts.load(job.folder.path)
    verdict = judge(measured, gates, declared=job.facts["declared"])
    write_verdict(job.folder.verdict, verdict)
    job.tell("judge", f"{verdict.overall} by the gates {gates.name}", done=1, total=1)
    return Wrote(paths=(job.folder.verdict,))


def gates_of(job: Job) -> GateSet:
    """The gates of the run: a preset, or the file it was given."""
    return load_gates(Path(job.inputs["gates"].path) if "gates" in job.inputs else job.recipe.gates)


def declared_by(comparison: Comparison) -> list[Need]:
    """What the comparison has, for gates that need it."""
    declared: list[Need] = []
    if comparison.holdout is not None:
        declared.append("holdout")
    if comparison.schema.target is not None:
        declared.append("target")
    if comparison.schema.having("sensitive"):
        declared.append("groups")
    return declared


def metrics_named(names: Sequence[str] | None) -> list[Metric] | None:
    """The metrics with these names; ``None`` for all that are measured by default."""
    return None if names is None else [registry.find("metric", name)() for name in names]


def judge_tables(
    train: Table,
    synthetic: Table,
    holdout: Table | None,
    *,
    gates: GateSet,
    metrics: Sequence[str] | None,
    context: Context,
) -> tuple[Comparison, Evaluation, Verdict]:
    """Tables from anywhere, compared, measured and judged."""
    comparison = align(train, synthetic, holdout, seed=context.streams.seed)
    measured = evaluate(comparison, context, metrics_named(metrics))
    return comparison, measured, judge(measured, gates, declared=declared_by(comparison))
