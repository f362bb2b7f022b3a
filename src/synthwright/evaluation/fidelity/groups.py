"""Whether every group of people (or every class) is as well made as the table as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.pairwise import pairs
from synthwright.evaluation._counts.trios import Trio, ceilings
from synthwright.evaluation._groups.grouping import Group, column_errors, groups_of, within
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.measured import WORST_PARTS, measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Groups"]


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Mean error of columns and of pairs inside each group, against train's rows of that group; mean over the groups.

    Groups are those of the columns with the role sensitive and of their intersections; without any, those of the
    target. Inside a group the errors are total variation distances of the other columns, alone and in pairs, on cells
    learnt from its train rows as in `fidelity.pair_trends`. Small groups err more by chance: the ceiling of each is
    its own holdout rows, brought to the number of its synthetic rows, so that a fresh sample of any size and any mix
    of groups has an expected excess of 0. A group that the synthetic table lacks errs by 1.

    Parts: the excess of each group (without a holdout its error), the surely largest first. The estimand is the mean of
    the expected errors of these groups, with as many rows in each part as they have and cells learnt from so many; its
    interval comes from the jackknife blocks of the whole table.
    """

    rows: int = 100_000  # of each table: group by group, all pairs of columns are counted once more
    info: ClassVar[MetricInfo] = MetricInfo(
        question="Is every sensitive group (or class) as well made as real rows of that group?",
        source="per-group scores as in SDNist (Task et al. 2023); ceilings original",
        measures=("fidelity.groups", "fidelity.groups.pairs"),
        limits=("rows",),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean column and pair error inside groups; skipped without a sensitive column or target."""
        if not comparison.schema.having("sensitive") and comparison.schema.target is None:
            return self._skipped("no column has the role sensitive, and there is no target")
        found = groups_of(comparison, self.rows)
        if not found:
            return self._skipped("no group has 50 rows of train, 50 expected synthetic ones and 50 of the holdout")
        errors = {group.name: _errors(comparison, group) for group in found}
        results: list[Measurement | Skipped] = []
        for at, name in enumerate(self.info.measures):
            trios = {group: trio for group, both in errors.items() if (trio := both[at]) is not None}
            if trios:
                results.append(_over_groups(name, comparison, trios, self.rows))
            else:
                results.append(Skipped(name, "beside the groups there are not two columns to compare"))
        return results

    def _skipped(self, reason: str) -> list[Measurement | Skipped]:
        return [Skipped(name, reason) for name in self.info.measures]


def _over_groups(name: str, comparison: Comparison, trios: Mapping[str, Trio], limit: int) -> Measurement:
    unseen = ceilings(trios.values())
    return measured(
        name,
        comparison,
        mean([trio.synthetic for trio in trios.values()]),
        mean(unseen) if unseen else None,
        baseline=sum(trio.baseline for trio in trios.values()) / len(trios),
        parts=_surest_first(trios),
        sampled=any(comparison.rows(part) > limit for part in comparison.parts),
    )


def _surest_first(trios: Mapping[str, Trio]) -> dict[str, Estimate]:
    figures = {
        group: trio.synthetic if trio.holdout is None else trio.synthetic - trio.holdout
        for group, trio in trios.items()
    }
    low = 0.0 if all(trio.holdout is None for trio in trios.values()) else -1.0
    ranked = sorted(figures.items(), key=lambda item: item[1].half_width() - item[1].value)
    return {group: figure.estimate(low=low, high=1.0) for group, figure in ranked[:WORST_PARTS]}


def _errors(comparison: Comparison, group: Group) -> tuple[Trio | None, Trio | None]:
    """The mean column and pair error inside `group`; ``None`` where there is nothing to compare."""
    empty = len(group.rows["synthetic"]) == 0
    if empty and comparison.holdout is None:
        nothing = Trio(Figure.sure(1.0), None, 1.0)
        return nothing, nothing
    inner = within(comparison, group, without="synthetic" if empty else None)
    both = column_errors(inner), [one.trend for one in pairs(inner)]
    columns, together = (_mean(trios, empty=empty) for trios in both)
    return columns, together


def _mean(trios: list[Trio], *, empty: bool) -> Trio | None:
    if not trios:
        return None
    unseen = ceilings(trios)
    synthetic = Figure.sure(1.0) if empty else mean([trio.synthetic for trio in trios])
    return Trio(synthetic, mean(unseen) if unseen else None, sum(trio.baseline for trio in trios) / len(trios))
