"""Whether associations between columns are as strong as in train, for every mix of types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from synthwright.engines.context import Context
from synthwright.evaluation._counts.association import agreement, rank_correlations
from synthwright.evaluation._counts.counting import BLOCKS
from synthwright.evaluation._counts.distances import LONE, SEVERAL, absolute
from synthwright.evaluation._counts.marginals import size_ratio
from synthwright.evaluation._counts.pairwise import Pair, compared_pairs, pairs
from synthwright.evaluation._statistics.figure import Figure, largest, mean
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import measured, worst_first
from synthwright.evaluation.measurement import Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Correlations"]

MEAN, AGREEMENT, WORST, RANKS = (
    "fidelity.correlations",
    "fidelity.correlations.agreement",
    "fidelity.correlations.worst_loss",
    "fidelity.correlations.ranks",
)
LEAST_ROWS = (
    20  # off its commonest cell in each column of a pair: by chance, 20 expected rows become 5 in 1 table of 60,000
)
MAX_NUMERIC = 64  # columns whose ranks are correlated: the 2,016 pairs that the other measures stop at


@dataclass(frozen=True, kw_only=True)
class Correlations:
    """Differences of the associations between columns.

    ``fidelity.correlations``: mean |V_train - V_other| of bias-corrected Cramer's V (Bergsma 2013) on shared cells,
    over all pairs. ``.agreement``: the correlation of V_train with V_other over pairs (1 is best); the structure at a
    glance, blind to a common factor. ``.worst_loss``: the largest V_train - V_other among the tenth of pairs with the
    strongest association in train, where averages hide failures. Pairs of which fewer than 20 rows speak, in train or
    in as many rows as there are synthetic ones, are left out: fresh rows lose those, too. ``.ranks``: mean absolute
    difference of rank correlations of numeric pairs, which keeps the sign. The floor has no association at all. V says
    how strong, not of what form: the form is seen by `fidelity.pair_trends`. Estimand: the expectation over train and
    other tables of these sizes; where columns are independent V ends at 0, and intervals hold it more often than 95 %.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Are the associations between columns as strong as in the real table?",
        source="Bergsma (2013), doi:10.1016/j.jkss.2012.10.002; Spearman (1904)",
        measures=(MEAN, AGREEMENT, WORST, RANKS),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Mean difference, agreement and worst loss over all pairs; rank correlations over numeric ones."""
        every = pairs(comparison)
        if not every:
            return [Skipped(name, "there is only one column to compare") for name in self.info.measures]
        return [_mean(comparison, every), _agreement(comparison, every), _worst(comparison, every), _ranks(comparison)]


def _differences(comparison: Comparison, every: tuple[Pair, ...], part: Part) -> dict[str, Figure]:
    """V_train - V_part per pair, at the synthetic table's size."""
    ratio = size_ratio(comparison) if part == "holdout" else 1.0
    return {pair.name: (pair.v["train"] - pair.v[part]).times(ratio) for pair in every if part in pair.v}


def _mean(comparison: Comparison, every: tuple[Pair, ...]) -> Measurement:
    differences = _differences(comparison, every, "synthetic")
    least = LONE if len(every) < 6 else SEVERAL
    synthetic = [absolute(one, least=least) for one in differences.values()]
    holdout = [absolute(one, least=least) for one in _differences(comparison, every, "holdout").values()]
    return measured(
        MEAN,
        comparison,
        mean(synthetic),
        mean(holdout) if holdout else None,
        baseline=sum(pair.v["train"].value for pair in every) / len(every),
        parts=worst_first({name: absolute(one) for name, one in differences.items()}),
        sampled=compared_pairs(comparison)[1],
    )


def _agreement(comparison: Comparison, every: tuple[Pair, ...]) -> Measurement | Skipped:
    values = [pair.v["train"].value for pair in every]
    if len(every) < 3 or max(values) - min(values) < 1e-9:
        return Skipped(AGREEMENT, "it takes three pairs of columns with different associations")
    real = [pair.v["train"] for pair in every]
    synthetic = agreement(real, [pair.v["synthetic"] for pair in every])
    holdout = None
    if comparison.holdout is not None:
        raw = agreement(real, [pair.v["holdout"] for pair in every])
        # One minus a correlation near 1 is a sum of squared errors: it shrinks with the square of what errors do.
        holdout = Figure.sure(1.0) - (Figure.sure(1.0) - raw).times(size_ratio(comparison) ** 2)
    return measured(
        AGREEMENT,
        comparison,
        synthetic,
        holdout,
        baseline=0.0,
        better="higher",
        low=-1.0,
        sampled=compared_pairs(comparison)[1],
    )


def _worst(comparison: Comparison, every: tuple[Pair, ...]) -> Measurement | Skipped:
    if comparison.fewest < BLOCKS:  # V of a handful of rows is 0 or 1, and so are those without a block
        return Skipped(
            WORST, f"it needs {BLOCKS} rows of each kind, one per jackknife block, and one has {comparison.fewest}"
        )
    rows = {name: _rows_off_the_mode(comparison, name) for name in comparison.columns}
    told = [pair for pair in every if min(rows[pair.first], rows[pair.second]) >= LEAST_ROWS]
    if not told:
        most = max(min(rows[pair.first], rows[pair.second]) for pair in every)
        return Skipped(
            WORST, f"it needs a pair of columns of which {LEAST_ROWS} rows speak, and the best has {most:.0f}"
        )
    ranked = sorted(told, key=lambda pair: -pair.v["train"].value)
    strongest = tuple(ranked[: max(1, len(told) // 10)])
    synthetic = _differences(comparison, strongest, "synthetic")
    holdout = _differences(comparison, strongest, "holdout")
    return measured(
        WORST,
        comparison,
        _loss(synthetic),
        _loss(holdout) if holdout else None,
        baseline=strongest[0].v["train"].value,
        parts=worst_first(synthetic, low=-1.0),
        sampled=compared_pairs(comparison)[1],
    )


def _rows_off_the_mode(comparison: Comparison, name: str) -> float:
    """Rows with another than the commonest value: in train, or expected in a synthetic table that is smaller."""
    counts = comparison.counts("train", name).sum(axis=0)
    off = float(counts.sum() - counts.max())
    return off * min(1.0, comparison.rows("synthetic") / max(len(comparison.train), 1))


def _loss(figures: Mapping[str, Figure]) -> Figure:
    worst = largest(list(figures.values()))
    return worst if worst.value > 0 else Figure(0.0, worst.moves)


def _ranks(comparison: Comparison) -> Measurement | Skipped:
    names = tuple(column.name for column in comparison.schema if column.is_numeric)
    if len(names) < 2:
        return Skipped(RANKS, "there are no two numeric columns")
    wide = len(names) > MAX_NUMERIC
    names = names[:MAX_NUMERIC]
    by_part = {part: rank_correlations(comparison, part, names) for part in comparison.parts}
    shared = [key for key in by_part["train"] if all(key in found for found in by_part.values())]
    if not shared:
        return Skipped(RANKS, "no two numeric columns vary together in every table")

    def differences(part: Part) -> dict[str, Figure]:
        ratio = size_ratio(comparison) if part == "holdout" else 1.0
        found = by_part[part]
        return {" × ".join(key): absolute((by_part["train"][key] - found[key]).times(ratio)) for key in shared}  # noqa: RUF001  # crossed with

    synthetic = differences("synthetic")
    holdout = mean(list(differences("holdout").values())) if comparison.holdout is not None else None
    return measured(
        RANKS,
        comparison,
        mean(list(synthetic.values())),
        holdout,
        baseline=sum(abs(by_part["train"][key].value) for key in shared) / len(shared),
        high=2.0,
        parts=worst_first(synthetic, high=2.0),
        sampled=wide,
    )
