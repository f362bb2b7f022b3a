"""Coverage within each class of the target, or within each value of the column that divides the rows best."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.schema import Column
from synthwright.errors import shorten
from synthwright.evaluation._neighbours.balls import Placed, balls
from synthwright.evaluation._neighbours.drawing import drawn_rows, placed_rows, ruler_of
from synthwright.evaluation._neighbours.neighbourhoods import FEWEST
from synthwright.evaluation._neighbours.reach import Reach, reach_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["CLASS_ROWS", "ClassCoverages", "class_coverages"]

CLASS_ROWS = 1_000  # rows of a class on either side: its coverage is then known to .01
_CLASSES = 50  # a report lists no more parts, and 50 classes of 1,000 rows take a CPU second
_COARSE = 20  # values of a column that stands in for a target
_FLOOR = 5_000  # rows without skill: enough for classes of 1 %


@dataclass(frozen=True, eq=False)
class ClassCoverages:
    """Coverage per class, of synthetic rows, of train rows (``None`` without a holdout), of rows without skill.

    `centres` are the numbers of rows in whose balls they lie; `n_real` real rows and `n_synthetic` synthetic ones were
    looked at, some of them as a sample of their class if `sampled`.
    """

    column: str
    synthetic: Mapping[str, Figure]
    train: Mapping[str, Figure] | None
    shuffled: Mapping[str, Figure]
    centres: Mapping[str, int]
    n_real: int
    n_synthetic: int
    sampled: bool


def class_coverages(comparison: Comparison, k: int, rows: int = CLASS_ROWS) -> ClassCoverages | str:
    """Coverage in balls that reach to the k-th real row of the same class, or why there is none; computed once.

    At most `rows` rows of a class are looked at.
    """
    return comparison.keep(("class coverage", k, rows), lambda: _class_coverages(comparison, k, rows))


def _class_coverages(comparison: Comparison, k: int, limit: int) -> ClassCoverages | str:
    real: Part = "train" if comparison.holdout is None else "holdout"
    column = _dividing(comparison)
    if column is None:
        return "no column has the role target and a few classes, and no other column has 2 to 20 values"
    n = min(comparison.rows("synthetic"), comparison.rows("train"))
    if n < FEWEST:
        return f"it needs {FEWEST} rows of each kind, and one has {n}"
    levels = {part: comparison.part(part).levels(column.name) for part in comparison.parts}
    counts = {part: np.bincount(np.maximum(one, -1) + 1, minlength=_size(column))[1:-1] for part, one in levels.items()}
    enough = (counts["train"] >= FEWEST) & (counts[real] >= FEWEST)
    shown = np.flatnonzero(enough)[np.argsort(-counts["train"][enough], kind="stable")][:_CLASSES]
    if len(shown) < 2:
        return f"{shorten(column.name)} has fewer than two classes with {FEWEST} rows of train and {FEWEST} to cover"
    others: list[Part] = ["synthetic"] if real == "train" else ["synthetic", "train"]
    drawn = {part: drawn_rows(comparison, part, n, "classes") for part in others}
    floor = comparison.floor(min(n, _FLOOR))
    found: dict[str, dict[str, Figure]] = {part: {} for part in (*others, "shuffled")}
    size: dict[str, int] = {}
    for level in shown:
        name = f"{shorten(column.name)}={shorten(str(categories_of(column)[level]))}"
        rows = drawn_rows(comparison, real, limit, f"class {level}", among=np.flatnonzero(levels[real] == level))
        centres = Placed(placed_rows(comparison, real, rows), real, rows, blocked=True)
        reach, size[name] = reach_of(centres.points, k), len(rows)
        # About as many others as centres: three times as many would fill nearly all balls, however few are good.
        share = min(1.0, len(rows) / (counts["train"][level] * n / comparison.rows("train")))
        for part in others:
            mine = _thinned(comparison, part, drawn[part], levels[part] == level, share, int(level))
            found[part][name] = _covered(comparison, centres, reach, mine)
        blind = floor.take(np.flatnonzero(floor.levels(column.name) == level)[:limit])
        found["shuffled"][name] = _covered(comparison, centres, reach, Placed(ruler_of(comparison).place(blind)))
    return ClassCoverages(
        column=column.name,
        synthetic=found["synthetic"],
        train=found.get("train"),
        shuffled=found["shuffled"],
        centres=size,
        n_real=comparison.rows(real),
        n_synthetic=n,
        sampled=n < comparison.rows("synthetic") or bool((counts["train"][shown] > limit).any()),
    )


def _dividing(comparison: Comparison) -> Column | None:
    """The target if it has classes, otherwise the column of 2 to 20 values that divides train most evenly."""
    target = comparison.schema.target
    if target is not None and target.is_discrete:
        return target
    best, most = None, 0.0
    for column in comparison.schema:
        if not column.is_discrete or not 2 <= len(categories_of(column)) <= _COARSE:
            continue
        counts = np.bincount(comparison.train.levels(column.name) + 1, minlength=_size(column))[1:-1]
        share = counts[counts > 0] / max(counts.sum(), 1)
        if (entropy := -float(share @ np.log(share))) > most:
            best, most = column, entropy
    return best


def _size(column: Column) -> int:
    """Missing, the categories, any other value."""
    return len(categories_of(column)) + 2


def _thinned(
    comparison: Comparison, part: Part, drawn: np.ndarray, member: np.ndarray, share: float, level: int
) -> Placed:
    """A share of the drawn rows of a class, the same for each part, and after them as many drawn rows outside it."""
    inside = drawn[member[drawn]]
    kept = drawn_rows(comparison, part, round(share * len(inside)), f"class {level}", among=inside)
    outside = drawn[~member[drawn]][: round(share * (len(drawn) - len(inside)))]
    return Placed(placed_rows(comparison, part, kept), part, np.concatenate([kept, outside]), blocked=True)


def _covered(comparison: Comparison, centres: Placed, reach: Reach, others: Placed) -> Figure:
    if len(others.points) == 0:
        return Figure.sure(0.0)
    return balls(comparison, centres, reach, others).coverage
