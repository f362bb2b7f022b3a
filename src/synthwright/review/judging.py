"""From answers to figures, and from figures to the gate `experts agree`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from synthwright.evaluation.measurement import Estimate
from synthwright.gates.verdict import GateResult, Outcome
from synthwright.review.agreement import Agreement, agreement
from synthwright.review.estimating import corrected, weighted_share
from synthwright.review.scoring import Score, score
from synthwright.review.sheet import Kind, ReviewKey
from synthwright.review.verdicts import Answers, Word

__all__ = ["GATE", "METRIC", "Comment", "Review", "conclude", "gate"]

GATE, METRIC = "experts agree", "review.bad_rate"
_ASK = "`synthwright review export DIR` writes a sheet of rows for experts, `synthwright review import DIR FILE` reads "
_AGAIN = "Let somebody who knows such records fill in the sheet, and import it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """What a reviewer wrote beside a row of the sheet; `position` is its place in the table (from 0), if it has one."""

    row: int
    reviewer: str
    text: str
    kind: Kind
    position: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What reviewers said about a table.

    `reject_rate` is the share of all rows that they would call bad; its upper end counts rows without a clear verdict
    (`unclear` sampled ones) as bad, too. `bad_rate` is corrected for the wrong rows they miss, and for the right ones
    they reject where known good rows were on the sheet; ``None`` where no reviewer is reliable. `panel` is the majority
    of the reliable reviewers (of all, if none is) on rows whose truth is known. `by_stratum` has, for the sampled rows
    of each stratum, how many were rejected of how many.
    """

    sheet: str
    rows: int
    reviewers: tuple[Score, ...]
    panel: Score
    agreement: Agreement | None
    reject_rate: Estimate
    bad_rate: Estimate | None
    unclear: int
    by_stratum: tuple[tuple[str, int, int], ...]
    comments: tuple[Comment, ...]

    def to_json_value(self) -> dict[str, Any]:
        """The figures, without names and comments: what review.json holds."""
        return {
            "sheet": self.sheet,
            "rows": self.rows,
            "reviewers": [_scored(one) for one in self.reviewers],
            "panel": _scored(self.panel),
            "agreement": self.agreement,
            "reject_rate": self.reject_rate,
            "bad_rate": self.bad_rate,
            "unclear": self.unclear,
            "by_stratum": [
                {"stratum": name, "rejected": rejected, "rows": rows} for name, rejected, rows in self.by_stratum
            ],
            "comments": len(self.comments),
        }


def conclude(key: ReviewKey, answers: Sequence[Answers]) -> Review:
    """The figures of the sheet with this `key`, as its reviewers answered."""
    scores = [score(one, key) for one in answers]
    relied_on = [one for one, scored in zip(answers, scores, strict=True) if scored.reliable]
    panel = _majority(relied_on or answers)
    scored = score(panel, key)
    rows = key.of_kind("sampled").tolist()
    stratum = np.array([key.rows[row].stratum for row in rows], dtype=np.int64)
    sizes = np.array([one.rows for one in key.strata])
    bad = np.array([panel.words.get(row) == "bad" for row in rows])
    clear = np.array([panel.words.get(row) in {"good", "bad"} for row in rows])
    least, most = (weighted_share(hit, stratum, sizes) for hit in (bad, bad | ~clear))
    bad_rate = None
    if relied_on and scored.reliable:
        low, high = (corrected(share, scored.caught, scored.passed) for share in (least, most))
        bad_rate = Estimate(low.value, low.low, max(low.high, high.high))
    return Review(
        sheet=key.sheet,
        rows=len(key.rows),
        reviewers=tuple(scores),
        panel=scored,
        agreement=agreement(answers),
        reject_rate=Estimate(least.value, least.estimate().low, max(least.estimate().high, most.estimate().high)),
        bad_rate=bad_rate,
        unclear=int(np.count_nonzero(~clear)),
        by_stratum=tuple(
            (one.name, int(bad[stratum == at].sum()), int((stratum == at).sum()))
            for at, one in enumerate(key.strata)
            if (stratum == at).any()
        ),
        comments=_comments(key, answers),
    )


def _comments(key: ReviewKey, answers: Sequence[Answers]) -> tuple[Comment, ...]:
    """Row by row, all that was written."""
    said = sorted((row, one.reviewer, text) for one in answers for row, text in one.comments.items())
    return tuple(
        Comment(row=row + 1, reviewer=who, text=text, kind=key.rows[row].kind, position=key.rows[row].position)
        for row, who, text in said
    )


def gate(review: Review | None, at_most: float) -> GateResult:
    """PASS if surely at most this share of the rows is bad in the eyes of reviewers who can be relied on.

    FAIL if surely more is, UNDECIDED otherwise, and before anybody has looked. Rows are released on PASS alone.
    """
    outcome, sentence = _judged(review, at_most)
    bound = f"the estimate: at most {at_most:g}"
    return GateResult(gate=GATE, metric=METRIC, bound=bound, verdict=outcome, blocking=True, sentence=sentence)


def _judged(review: Review | None, at_most: float) -> tuple[Outcome, str]:
    if review is None:
        return "UNDECIDED", f"No expert has reviewed the rows yet. {_ASK}their verdicts."
    if review.bad_rate is None:
        told = "; ".join(f"reviewer {at}: {one.why_not}" for at, one in enumerate(review.reviewers, 1) if one.why_not)
        return "UNDECIDED", f"No reviewer can be relied on ({told or review.panel.why_not}). {_AGAIN}"
    rate = review.bad_rate
    told = (
        f"The share of bad rows in the eyes of experts is {rate.value:.3g} (95 % interval {rate.low:.3g} to "
        f"{rate.high:.3g}), corrected for what they miss, which"
    )
    if rate.high <= at_most:
        return "PASS", f"{told} keeps the bound (at most {at_most:g})."
    if rate.low > at_most:
        return (
            "FAIL",
            f"{told} breaks the bound (at most {at_most:g}). Read their comments, change the method, run again.",
        )
    return "UNDECIDED", f"{told} may keep the bound or not (at most {at_most:g}). {_more(review, at_most)}"


def _more(review: Review, at_most: float) -> str:
    """What would decide: open rows first, then a larger sheet."""
    rate = review.bad_rate
    if review.unclear:
        several = "1 row has" if review.unclear == 1 else f"{review.unclear} rows have"
        return f"{several} no clear verdict and might be bad: settle what is open, and import again."
    if rate is None or rate.value >= at_most:
        return "More reviewed rows would narrow it; so would rows with fewer faults."
    factor = ((rate.high - rate.value) / (at_most - rate.value)) ** 2
    rows = 10 * math.ceil(min(factor, 1_000) * review.rows / 10)
    return f"A sheet of about {rows:,} rows would decide (`synthwright review export DIR --rows {rows}`)."


def _majority(answers: Sequence[Answers]) -> Answers:
    """One reviewer who says of each row what most say; unsure where as many say good as bad."""
    words: dict[int, Word] = {}
    for row in sorted(set().union(*(one.words for one in answers))):
        said = Counter(one.words[row] for one in answers if row in one.words)
        words[row] = "unsure" if said["good"] == said["bad"] else "good" if said["good"] > said["bad"] else "bad"
    return Answers(reviewer="together", words=words)


def _scored(one: Score) -> dict[str, Any]:
    return {
        "answered": one.answered,
        "caught": one.caught.hits,
        "planted": one.caught.rows,
        "sensitivity": one.sensitivity,
        "specificity": one.specificity,
        "rejected": one.rejected,
        "judged": one.judged,
        "reliable": one.reliable,
        "why_not": one.why_not,
    }
