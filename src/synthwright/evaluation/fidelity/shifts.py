"""Whether the values of a column lie higher or lower than in train: what a distance of shapes sees late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.engines.context import Context
from synthwright.evaluation._counts.distances import LONE, SEVERAL, absolute
from synthwright.evaluation._counts.marginals import size_ratio
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import linear_moves
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS, mean_and_worst
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Shifts"]

_FEWEST = 20  # present values in each table: of fewer, all may lie on one side by luck, which has no error to be seen
_MANY = 6  # columns, from which on no single one makes up the mean


@dataclass(frozen=True, kw_only=True)
class Shifts:
    """Mean and largest shift of ordered columns: |P(other > train) - P(other < train)|, 0 (in place) to 1 (apart).

    Numbers, dates and ordinal labels, present values only. Of one value drawn from each table, this is how much
    likelier the other table's is to be the larger one than the smaller one (Cliff's delta); half a standard deviation
    of a normal column is .28. It needs no bins, no outlier moves it by more than its share of the rows, and it has a
    standard error of sqrt((1/n + 1/m) / 3): of changes that move values to one side it sees more than the distance of
    the distribution functions does, of others nothing. Parts of the second name have a sign: above 0, values are
    larger than train's. The floor is a uniform draw from train's range or labels. Estimand: the expectation over train
    and other tables of these sizes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do the values of a column lie higher or lower than real ones?",
        source="Cliff (1993), doi:10.1037/0033-2909.114.3.494; Mann & Whitney (1947)",
        measures=("fidelity.shifts", "fidelity.shifts.worst"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and largest shift; skipped where no ordered column has 20 values in each table."""
        ordered = {name: cells for name in comparison.columns if (cells := _ordered(comparison, name)) is not None}
        if not ordered:
            reason = f"no column of numbers, dates or ordinal labels has {_FEWEST} values in every table"
            return [Skipped(name, reason) for name in self.info.measures]
        signed = {part: _shifts(comparison, ordered, part) for part in comparison.parts if part != "train"}
        least = LONE if len(ordered) < _MANY else SEVERAL
        sizes = {part: {name: absolute(one, least=least) for name, one in of.items()} for part, of in signed.items()}
        ratio = size_ratio(comparison)
        order = sorted(ordered, key=lambda name: -sizes["synthetic"][name].value)[:WORST_PARTS]
        return mean_and_worst(
            self.info.measures,
            comparison,
            sizes["synthetic"],
            [one.times(ratio) for one in sizes.get("holdout", {}).values()],
            [_of_no_skill(comparison, name, cells) for name, cells in ordered.items()],
            worst={name: signed["synthetic"][name].estimate(low=-1.0, high=1.0) for name in order},
        )


def _ordered(comparison: Comparison, name: str) -> np.ndarray | None:
    """The codes of the cells of a column in their order; None where it has none, or too few values to compare."""
    cells, column = comparison.cells(name), comparison.schema[name]
    if cells.edges is not None:
        found = np.arange(1, len(cells))
    elif column.kind == "ordinal" and cells.levels is not None and cells.rest is None:
        place = {level: at for at, level in enumerate(categories_of(column))}
        levels = [place.get(level, len(place)) for level in cells.levels.to_pylist()]
        found = 1 + np.argsort(levels, kind="stable")
    else:
        return None
    fewest = min(int(comparison.counts(part, name)[:, found].sum()) for part in comparison.parts)
    return found if fewest >= _FEWEST else None


def _shifts(comparison: Comparison, ordered: dict[str, np.ndarray], part: Part) -> dict[str, Figure]:
    made = {}
    for name, cells in ordered.items():
        train, other = (comparison.counts(of, name)[:, cells] for of in ("train", part))
        made[name] = _shift(train, other, part)
    return made


def _shift(train: np.ndarray, other: np.ndarray, part: str) -> Figure:
    """P(other > train) - P(other < train) from counts (blocks, cells in their order)."""
    p, q = (counts.sum(axis=0) / counts.sum() for counts in (train, other))
    over_other, over_train = (1 - 2 * np.cumsum(share) + share for share in (q, p))  # mass above less mass below
    moves = {"train": linear_moves(train, over_other), part: linear_moves(other, -over_train)}
    return Figure(float(p @ over_other), moves)


def _of_no_skill(comparison: Comparison, name: str, cells: np.ndarray) -> float:
    """The shift of values spread evenly over train's range or labels."""
    edges = comparison.cells(name).edges
    flat = np.ones(len(cells))
    if edges is not None:
        flat = np.zeros(len(cells))
        flat[1:-1] = np.diff(edges)
    train = comparison.counts("train", name)[:, cells]
    return abs(_shift(train, flat[None], "flat").value) if flat.sum() > 0 else 0.0
