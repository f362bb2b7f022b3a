"""Gains over real rows as dots in their intervals, one line per way to train, around the line of no gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import interval, signed, tick
from synthwright.report.svg import Markup, figure, tag, text, ticks

__all__ = ["Line", "gains"]

WIDTH, NAME, VALUE = 800.0, 300.0, 200.0
ROW, GROUP = 19.0, 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One way to train: the arm it belongs to, its label, and its gain; `scales`: the axis has to hold it whole."""

    arm: str
    label: str
    gain: Estimate
    chosen: bool = False
    scales: bool = True


def gains(lines: Sequence[Line], title: str) -> Markup:
    """All `lines` on one axis; the arms stand apart, the chosen line is set off."""
    low = min([line.gain.low for line in lines] + [0.0])
    high = max([line.gain.high for line in lines] + [0.0])
    # A single hopeless arm must not press all others into one dot.
    room = max([4 * abs(line.gain.value) for line in lines if line.scales] + [1e-9])
    low, high = max(low, -room), min(high, room)
    if low == high:  # nothing moved anything
        low, high = -room, room
    left, right = NAME, WIDTH - VALUE

    def x(value: float) -> float:
        return left + (min(max(value, low), high) - low) / (high - low) * (right - left)

    marks: list[Markup] = []
    told: list[str] = []
    y, arm = 8.0, ""
    for line in lines:
        if line.arm != arm:
            y += GROUP if arm else 0.0
            arm = line.arm
            marks.append(text(0, y + 4, shorten(arm, 34), class_="label strong" if line.chosen else "label"))
        strength = "value strong" if line.chosen else "value"
        marks.append(text(left - 14, y + 4, line.label, class_="tick", text_anchor="end"))
        marks.append(tag("line", x1=x(line.gain.low), x2=x(line.gain.high), y1=y, y2=y, class_="whisker"))
        marks.append(tag("circle", cx=x(line.gain.value), cy=y, r=4.6 if line.chosen else 3.4, class_="dot"))
        marks.append(text(right + 14, y + 4, signed(line.gain.value), class_=strength))
        marks.append(text(right + 76, y + 4, interval(line.gain, sign=True), class_="tick"))
        told.append(f"{line.arm} {line.label} {signed(line.gain.value)} ({interval(line.gain, sign=True)})")
        y += ROW
    foot = y
    axis = [tag("line", x1=x(at), x2=x(at), y1=0, y2=foot, class_="grid") for at in ticks(low, high)]
    axis += [text(x(at), foot + 14, tick(at), class_="tick", text_anchor="middle") for at in ticks(low, high)]
    axis.append(tag("line", x1=x(0), x2=x(0), y1=0, y2=foot, class_="mark-floor"))
    return figure(WIDTH, foot + 20, title, "; ".join(told), *axis, *marks, class_="chart")
