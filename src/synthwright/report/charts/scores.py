"""Scores of learners as bars with intervals: what real, synthetic and both kinds of rows teach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import interval, plain, tick
from synthwright.report.svg import Markup, figure, tag, text, ticks, titled

__all__ = ["Score", "scores"]

WIDTH, NAME, VALUE = 700.0, 130.0, 224.0
BAR, GAP, GROUP = 11.0, 3.0, 16.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One score of one learner: bars by name (``TRTR``, ``TSTR``, ``TATR``) and the floor of no skill."""

    label: str
    bars: Sequence[tuple[str, Estimate]]
    floor: Estimate | None = None


def scores(entries: Sequence[Score], title: str) -> Markup:
    """All `entries` on one axis that starts at zero, as bars have to."""
    estimates = [estimate for entry in entries for _, estimate in entry.bars]
    floors = [entry.floor for entry in entries if entry.floor is not None]
    top = max([estimate.high for estimate in [*estimates, *floors]] + [0.0])
    low = min([estimate.low for estimate in [*estimates, *floors]] + [0.0])
    top = 1.0 if 0.5 < top <= 1.0 else top or 1.0
    left, right = NAME, WIDTH - VALUE

    def x(value: float) -> float:
        return left + (value - low) / (top - low) * (right - left)

    marks: list[Markup] = []
    y = 4.0
    told: list[str] = []
    for entry in entries:
        height = len(entry.bars) * (BAR + GAP) - GAP
        marks.append(
            text(left - 12, y + height / 2 + 4, shorten(entry.label, 22), class_="label strong", text_anchor="end")
        )
        if entry.floor is not None:
            at = x(entry.floor.value)
            tip = f"{entry.label}: no skill {plain(entry.floor.value)}"
            marks.append(titled("line", tip, x1=at, x2=at, y1=y - 3, y2=y + height + 3, class_="mark-floor"))
        for name, estimate in entry.bars:
            marks.extend(_bar(name, estimate, y, x, x(min(max(0.0, low), top))))
            marks.append(text(right + 14, y + BAR - 1.5, name, class_="key"))
            marks.append(text(right + 54, y + BAR - 1.5, plain(estimate.value), class_="value strong"))
            marks.append(text(right + 106, y + BAR - 1.5, interval(estimate), class_="tick"))
            told.append(f"{entry.label} {name} {plain(estimate.value)} ({interval(estimate)})")
            y += BAR + GAP
        y += GROUP - GAP
    foot = y - GROUP + 10
    axis = [tag("line", x1=x(at), x2=x(at), y1=0, y2=foot, class_="grid") for at in ticks(low, top)]
    axis += [text(x(at), foot + 14, tick(at), class_="tick", text_anchor="middle") for at in ticks(low, top)]
    return figure(WIDTH, foot + 18, title, "; ".join(told), *axis, *marks, class_="chart")


def _bar(name: str, estimate: Estimate, y: float, x: object, zero: float) -> list[Markup]:
    place = x if callable(x) else float
    ends = sorted((zero, place(estimate.value)))
    middle = y + BAR / 2
    bar = tag("rect", x=ends[0], y=y, width=max(ends[1] - ends[0], 0.8), height=BAR, class_=f"bar-{name.lower()}")
    low, high = place(estimate.low), place(estimate.high)
    halo = tag("line", x1=low - 1, x2=high + 1, y1=middle, y2=middle, class_="halo")
    return [bar, halo, tag("line", x1=low, x2=high, y1=middle, y2=middle, class_="whisker")]
