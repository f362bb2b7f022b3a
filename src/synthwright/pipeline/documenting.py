"""The stage that explains the run: record, data card and report, from the files the other stages wrote."""

from __future__ import annotations

import json
from typing import Any

from synthwright import files
from synthwright.canonical import digest_file
from synthwright.pipeline.job import Job, Wrote
from synthwright.provenance.data_card import data_card
from synthwright.provenance.facts import RunFacts
from synthwright.provenance.record import run_record

__all__ = ["document"]


def document(job: Job) -> Wrote:
    """`record.json`, `README.md` and `report.html` say what was done and found."""
    folder = job.folder
    job.tell("document", "record, data card, report")
    files.write_json(folder.record, _record(job))
    files.write_text(folder.card, data_card(RunFacts.load(folder.path)))
    files.write_text(folder.report, job.render(folder.path))
    job.tell("document", "record, data card, report", done=1, total=1)
    return Wrote(paths=(folder.record, folder.card, folder.report))


def _record(job: Job) -> dict[str, Any]:
    rows = job.facts["rows"]
    digests = job.facts["digests"]
    inputs: list[dict[str, Any]] = [
        {"name": name, "file": entry.shown, "size": entry.size, "digest": entry.sha256}
        for name, entry in job.inputs.items()
    ]
    inputs += [{"name": part, "rows": rows[part], "digest": digests[part]} for part in ("train", "holdout")]
    inputs.append({"name": "synthetic", "rows": job.facts["drawn"], "digest": job.facts["drawn_digest"]})
    released = bool(job.facts["released"])
    told = [job.folder.schema, job.folder.measurements, job.folder.verdict]
    if released:
        told.append(job.folder.synthetic)
    model = json.loads((job.folder.model / "model.json").read_text(encoding="utf-8"))
    return run_record(
        command=job.call.get("command", ()),
        inputs=inputs,
        method=job.recipe.method,
        settings=model["settings"],
        seed=job.recipe.seed,
        workers=int(job.call.get("workers", 1)),
        left_out=job.facts["left_out"],
        folded=job.facts.get("folded", {}),
        constraints=job.facts.get("constraints", {}),
        lineage=_lineage(job),
        acceptance=job.facts.get("acceptance", {}),
        mix=job.facts.get("mix", {}),
        digests={path.name: digest_file(path) for path in told},
        seconds=job.seconds,
        started=job.started,
        created=job.clock().isoformat(timespec="seconds"),
        released=released,
        notes=[*job.facts.get("notes", ()), *job.facts.get("compared", ())],
    )


def _lineage(job: Job) -> dict[str, Any]:
    """How far the rows are from real ones, and what they were learnt from."""
    learnt_from = job.facts.get("lineage", {"depth": 0, "share": 0.0})
    return {"depth": job.facts.get("depth", 1), "learnt_from": learnt_from}
