"""Numbers that stay on one side of zero, or within the natural ends of a share or a percentage."""

from __future__ import annotations

import numpy as np

from synthwright.data.proposals.candidate import Candidate, Search
from synthwright.data.proposals.chances import rarely_broken
from synthwright.data.proposals.view import View
from synthwright.data.rule_writing import column_text

__all__ = ["search_ranges"]

_NEAR = 0.05  # of the distance from 0 to the median: a lower end closer to 0 than this ends there for a reason
_REACHED = 0.9  # of 1 or 100 that the largest value reaches where it is a share or a percentage
_MOST_VALUES = 2  # different ones: such marks have no ends


def search_ranges(view: View) -> Search:
    """``x >= 0`` where values come near 0 and none is below; ``0 <= x <= 1`` (or 100) where they end there."""
    search = Search(weighed=2 * len(view.quantities))
    for column in view.quantities:
        values = view.numbers(column.name)
        values = values[np.isfinite(values)]
        if len(np.unique(values[:1_000])) <= _MOST_VALUES or values.min() < 0:
            continue
        if values.min() > _NEAR * float(np.median(values)):
            continue
        name, top = column_text(column.name), float(values.max())
        ends = [end for end in (1.0, 100.0) if _REACHED * end <= top <= end and (end > 1 or column.kind == "float")]
        rule = f"0 <= {name} <= {ends[0]:g}" if ends else f"{name} >= 0"
        search.found.append(
            Candidate(
                rule=rule,
                kind="range",
                columns=(column.name,),
                decided=len(values),
                log_chance=rarely_broken(len(values)),
            )
        )
    return search
