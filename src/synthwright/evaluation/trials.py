"""Two trainings on the same test: what is tried against what real rows give, score by score."""

from __future__ import annotations

from dataclasses import replace

from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.figure import Figure
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.prediction import LEARNERS, Ration, Task, figures, floor, shuffled
from synthwright.evaluation.scores import LOWER_IS_BETTER, score_bounds

__all__ = ["trial"]


def trial(
    name: str, comparison: Comparison, task: Task, *, tried: Ration, real: Ration, control: Ration | None = None
) -> list[Measurement | Skipped]:
    """The headline `name`, then ``name.<learner>.<score>`` for all: estimate `tried`, ceiling `real`, paired excess.

    The baseline is what `control` gives; without one, always answering train's class frequencies or mean.
    """
    lowest = floor(comparison, task)
    sampled = sum(n for _, n in tried) < sum(comparison.rows(part) for part, _ in tried)

    def one(metric: str, score: str, mine: Figure, theirs: Figure, lower: Figure) -> Measurement:
        low, high = score_bounds(score)
        made = measured(
            metric,
            comparison,
            mine,
            theirs,
            baseline=lower.value,
            better="lower" if score in LOWER_IS_BETTER else "higher",
            low=low,
            high=high,
        )
        real_rows = sum(n for part, n in real if part == "train")
        synthetic_rows = sum(n for part, n in tried if part == "synthetic")
        return replace(made, n_real=real_rows, n_synthetic=synthetic_rows, sampled=sampled)

    made: list[Measurement | Skipped] = []
    for learner in LEARNERS:
        mine, theirs = figures(comparison, task, learner, tried), figures(comparison, task, learner, real)
        floors = lowest if control is None else figures(comparison, task, learner, control)
        made += [one(f"{name}.{learner}.{score}", score, mine[score], theirs[score], floors[score]) for score in mine]
        if learner == "boosted":
            score = task.headline
            low, high = score_bounds(score)
            dealt = {"shuffled_labels": shuffled(comparison, task).estimate(low=low, high=high)}
            made.insert(0, replace(one(name, score, mine[score], theirs[score], floors[score]), parts=dealt))
    return made
