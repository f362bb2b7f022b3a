"""Links between columns that train does not have, and links of train that are lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from synthwright.engines.context import Context
from synthwright.evaluation._counts.contingency import holm, independence, share_of_noise
from synthwright.evaluation._counts.pairwise import Pair, compared_pairs, pairs
from synthwright.evaluation._statistics.counted import scaled_difference
from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.intervals import student
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.evaluation.measured import WORST_PARTS, measured
from synthwright.evaluation.measurement import Estimate, Measurement, Skipped
from synthwright.evaluation.protocol import MetricInfo

__all__ = ["Links"]

WRONG, SPURIOUS, LOST, STRONGEST = (
    "fidelity.links",
    "fidelity.links.spurious",
    "fidelity.links.lost",
    "fidelity.links.strongest",
)
LINK = 0.1  # Cramer's V: a small effect of two classes by Cohen's convention (1988); weaker ones mislead nobody
LEAST_CHANGE = 0.05  # of V: a pair just above the line in one table and just below in the other is no finding
ALPHA = 0.025  # for spurious and for lost links, so that fresh rows show either in at most 5 % of tables


@dataclass(frozen=True, kw_only=True)
class Links:
    """How many pairs of columns are linked in one table and not in the other.

    A pair is linked where bias-corrected Cramer's V is at least 0.1. ``.spurious`` counts pairs linked in synthetic and
    not in train, ``.lost`` the reverse, ``fidelity.links`` both. A pair counts if V changed by at least 0.05, the
    change is significant (Student, jackknife errors) and so is the link itself (chi-squared with exact moments), each
    after Holm's correction at 2.5 %. So at 95 % confidence there are at least as many wrong links as are counted; the
    upper end of the interval adds the pairs for which the rows can't rule one out. Estimand: the number of such pairs
    in the populations that the tables were drawn from. ``.strongest``: the mean of V_train - V_other over the tenth
    of pairs that are strongest in train, which averages over all pairs hide; its estimand takes train as given. The
    holdout is tested at its own size.
    """

    info: ClassVar[MetricInfo] = MetricInfo(
        question="Which links between columns are invented, and which are lost?",
        source="Bergsma (2013), doi:10.1016/j.jkss.2012.10.002; Dawson (1954); Holm (1979)",
        measures=(WRONG, SPURIOUS, LOST, STRONGEST),
    )

    def measure(self, comparison: Comparison, context: Context) -> list[Measurement | Skipped]:
        """Numbers of spurious and of lost links, and the mean loss of the strongest tenth."""
        every = pairs(comparison)
        if not every:
            return [Skipped(name, "there is only one column to compare") for name in self.info.measures]
        spurious = {part: _gained(comparison, every, "train", part) for part in comparison.parts[1:]}
        lost = {part: _gained(comparison, every, part, "train") for part in comparison.parts[1:]}
        both = {part: spurious[part] + lost[part] for part in spurious}
        linked = float(sum(pair.v["train"].value >= LINK for pair in every))
        return [
            _counted(comparison, WRONG, both, baseline=linked),
            _counted(comparison, SPURIOUS, spurious, baseline=0.0),
            _counted(comparison, LOST, lost, baseline=linked),
            _strongest(comparison, every),
        ]


@dataclass(frozen=True)
class _Found:
    """Which pairs gained a link, which others may have, and by how much V rose."""

    sure: tuple[str, ...]
    possible: int
    rises: dict[str, Figure]

    def __add__(self, other: _Found) -> _Found:
        return _Found(self.sure + other.sure, self.possible + other.possible, {**self.rises, **other.rises})

    @property
    def count(self) -> Estimate:
        return Estimate(float(len(self.sure)), float(len(self.sure)), float(len(self.sure) + self.possible))


def _gained(comparison: Comparison, every: tuple[Pair, ...], before: Part, after: Part) -> _Found:
    """Pairs without a link in `before` and with one in `after`."""
    rises = {pair.name: pair.v[after] - pair.v[before] for pair in every}
    low = np.array([pair.v[before].value for pair in every])
    high = np.array([pair.v[after].value for pair in every])
    candidate = (low < LINK) & (high >= LINK) & (high - low >= LEAST_CHANGE)
    # Holm counts all pairs: those that are no candidates take part with the largest p-value, unseen.
    chances = np.ones(len(every))
    for at in np.flatnonzero(candidate):
        chances[at] = max(_no_rise(rises[every[at].name]), _no_link(comparison, every[at], after))
    sure = candidate & (holm(chances) < ALPHA)
    degrees = max(1, *(figure.blocks - 1 for figure in rises.values()))
    reach = student(1 - 2 * ALPHA / len(every), degrees)
    errors = {part: np.array([pair.v[part].error for pair in every]) for part in (before, after)}
    change = np.array([rises[pair.name].error for pair in every])
    open_ = (low - reach * errors[before] < LINK) & (high + reach * errors[after] >= LINK)
    open_ &= high - low + reach * change >= LEAST_CHANGE
    names = tuple(pair.name for pair, yes in zip(every, sure, strict=True) if yes)
    return _Found(names, int((open_ & ~sure).sum()), {name: rises[name] for name in names})


def _no_rise(rise: Figure) -> float:
    from scipy.special import stdtr

    if rise.error == 0:  # from no link to one without exception, in every block
        return 0.0 if rise.value > 0 else 1.0
    return float(stdtr(max(rise.blocks - 1, 1), -rise.value / rise.error))


def _no_link(comparison: Comparison, pair: Pair, part: Part) -> float:
    counts = comparison.counts(part, pair.first, pair.second)
    together = bool(comparison.schema.having("group"))
    return independence(counts.sum(axis=0), share_of_noise(counts.reshape(len(counts), -1)) if together else 1.0)


def _counted(comparison: Comparison, metric: str, found: dict[Part, _Found], *, baseline: float) -> Measurement:
    synthetic, holdout = found["synthetic"].count, found["holdout"].count if "holdout" in found else None
    ranked = sorted(found["synthetic"].rises.items(), key=lambda item: -item[1].value)[:WORST_PARTS]
    return Measurement(
        metric=metric,
        estimate=synthetic,
        better="lower",
        n_real=len(comparison.train),
        n_synthetic=len(comparison.synthetic),
        holdout=holdout,
        baseline=Estimate.exact(baseline),
        excess=None if holdout is None else scaled_difference(synthetic, holdout),
        parts={name: figure.estimate(low=-1.0, high=1.0) for name, figure in ranked},
        sampled=compared_pairs(comparison)[1],
    )


def _strongest(comparison: Comparison, every: tuple[Pair, ...]) -> Measurement:
    top = sorted(every, key=lambda pair: -pair.v["train"].value)[: max(1, len(every) // 10)]
    # Train says which pairs are strongest, so it is taken as given: its noise is in both losses, and the same.
    losses = {
        part: {pair.name: Figure.sure(pair.v["train"].value) - pair.v[part] for pair in top}
        for part in comparison.parts[1:]
    }
    ranked = sorted(losses["synthetic"].items(), key=lambda item: -item[1].value)[:WORST_PARTS]
    return measured(
        STRONGEST,
        comparison,
        mean(list(losses["synthetic"].values())),
        mean(list(losses["holdout"].values())) if "holdout" in losses else None,
        baseline=sum(pair.v["train"].value for pair in top) / len(top),
        better="lower",
        low=-1.0,
        parts={name: figure.estimate(low=-1.0, high=1.0) for name, figure in ranked},
        sampled=compared_pairs(comparison)[1],
    )
