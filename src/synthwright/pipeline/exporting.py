"""From a run to a review sheet: rows chosen, wrong ones planted, the key kept with the run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from synthwright import files
from synthwright.data.reading import read_table
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError
from synthwright.pipeline.folder import RunFolder
from synthwright.pipeline.manifest import require_intact
from synthwright.pipeline.replacing import replacing, settle
from synthwright.pipeline.working import drawn_rows
from synthwright.provenance.facts import RunFacts
from synthwright.review.form import blank_form
from synthwright.review.planting import Planted, plant
from synthwright.review.sampling import choose
from synthwright.review.sheet import Sheet, make_sheet
from synthwright.seeding import Streams

__all__ = ["FEWEST_ROWS", "ROWS", "Exported", "export_sheet", "finished_run", "run_digest"]

ROWS = 120  # on a sheet: an hour's work, and none rejected of them shows that under a tenth is bad
FEWEST_ROWS = 30
_MOST_ROWS = 5_000
_PLANTED = 5  # one row in so many is wrong on purpose
_GOOD = 5  # and one in so many, where good rows are given, is one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A sheet for reviewers in `folder`: `page` to read, `form` to fill in; `planted` of its `rows` are wrong."""

    folder: Path
    sheet: str
    rows: int
    planted: int
    good: int

    @property
    def page(self) -> Path:
        """The sheet."""
        return self.folder / "review.html"

    @property
    def form(self) -> Path:
        """The verdicts."""
        return self.folder / "verdicts.csv"

    def to_json_value(self) -> dict[str, Any]:
        """What `review export --json` prints."""
        told = {name: getattr(self, name) for name in ("folder", "page", "form", "sheet", "rows", "planted", "good")}
        return {name: value.as_posix() if isinstance(value, Path) else value for name, value in told.items()}


def export_sheet(path: Path, out: Path, *, rows: int, seed: int, good: Any, draw: Callable[[Sheet], str]) -> Exported:
    """The new folder `out` holds a sheet of `rows` rows of the finished run in `path`; its key stays with the run.

    A fifth of the rows is wrong on purpose; where `good` rows are given (anything that reads as a table of the run's
    columns), another fifth is taken from them. `draw` makes the page. Equal runs, rows and seeds give equal files.

    Raises
    ------
    BadInput
        There is no finished run in `path`, or its files are not what its manifest says.
    UsageError
        `out` is in use, too few or too many rows are asked for, or another process is at work in the run.
    """
    if not FEWEST_ROWS <= rows <= _MOST_ROWS:
        raise UsageError(
            f"A sheet of {rows:,} rows makes no review.",
            remedy=f"Ask for {FEWEST_ROWS} to {_MOST_ROWS:,} rows: fewer say nothing, nobody reads more with care.",
        )
    folder = finished_run(path)
    if path.resolve() in (out.resolve(), *out.resolve().parents):
        raise UsageError(
            f"{out} lies inside the run that is to be reviewed.",
            remedy="Choose another place with --out: the sheet goes to reviewers, the run does not.",
        )
    with files.locked(folder.lock):
        settle(folder)
        require_intact(path, but=folder.lock_name)
        sheet = _sheet(folder, rows, seed, good)
        with files.writing_folder(out) as place:
            files.write_text(place / "review.html", draw(sheet))
            files.write_text(place / "verdicts.csv", blank_form(sheet))
            with replacing(folder) as changes:
                files.make_folder(changes.reviews)
                files.write_json(changes.reviews / f"{sheet.key.sheet}.json", sheet.key.to_json_value())
    return Exported(
        folder=out,
        sheet=sheet.key.sheet,
        rows=len(sheet.table),
        planted=sheet.planted,
        good=sheet.good,
    )


def finished_run(path: Path) -> RunFolder:
    """The folder of a finished run, or of one whose files were about to change when its process was killed.

    Raises
    ------
    BadInput
        There is none, or it is not finished.
    """
    folder = RunFolder(path)
    if not folder.journal.is_file():
        raise BadInput(
            f"There is no run to review in {path}.",
            evidence=f"It has no private/{folder.journal.name}.",
            remedy="Give the folder of a finished `synthwright run`, with what is private in it.",
        )
    if not folder.manifest.is_file() and not folder.next.is_dir():
        raise BadInput(
            f"The run in {path} is not finished.", remedy=f"`synthwright resume {path}` finishes it, then review it."
        )
    return folder


def run_digest(folder: RunFolder) -> str:
    """The digest of the rows of a run, released or not: what a review sheet belongs to."""
    inputs = RunFacts.load(folder.path).record.get("inputs") or []
    return next(str(one["digest"]) for one in inputs if one.get("name") == "synthetic")


def _sheet(folder: RunFolder, rows: int, seed: int, good: Any) -> Sheet:
    facts, streams = RunFacts.load(folder.path), Streams(seed).at("review")
    released = folder.synthetic if folder.synthetic.is_file() else folder.rejected
    table = drawn_rows(released, folder.schema)
    known_good = None if good is None else _good_rows(good, table, rows // _GOOD, streams)
    planted = plant(table, rows // _PLANTED, streams.at("planted"))
    left = rows - len(planted.table) - (0 if known_good is None else len(known_good))
    risks = pq.read_table(folder.row_risks) if folder.row_risks.is_file() else None
    chosen = choose(table, risks, left, streams.at("chosen"))
    return make_sheet(
        table,
        chosen,
        _fewer(planted, len(chosen.rows)),
        known_good,
        run=run_digest(folder),
        seed=seed,
        order=streams.at("order").rng(),
        name=facts.name,
        purpose=str(facts.recipe.get("purpose") or ""),
    )


def _good_rows(good: Any, table: Table, count: int, streams: Streams) -> Table:
    """`count` of the rows in `good`, whatever reads as a table with the columns of `table`."""
    known = read_table(good.data if isinstance(good, Table) else good, schema=table.schema)
    if len(known) < count:
        raise BadInput(f"{len(known)} rows known to be good are too few.", remedy=f"Give at least {count}.")
    return known.select(table.names).take(streams.at("good").rng().permutation(len(known))[:count])


def _fewer(planted: Planted, chosen: int) -> Planted:
    """No more planted rows than chosen ones: of a small table most would be wrong otherwise."""
    return (
        planted if len(planted.why) <= chosen else Planted(table=planted.table.head(chosen), why=planted.why[:chosen])
    )
