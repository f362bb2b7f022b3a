"""From verdicts to a reviewed run: figures, and rows let go where a review was waited for and went well."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from synthwright import files
from synthwright.canonical import digest_json
from synthwright.engines.context import Context
from synthwright.errors import BadInput, UsageError, shorten
from synthwright.gates.judging import with_gate
from synthwright.gates.verdict import GateResult
from synthwright.pipeline.exporting import finished_run, run_digest
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.job import Render
from synthwright.pipeline.journal import Journal, digests
from synthwright.pipeline.manifest import require_intact
from synthwright.pipeline.recipe import Recipe
from synthwright.pipeline.recipe_file import recipe_of
from synthwright.pipeline.replacing import replacing, settle
from synthwright.pipeline.running import carry_on
from synthwright.pipeline.verdict_file import read_verdict, write_verdict
from synthwright.provenance.damaged import CHANGED
from synthwright.review.judging import Review, conclude, gate
from synthwright.review.sheet import ReviewKey
from synthwright.review.verdicts import Answers, read_answers, sheet_of
from synthwright.seeding import Streams

__all__ = ["import_verdicts"]


def import_verdicts(path: Path, verdicts: Sequence[Path], *, render: Render) -> Review:
    """The run in `path` knows what reviewers said of it; rows that waited for them are released if they agree.

    `review.json` has the figures; names and comments stay under ``private``. Data card and report are written anew.
    Killed at any point, the run is as it was, or `resume` completes it.

    Raises
    ------
    BadInput
        A file can't be read, or answers a sheet of another run; or there is no finished run in `path`.
    UsageError
        The rows were released after an earlier review, or another process is at work in the run.
    """
    folder = finished_run(path)
    with files.locked(folder.lock):
        settle(folder)
        require_intact(path, but=folder.lock_name)
        journal = Journal.read(folder)
        recipe = recipe_of(journal.recipe)
        _require_open(folder, recipe)
        key = _key(folder, verdicts)
        answers = read_answers(verdicts, key)
        review = conclude(key, answers)
        with replacing(folder) as changes:
            _change(changes, journal, recipe, review, answers, render)
    return review


def _change(
    folder: RunFolder, journal: Journal, recipe: Recipe, review: Review, answers: Sequence[Answers], render: Render
) -> None:
    """What reviewers said stands in `folder`, and the stages of the run that depend on it are done again."""
    judged = gate(review, recipe.max_reject_rate)
    files.make_folder(folder.reviews)
    files.write_json(folder.review, _told(folder, review, judged))
    files.write_json(folder.reviews / f"{review.sheet}.answers.json", _answers(answers))
    if recipe.require_review:
        withheld = bool(journal.facts("judge").get("withheld_anyway", True))
        write_verdict(folder.verdict, with_gate(read_verdict(folder.verdict), judged, withheld=withheld))
        journal = journal.until("release").rewriting("judge", digests(folder, [folder.verdict]))
    else:
        journal = journal.until("document")
    carry_on(folder, journal, Context(streams=Streams(recipe.seed)), render)


def _require_open(folder: RunFolder, recipe: Recipe) -> None:
    if recipe.require_review and folder.synthetic.is_file():
        raise UsageError(
            f"The rows in {folder.path} were released after a review.",
            evidence="What is said of them now can't take them back.",
            remedy="Start a new run for a new review.",
        )


def _key(folder: RunFolder, verdicts: Sequence[Path]) -> ReviewKey:
    sheet = sheet_of(verdicts)
    known = _sheets(folder)
    if sheet not in known:
        raise BadInput(
            f"The verdicts answer {shorten(sheet)}, which is no sheet of the run in {folder.path}.",
            evidence=f"Its sheets: {', '.join(known)}." if known else "No sheet of it was exported.",
            remedy="Name the run that the sheet was made from, or the verdicts on this one.",
        )
    key = ReviewKey.read(folder.reviews / f"{sheet}.json")
    if key.run != run_digest(folder):
        raise BadInput(
            f"{sheet} was made from other rows than those in {folder.path}.",
            remedy=CHANGED,
        )
    return key


def _told(folder: RunFolder, review: Review, judged: GateResult) -> dict[str, Any]:
    """review.json: the figures, what they come to, and what earlier reviews of the same rows came to."""
    earlier: list[Mapping[str, Any]] = []
    if folder.review.is_file():
        before = json.loads(folder.review.read_text(encoding="utf-8"))
        earlier = [*before["earlier"], {name: before[name] for name in ("sheet", "reject_rate", "bad_rate", "outcome")}]
    sheets = len(_sheets(folder))
    outcome = {"outcome": judged.verdict, "sentence": judged.sentence}
    return {"format": 1, **outcome, **review.to_json_value(), "sheets_exported": sheets, "earlier": earlier}


def _sheets(folder: RunFolder) -> list[str]:
    """The sheets that were exported from the run."""
    return sorted(path.stem for path in folder.reviews.glob("sheet-*.json") if not path.stem.endswith(".answers"))


def _answers(answers: Sequence[Answers]) -> dict[str, Any]:
    """What each reviewer said, row by row."""
    rows = {one.reviewer: sorted({*one.words, *one.comments}) for one in answers}
    said = {
        one.reviewer: [
            {"row": row + 1, "verdict": one.words.get(row), "comment": one.comments.get(row, "")}
            for row in rows[one.reviewer]
        ]
        for one in answers
    }
    return {"format": 1, "digest": digest_json(said), "reviewers": said}
