"""Models of the target, fitted on real, synthetic or both kinds of rows and scored on the same holdout rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from synthwright.evaluation._learners.scores import score_classes, score_numbers
from synthwright.evaluation._learners.task import Task, halves, matrix, task_of
from synthwright.evaluation._neighbours.drawing import row_moves
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.boosting import Boosting
from synthwright.learning.learner import Learner, Predict, fit_classes, fit_numbers
from synthwright.learning.linear import Linear
from synthwright.seeding import Streams

__all__ = [
    "LEARNERS",
    "Ration",
    "Task",
    "equal_rations",
    "figures",
    "fit_rows",
    "floor",
    "model_of",
    "predicted",
    "scored",
    "shuffled",
    "task_of",
    "taught",
    "without_skill",
]

LEARNERS: Mapping[str, Learner] = {"linear": Linear(), "boosted": Boosting()}
SHUFFLED_ROWS = 1_000  # labels without meaning need no more
DEALS = 5

# Which parts, and how many rows of each, a model is fitted on; "half" and "other half" are `halves` of train.
Ration = tuple[tuple[str, int], ...]


def figures(
    comparison: Comparison, task: Task, learner: str, ration: Ration, settings: Learner | None = None
) -> Mapping[str, Figure]:
    """Every score of `learner` fitted on `ration` rows and tested on the holdout; computed once per ration.

    `learner` names a built-in one, or whatever `settings` are given. Raises `CannotLearn` for those that may.
    """
    return comparison.keep(
        ("scores", learner, settings, ration),
        lambda: scored(comparison, task, predicted(comparison, task, learner, ration, settings)),
    )


def predicted(
    comparison: Comparison, task: Task, learner: str, ration: Ration, settings: Learner | None = None
) -> np.ndarray:
    """What `model_of` says of the holdout rows: class probabilities (n, K) or numbers (n,); computed once."""

    def predict() -> np.ndarray:
        view = (settings or LEARNERS[learner]).view
        model = model_of(comparison, task, learner, ration, settings)
        return model(matrix(comparison, task, "holdout", view))

    return comparison.keep(("predicted", learner, settings, ration), predict)


def model_of(
    comparison: Comparison, task: Task, learner: str, ration: Ration, settings: Learner | None = None
) -> Predict:
    """`learner` fitted on `ration` rows, as a function of rows in its view; computed once."""

    def fit() -> Predict:
        rows = [_rationed(comparison, task, source, n) for source, n in ration]
        return fit_rows(comparison, task, learner, rows, settings=settings)

    return comparison.keep(("fitted", learner, settings, ration), fit)


def fit_rows(
    comparison: Comparison,
    task: Task,
    learner: str,
    rows: Sequence[tuple[Part, np.ndarray]],
    *,
    settings: Learner | None = None,
    deal: int | None = None,
    draw: int | None = None,
) -> Predict:
    """`learner` fitted on these positions in ``task.rows`` of each part.

    `deal` deals its targets out; `draw` numbers the learner's own randomness, where there is to be more than one.
    """
    chosen = settings or LEARNERS[learner]
    streams = Streams(comparison.seed).at("evaluation", "utility")
    X = np.concatenate([matrix(comparison, task, part, chosen.view)[at] for part, at in rows])
    y = np.concatenate([task.y[part][at] for part, at in rows])
    if deal is not None:
        y = streams.at("shuffled", deal).rng().permutation(y)
    own = streams.at(learner) if draw is None else streams.at(learner, draw)
    seed, categorical = own.integer(), task.features.categorical
    if task.classes:
        return fit_classes(chosen, X, y, task.classes, categorical=categorical, seed=seed)
    return fit_numbers(chosen, X, y, categorical=categorical, seed=seed)


def scored(comparison: Comparison, task: Task, made: np.ndarray) -> Mapping[str, Figure]:
    """Every score of these predictions for the holdout rows, with what each row contributes."""
    y, test = task.y["holdout"], task.rows["holdout"]
    scores = score_classes(made, y, task.minority, task.trained) if task.classes else score_numbers(made, y)
    return {
        name: Figure(score.value, {"holdout": row_moves(comparison, "holdout", test, score.influence)})
        for name, score in scores.items()
    }


def without_skill(task: Task, part: Part = "holdout") -> np.ndarray:
    """Predictions for the rows of `part` that are always train's class frequencies, or its mean."""
    y, test = task.y["train"], len(task.y[part])
    if task.classes:
        return np.tile(np.bincount(y, minlength=task.classes) / len(y), (test, 1))
    return np.full(test, y.mean())


def floor(comparison: Comparison, task: Task) -> Mapping[str, Figure]:
    """Every score of always answering train's class frequencies, or its mean."""
    return comparison.keep("scores of no skill", lambda: scored(comparison, task, without_skill(task)))


def shuffled(comparison: Comparison, task: Task, learner: str = "boosted", settings: Learner | None = None) -> Figure:
    """The headline score of `learner` fitted on train rows whose targets were dealt out at random: a mean of 5 deals.

    Deals differ more than test rows do (a direction found by chance ranks rows by chance), so both are in the interval.
    """

    def score() -> Figure:
        part, rows = _rationed(comparison, task, "train", min(SHUFFLED_ROWS, len(task.y["train"])))
        test = matrix(comparison, task, "holdout", (settings or LEARNERS[learner]).view)
        scores = []
        for deal in range(DEALS):
            model = fit_rows(comparison, task, learner, [(part, rows)], settings=settings, deal=deal)
            scores.append(scored(comparison, task, model(test))[task.headline])
        middle = mean(scores)
        between = np.array([one.value - middle.value for one in scores]) / DEALS
        return Figure(middle.value, {**middle.moves, "deals": between})

    return comparison.keep(("shuffled", learner, settings), score)


def taught(task: Task, skill: Figure) -> str:
    """Why nothing can be said of a share of `skill` (what real rows teach above the floor); "" where it is above 0."""
    if skill.value - skill.half_width() > 0:
        return ""
    told = skill.estimate()
    return (
        f"real rows do not teach the target either: {task.headline} of boosted trees is {told.value:.3g} above "
        f"the floor (95 % interval {told.low:.3g} to {told.high:.3g})"
    )


def equal_rations(comparison: Comparison, task: Task) -> tuple[int, Mapping[Part, Ration]]:
    """n, and n rows each: of one half of train, of synthetic, and of train's other half in the place of the holdout.

    Only that half is unseen real rows that the holdout, which tests, does not share: if synthetic rows are as good as
    fresh ones, both are to the first half the same, and whatever is made of them has an expected difference of 0.
    """
    n = min(len(halves(comparison, task)[0]), len(task.y["synthetic"]))
    return n, {"train": (("half", n),), "synthetic": (("synthetic", n),), "holdout": (("other half", n),)}


def _rationed(comparison: Comparison, task: Task, source: str, n: int) -> tuple[Part, np.ndarray]:
    """`n` rows of `source`, as positions in ``task.rows`` of the part it belongs to."""
    streams = Streams(comparison.seed).at("evaluation", "utility", "ration", source)
    if source in {"half", "other half"}:
        half = halves(comparison, task)[source == "other half"]
        return "train", half[_positions(len(half), n, streams)]
    part: Part = "synthetic" if source == "synthetic" else "train" if source == "train" else "holdout"
    return part, _positions(len(task.y[part]), n, streams)


def _positions(rows: int, n: int, streams: Streams) -> np.ndarray:
    return np.arange(rows) if n >= rows else np.sort(streams.rng().choice(rows, n, replace=False))
