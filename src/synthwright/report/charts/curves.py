"""Losses by epoch as lines, above the share of synthetic rows in each epoch; stands alone, as a file of its own."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from synthwright.errors import BadInput
from synthwright.provenance.numbers import share, tick
from synthwright.report.svg import Markup, figure, join, tag, text, ticks

__all__ = ["curves"]

WIDTH, LEFT, RIGHT, TOP, PLOT, GAP, STRIP = 760.0, 52.0, 190.0, 34.0, 220.0, 26.0, 46.0
_COLOURS = ("#0b6e99", "#b4552d", "#3a7d44", "#6b4c9a", "#8a6d1d", "#444")  # apart in hue and in lightness
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 2", "10 4")  # told apart without colour, too
_STYLE = (
    "text{font:12px sans-serif;fill:#333}.grid{stroke:#ddd}.share{fill:#b8c4cc}"
    ".line{stroke-width:2;fill:none;stroke-linecap:round}"
)


def curves(lines: Mapping[str, Sequence[float]], shares: Sequence[float], title: str) -> Markup:
    """One line per entry of `lines` (a loss per epoch, NaN where unknown), over bars of the synthetic `shares`.

    Raises
    ------
    BadInput
        No loss is known, or a line has more epochs than there are shares.
    """
    known = [value for line in lines.values() for value in line if math.isfinite(value)]
    if not known or any(len(line) > len(shares) for line in lines.values()):
        raise BadInput("There are no losses to draw, or more of them than epochs.")
    low, high = min(known), max(known)
    low, high = (low, high) if high > low else (low - 0.5, high + 0.5)
    step = (WIDTH - LEFT - RIGHT) / len(shares)
    floor = TOP + PLOT

    def y(value: float) -> float:
        return floor - (value - low) / (high - low) * PLOT

    marks = [tag("style", _STYLE), text(LEFT, 18, title)]
    for at in ticks(low, high):
        marks.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(at), y2=y(at), class_="grid"))
        marks.append(text(LEFT - 8, y(at) + 4, tick(at), text_anchor="end"))
    ends = _apart([y(_last(line)) for line in lines.values()])
    for number, (name, line) in enumerate(lines.items()):
        look = {"stroke": _COLOURS[number % len(_COLOURS)], "stroke_dasharray": _DASHES[number % len(_DASHES)] or None}
        places = [(LEFT + (epoch + 0.5) * step, value) for epoch, value in enumerate(line)]
        marks.append(tag("path", d=_path([(x, y(value)) for x, value in places]), class_="line", **look))
        marks.append(tag("path", d=f"M{WIDTH - RIGHT + 8} {ends[number]:.1f}h22", class_="line", **look))
        marks.append(text(WIDTH - RIGHT + 36, ends[number] + 4, name))
    foot = floor + GAP + STRIP
    for epoch, part in enumerate(shares):
        bar = tag("title", f"epoch {epoch}: {share(part)} synthetic")
        size = {
            "x": LEFT + epoch * step + 1,
            "width": max(step - 2, 1),
            "y": foot - part * STRIP,
            "height": part * STRIP,
        }
        marks.append(tag("rect", bar, class_="share", **size))
    marks.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=foot, y2=foot, class_="grid"))
    marks.append(text(LEFT - 8, foot - STRIP + 8, "100 %", text_anchor="end"))
    marks.append(text(WIDTH - RIGHT + 8, foot - STRIP / 2 + 4, "share of synthetic rows"))
    whole = (at for at in ticks(0, len(shares) - 1, 8) if at == int(at))
    marks.append(join(text(LEFT + (at + 0.5) * step, foot + 16, f"{at:g}", text_anchor="middle") for at in whole))
    marks.append(text(WIDTH - RIGHT + 8, foot + 16, "epoch"))
    told = "; ".join(f"{name}: {tick(_last(line[::-1]))} to {tick(_last(line))}" for name, line in lines.items())
    return figure(WIDTH, foot + 24, title, told, *marks)


def _last(line: Sequence[float]) -> float:
    """The last known loss, or that of no line at all."""
    return next((value for value in reversed(line) if math.isfinite(value)), 0.0)


def _path(places: Sequence[tuple[float, float]]) -> str:
    """Lines through known places; where one is unknown, a new line begins."""
    parts, pen = [], "M"
    for x, y in places:
        if math.isfinite(y):
            parts.append(f"{pen}{x:.1f} {y:.1f}" + ("h0" if pen == "M" else ""))  # one epoch alone is a dot
            pen = "L"
        else:
            pen = "M"
    return "".join(parts)


def _apart(heights: Sequence[float], least: float = 15.0) -> list[float]:
    """The same heights in the same order, moved down so far that labels don't lie on each other."""
    placed = dict.fromkeys(range(len(heights)), 0.0)
    last = -math.inf
    for at in sorted(placed, key=lambda at: heights[at]):
        placed[at] = last = max(heights[at], last + least)
    return list(placed.values())
