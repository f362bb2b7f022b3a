"""Expert review of a run: a sheet out, verdicts in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from synthwright.api.tables import Path_, require_free
from synthwright.errors import UsageError
from synthwright.pipeline.exporting import ROWS, Exported, export_sheet
from synthwright.pipeline.result import Result
from synthwright.pipeline.reviewing import import_verdicts
from synthwright.report.page import render_report
from synthwright.report.review_sheet import review_sheet
from synthwright.review.judging import Review

__all__ = ["export_review", "import_review"]


def export_review(
    run: Result | Path_, *, out: Path_ | None = None, rows: int = ROWS, seed: int = 0, good: Any = None
) -> Exported:
    """A new folder with a sheet of rows of the finished `run` for experts, and the CSV that takes their verdicts.

    A quarter of the sampled rows are the most unusual, the others stand for the whole table. A fifth of all `rows` are
    wrong on purpose: they measure what reviewers catch. Rows known to be `good` (a file or frame with the columns of
    the run; real rows, if reviewers may see them) measure what they reject by mistake. The key stays in the run folder
    under ``private``. `out` is the folder's name with ``-review`` where nothing is said.

    Raises
    ------
    BadInput
        `run` is not finished, or not as its manifest says.
    UsageError
        `out` is in use, or `rows` is no number from 30 to 5,000.
    """
    path = _folder(run)
    named = path if path.name.strip(".") else path.resolve()
    place = Path(out) if out is not None else named.with_name(f"{named.name}-review")
    require_free(place)
    return export_sheet(path, place, rows=rows, seed=seed, good=good, draw=review_sheet)


def import_review(run: Result | Path_, *verdicts: Path_) -> Review:
    """What reviewers said in the files `verdicts`, put into the folder of `run`: review.json, data card and report.

    Where the run requires a review, its rows are released if the gate `experts agree` passes.

    Raises
    ------
    BadInput
        A file can't be read, or answers no sheet of this run.
    UsageError
        No file, or the rows were released after an earlier review.
    """
    if not verdicts:
        raise UsageError("There are no verdicts to read.", remedy="Name the files that reviewers filled in.")
    return import_verdicts(_folder(run), [Path(one) for one in verdicts], render=render_report)


def _folder(run: Result | Path_) -> Path:
    return run.folder if isinstance(run, Result) else Path(run)
