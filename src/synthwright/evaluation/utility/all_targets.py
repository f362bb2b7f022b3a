"""Do synthetic rows teach to predict every column, not only the one they were made for?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context, Event
from synthwright.errors import shorten
from synthwright.evaluation._counts.naming import distinctly
from synthwright.evaluation._learners.prediction import equal_rations, figures, floor, task_of, taught
from synthwright.evaluation._neighbours.drawing import drawn_rows
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.resampling import extremes
from synthwright.evaluation.comparison import PARTS, Comparison
from synthwright.evaluation.measured import WORST_PARTS, measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo
from synthwright.seeding import Streams

__all__ = ["AllTargets"]

_ROWS = 20_000  # of each table: a model per column and table is fitted
_SURE = 5.0  # standard errors of what real rows teach: with fewer, the share of it is mostly noise of the divisor


@dataclass(frozen=True, kw_only=True)
class AllTargets:
    """Every compared column in turn as the target: the mean and the worst share of real rows' skill that is kept.

    For each column boosted trees learn it from all others, from one half of train, from as many synthetic rows and from
    as many of train's other half, and are scored on the holdout: (score - floor) / (score of the first half - floor),
    with area under the curve or R2, and 0 for less than the floor. Columns that the first half does not clearly teach
    are left out, as are columns that say which rows belong together. The ceiling is the other half's share, the floor
    0.

    The estimand is the expectation of the statistic for these fitted models over test rows of this number. Parts:
    columns, worst first.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Which share of what real rows teach about every column do synthetic rows teach?",
        source="original; delta method over test rows",
        measures=("utility.all_targets", "utility.all_targets.worst"),
        needs=frozenset({"holdout"}),
        cost=2,
        default=False,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean and worst share; skipped where no column can be learnt from the others."""
        if comparison.holdout is None:
            return [Skipped(name, "there is no holdout to test models on") for name in self.info.measures]
        tables = {
            part: comparison.part(part).take(drawn_rows(comparison, part, _ROWS, "all targets")) for part in PARTS
        }
        small = Comparison(tables["train"], tables["synthetic"], tables["holdout"], comparison.seed)
        names = [column.name for column in small.schema if column.is_modelled and column.role not in {"group", "key"}]
        kept: dict[str, tuple[Figure, Figure]] = {}
        reason, n = "there is no column to predict another one from", 0
        for done, name in enumerate(names):
            context.progress(Event("all targets", done, len(names), shorten(name)))
            shares = _shares(_targeting(small, name))
            if isinstance(shares, str):
                reason = shares
                continue
            n = max(n, shares[0])
            kept[name] = shares[1:]
        if not kept:
            told = f"none of {len(names)} columns can be learnt from the others; of the last, {reason}"
            return [Skipped(name, told) for name in self.info.measures]
        return self._told(comparison, kept, n)

    def _told(
        self, comparison: Comparison, kept: dict[str, tuple[Figure, Figure]], n: int
    ) -> list[Measurement | Skipped]:
        mine, theirs = ([pair[at] for pair in kept.values()] for at in (0, 1))
        titles = distinctly(shorten(name) for name in kept)
        ranked = sorted(zip(titles, mine, strict=True), key=lambda item: item[1].value)[:WORST_PARTS]
        parts: dict[str, Estimate] = {title: figure.estimate(low=0.0) for title, figure in ranked}
        figures_of = {"": (mean(mine), mean(theirs)), ".worst": (_least(mine), _least(theirs))}
        made: list[Measurement | Skipped] = []
        for ending, (own, unseen) in figures_of.items():
            name = self.info.measures[0] + ending
            one = measured(name, comparison, own, unseen, baseline=0.0, better="higher", high=np.inf, parts=parts)
            if ending:
                streams = Streams(comparison.seed).at("evaluation", "utility", "all targets")
                one = extremes(one, mine, theirs, streams, least=True, low=0.0)
            sampled = n < len(comparison.synthetic)
            made.append(replace(one, n_real=n, n_synthetic=n, sampled=sampled, parts=parts if not ending else {}))
        return made


def _targeting(comparison: Comparison, name: str) -> Comparison:
    """The same tables with another target, and nothing kept: models of one target are of no use to the next."""
    schema = comparison.schema.with_target(name)
    train, synthetic, holdout = (comparison.part(part).with_schema(schema) for part in PARTS)
    # Which rows are one block does not depend on the target, and groups make it costly to find out.
    codes = {("codes", part): comparison.codes(part) for part in PARTS} if schema.having("group") else {}
    return Comparison(train, synthetic, holdout, comparison.seed, _kept=dict(codes))


def _shares(comparison: Comparison) -> tuple[int, Figure, Figure] | str:
    """Rows learnt from, and the share of the skill that synthetic rows and train's other half keep; or why not."""
    task = task_of(comparison)
    if isinstance(task, str):
        return task
    n, rations = equal_rations(comparison, task)
    lowest = floor(comparison, task)[task.headline]
    skill = {part: figures(comparison, task, "boosted", rations[part])[task.headline] - lowest for part in PARTS}
    if reason := taught(task, skill["train"]):
        return reason
    whole = skill["train"]
    if whole.value < _SURE * whole.error:
        return f"what real rows teach is too little to speak of shares of it: {whole.value:.3g} above the floor"
    shares = []
    for part in ("synthetic", "holdout"):
        share = skill[part].value / whole.value
        moves = (skill[part] - whole.times(share)).times(1 / whole.value).moves["holdout"]
        if not comparison.schema.having("group"):  # a move per tested row: columns are known in different ones
            every = np.zeros(comparison.rows("holdout"))
            every[task.rows["holdout"]] = moves
            moves = every
        shares.append(Figure(max(share, 0.0), {"holdout": moves}))
    return n, shares[0], shares[1]


def _least(figures_: list[Figure]) -> Figure:
    return min(figures_, key=lambda figure: figure.value)
