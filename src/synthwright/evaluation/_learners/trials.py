"""Two trainings on the same test: what is tried against what real rows give, score by score."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from synthwright.evaluation._learners.prediction import LEARNERS, Ration, Task, figures, floor, shuffled
from synthwright.evaluation._learners.scores import LOWER_IS_BETTER, score_bounds, score_interval
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.learning.learner import CannotLearn, Learner

__all__ = ["trial"]


def trial(
    name: str,
    comparison: Comparison,
    task: Task,
    *,
    tried: Ration,
    real: Ration,
    control: Ration | None = None,
    learners: Mapping[str, Learner] | None = None,
) -> list[Measurement | Skipped]:
    """The headline `name`, then ``name.<learner>.<score>`` for all: estimate `tried`, ceiling `real`, paired excess.

    The baseline is what `control` gives; without one, always answering train's class frequencies or mean. `learners`
    come beside the built-in ones; one that can't learn the target is skipped with the reason.
    """
    made: list[Measurement | Skipped] = []
    for learner, settings in {**LEARNERS, **(learners or {})}.items():
        try:
            told = _told(comparison, task, learner, settings, tried=tried, real=real, control=control)
        except CannotLearn as error:
            made.append(Skipped(f"{name}.{learner}", str(error)))
            continue
        below = [replace(one, metric=f"{name}.{learner}.{score}") for score, one in told.items()]
        made += below
        if learner == "boosted":
            made.insert(0, replace(told[task.headline], metric=name))
    return made


def _told(
    comparison: Comparison,
    task: Task,
    learner: str,
    settings: Learner,
    *,
    tried: Ration,
    real: Ration,
    control: Ration | None,
) -> dict[str, Measurement]:
    """Every score of one learner; what it makes of targets dealt out at random stands beside the headline."""
    given = None if learner in LEARNERS else settings
    mine = figures(comparison, task, learner, tried, given)
    theirs = figures(comparison, task, learner, real, given)
    lowest = floor(comparison, task) if control is None else figures(comparison, task, learner, control, given)
    found: dict[str, Measurement] = {}
    for score in mine:
        low, high = score_bounds(score)
        rows, parts = len(task.y["holdout"]), {}
        if score == task.headline:
            parts["shuffled_labels"] = score_interval(score, shuffled(comparison, task, learner, given), rows)
        one = measured(
            score,
            comparison,
            mine[score],
            theirs[score],
            baseline=lowest[score].value,
            better="lower" if score in LOWER_IS_BETTER else "higher",
            low=low,
            high=high,
            parts=parts,
        )
        found[score] = replace(
            one,
            estimate=score_interval(score, mine[score], rows),
            holdout=score_interval(score, theirs[score], rows),
            n_real=sum(n for part, n in real if part == "train"),
            n_synthetic=sum(n for part, n in tried if part == "synthetic"),
            sampled=any(
                n < (len(comparison.train) if part == "train" else len(comparison.synthetic)) for part, n in tried
            ),
        )
    return found
