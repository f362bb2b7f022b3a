"""Counts over a square grid as shades: one panel of the projection."""

from __future__ import annotations

import math
from collections.abc import Sequence

from synthwright.provenance.numbers import count
from synthwright.report.svg import Markup, figure, tag

__all__ = ["SHADES", "density"]

SHADES = 6


def density(counts: Sequence[int | None], side: int, most: int, title: str) -> Markup:
    """`counts` row by row from the bottom; ``None`` is blank. Shades are even in the logarithm, up to `most`."""
    paths: dict[int, list[str]] = {}
    least = 5
    span = math.log(max(most, least + 1) / least)
    for at, value in enumerate(counts[: side * side]):
        if value is None:
            continue
        shade = min(SHADES - 1, int(SHADES * math.log(max(value, least) / least) / span))
        paths.setdefault(shade, []).append(f"M{at % side} {side - at // side - 1}h1v1h-1z")
    marks = [tag("path", d="".join(pieces), class_=f"shade{shade}") for shade, pieces in sorted(paths.items())]
    shown = [value for value in counts if value is not None]
    told = (
        f"{len(shown)} of {side * side} cells hold at least {least} rows; the fullest {count(max(shown, default=0))}."
    )
    return figure(side, side, title, told, *marks, class_="chart framed")
