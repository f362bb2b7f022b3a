"""Does a model fitted on synthetic rows serve sensitive groups as equally as one fitted on real rows?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._groups.group_figures import largest_of, ranked
from synthwright.evaluation._groups.sensitive import Grouping, groupings
from synthwright.evaluation._groups.served import Answers, answers_of, gaps_of, served
from synthwright.evaluation._learners.task import Task, task_of
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.resampling import extremes
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import measured
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["Disparities"]


@dataclass(frozen=True, kw_only=True)
class Disparities:
    """Differences between sensitive groups of holdout rows in the answers of boosted trees, TSTR against TRTR.

    - ``bias.disparities.demographic_parity``: the largest minus the smallest selection rate of any group;
    - ``bias.disparities.equalized_odds``: the larger of the differences of true and of false positive rates;
    - ``bias.disparities.calibration``: the largest |mean probability - share of positives| of any group.

    Each is the worst over the divisions of `bias.representation`; `parts` are the changes against TRTR per division.
    The first two are fairlearn's ``demographic_parity_difference`` and ``equalized_odds_difference`` (0.5 as threshold
    for two classes). Numeric targets have no odds; their answers count in standard deviations of train. Groups need 50
    train rows and 20 holdout rows, of which 20 positive and 20 negative ones for odds.

    The ceiling is TRTR: as many train rows. The estimand is the figure of these two fitted models, over test rows of
    this number; `excess` is paired over them.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Does a model fitted on synthetic rows treat groups more unequally than one fitted on real rows?",
        source="Hardt et al. (2016); Agarwal et al. (2018), fairlearn's definitions; infinitesimal jackknife, paired",
        measures=(
            "bias.disparities.demographic_parity",
            "bias.disparities.equalized_odds",
            "bias.disparities.calibration",
        ),
        needs=frozenset({"groups", "holdout", "target"}),
        cost=1,
        rests_on=("holdout",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The three figures; skipped where the target can't be learnt or no two groups have enough rows."""
        found, task = groupings(comparison), task_of(comparison)
        if isinstance(found, str) or isinstance(task, str):
            reason = found if isinstance(found, str) else str(task)
            return [Skipped(name, reason) for name in self.info.measures]
        n = min(len(task.y["train"]), len(task.y["synthetic"]))
        tried, real = (answers_of(comparison, task, ((part, n),)) for part in ("synthetic", "train"))
        mine, theirs = (
            {grouping.name: served(comparison, task, grouping, answers) for grouping in found}
            for answers in (tried, real)
        )
        spread = float(np.ptp(real.truth))
        high = max(1.0, 10 * spread)
        made: list[Measurement | Skipped] = []
        for name in self.info.measures:
            kind = name.rpartition(".")[2]
            if not _those(mine, kind):
                made.append(Skipped(name, _why_not(kind, tried.classes)))
                continue
            one = _compared(name, comparison, _those(mine, kind), _those(theirs, kind), n, high=high)
            if kind == "calibration":
                shown = [grouping for grouping in found if kind in mine[grouping.name]]
                own, unseen = (_either_sign(comparison, task, shown, answers) for answers in (tried, real))
                streams = Streams(comparison.seed).at("evaluation", "bias", "disparities")
                one = extremes(one, own, unseen, streams, low=0.0, high=high)
            made.append(one)
        return made


def _either_sign(comparison: Comparison, task: Task, found: Sequence[Grouping], answers: Answers) -> list[Figure]:
    """The gaps of all groups and their negatives, the largest of which is the largest gap in size.

    Gaps close to 0 change their sign from sample to sample, so the difference of two of the largest has no slope.
    """
    gaps = [gap for grouping in found for gap in gaps_of(comparison, task, grouping, answers)]
    return [*gaps, *(gap.times(-1.0) for gap in gaps)]


def _those(of: Mapping[str, Mapping[str, Figure]], kind: str) -> dict[str, Figure]:
    return {division: figures[kind] for division, figures in of.items() if kind in figures}


def _why_not(kind: str, classes: bool) -> str:
    if kind == "equalized_odds" and not classes:
        return "a numeric target has no odds"
    what = "20 positive and 20 negative holdout rows each" if kind == "equalized_odds" else "20 holdout rows each"
    return f"no two groups have {what}"


def _compared(
    name: str, comparison: Comparison, mine: dict[str, Figure], theirs: dict[str, Figure], n: int, *, high: float
) -> Measurement:
    made = measured(
        name,
        comparison,
        largest_of(list(mine.values())),
        largest_of(list(theirs.values())),
        baseline=None if name.endswith("calibration") else 0.0,
        better="lower",
        high=high,
        parts=ranked({division: mine[division] - theirs[division] for division in mine}),
    )
    return replace(made, n_real=n, n_synthetic=n, sampled=n < len(comparison.synthetic))
