"""Does the target depend on a sensitive group, given all other columns, as it does in real rows?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._groups.group_figures import beside_train, by_block, ranked, worst_gap
from synthwright.evaluation._groups.merit import Merit, merit_of
from synthwright.evaluation._groups.outcome import outcome_of
from synthwright.evaluation._groups.sensitive import Grouping, groupings
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Dependence"]


@dataclass(frozen=True, kw_only=True)
class Dependence:
    """How far the target of each sensitive group lies from that of other rows with the same score.

    The score predicts the target from the columns that are not sensitive: boosted trees, fitted on one half of train.
    Rows are put into ten strata of it, and within them a group's rate is compared with everybody else's (the risk
    difference of Mantel & Haenszel). What is left is what the other columns don't explain.

    - ``bias.dependence``: the largest difference, of any group, between the synthetic rows and train's other half;
      `parts` are the differences, signed.
    - ``bias.dependence.strongest``: of the group with the surest risk difference in that half, the size it has in the
      synthetic rows, below 0 if turned round. The target is that half's; the excess over the holdout's is the
      amplification. `parts` are the risk differences of all groups, signed, that group first.

    Positive outcomes and groups are those of `bias.outcomes`. The estimand is the expectation at these sizes, for this
    score.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Given all other columns, does the target depend on a sensitive group as it does in real rows?",
        source="Mantel & Haenszel (1959) risk difference over strata of a boosted score; intervals: jackknife",
        measures=("bias.dependence", "bias.dependence.strongest"),
        needs=frozenset({"groups", "target"}),
        cost=1,
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Both figures; skipped without groups, a target of two values, or rows that a score can be learnt from."""
        found, outcome, merit = groupings(comparison), outcome_of(comparison), merit_of(comparison)
        reason = next((one for one in (found, outcome, merit) if isinstance(one, str)), None)
        if reason is not None or isinstance(found, str) or isinstance(outcome, str) or isinstance(merit, str):
            return [Skipped(name, str(reason)) for name in self.info.measures]
        left: dict[str, dict[str, Figure]] = {}
        for part in (*comparison.parts, "floor"):
            left[part] = {}
            for grouping in found:
                left[part] |= _risk_differences(comparison, grouping, part, outcome.values[part], merit)
        shared = [group for group in left["train"] if group in left["synthetic"]]
        if not shared:
            reason = "no group and its other rows are in the same stratum, in train and in the synthetic rows"
            return [Skipped(name, reason) for name in self.info.measures]
        gaps = {
            part: {group: left[part][group] - left["train"][group] for group in shared if group in left[part]}
            for part in left
            if part != "train"
        }
        worst = worst_gap(self.info.measures[0], comparison, gaps, high=outcome.most, real_rows=merit.real_rows)
        return [worst, _strongest(self.info.measures[1], comparison, left, shared, outcome.most)]


def _strongest(
    name: str, comparison: Comparison, left: Mapping[str, dict[str, Figure]], shared: list[str], most: float
) -> Measurement:
    # The difference that is surest, not the one that a group of fifty rows shows by luck.
    group = max(shared, key=lambda one: abs(left["train"][one].value) - left["train"][one].half_width())
    sign = -1.0 if left["train"][group].value < 0 else 1.0
    of = {part: figures[group].times(sign) for part, figures in left.items() if group in figures}
    parts = ranked({group: left["synthetic"][group]}) | ranked({one: left["synthetic"][one] for one in shared})
    return beside_train(name, comparison, of, most, parts)


def _risk_differences(
    comparison: Comparison, grouping: Grouping, part: str, values: np.ndarray, merit: Merit
) -> dict[str, Figure]:
    """Mantel & Haenszel's risk difference of each group to all other rows of the grouping, by delete-a-block jackknife.

    ``sum_s w_s (mean of the group in s - mean of the others in s) / sum_s w_s`` with
    ``w_s = n_group n_others / (n_group + n_others)``.
    """
    stratum, groups = merit.strata[part], len(grouping)
    known = np.isfinite(values) & (stratum >= 0) & (grouping.of(part) >= 0)
    joint = np.where(known, stratum * groups + grouping.of(part), -1)
    cells = merit.count * groups
    shape = (-1, merit.count, groups)
    n = by_block(comparison, part, joint, cells).reshape(shape).astype(np.float64)
    total = by_block(comparison, part, joint, cells, np.where(known, values, 0.0)).reshape(shape)
    whole = _standardised(n.sum(axis=0)[None], total.sum(axis=0)[None])[0]
    blocks = len(n)
    left = _standardised(n.sum(axis=0)[None] - n, total.sum(axis=0)[None] - total) if blocks > 1 else whole[None]
    moves = (blocks - 1) / blocks * (left.mean(axis=0) - left)
    return {
        name: Figure(float(whole[at]), {part: moves[:, at]})
        for at, name in enumerate(grouping.labels)
        if np.isfinite(whole[at]) and np.isfinite(moves[:, at]).all()
    }


def _standardised(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """The risk differences (many, groups) of counts and sums (many, strata, groups); NaN without a shared stratum."""
    others, rest = n.sum(axis=2, keepdims=True) - n, total.sum(axis=2, keepdims=True) - total
    weight = n * others / np.maximum(n + others, 1)
    apart = total / np.maximum(n, 1) - rest / np.maximum(others, 1)
    mass = weight.sum(axis=1)
    return np.asarray(np.where(mass > 0, (weight * apart).sum(axis=1) / np.where(mass > 0, mass, 1), np.nan))
