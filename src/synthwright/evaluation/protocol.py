"""The one shape every metric has: a comparison in, measurements with intervals out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from synthwright.engines.context import Context
from synthwright.evaluation.comparison import PARTS, Comparison, Part
from synthwright.evaluation.measurement import Measurement, Skipped

__all__ = ["Metric", "MetricInfo", "Need"]

Need = Literal["holdout", "target", "groups", "against", "identifiers", "lineage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricInfo:
    """What a reader needs to know before trusting a number.

    `question` is what the metric answers, in one sentence; `measures` lists the names it returns; `cost` is its share
    of a default evaluation: 0 counts only, 1 a learner or distances on a sample, 2 minutes. `limits` names the settings
    that say on how many rows: whoever wants all rows raises them (`exactness.with_all_rows`).
    `rests_on` names the rows with which its intervals get narrower, for those who ask how many would do: a score is as
    sure as its test rows are many, whatever it was trained on.
    """

    question: str
    source: str
    measures: tuple[str, ...]
    kind: Literal["table", "text", "image"] = "table"
    needs: frozenset[Need] = frozenset()
    cost: Literal[0, 1, 2] = 0
    default: bool = True
    limits: tuple[str, ...] = ()
    rests_on: tuple[Part, ...] = PARTS


class Metric(Protocol):
    """The settings of a metric: a frozen dataclass."""

    info: ClassVar[MetricInfo]

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Every name in ``info.measures``, measured or skipped with the reason."""
        ...
