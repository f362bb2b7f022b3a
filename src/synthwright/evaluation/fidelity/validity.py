"""Whether rows obey the rules: the schema's own, and what train never shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.rules import broken_rules, unseen_values
from synthwright.evaluation._statistics.intervals import clopper_pearson
from synthwright.evaluation._statistics.shares import Share, share_measured
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Validity"]


@dataclass(frozen=True, kw_only=True)
class Validity:
    """The share of rows that break a rule, with the exact interval of Clopper & Pearson (1934).

    ``fidelity.validity`` counts rows that break a hard rule: a fraction in a column of integers, a repeated or missing
    key, a broken constraint of the schema (part ``rule: a <= b``), and, where a person declared them, values out of
    bounds, labels not in the list and missing cells.
    ``fidelity.validity.unseen`` counts rows with a value that train never shows (beyond its smallest or largest number,
    a new label, a missing cell where train has none); fresh real rows have some too, so read the excess over the
    holdout. Parts: per rule and column, most broken first. Whether values are likely is no question of validity.

    Estimand: the chance that a row of the generator (for `holdout`, of the population) breaks a rule, given train.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Do rows obey the schema, and do values stay where real ones are?",
        source="Clopper & Pearson (1934); Newcombe (1998) for the excess",
        measures=("fidelity.validity", "fidelity.validity.unseen"),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Shares of rows with a broken rule, and with an unseen value."""
        hard: dict[Part, Mapping[str, np.ndarray]] = {
            part: broken_rules(comparison.part(part), comparison.part("train")) for part in comparison.parts[1:]
        }
        soft: dict[Part, Mapping[str, np.ndarray]] = {
            part: unseen_values(comparison, part) for part in comparison.parts[1:]
        }
        return [_share(name, comparison, broken) for name, broken in zip(self.info.measures, (hard, soft), strict=True)]


def _share(name: str, comparison: Comparison, broken: Mapping[Part, Mapping[str, np.ndarray]]) -> Measurement:
    shares = {
        part: Share.of(comparison, part, _rows_with_any(rules, comparison.rows(part))) for part, rules in broken.items()
    }
    return share_measured(
        name,
        comparison,
        shares["synthetic"],
        shares.get("holdout"),
        interval=clopper_pearson,
        parts=_most_broken(broken["synthetic"], comparison.rows("synthetic")),
    )


def _rows_with_any(rules: Mapping[str, np.ndarray], rows: int) -> np.ndarray:
    hit = np.zeros(rows, dtype=bool)
    for rule in rules.values():
        hit |= rule
    return hit


def _most_broken(rules: Mapping[str, np.ndarray], rows: int) -> dict[str, Estimate]:
    ranked = sorted(((int(hit.sum()), name) for name, hit in rules.items()), key=lambda item: -item[0])
    return {name: clopper_pearson(count, rows) for count, name in ranked[:WORST_PARTS]}
