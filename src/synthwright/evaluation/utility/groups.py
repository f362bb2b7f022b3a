"""Do models of synthetic rows serve every group as well as models of real rows do?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._groups.within import EACH, FEWEST, headline_within, scored_groups
from synthwright.evaluation._learners.prediction import equal_rations, predicted, task_of, without_skill
from synthwright.evaluation._learners.scores import score_bounds
from synthwright.evaluation._statistics.figure import Figure, largest
from synthwright.evaluation._statistics.resampling import extremes
from synthwright.evaluation.comparison import PARTS, Comparison
from synthwright.evaluation.measured import measured, worst_first
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["Groups"]


@dataclass(frozen=True, kw_only=True)
class Groups:
    """The largest loss of any group: its score with boosted trees of real rows less that with trees of synthetic ones.

    Groups are those of the sensitive columns and of their crossings (`evaluation.sensitive`: labels, quarters of
    numbers, 50 train rows) with at least 50 test rows. The score is the headline of `utility.tstr` within the group:
    the area under the curve of train's minority class (10 rows with and without it are needed), or R2. The real model
    has learnt from one half of train, the synthetic one from as many rows; the ceiling is the largest loss with train's
    other half in the place of the synthetic rows, the floor that without any model. ``utility.groups.lowest`` is the
    lowest score of any group, against that with real rows.

    The estimand is the expectation of the statistic for these fitted models over test rows of this number. Parts:
    losses per group, largest first; scores per group, lowest first.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Does every group get models as good as from real rows?",
        source="original; infinitesimal jackknife over test rows (DeLong)",
        measures=("utility.groups", "utility.groups.lowest"),
        needs=frozenset({"holdout", "target", "groups"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Largest loss and lowest score; skipped where no group is large enough to be scored."""
        task = task_of(comparison)
        if isinstance(task, str):
            return [Skipped(name, task) for name in self.info.measures]
        scored = scored_groups(comparison, task)
        if not scored:
            reason = f"no group has {FEWEST} test rows" + (f", {EACH} of each class" if task.classes else "")
            return [Skipped(name, reason) for name in self.info.measures]
        n, rations = equal_rations(comparison, task)
        models = {part: predicted(comparison, task, "boosted", rations[part]) for part in PARTS}
        found = {part: headline_within(comparison, task, made, scored) for part, made in models.items()}
        idle = headline_within(comparison, task, without_skill(task), scored)
        lost = {name: found["train"][name] - found["synthetic"][name] for name in scored}
        unseen = [found["train"][name] - found["holdout"][name] for name in scored]
        low, high = score_bounds(task.headline)
        first, second = self.info.measures
        loss = measured(
            first,
            comparison,
            largest(list(lost.values())),
            largest(unseen),
            baseline=max((found["train"][name] - idle[name]).value for name in scored),
            low=low - high,
            high=high - low,
            parts=worst_first(lost, low=low - high, high=high - low),
        )
        least = measured(
            second,
            comparison,
            _smallest(found["synthetic"]),
            _smallest(found["holdout"]),
            baseline=_smallest(idle).value,
            better="higher",
            low=low,
            high=high,
            parts=_lowest_first(found["synthetic"], low, high),
        )
        sizes: dict[str, Any] = {"n_real": n, "n_synthetic": n, "sampled": n < len(comparison.synthetic)}
        streams = Streams(comparison.seed).at("evaluation", "utility", "groups")
        loss = extremes(loss, list(lost.values()), unseen, streams, low=low - high, high=high - low)
        mine, theirs = (list(found[part].values()) for part in ("synthetic", "holdout"))
        least = extremes(least, mine, theirs, streams, least=True, low=low, high=high)
        return [replace(loss, **sizes), replace(least, **sizes)]


def _smallest(figures: Mapping[str, Figure]) -> Figure:
    return min(figures.values(), key=lambda figure: figure.value)


def _lowest_first(figures: Mapping[str, Figure], low: float, high: float) -> dict[str, Estimate]:
    turned = worst_first({name: figure.times(-1.0) for name, figure in figures.items()}, low=-high, high=-low)
    return {name: Estimate(-one.value, -one.high, -one.low) for name, one in turned.items()}
