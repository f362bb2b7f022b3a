"""One column, train against synthetic: steps along a line, or paired bars for categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from synthwright.errors import shorten
from synthwright.provenance.numbers import share
from synthwright.report.svg import Markup, figure, join, number, tag, text, titled

__all__ = ["histogram", "shares"]

WIDTH, HEIGHT, FOOT, HEAD = 320.0, 132.0, 20.0, 6.0
SPIKE = 5.0  # a cell this many times as high as the next one is cut
ROW, NAME = 19.0, 110.0


def shares(view: Mapping[str, Any], part: str, rows: int | None) -> list[float | None]:
    """The share of `part`'s rows in each cell; ``None`` where the cell is blank."""
    counts = view.get(part) or []
    return [None if count is None or not rows else count / rows for count in counts]


def histogram(view: Mapping[str, Any], sizes: Mapping[str, Any], name: str) -> Markup:
    """The drawing of one entry of the views' columns."""
    parts = {part: shares(view, part, sizes.get(part)) for part in ("train", "synthetic", "holdout")}
    title = f"{name}: train and synthetic"
    told = _told(view["labels"], parts)
    if view.get("axis") == "line":
        return _steps(view, parts, title, told)
    return _bars(view, parts, title, told)


def _steps(view: Mapping[str, Any], parts: Mapping[str, Sequence[float | None]], title: str, told: str) -> Markup:
    cells = max(len(view["labels"]), 1)
    top, spike = _top(parts)
    floor = HEIGHT - FOOT

    def points(values: Sequence[float | None]) -> list[tuple[float, float]]:
        heights = [floor - min((value or 0) / top, 1.0) * (floor - HEAD) for value in values]
        return [
            point for at, y in enumerate(heights) for point in ((at * WIDTH / cells, y), ((at + 1) * WIDTH / cells, y))
        ]

    train, synthetic, holdout = (points(parts[part]) for part in ("train", "synthetic", "holdout"))
    marks = [tag("line", x1=0, x2=WIDTH, y1=floor, y2=floor, class_="axis")]
    if train:
        marks.append(tag("path", d=f"M0 {number(floor)}{_line(train)}V{number(floor)}z", class_="area-train"))
    if holdout:
        marks.append(tag("path", d=f"M{_line(holdout)[1:]}", class_="line-holdout"))
    if synthetic:
        marks.append(tag("path", d=f"M{_line(synthetic)[1:]}", class_="line-synthetic"))
    if spike is not None:
        marks += _cut(spike, WIDTH / cells, {part: _at(parts[part], spike) for part in ("train", "synthetic")})
    for at, words in view.get("ticks") or []:
        x = min(max(at / cells, 0.0), 1.0) * WIDTH
        anchor = "start" if x < 16 else "end" if x > WIDTH - 16 else "middle"
        marks.append(tag("line", x1=x, x2=x, y1=floor, y2=floor + 3, class_="axis"))
        marks.append(text(x, HEIGHT - 5, shorten(str(words), 12), class_="tick", text_anchor=anchor))
    return figure(WIDTH, HEIGHT, title, told, *marks, class_="chart")


def _top(parts: Mapping[str, Sequence[float | None]]) -> tuple[float, int | None]:
    """The share at the upper edge, and the one cell that is cut because the rest would be a flat line beside it."""
    peaks = [max(value or 0.0 for value in values) for values in zip(*(v for v in parts.values() if v), strict=False)]
    order = sorted(range(len(peaks)), key=lambda at: -peaks[at])
    if len(order) > 2 and peaks[order[0]] > SPIKE * peaks[order[1]] > 0:
        return 2 * peaks[order[1]], order[0]
    return max(peaks, default=0.0) or 1.0, None


def _cut(cell: int, width: float, shown: Mapping[str, float | None]) -> list[Markup]:
    """The mark across a bar that is higher than the drawing, and its true height in words."""
    left, right = cell * width, (cell + 1) * width
    y = HEAD + 14
    words = ", ".join(f"{part} {share(value)}" for part, value in shown.items())
    where = (right + 5, "start") if right < WIDTH / 2 else (left - 5, "end")
    slash = f"M{number(left - 3)} {y + 3:.0f}L{number(right + 3)} {y - 3:.0f}"
    return [
        tag("path", d=slash, class_="cut"),
        text(where[0], HEAD + 9, words, class_="tick", text_anchor=where[1]),
    ]


def _line(points: Sequence[tuple[float, float]]) -> str:
    """Steps as alternating vertical and horizontal moves: half the size of a polyline."""
    first = f"L{number(points[0][0])} {number(points[0][1])}"
    return first + "".join(f"H{number(x)}" if at % 2 else f"V{number(y)}" for at, (x, y) in enumerate(points) if at > 0)


def _bars(view: Mapping[str, Any], parts: Mapping[str, Sequence[float | None]], title: str, told: str) -> Markup:
    labels = [str(label) for label in view["labels"]]
    top = max((value for values in parts.values() for value in values if value is not None), default=0) or 1
    room = WIDTH - NAME - 46
    marks: list[Markup] = []
    for at, label in enumerate(labels):
        y = at * ROW + 2
        train, synthetic, holdout = (_at(parts[part], at) for part in ("train", "synthetic", "holdout"))
        marks.append(text(NAME - 8, y + 11, shorten(label, 15), class_="label", text_anchor="end"))
        tip = f"{shorten(label)}: train {share(train)}, synthetic {share(synthetic)}"
        if train is not None:
            marks.append(
                titled("rect", tip, x=NAME, y=y, width=max(train / top * room, 0.5), height=6.5, class_="bar-train")
            )
        if synthetic is not None:
            width = max(synthetic / top * room, 0.5)
            marks.append(titled("rect", tip, x=NAME, y=y + 7.5, width=width, height=6.5, class_="bar-synthetic"))
        if holdout is not None:
            x = NAME + holdout / top * room
            marks.append(tag("line", x1=x, x2=x, y1=y - 1, y2=y + 15, class_="mark-holdout"))
        longest = max(train or 0, synthetic or 0, holdout or 0) / top * room
        marks.append(text(NAME + longest + 6, y + 11, share(synthetic), class_="value"))
    return figure(WIDTH, max(len(labels), 1) * ROW + 2, title, told, join(marks), class_="chart")


def _at(values: Sequence[float | None], at: int) -> float | None:
    return values[at] if at < len(values) else None


def _told(labels: Sequence[str], parts: Mapping[str, Sequence[float | None]]) -> str:
    """The cell where train and synthetic differ most, in words."""
    pairs = list(zip(labels, parts["train"], parts["synthetic"], strict=False))
    apart = [(abs((a or 0) - (b or 0)), label, a, b) for label, a, b in pairs]
    if not apart:
        return "No cells to show."
    _, label, a, b = max(apart, key=lambda entry: entry[0])
    return f"{len(apart)} cells. They differ most at {shorten(str(label))}: train {share(a)}, synthetic {share(b)}."
