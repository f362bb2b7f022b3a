"""Does the target come out as it does in real rows, in every sensitive group?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._groups.group_figures import beside_train, means, ranked, worst_gap
from synthwright.evaluation._groups.outcome import outcome_of
from synthwright.evaluation._groups.sensitive import Grouping, groupings
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Outcomes"]


@dataclass(frozen=True, kw_only=True)
class Outcomes:
    """How often the target is positive in each sensitive group, synthetic against real.

    - ``bias.outcomes``: the largest difference of a group's rate to train's; `parts` are the differences, signed.
    - ``bias.outcomes.parity``: the demographic parity difference of the synthetic rows, between the two groups of one
      division that differ most surely in train. The target is train's; the excess over the holdout's is the
      amplification, free of the luck by which train chose the groups. `parts`: what is added to train's difference in
      each division, the one in question first.

    Positive is the rarer class of the target (the rarest of several); of a numeric target the mean counts, in standard
    deviations of train. Groups are those of `bias.representation`. The estimand is the expectation at these sizes.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Is the target as frequent in every sensitive group as in the real rows, and no gap wider?",
        source="demographic parity difference: Dwork et al. (2012), Agarwal et al. (2018); intervals: jackknife",
        measures=("bias.outcomes", "bias.outcomes.parity"),
        needs=frozenset({"groups", "target"}),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Both figures; skipped where no two groups have 50 train rows, or the target has one value."""
        found, outcome = groupings(comparison), outcome_of(comparison)
        if isinstance(found, str) or isinstance(outcome, str):
            reason = found if isinstance(found, str) else str(outcome)
            return [Skipped(name, reason) for name in self.info.measures]
        parts = (*comparison.parts, "floor")
        rates = {part: [_rates(comparison, one, part, outcome.values[part]) for one in found] for part in parts}
        gaps = {
            part: {
                group: rate - real[group]
                for real, made in zip(rates["train"], rates[part], strict=True)
                for group, rate in made.items()
                if group in real
            }
            for part in parts[1:]
        }
        if not gaps["synthetic"]:
            return [
                Skipped(name, "the target is known in no synthetic row of any group") for name in self.info.measures
            ]
        return [
            worst_gap(self.info.measures[0], comparison, gaps, high=outcome.most),
            _parity(self.info.measures[1], comparison, found, rates, outcome.most),
        ]


def _rates(comparison: Comparison, grouping: Grouping, part: str, values: np.ndarray) -> dict[str, Figure]:
    figures = means(comparison, grouping, part, values)
    return {group: figure for group, figure in zip(grouping.labels, figures, strict=True) if figure is not None}


def _parity(
    name: str,
    comparison: Comparison,
    found: list[Grouping],
    rates: Mapping[str, list[dict[str, Figure]]],
    most: float,
) -> Measurement | Skipped:
    """The difference of the two groups that train sets farthest apart, part by part."""
    apart: dict[str, Mapping[str, Figure]] = {}
    for at, grouping in enumerate(found):
        real = rates["train"][at]
        order = sorted(real, key=lambda group: real[group].value)
        if len(order) < 2:
            continue
        low, high = order[0], order[-1]
        of_parts = {part: of[at][high] - of[at][low] for part, of in rates.items() if {low, high} <= of[at].keys()}
        if {"train", "synthetic"} <= of_parts.keys():
            apart[f"{high} above {low}" if len(grouping.columns) == 1 else f"{grouping.name}: {high} above {low}"] = (
                of_parts
            )
    if not apart:
        return Skipped(name, "no two groups of train are both among the synthetic rows")
    # The gap that is surest, not the one that a group of fifty rows shows by luck.
    chosen = max(apart, key=lambda pair: apart[pair]["train"].value - apart[pair]["train"].half_width())
    widest = apart[chosen]
    amplified = {pair: of["synthetic"] - of["train"] for pair, of in apart.items()}
    return beside_train(name, comparison, widest, most, ranked({chosen: amplified[chosen]}) | ranked(amplified))
