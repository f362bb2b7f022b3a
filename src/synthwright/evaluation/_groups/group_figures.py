"""Counts and means of groups as figures over jackknife blocks, and what all figures about groups share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from synthwright.evaluation._counts.distances import absolute, noise_ratio
from synthwright.evaluation._groups.sensitive import Grouping, floor_of
from synthwright.evaluation._statistics.figure import Figure, smallest
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS, measured
from synthwright.evaluation.measurement import Estimate, Measurement

__all__ = [
    "beside_train",
    "by_block",
    "largest_gap",
    "largest_of",
    "means",
    "ranked",
    "rows_of",
    "spread_of",
    "worst_gap",
]

_SHARPNESS = 4.0  # of the largest gap: with 2, intervals of 200 fresh tables of 4,000 rows held it 87 times in 100


def by_block(
    comparison: Comparison, part: str, member: np.ndarray, groups: int, weights: np.ndarray | None = None
) -> np.ndarray:
    """Rows (or the sum of `weights`) of each group per jackknife block, (blocks, groups); rows of group -1 don't count.

    Rows without skill (part ``"floor"``) are one block: nothing is to be learnt from their spread.
    """
    blocks, block = _blocks(comparison, part)
    inside = member >= 0
    joint = block[inside].astype(np.int64) * groups + member[inside]
    used = None if weights is None else weights[inside]
    return np.bincount(joint, weights=used, minlength=blocks * groups).reshape(blocks, groups)


def _blocks(comparison: Comparison, part: str) -> tuple[int, np.ndarray]:
    if part == "floor":
        return 1, np.zeros(len(floor_of(comparison)), dtype=np.uint8)
    codes = comparison.codes(_named(part))
    return codes.blocks, codes.block


def _named(part: str) -> Part:
    return "train" if part == "train" else "synthetic" if part == "synthetic" else "holdout"


def rows_of(comparison: Comparison, part: str) -> int:
    """The number of rows of `part`, or of those without skill."""
    return len(floor_of(comparison)) if part == "floor" else comparison.rows(_named(part))


def means(comparison: Comparison, grouping: Grouping, part: str, values: np.ndarray) -> list[Figure | None]:
    """The mean of `values` (one per row of `part`, NaN unknown) in each group; ``None`` without a known one.

    A share of which no exception was seen has no spread to go by: it is given that of one with two more of either kind
    (Agresti & Coull 1998).
    """
    known = np.isfinite(values)
    member = np.where(known, grouping.of(part), -1)
    counts = by_block(comparison, part, member, len(grouping))
    sums = by_block(comparison, part, member, len(grouping), np.where(known, values, 0.0))
    found: list[Figure | None] = []
    for n, total in zip(counts.T, sums.T, strict=True):
        rows = n.sum()
        if rows == 0:
            found.append(None)
            continue
        mean = float(total.sum() / rows)
        moves = (total - n * mean) / rows
        if not np.any(moves) and len(moves) > 1:
            share = (mean * rows + 2) / (rows + 4) if 0 <= mean <= 1 else 0.5
            moves[0] = np.sqrt(max(share * (1 - share), 0.0) / (rows + 4))
        found.append(Figure(mean, {part: moves}))
    return found


def ranked(figures: Mapping[str, Figure]) -> dict[str, Estimate]:
    """The 50 figures of the largest size, signs kept, largest first."""
    order = sorted(figures.items(), key=lambda item: -abs(item[1].value))[:WORST_PARTS]
    return {name: figure.estimate() for name, figure in order}


def spread_of(figures: Sequence[Figure]) -> Figure:
    """The largest minus the smallest of these figures, moved by all that may be either."""
    top = smallest([figure.times(-1.0) for figure in figures], sharpness=_SHARPNESS)
    return (top + smallest(figures, sharpness=_SHARPNESS)).times(-1.0)


def largest_of(figures: Sequence[Figure]) -> Figure:
    """The largest of these figures, moved by all that may be it."""
    return smallest([figure.times(-1.0) for figure in figures], sharpness=_SHARPNESS).times(-1.0)


def largest_gap(gaps: Sequence[Figure]) -> Figure:
    """The largest of the sizes of these figures, moved by all that may be it."""
    return largest_of([absolute(gap) for gap in gaps])


def worst_gap(
    metric: str,
    comparison: Comparison,
    gaps: Mapping[str, Mapping[str, Figure]],
    *,
    high: float,
    real_rows: int | None = None,
) -> Measurement:
    """The largest gap of any group to train, as a measurement; ``gaps[part]`` are signed, by the name of the group.

    The holdout's gaps are brought to the synthetic table's size, so a fresh table has an expected excess of 0.
    """
    n = len(comparison.train) if real_rows is None else real_rows
    ceiling = None
    if gaps.get("holdout"):
        scale = noise_ratio(n, comparison.rows("holdout"), comparison.rows("synthetic"))
        ceiling = largest_gap(list(gaps["holdout"].values())).times(scale)
    floor = gaps.get("floor")
    made = measured(
        metric,
        comparison,
        largest_gap(list(gaps["synthetic"].values())),
        ceiling,
        baseline=max(abs(gap.value) for gap in floor.values()) if floor else None,
        high=high,
        parts=ranked(gaps["synthetic"]),
    )
    return replace(made, n_real=n)


def beside_train(
    metric: str, comparison: Comparison, of: Mapping[str, Figure], most: float, parts: Mapping[str, Estimate]
) -> Measurement:
    """The signed figure of what train chose, by part and at most `most` in size; train's own is the target."""
    made = measured(
        metric,
        comparison,
        of["synthetic"],
        of.get("holdout"),
        baseline=of["floor"].value if "floor" in of else None,
        better="target",
        low=-most,
        high=most,
        parts=parts,
    )
    return replace(made, target=of["train"].value)
