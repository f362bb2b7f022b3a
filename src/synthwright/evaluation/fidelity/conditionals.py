"""Whether columns are distributed as in train where another column, above all the target, has a given value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.errors import UnknownName
from synthwright.evaluation._counts.coarse import coarse_counts, coarse_of
from synthwright.evaluation._counts.contingency import holm, independence, share_of_noise
from synthwright.evaluation._counts.distances import total_variation, total_variation_ratio
from synthwright.evaluation._counts.pairwise import pairs
from synthwright.evaluation._statistics.figure import Figure, largest, mean
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS, measured, worst_first
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Conditionals"]

MEAN, WORST, FLAGGED = (
    "fidelity.conditionals",
    "fidelity.conditionals.worst",
    "fidelity.conditionals.flagged",
)
SUPPORT = 30  # rows of train, and rows expected of the synthetic table, below which a distribution is noise
SEEN = 10  # rows expected of the holdout: its distance is brought to the synthetic table's size
ALPHA = 0.05


@dataclass(frozen=True, kw_only=True)
class Conditionals:
    """Total variation of P(column given another column's value) between train and others, 0 (equal) to 1 (disjoint).

    With a target: every column given the target, and the target given every column. Without one: every column given
    the one that it is most strongly linked with in train. `given` replaces both: pairs (given, column). Columns have at
    most 6 cells; given values need 30 rows of train and as many expected synthetic ones. ``fidelity.conditionals`` is
    the mean over pairs, in which values weigh by their share of train; ``.worst`` the worst single value; ``.flagged``
    the number of values under which the distributions differ (chi-squared with exact moments, Holm's correction at 5 %
    over all), a count in these very tables without an interval. Estimand of the others: the expectation over train and
    other tables of these sizes. The floor has no dependence. A value without any synthetic row counts as distance 1.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Given the target, are the columns distributed as in the real table, and the target given them?",
        source="total variation on shared cells; Dawson (1954); Holm (1979)",
        measures=(MEAN, WORST, FLAGGED),
    )
    given: tuple[tuple[str, str], ...] = ()

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean over pairs, the worst value, and how many values differ."""
        chosen = self.given or _chosen(comparison)
        for name in {name for pair in chosen for name in pair} - set(comparison.columns):
            raise UnknownName.among("compared column", name, comparison.columns)
        values = [value for pair in chosen for value in _values(comparison, *pair)]
        if not values:
            reason = "there is only one column to compare"
            if chosen:
                reason = f"no given value has {SUPPORT} rows of train and is expected as often in the synthetic table"
            return [Skipped(name, reason) for name in self.info.measures]
        return [_mean(comparison, values), _worst(comparison, values), _flagged(comparison, values)]


@dataclass(frozen=True, eq=False)
class _Value:
    """One column under one value of another: distances to train, p-values of no difference, and the floor."""

    pair: str
    name: str
    weight: float
    distance: dict[Part, Figure]
    chance: dict[Part, float]
    floor: float


def _chosen(comparison: Comparison) -> tuple[tuple[str, str], ...]:
    target = comparison.schema.target
    if target is not None and target.name in comparison.columns:
        others = [name for name in comparison.columns if name != target.name]
        return tuple(pair for name in others for pair in ((target.name, name), (name, target.name)))
    strongest: dict[str, tuple[float, str]] = {}
    for pair in pairs(comparison):
        for name, other in ((pair.first, pair.second), (pair.second, pair.first)):
            if name not in strongest or pair.v["train"].value > strongest[name][0]:
                strongest[name] = (pair.v["train"].value, other)
    return tuple((other, name) for name, (_, other) in strongest.items())


def _values(comparison: Comparison, given: str, column: str) -> list[_Value]:
    counts = {part: coarse_counts(comparison, part, given, column) for part in comparison.parts}
    train, rows = counts["train"], {part: comparison.rows(part) for part in comparison.parts}
    share = train.sum(axis=(0, 2)) / max(rows["train"], 1)
    least = {"train": SUPPORT, "synthetic": SUPPORT, "holdout": SEEN}
    enough = np.logical_and.reduce([share * rows[part] >= least[part] for part in comparison.parts])
    alone = train.sum(axis=(0, 1)) / max(rows["train"], 1)
    new = (np.arange(train.shape[2]) == train.shape[2] - 1) & comparison.schema[column].is_discrete
    together = bool(comparison.schema.having("group"))
    found = []
    for at in np.flatnonzero(enough):
        name = coarse_of(comparison, given).names[at]
        cut = {part: table[:, at] for part, table in counts.items()}
        distance = {part: _distance(cut["train"], cut[part], part) for part in comparison.parts[1:]}
        if "holdout" in cut and cut["holdout"].any():
            expected = max(1, round(rows["synthetic"] * share[at]))
            ratio = total_variation_ratio(cut["train"], cut["holdout"], expected, new)
            distance["holdout"] = distance["holdout"].times(ratio)
        chance = {part: _chance(cut["train"], cut[part], new, together) for part in comparison.parts[1:]}
        here = cut["train"].sum(axis=0) / cut["train"].sum()
        floor = float(0.5 * np.abs(here - alone).sum())
        pair = f"{column} given {given}"
        found.append(_Value(pair, f"{pair}: {name}", float(share[at]), distance, chance, floor))
    return found


def _distance(real: np.ndarray, other: np.ndarray, part: str) -> Figure:
    return total_variation(real, other, part) if other.any() else Figure.sure(1.0)


def _chance(real: np.ndarray, other: np.ndarray, new: np.ndarray, together: bool) -> float:
    """The p-value of both being drawn from one distribution; 0 where the other table has no row.

    Labels that train lacks, which fresh rows have too, count with train's rarest ones: alone they would always differ.
    """
    if not other.any():
        return 0.0
    real, other = (
        np.column_stack([one[:, ~new][:, :-1], one[:, ~new][:, -1] + one[:, new].sum(axis=1)]) for one in (real, other)
    )
    design = max(share_of_noise(real), share_of_noise(other)) if together else 1.0
    return independence(np.stack([real.sum(axis=0), other.sum(axis=0)]), design)


def _mean(comparison: Comparison, values: list[_Value]) -> Measurement:
    of_pair: dict[str, list[_Value]] = {}
    for value in values:
        of_pair.setdefault(value.pair, []).append(value)

    def weighted(part: Part) -> dict[str, Figure]:
        return {
            pair: mean([one.distance[part].times(one.weight * len(some) / sum(v.weight for v in some)) for one in some])
            for pair, some in of_pair.items()
        }

    synthetic = weighted("synthetic")
    floors = [np.average([v.floor for v in some], weights=[v.weight for v in some]) for some in of_pair.values()]
    return measured(
        MEAN,
        comparison,
        mean(list(synthetic.values())),
        mean(list(weighted("holdout").values())) if comparison.holdout is not None else None,
        baseline=float(np.mean(floors)),
        parts=worst_first(synthetic),
    )


def _worst(comparison: Comparison, values: list[_Value]) -> Measurement:
    synthetic = {value.name: value.distance["synthetic"] for value in values}
    holdout = {value.name: value.distance["holdout"] for value in values if "holdout" in value.distance}
    excess = {name: synthetic[name] - holdout[name] for name in holdout}
    return measured(
        WORST,
        comparison,
        largest(list(synthetic.values())),
        largest(list(holdout.values())) if holdout else None,
        baseline=max(value.floor for value in values),
        parts=worst_first(excess, low=-1.0) if excess else worst_first(synthetic),
    )


def _flagged(comparison: Comparison, values: list[_Value]) -> Measurement:
    def flags(part: Part) -> np.ndarray:
        return np.asarray(holm(np.array([value.chance[part] for value in values])) < ALPHA)

    told = [value for value, flag in zip(values, flags("synthetic"), strict=True) if flag]
    ranked = sorted(told, key=lambda value: -value.distance["synthetic"].value)[:WORST_PARTS]
    holdout = None if comparison.holdout is None else Estimate.exact(float(flags("holdout").sum()))
    return Measurement(
        metric=FLAGGED,
        estimate=Estimate.exact(float(len(told))),
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=len(comparison.synthetic),
        holdout=holdout,
        baseline=None,
        excess=None if holdout is None else Estimate.exact(len(told) - holdout.value),
        parts={value.name: value.distance["synthetic"].estimate(low=0.0, high=1.0) for value in ranked},
    )
