"""The stage that lets rows go or keeps them: the only place that writes `synthetic.parquet`."""

from __future__ import annotations

from dataclasses import replace

import pyarrow.parquet as pq

from synthwright import files
from synthwright.canonical import digest_file, digest_json
from synthwright.data.writing import write_table
from synthwright.generators.model import Model
from synthwright.pipeline.job import Job, Wrote
from synthwright.pipeline.verdict_file import read_verdict
from synthwright.pipeline.working import get_table

__all__ = ["release"]


def release(job: Job) -> Wrote:
    """The rows are released, or lie in `private/rejected/`; the model carries the verdict either way."""
    verdict = read_verdict(job.folder.verdict)
    drawn = replace(get_table(job.drawn_file), origin=pq.read_table(job.folder.lineage))
    job.tell("release", "withheld" if verdict.withheld else "released", done=1, total=1)
    run = digest_json([digest_file(job.folder.measurements), digest_file(job.folder.verdict)])
    files.remove(job.folder.model)
    Model.load(job.fitted).judged_by(run, verdict.overall, withheld=verdict.withheld).save(job.folder.model)
    if verdict.withheld:
        files.make_folder(job.folder.rejected.parent)
        write_table(drawn, job.folder.rejected)
        return Wrote(paths=(job.folder.model, job.folder.rejected), facts={"released": False})
    write_table(drawn, job.folder.synthetic)
    return Wrote(paths=(job.folder.model, job.folder.synthetic), facts={"released": True})
