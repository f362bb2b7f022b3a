"""Pairs of columns as a triangle of coloured cells, on one fixed scale so that reports can be compared."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from synthwright.errors import shorten
from synthwright.provenance.numbers import plain, tick
from synthwright.report.svg import Markup, figure, join, number, tag, text, titled

__all__ = ["LEVELS", "heat_key", "heatmap"]

# Ends of the colour levels, in total variation distance. 0.05 is where the default gate on pairs stands.
LEVELS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4)


def heatmap(names: Sequence[str], values: Sequence[float], title: str) -> Markup:
    """`values` are the pairs below the diagonal, row by row: (1, 0), (2, 0), (2, 1) …"""
    n = len(names)
    cell = 26.0 if n <= 12 else 18.0 if n <= 24 else 12.0
    letters = 18 if n <= 24 else 16
    labels = [shorten(name, letters) for name in names]
    size = max(6.5, min(9.5, cell - 3.0))
    room = 12 + 0.62 * size * max(len(label) for label in labels)  # 0.62 em: a wide letter of most fonts
    left = room
    groups: dict[int, list[Markup]] = {}
    at = 0
    for i in range(1, n):
        for j in range(i):
            tip = f"{shorten(names[i], 24)} and {shorten(names[j], 24)}: {plain(values[at])}"
            box = titled("rect", tip, x=left + j * cell, y=(i - 1) * cell, width=cell - 1, height=cell - 1)
            groups.setdefault(bisect_right(LEVELS, values[at]), []).append(box)
            at += 1
    marks = [tag("g", join(boxes), class_=f"heat{level}") for level, boxes in sorted(groups.items())]
    foot = (n - 1) * cell
    for i in range(1, n):
        y = (i - 0.5) * cell + size / 3
        marks.append(text(left - 6, y, labels[i], class_="map", text_anchor="end", font_size=size))
    for j in range(n - 1):
        x, y = left + (j + 0.5) * cell + size / 3, foot + 6
        place = f"rotate(-90 {number(x)} {number(y)})"
        marks.append(text(x, y, labels[j], class_="map", text_anchor="end", transform=place, font_size=size))
    worst = max(values, default=0.0)
    told = f"{n} columns, {len(values)} pairs; the largest value is {plain(worst)}. A table lists the worst pairs."
    width = left + (n - 1) * cell + 4
    return figure(width, foot + room, title, told, *marks, class_="chart heat", widest=1.6 * width)


def heat_key() -> Markup:
    """The colours and the values where each begins."""
    marks: list[Markup] = []
    for level in range(len(LEVELS) + 1):
        marks.append(tag("g", tag("rect", x=level * 44, y=0, width=43, height=10), class_=f"heat{level}"))
        if level:
            marks.append(text(level * 44, 24, tick(LEVELS[level - 1]), class_="tick", text_anchor="middle"))
    told = f"Colours change at {', '.join(str(end) for end in LEVELS)}."
    return figure(44 * (len(LEVELS) + 1), 28, "Colour scale", told, *marks, class_="key-scale")
