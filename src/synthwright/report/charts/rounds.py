"""One figure round by round: a line per way to learn, with intervals, and what real rows have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import plain, tick
from synthwright.report.svg import Markup, figure, tag, text, ticks

__all__ = ["rounds"]

WIDTH, HEIGHT, LEFT, RIGHT, FOOT = 380.0, 190.0, 40.0, 8.0, 26.0
_LINES = {"replace": ("line-synthetic", "dot"), "accumulate": ("line-holdout", "mark-ceiling")}


def rounds(title: str, real: Estimate | None, lines: Mapping[str, Sequence[Estimate]]) -> Markup:
    """The estimates of each mode from round 1 on; the dashed line is what real rows have."""
    every = [one for line in lines.values() for one in line] + ([real] if real is not None else [])
    low, high = min(one.low for one in every), max(one.high for one in every)
    room = max(high - low, 0.02) * 0.06
    low, high = low - room, high + room
    last = max((len(line) for line in lines.values()), default=1)

    def x(at: float) -> float:
        return LEFT + (at - 0.6) / (last - 0.2) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return (high - value) / (high - low) * (HEIGHT - FOOT)

    marks: list[Markup] = []
    for at in ticks(low, high):
        marks.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(at), y2=y(at), class_="grid"))
        marks.append(text(LEFT - 6, y(at) + 4, tick(at), class_="tick", text_anchor="end"))
    numbers = range(1, last + 1)
    marks += [text(x(at), HEIGHT - 8, str(at), class_="tick", text_anchor="middle") for at in numbers]
    told = []
    if real is not None:
        marks.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(real.value), y2=y(real.value), class_="mark-floor"))
        told.append(f"real rows {plain(real.value)}")
    for number, (mode, line) in enumerate(lines.items()):
        path, dot = _LINES.get(mode, _LINES["replace"])
        aside = (number - (len(lines) - 1) / 2) * 0.12
        places = [(x(at + aside), one) for at, one in enumerate(line, start=1)]
        drawn = " ".join(f"{at:.1f},{y(one.value):.1f}" for at, one in places)
        marks.append(tag("polyline", points=drawn, class_=path))
        for at, one in places:
            marks.append(tag("line", x1=at, x2=at, y1=y(one.low), y2=y(one.high), class_=f"whisker {path}"))
            marks.append(tag("circle", cx=at, cy=y(one.value), r=3.4, class_=dot))
        told.append(f"{mode}: {', '.join(plain(one.value) for one in line)}")
    return figure(WIDTH, HEIGHT, title, "; ".join(told), *marks, class_="chart")
