"""Figures of an experiment as they are kept, with what each row moved, and read back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from synthwright.evaluation.curves import Figure
from synthwright.pipeline.keeping import Kept

__all__ = ["figures_of", "kept_figures"]


def kept_figures(figures: Mapping[str, Figure], told: Any) -> Kept:
    """`figures` by name, and what else is to be `told`."""
    arrays: dict[str, np.ndarray] = {}
    listed = []
    for name, figure in figures.items():
        moves = {part: str(len(arrays) + at) for at, part in enumerate(figure.moves)}
        arrays |= {place: np.asarray(figure.moves[part], dtype=np.float64) for part, place in moves.items()}
        listed.append([name, figure.value, moves])
    return Kept(arrays, {"figures": listed, "told": told})


def figures_of(kept: Kept | None) -> tuple[dict[str, Figure], Any] | None:
    """The figures and what was told with them; ``None`` where there is nothing, or something is missing."""
    if kept is None:
        return None
    try:
        figures = {
            str(name): Figure(float(value), {part: kept.arrays[place] for part, place in moves.items()})
            for name, value, moves in kept.told["figures"]
        }
        return figures, kept.told["told"]
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
