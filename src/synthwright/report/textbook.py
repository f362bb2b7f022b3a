"""The figures that other tools print as privacy, with one sentence each on why they mislead."""

from __future__ import annotations

from dataclasses import dataclass

from synthwright.provenance.facts import RunFacts
from synthwright.provenance.numbers import middle, plain
from synthwright.provenance.wording import title_of

__all__ = ["TextbookFigure", "textbook"]

_WHY = {
    "privacy.textbook.median_dcr": "Half of all rows could be copies before a median falls to 0, and it grows or "
    "shrinks with the number of rows and columns.",
    "privacy.textbook.dcr_ratio": "One copy in a hundred leaves a ratio of medians as it is; real rows that nobody "
    "copied score the same.",
    "privacy.textbook.nndr": "Without the figure of unseen real rows beside it nobody can say whether it is low; 1 % "
    "of copies hardly moves it.",
    "privacy.textbook.below_own_5": "It is 5 % by construction: the threshold is taken from the very distances that it "
    "is held against.",
    "privacy.textbook.identical": "In tables of few values most rows equal a real one by chance, and one changed "
    "decimal makes a copy different.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TextbookFigure:
    """One figure, its ceiling, and why it misleads."""

    title: str
    value: str
    ceiling: str
    why: str


def textbook(facts: RunFacts) -> tuple[TextbookFigure, ...]:
    """The textbook figures that were measured."""
    return tuple(
        TextbookFigure(
            title=title_of(metric), value=plain(found.estimate.value), ceiling=middle(found.holdout), why=why
        )
        for metric, why in _WHY.items()
        if (found := facts.get(metric)) is not None
    )
