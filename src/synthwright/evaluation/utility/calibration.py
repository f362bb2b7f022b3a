"""Are the probabilities of a model of synthetic rows what they say, on real rows?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.distances import LONE, rounded_slope
from synthwright.evaluation._learners.prediction import Task, predicted, task_of, without_skill
from synthwright.evaluation._learners.scores import loss_interval, squared_errors
from synthwright.evaluation._learners.task import class_titles
from synthwright.evaluation._neighbours.drawing import row_mean, row_moves
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured, worst_first
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Calibration"]

_BINS = 10
_FEWEST = 100  # test rows: ten in a bin
_WORST_BRIER = 2.0  # sure of a class that is not the true one


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """Expected calibration error on the holdout of boosted trees of synthetic rows, against those of train rows.

    Test rows are put into 10 bins of equal size by the predicted probability of a class; the error is the mean over
    rows of how far the bin's mean prediction is from the class's frequency in the bin, and the mean over train's
    classes (Guo et al. 2017, for each class against the rest). For numbers: mean prediction against mean value, in
    standard deviations of the holdout's values. ``utility.calibration.brier`` (classes only) is the mean squared error
    of all probabilities together, which a model without skill can't lower by being vague. The ceiling is TRTR, with as
    many rows. `baseline` always answers train's frequencies or mean: well calibrated, and of no use.

    The estimand is the expectation of the statistic for these fitted models over test rows of this number: both kinds
    of model have the same noise of binning in it. Parts: the bins, worst
    first; of more than two classes, the classes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do the probabilities that a model learns from synthetic rows hold for real ones?",
        source="Guo et al. (2017), arXiv:1706.04599; Brier (1950)",
        measures=("utility.calibration", "utility.calibration.brier"),
        needs=frozenset({"holdout", "target"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Both errors; skipped with fewer than 100 test rows."""
        task = task_of(comparison)
        if isinstance(task, str):
            return self._skipped(task)
        tested = len(task.y["holdout"])
        if tested < _FEWEST:
            return self._skipped(f"{tested} rows of the holdout have a known target, and it needs {_FEWEST}")
        n = min(len(task.y["train"]), len(task.y["synthetic"]))
        mine, real = (predicted(comparison, task, "boosted", ((part, n),)) for part in ("synthetic", "train"))
        models = (mine, real, without_skill(task))
        own, theirs, lowest = (
            mean([_error(comparison, task, *pair) for pair in _pairs(task, made)]) for made in models
        )
        parts = worst_first(_parts(comparison, task, mine), high=1.0 if task.classes else np.inf)

        first, second = self.info.measures
        high = 1.0 if task.classes else np.inf
        error = measured(first, comparison, own, theirs, baseline=lowest.value, high=high, parts=parts)
        error = replace(error, estimate=loss_interval(own, high=high), holdout=loss_interval(theirs, high=high))
        sizes: dict[str, Any] = {"n_real": n, "n_synthetic": n, "sampled": n < len(comparison.synthetic)}
        if not task.classes:
            told = Skipped(second, "the target is a number: its squared error is in utility.tstr")
            return [replace(error, **sizes), told]
        own, theirs, lowest = (_brier(comparison, task, made) for made in models)
        brier = measured(second, comparison, own, theirs, baseline=lowest.value, high=_WORST_BRIER)
        estimate, holdout = (loss_interval(one, high=_WORST_BRIER) for one in (own, theirs))
        return [replace(error, **sizes), replace(brier, estimate=estimate, holdout=holdout, **sizes)]

    def _skipped(self, reason: str) -> list[Measurement | Skipped]:
        return [Skipped(name, reason) for name in self.info.measures]


def _pairs(task: Task, made: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    """What was predicted and what is true, per class that train shows; once for two classes, which mirror each other.

    Numbers are in standard deviations.
    """
    y = task.y["holdout"]
    if not task.classes:
        return [(made / y.std(), y / y.std())]
    shown = np.flatnonzero(task.trained)
    ranked = [task.minority] if len(shown) == 2 else shown
    return [(made[:, at], (y == at).astype(np.float64)) for at in ranked]


def _bins(said: np.ndarray) -> np.ndarray:
    """The bin of each prediction, of 10 with equally many rows; equal predictions share one."""
    edges = np.unique(np.quantile(said, np.arange(1, _BINS) / _BINS))
    return np.searchsorted(edges, said, side="right")


def _error(comparison: Comparison, task: Task, said: np.ndarray, true: np.ndarray) -> Figure:
    """The sum over bins of the size of the mean difference in it, times its share of the rows."""
    n, bins, gap = len(said), _bins(said), said - true
    rows = np.maximum(np.bincount(bins), 1)
    sums = np.bincount(bins, weights=gap)
    spread = np.sqrt(np.maximum(np.bincount(bins, weights=gap**2) - sums**2 / rows, 0))
    moved = rounded_slope(sums, spread)[bins] * gap
    moves = row_moves(comparison, "holdout", task.rows["holdout"], (moved - moved.mean()) / n)
    return Figure(float(np.abs(sums).sum()) / n, {"holdout": moves})


def _brier(comparison: Comparison, task: Task, made: np.ndarray) -> Figure:
    return row_mean(comparison, "holdout", task.rows["holdout"], squared_errors(made, task.y["holdout"]))


def _parts(comparison: Comparison, task: Task, made: np.ndarray) -> dict[str, Figure]:
    """The error of each class; of two classes or numbers, the mean difference in each bin."""
    pairs = _pairs(task, made)
    if len(pairs) > 1:
        titles = class_titles(comparison, task)
        return {titles[at]: _error(comparison, task, *pair) for at, pair in enumerate(pairs) if at in titles}
    ((said, true),) = pairs
    bins, found = _bins(said), {}
    for at in range(int(bins.max()) + 1):
        gap = np.where(bins == at, said - true, 0.0)
        rows = max(int((bins == at).sum()), 1)
        middle = float(gap.sum()) / rows
        influence = np.where(bins == at, gap - middle, 0.0) / rows
        slope = float(rounded_slope(np.array([middle]), np.array([np.sqrt(influence @ influence)]), LONE)[0])
        moves = row_moves(comparison, "holdout", task.rows["holdout"], slope * influence)
        found[f"predictions, part {at + 1} of {int(bins.max()) + 1}"] = Figure(abs(middle), {"holdout": moves})
    return found
