"""The target as one number per row: 1 where it is positive, or its value in standard deviations of train."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.table import Table
from synthwright.errors import shorten
from synthwright.evaluation._counts.counting import rarest
from synthwright.evaluation._groups.sensitive import floor_of
from synthwright.evaluation.comparison import Comparison

__all__ = ["Outcome", "outcome_of"]


@dataclass(frozen=True, eq=False)
class Outcome:
    """``values[part]`` has one number per row, NaN where the target is missing; parts are those compared and "floor".

    `positive` is the level that counts as 1, ``None`` for a numeric target; differences are at most `most`.
    """

    positive: str | None
    values: Mapping[str, np.ndarray]
    most: float


def outcome_of(comparison: Comparison) -> Outcome | str:
    """The outcome that the target column tells, or why there is none; computed once."""
    return comparison.keep("outcome", lambda: _outcome(comparison))


def _outcome(comparison: Comparison) -> Outcome | str:
    target = comparison.schema.target
    if target is None or not target.is_modelled:
        return "no column that could be an outcome has the role target"
    tables: dict[str, Table] = {part: comparison.part(part) for part in comparison.parts}
    tables["floor"] = floor_of(comparison)
    if target.is_discrete:
        levels = {part: table.levels(target.name) for part, table in tables.items()}
        size = len(categories_of(target))
        counts = np.bincount(levels["train"][levels["train"] >= 0], minlength=size + 1)[:size]
        if np.count_nonzero(counts) < 2:
            return f"{shorten(target.name)} has fewer than two values in train"
        positive = rarest(counts)
        values = {part: np.where(one < 0, np.nan, (one == positive) * 1.0) for part, one in levels.items()}
        return Outcome(str(categories_of(target)[positive]), values, 1.0)
    numbers = {part: table.numbers(target.name) for part, table in tables.items()}
    present = numbers["train"][np.isfinite(numbers["train"])]
    spread = float(present.std()) if len(present) else 0.0
    if not spread > 0 or not math.isfinite(spread):
        return f"{shorten(target.name)} has fewer than two values in train"
    # Drawn in to ten standard deviations: one absurd value of a group must not be that group's mean.
    middle = float(np.median(present))
    scaled = {part: np.clip((one - middle) / spread, -10.0, 10.0) for part, one in numbers.items()}
    return Outcome(
        None, {part: np.where(np.isfinite(numbers[part]), one, np.nan) for part, one in scaled.items()}, 20.0
    )
