"""How well a reviewer tells wrong rows from right ones, and whether that is more than chance."""

from __future__ import annotations

from dataclasses import dataclass

from synthwright.evaluation._statistics.intervals import difference_of_shares, wilson
from synthwright.evaluation.measurement import Estimate
from synthwright.review.estimating import Caught
from synthwright.review.sheet import Kind, ReviewKey
from synthwright.review.verdicts import Answers

__all__ = ["LEAST_PLANTED", "Score", "score"]

LEAST_PLANTED = 5  # planted rows judged: with fewer, catching all of them may be luck


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One reviewer (or several as one) on rows whose truth is known.

    `caught` of the planted rows were called bad, `passed` of the known good ones (where there are any) were not; of the
    sampled rows `rejected` of `judged` were called bad. `why_not` says what speaks against relying on them; it is
    empty for the reliable.
    """

    reviewer: str
    answered: int
    caught: Caught
    passed: Caught | None
    rejected: int
    judged: int
    why_not: str

    @property
    def reliable(self) -> bool:
        """True where planted rows were called bad more often than sampled ones, beyond chance."""
        return not self.why_not

    @property
    def sensitivity(self) -> Estimate:
        """The share of planted rows that were caught (Wilson 1927)."""
        return wilson(self.caught.hits, self.caught.rows)

    @property
    def specificity(self) -> Estimate | None:
        """The share of known good rows that were let pass; ``None`` where there were none."""
        return None if self.passed is None else wilson(self.passed.hits, self.passed.rows)


def score(answers: Answers, key: ReviewKey) -> Score:
    """How `answers` stand to the truth. Unsure is neither bad nor good; rows without a verdict don't count.

    Somebody who calls rows bad without looking catches as large a share of the planted rows as of the others. Reliable
    is whoever catches surely more of the planted ones: the 95 % interval of the difference (Newcombe 1998) lies above
    0, which guessing achieves once in 40 sheets. Known good rows take the place of the sampled ones where there are
    any: they may deserve to be rejected.
    """
    caught, false, others = (_called_bad(answers, key, kind) for kind in ("planted", "good", "sampled"))
    return Score(
        reviewer=answers.reviewer,
        answered=len(answers.words),
        caught=caught,
        passed=Caught(false.rows - false.hits, false.rows) if false.rows else None,
        rejected=others.hits,
        judged=others.rows,
        why_not=_why_not(caught, false if false.rows >= LEAST_PLANTED else others),
    )


def _called_bad(answers: Answers, key: ReviewKey, kind: Kind) -> Caught:
    """How many rows of this kind were called bad, of those that have a verdict."""
    said = [answers.words[row] for row in key.of_kind(kind).tolist() if row in answers.words]
    return Caught(said.count("bad"), len(said))


def _why_not(caught: Caught, alarms: Caught) -> str:
    if caught.rows < LEAST_PLANTED:
        return f"{caught.rows} rows made wrong on purpose were judged, {LEAST_PLANTED} are needed to score anybody"
    if caught.hits == 0:
        return f"none of the {caught.rows} rows made wrong on purpose was caught"
    told = f"{caught.hits} of {caught.rows} rows made wrong on purpose were called bad"
    if alarms.rows == 0:
        return f"{told}, and no other row was judged"
    if difference_of_shares(caught.hits, caught.rows, alarms.hits, alarms.rows).low <= 0:
        return f"{told}, and {alarms.hits} of {alarms.rows} others, which guessing may do as well"
    return ""
