"""Are sensitive groups as many among synthetic rows as among real ones?"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.distances import noise_ratio
from synthwright.evaluation._groups.group_figures import by_block, largest_gap, rows_of
from synthwright.evaluation._groups.sensitive import Grouping, groupings
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import WORST_PARTS, measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Representation"]


@dataclass(frozen=True, kw_only=True)
class Representation:
    """The share of each sensitive group among synthetic rows, over its share in train: the ratio farthest from 1.

    It is given as a number up to 1: .2 for a group made five times too rarely, or five times too often. `parts` are the
    ratios themselves, the farthest first. Groups are the values of each column of role ``sensitive`` and of their
    crossings, with at least 50 rows of train. Ratios are taken of counts plus one half.

    The estimand is the expectation of the figure at these sizes: the worst of many noisy ratios is below 1 for fresh
    rows too, so judge the excess over the ceiling, the same for holdout rows brought to the synthetic table's size.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Is any sensitive group much rarer or more frequent than in the real rows?",
        source="original: ratios of shares, the farthest of all; intervals: jackknife of log ratios",
        measures=("bias.representation",),
        needs=frozenset({"groups"}),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """The farthest ratio; skipped where no two groups have 50 train rows."""
        name = self.info.measures[0]
        found = groupings(comparison)
        if isinstance(found, str):
            return [Skipped(name, found)]
        if comparison.fewest < 2:
            return [Skipped(name, "one of the tables has a single row, which tells no share")]
        logs = {part: _all_logs(comparison, found, part) for part in (*comparison.parts[1:], "floor")}
        ceiling = None
        if "holdout" in logs:
            scale = noise_ratio(*(comparison.rows(part) for part in ("train", "holdout", "synthetic")))
            ceiling = _kept(largest_gap(list(logs["holdout"].values())).times(scale))
        order = sorted(logs["synthetic"].items(), key=lambda item: -abs(item[1].value))[:WORST_PARTS]
        made = measured(
            name,
            comparison,
            _kept(largest_gap(list(logs["synthetic"].values()))),
            ceiling,
            baseline=math.exp(-max(abs(one.value) for one in logs["floor"].values())),
            better="higher",
            parts={group: _ratio(log) for group, log in order},
        )
        return [made]


def _all_logs(comparison: Comparison, found: list[Grouping], part: str) -> Mapping[str, Figure]:
    return {
        group: log
        for grouping in found
        for group, log in zip(grouping.labels, _logs(comparison, grouping, part), strict=True)
    }


def _logs(comparison: Comparison, grouping: Grouping, part: str) -> list[Figure]:
    """The logarithm of the ratio of shares of each group; half a row is added to either count."""
    logs: list[Figure] = [Figure.sure(0.0)] * len(grouping)
    for which, sign in (("train", -1.0), (part, 1.0)):
        counts = by_block(comparison, which, grouping.of(which), len(grouping))
        sizes = by_block(comparison, which, np.zeros(rows_of(comparison, which), dtype=np.int64), 1)[:, 0]
        rows = sizes.sum()
        for at, count in enumerate(counts.T):
            total = count.sum()
            moves = (count - sizes * (total / rows)) / (total + 0.5)
            if total == 0 and len(moves) > 1:
                moves[0] = math.sqrt(2.0)  # none seen is not none ever: the spread of the logarithm of half a row
            logs[at] = logs[at] + Figure(math.log((total + 0.5) / rows), {which: moves}).times(sign)
    return logs


def _kept(size: Figure) -> Figure:
    """exp(-size): how much of 1 the farthest ratio, or its inverse, is."""
    ratio = math.exp(-size.value)
    return Figure(ratio, size.times(-ratio).moves)


def _ratio(log: Figure) -> Estimate:
    half = log.half_width()
    return Estimate(*(math.exp(log.value + step) for step in (0.0, -half, half)))
