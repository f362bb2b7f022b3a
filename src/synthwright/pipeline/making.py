"""The stages that make rows: fit on train, draw from the saved model."""

from __future__ import annotations

from dataclasses import replace

from synthwright import files
from synthwright.data.lineage import DEEPEST
from synthwright.generators.fitting import fit_model
from synthwright.generators.model import Model
from synthwright.generators.settings import make_generator
from synthwright.pipeline.conditioned import asked_of
from synthwright.pipeline.job import Job, Wrote
from synthwright.pipeline.working import files_of, get_table, put_arrow, put_table

__all__ = ["draw", "fit"]


def fit(job: Job) -> Wrote:
    """The method has learnt from train, and nothing else; the model is on disk."""
    train = get_table(job.train_file)
    job.tell("fit", f"{job.recipe.method} on {len(train):,} rows x {len(train.schema)} columns")
    generator = make_generator(job.recipe.method, job.recipe.settings)
    model = fit_model(train, generator, job.context)
    learnt_from = job.facts.get("lineage", {"depth": 0})
    model = replace(model, depth=min(learnt_from["depth"] + 1, DEEPEST))
    files.remove(job.fitted)  # a killed stage may have left something of it
    model.save(job.fitted)
    job.tell("fit", "learnt", done=1, total=1)
    kept = model.constraints.told()
    return Wrote(
        paths=(job.fitted,), facts={"left_out": dict(model.left_out), "constraints": kept, "depth": model.depth}
    )


def draw(job: Job) -> Wrote:
    """The rows are drawn as `synthwright sample` draws them from the saved model, with the run's seed."""
    rows = job.recipe.rows or int(job.facts.get("fitting", job.facts["rows"]["train"]))
    job.tell("sample", f"{rows:,} rows", total=rows)
    model = Model.load(job.fitted)
    given = None if job.recipe.given is None else asked_of(job.recipe.given)
    made = model.draw(rows, seed=job.recipe.seed, given=given, context=job.context)
    drawn = made.table
    put_table(job.drawn_file, drawn)
    put_arrow(job.folder.lineage, drawn.origin)
    job.tell("sample", f"{rows:,} rows", done=rows, total=rows)
    facts = {"drawn": rows, "drawn_digest": drawn.digest()}
    kept = {} if given is None else {"conditions": made.acceptance}
    kept |= {} if made.tally.rate is None else {"constraints": made.tally.rate}
    facts |= {"acceptance": kept} if kept else {}
    return Wrote(paths=(*files_of(job.drawn_file), job.folder.lineage), facts=facts)
