"""What rows keep of the real variety: the figures that a collapse shows in, each knowing the rows that moved it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.hashing import row_hashes
from synthwright.evaluation._counts.contingency import holm
from synthwright.evaluation._counts.extremes import Tail, mass_ratio, rare_levels, tail_level, tails_of
from synthwright.evaluation._learners.prediction import figures, task_of
from synthwright.evaluation._neighbours.modes import effective, modes
from synthwright.evaluation._neighbours.neighbourhoods import neighbourhoods
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.tables import chance_of, over_tables
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.threads import one_thread

__all__ = [
    "MEANINGS",
    "Figure",
    "Variety",
    "adjusted",
    "chance_of",
    "mean",
    "of_real_rows",
    "over_tables",
    "variety_of",
]

LEVEL, WIDEST = (
    0.01,
    0.1,
)  # of the rows: the outermost hundredth; more where a table is small, but no tail beyond a tenth
RARE = 0.05  # of the rows: the rarest levels together
_TABLES: tuple[Part, ...] = ("synthetic", "train")
_MADE = "made"  # marks what synthetic rows move
MEANINGS: Mapping[str, str] = {
    "coverage": "share of unseen real rows with one of the rows nearby",
    "distinct": "share of rows that differ from all before them",
    "modes": "effective number of modes in use, over train's",
    "tails": "rows in the outermost hundredths and the rarest levels, over train's",
    "tstr": "score on unseen real rows of a model that learnt from the rows alone",
}


@dataclass(frozen=True, slots=True)
class Variety:
    """The figures of synthetic rows, and of real ones in their place; what can't be measured is not there."""

    made: Mapping[str, Figure]
    real: Mapping[str, Figure]


def variety_of(comparison: Comparison, table: str) -> Variety:
    """The figures named in `MEANINGS`, all the better the higher, up to what real rows have.

    `table` names the synthetic table: figures of several tables share train and holdout rows, and no others.
    """
    with one_thread():  # sums over threads differ in their last bits, and results must not
        both = {
            "coverage": _coverage(comparison),
            "distinct": _distinct(comparison),
            "modes": _modes(comparison),
            "tails": _tails(comparison),
            "tstr": _score(comparison),
        }
    found = {name: pair for name, pair in both.items() if pair is not None}
    made = {name: _told_apart(pair[0], table) for name, pair in found.items()}
    return Variety(made, {name: pair[1] for name, pair in found.items()})


def adjusted(chances: Sequence[float]) -> list[float]:
    """The chances after Holm's correction: calling those below .05 errs anywhere with at most that chance."""
    return [float(one) for one in holm(np.array(chances))] if chances else []


def of_real_rows(figure: Figure) -> Figure:
    """The figure as moved by real rows alone, for means over tables: how tables differ says what their rows move."""
    return Figure(figure.value, {part: move for part, move in figure.moves.items() if not part.endswith(_MADE)})


def _told_apart(figure: Figure, table: str) -> Figure:
    moves = {
        f"{table}: {part}, {_MADE}" if part.startswith("synthetic") else part: move
        for part, move in figure.moves.items()
    }
    return Figure(figure.value, moves)


def _coverage(comparison: Comparison) -> tuple[Figure, Figure] | None:
    found = neighbourhoods(comparison)
    if isinstance(found, str) or found.train is None:
        return None
    return found.synthetic.coverage, found.train.coverage


def _distinct(comparison: Comparison) -> tuple[Figure, Figure]:
    """Of as many rows of each: a row that occurs m times counts 1 / m."""
    n = min(comparison.rows("synthetic"), comparison.rows("train"))
    figures_ = []
    for part in _TABLES:
        hashes = row_hashes(comparison.part(part).head(n).select(comparison.columns))
        _, at, counts = np.unique(hashes, return_inverse=True, return_counts=True)
        single = 1 / counts[at]
        figures_.append(Figure(float(single.mean()), {part: (single - single.mean()) / n}))
    return figures_[0], figures_[1]


def _modes(comparison: Comparison) -> tuple[Figure, Figure] | None:
    found = modes(comparison)
    if isinstance(found, str):
        return None
    made, real = (effective(found.shares["train"], found.shares[part]) for part in ("synthetic", "holdout"))
    return made, real


def _tails(comparison: Comparison) -> tuple[Figure, Figure] | None:
    level = tail_level(comparison, LEVEL)
    tails: list[Tail] = []
    for name in comparison.columns:
        if comparison.cells(name).edges is not None:
            tails += tails_of(comparison, name, level) if level <= WIDEST else ()
        elif (rare := rare_levels(comparison, name, RARE, MINIMUM_ROWS)) is not None:
            tails.append(rare)
    if not tails:
        return None
    made, real = (mean([mass_ratio(comparison, one, part) for one in tails]) for part in ("synthetic", "holdout"))
    return made, real


def _score(comparison: Comparison) -> tuple[Figure, Figure] | None:
    task = task_of(comparison)
    if isinstance(task, str):
        return None
    n = min(len(task.y["train"]), len(task.y["synthetic"]))
    made, real = (figures(comparison, task, "boosted", ((part, n),))[task.headline] for part in ("synthetic", "train"))
    return made, real
