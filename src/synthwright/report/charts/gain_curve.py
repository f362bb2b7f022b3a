"""Gain over real rows by the number of rows added: a line per arm with its intervals, around the line of no gain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from synthwright.errors import shorten
from synthwright.evaluation.measurement import Estimate
from synthwright.provenance.numbers import interval, signed, tick
from synthwright.report.svg import Markup, figure, tag, text, ticks, titled

__all__ = ["Curve", "gain_curve"]

WIDTH, HEIGHT = 800.0, 250.0
LEFT, RIGHT, FOOT = 58.0, 190.0, 34.0
TONES = 4  # colours of methods; controls are grey
APART = 13.0  # of two names at the right edge


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An arm: its gain at each ratio, ascending. One point alone stands without a line."""

    arm: str
    points: Sequence[tuple[float, Estimate]]
    control: bool = False


def gain_curve(curves: Sequence[Curve], title: str) -> Markup:
    """All `curves` over the square root of the ratio, so that a quarter and five rows are told apart."""
    gains = [gain for curve in curves for _, gain in curve.points]
    room = max(3 * max(abs(gain.value) for gain in gains), 1e-9)  # one hopeless arm must not press all others flat
    low = max(min([gain.low for gain in gains] + [0.0]), -room)
    high = min(max([gain.high for gain in gains] + [0.0]), room)
    most = max(ratio for curve in curves for ratio, _ in curve.points)
    ratios = sorted({ratio for curve in curves if len(curve.points) > 1 for ratio, _ in curve.points})

    def x(ratio: float) -> float:
        return LEFT + sqrt(ratio / most) * (WIDTH - LEFT - RIGHT)

    def y(gain: float) -> float:
        return 8 + (high - min(max(gain, low), high)) / (high - low) * (HEIGHT - FOOT - 8)

    marks, told, names = [], [], []
    tones = iter(range(len(curves)))
    for at, curve in enumerate(curves):
        tone = "tone-control" if curve.control else f"tone{next(tones) % TONES}"
        shift = 2.4 * (at - (len(curves) - 1) / 2)
        places = [(x(ratio) + shift, gain, ratio) for ratio, gain in curve.points]
        if len(places) > 1:
            line = " ".join(f"{px:.1f},{y(gain.value):.1f}" for px, gain, _ in places)
            marks.append(tag("polyline", points=line, class_=f"curve {tone}"))
        for px, gain, ratio in places:
            words = f"{curve.arm} {ratio:.3g}: {signed(gain.value)} ({interval(gain, sign=True)})"
            told.append(words)
            marks.append(tag("line", x1=px, x2=px, y1=y(gain.low), y2=y(gain.high), class_=f"bar {tone}"))
            marks.append(titled("circle", words, cx=px, cy=y(gain.value), r=3.2, class_=f"knot {tone}"))
        names.append((y(places[-1][1].value), places[-1][0], shorten(curve.arm, 28), tone))
    axis = [tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(at), y2=y(at), class_="grid") for at in ticks(low, high)]
    axis += [text(LEFT - 8, y(at) + 3.5, tick(at), class_="tick", text_anchor="end") for at in ticks(low, high)]
    axis.append(tag("line", x1=LEFT, x2=WIDTH - RIGHT, y1=y(0), y2=y(0), class_="mark-floor"))
    axis += [text(x(at), HEIGHT - 16, f"{at:.3g}", class_="tick", text_anchor="middle") for at in ratios]
    axis.append(
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 2, "rows added per real row", class_="key", text_anchor="middle")
    )
    return figure(WIDTH, HEIGHT, title, "; ".join(told), *axis, *marks, *_named(names), class_="chart")


def _named(names: Sequence[tuple[float, float, str, str]]) -> list[Markup]:
    """Each name beside the last point of its line, at the right edge, none over another."""
    made, last = [], float("-inf")
    ordered = sorted(names)
    for at, (height, _, name, tone) in enumerate(ordered):
        below = len(ordered) - 1 - at
        last = max(last + APART, min(height, HEIGHT - FOOT - below * APART))
        made.append(tag("circle", cx=WIDTH - RIGHT + 18, cy=last, r=3.2, class_=f"knot {tone}"))
        made.append(text(WIDTH - RIGHT + 27, last + 3.8, name, class_="label"))
    return made
