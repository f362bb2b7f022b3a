"""Inline SVG from small pure functions: every text escaped, every colour a CSS class."""

from __future__ import annotations

import math
from collections.abc import Iterable

from markupsafe import Markup, escape

__all__ = ["Markup", "figure", "join", "number", "tag", "text", "ticks", "titled"]


def number(value: float) -> str:
    """`value` with at most one decimal: a tenth of a pixel is finer than any screen."""
    short = f"{value:.1f}".removesuffix(".0")
    return "0" if short == "-0" else short


def tag(name: str, *children: Markup | str, **attributes: str | float | None) -> Markup:
    """One element; ``class_`` becomes ``class``, ``text_anchor`` becomes ``text-anchor``, ``None`` is left out."""
    pairs = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{number(value) if isinstance(value, int | float) else escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    inside = join(children)
    return Markup(f"<{name}{pairs}>{inside}</{name}>" if inside else f"<{name}{pairs}/>")  # noqa: S704 - all parts are escaped


def join(parts: Iterable[Markup | str]) -> Markup:
    """`parts` one after another; plain texts are escaped."""
    return Markup("").join(parts)


def titled(name: str, title: str, **attributes: str | float | None) -> Markup:
    """An element with a tooltip."""
    return tag(name, tag("title", title), **attributes)


def text(x: float, y: float, words: str, **attributes: str | float | None) -> Markup:
    """A line of text whose baseline starts (or ends, by ``text_anchor``) at x, y."""
    return tag("text", words, x=x, y=y, **attributes)


def figure(
    width: float,
    height: float,
    title: str,
    description: str,
    *children: Markup | str,
    class_: str = "",
    widest: float | None = None,
) -> Markup:
    """A drawing that scales with its place, to at most `widest` pixels; named and described for who can't see it."""
    return tag(
        "svg",
        tag("title", title),
        tag("desc", description),
        *children,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        aria_label=title,
        class_=class_ or None,
        style=None if widest is None else f"max-width:{number(widest)}px",
        xmlns="http://www.w3.org/2000/svg",
    )


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers within low .. high, about `about` of them."""
    span = high - low
    if not span > 0:
        return [low]
    power = 10.0 ** math.floor(math.log10(span / about))
    step = next(digit * power for digit in (1, 2, 2.5, 5, 10) if span / (digit * power) <= about)
    first = math.ceil(low / step - 1e-9)
    return [round(at * step, 12) for at in range(first, math.floor(high / step + 1e-9) + 1)]
