"""Verbs for expert review: a sheet out, verdicts in."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from synthwright.cli.console import data, json_out, say, table
from synthwright.cli.options import Json, Seed
from synthwright.provenance.numbers import share

if TYPE_CHECKING:
    from synthwright.evaluation.measurement import Estimate
    from synthwright.review.judging import Review
    from synthwright.review.scoring import Score

__all__ = ["export", "take_in"]

Run = Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a finished run.")]


def export(
    run: Run,
    *,
    rows: Annotated[int, typer.Option(help="Rows on the sheet, 30 to 5,000; a fifth is wrong on purpose.")] = 120,
    out: Annotated[
        Path | None, typer.Option("--out", help="The sheet's folder, new or empty.", show_default="DIR-review")
    ] = None,
    good: Annotated[
        Path | None,
        typer.Option("--good", metavar="FILE", help="Rows known to be good: they say what is rejected by mistake."),
    ] = None,
    seed: Seed = 0,
    json: Json = False,
) -> int:
    """Write a sheet of rows for experts to judge, and the CSV that takes their verdicts.

    A quarter of the sampled rows are the most unusual ones, the others stand for the whole table. Which rows are wrong
    on purpose stays in the run folder, under private.
    """
    from synthwright import api

    made = api.export_review(run, out=out, rows=rows, seed=seed, good=good)
    if json:
        json_out(made.to_json_value())
    else:
        data(str(made.page))
        data(str(made.form))
    say(f"{made.rows} rows to judge, {made.planted} of them wrong on purpose.")
    if not made.planted:
        say(
            "No row could be made wrong for certain, since the columns hardly depend on each other: "
            "reviewers can't be scored."
        )
    if made.good:
        say(f"{made.good} rows known to be good are on the sheet: it may be shown only to those who may see them.")
    say(f"Then: `synthwright review import {run} {made.form}`.")
    return 0


def take_in(
    run: Run,
    verdicts: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="Filled-in CSV files, one or more of each reviewer.")
    ],
    *,
    json: Json = False,
) -> int:
    """Read what reviewers said, score them, and write review.json, data card and report.

    Where the run requires a review, its rows are released if reviewers who can be relied on find few enough bad ones;
    otherwise they stay withheld, and the exit code is 1.
    """
    from synthwright import api
    from synthwright.cli.outcome import verdict_told
    from synthwright.pipeline.recipe_file import load_recipe
    from synthwright.pipeline.result import Result

    review = api.import_review(run, *verdicts)
    result = Result(run)
    verdict = result.verdict
    if json:
        told = {"verdict": verdict.overall, "withheld": verdict.withheld, **review.to_json_value()}
        json_out({**told, "comments": review.comments})
    else:
        _show(review)
    say(str(result.facts.review["sentence"]))
    if load_recipe(run / "recipe.yaml").require_review:
        verdict_told(verdict)
        say("The rows stay withheld." if verdict.withheld else f"Rows: {run / 'synthetic.parquet'}")
    say(f"Report: {run / 'report.html'}")
    return 1 if verdict.withheld else 0


def _show(review: Review) -> None:
    rows = [_line(one.reviewer, one) for one in review.reviewers]
    if len(review.reviewers) > 1:
        rows.append(_line("together", review.panel))
    table(("reviewer", "rows judged", "wrong ones caught", "others rejected", "reliable"), rows)
    if review.agreement is not None:
        told = _told(review.agreement.kappa, plain=True)
        say(f"{review.agreement.name} on {review.agreement.rows} rows: {told}")
    say(f"Reject rate {_told(review.reject_rate)}; corrected for what is missed {_told(review.bad_rate)}")
    for name, rejected, judged in review.by_stratum:
        say(f"  {rejected} of {judged} rejected: {name}")
    sampled = [comment for comment in review.comments if comment.kind == "sampled"]
    for comment in sampled:
        place = f"row {(comment.position or 0) + 1:,} of the table"
        say(f"  Row {comment.row} ({place}), {comment.reviewer}: {comment.text}")
    if others := len(review.comments) - len(sampled):
        say(f"  {others} more comment{'s' if others > 1 else ''} on rows whose truth was known.")


def _line(name: str, one: Score) -> tuple[str, ...]:
    caught = f"{one.caught.hits} of {one.caught.rows}"
    return name, str(one.answered), caught, f"{one.rejected} of {one.judged}", one.why_not or "yes"


def _told(estimate: Estimate | None, *, plain: bool = False) -> str:
    if estimate is None:
        return "unknown"
    form = "{:.2f}".format if plain else share
    return f"{form(estimate.value)} [{form(estimate.low)}, {form(estimate.high)}]"
