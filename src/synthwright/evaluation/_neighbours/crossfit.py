"""Attacks are chosen on one half of the targets and judged on the other: the best of several needs no correction."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._statistics.intervals import clopper_pearson, wilson
from synthwright.evaluation._statistics.roc import auc_influence
from synthwright.evaluation.measurement import Estimate

__all__ = [
    "Half",
    "area",
    "chosen_elsewhere",
    "false_positives",
    "odds",
    "picking_variance",
    "rate",
    "rate_at",
    "rate_ends",
]

RATE = 0.01  # of non-members that may be taken for members: an attack that is right on few people is one too


@dataclass(frozen=True, eq=False)
class Half:
    """The scores of one attack on the members and the non-members of one half of the targets."""

    members: np.ndarray
    others: np.ndarray


def chosen_elsewhere(halves: Sequence[Mapping[str, Half]], value: Callable[[Half], float]) -> list[Half]:
    """For each of the two halves, the scores of the attack whose `value` is largest on the other half."""
    first, second = ({name: value(half) for name, half in attacks.items()} for attacks in halves)
    return [halves[0][max(second, key=second.__getitem__)], halves[1][max(first, key=first.__getitem__)]]


def area(half: Half) -> tuple[float, np.ndarray, np.ndarray]:
    """The area under the curve, and the influence of each member and of each non-member on it."""
    scores = np.concatenate([half.members, half.others])
    value, influence = auc_influence(scores, np.arange(len(scores)) < len(half.members))
    mine, theirs = np.split(influence, [len(half.members)])
    return value, mine, theirs


def picking_variance(first: Sequence[Half], second: Sequence[Half]) -> float:
    """What choosing between two attacks adds to the variance of the mean area; both are given per half.

    Where chance decides, each half's luck turns the other's sign: with d half the difference of both areas, the means
    ``sgn(d1) d0`` and ``sgn(d0) d1`` have the covariance ``E|d0| E|d1|`` less the product of their means, for normal d.
    """
    from scipy.special import ndtr

    values, spreads = [], []
    for one, other in zip(first, second, strict=True):
        (a, *of_a), (b, *of_b) = area(one), area(other)
        values.append((a - b) / 2)
        spreads.append(math.sqrt(sum(float(((x - y) ** 2).sum()) for x, y in zip(of_a, of_b, strict=True))) / 2)
    if min(spreads) == 0:
        return 0.0
    lead = abs(sum(values)) / sum(spreads)
    density, sign = math.exp(-lead * lead / 2) / math.sqrt(2 * math.pi), 2 * float(ndtr(lead)) - 1
    return 2 * density * (density + sign * lead) * spreads[0] * spreads[1]


def rate_at(half: Half, false_alarms: float, *, other_rows: int = 0, tail: float | None = None) -> float:
    """The share of members above the threshold that the share `false_alarms` of non-members is expected to exceed.

    The k-th largest of n non-members is exceeded by ``k / (n + 1)`` of further ones, whatever the distribution; between
    these points the curve is straight. Ties are broken at random, in expectation. Where members are like non-members
    the expected rate is `false_alarms`, at every n.

    With `tail`, points lie where the true share is below with this chance instead (a quantile of Beta), for
    `other_rows` non-members in all.
    """
    members, others = np.sort(half.members), np.sort(half.others)[::-1]
    n, m = len(others), len(members)
    above = m - np.searchsorted(members, others, side="right")
    reached = m - np.searchsorted(members, others, side="left")
    value, first, size = np.unique(-others, return_index=True, return_counts=True)
    group = np.searchsorted(value, -others)
    place = (np.arange(n) - first[group] + 1) / (size[group] + 1)
    height = np.concatenate([[0.0], (above + (reached - above) * place) / m, [1.0]])
    expected = np.arange(n + 2) / (n + 1)
    if tail is not None:
        from scipy.special import betaincinv

        inner = expected[1:-1] * (other_rows + 1)
        expected[1:-1] = betaincinv(inner, other_rows + 1 - inner, tail)
    return float(np.interp(false_alarms, expected, height))


def rate_ends(halves: Sequence[Half]) -> tuple[float, float, float]:
    """The mean rate at 1 % false alarms, and what it is where the threshold lies as low, as high as it may."""
    others = sum(len(half.others) for half in halves)
    value, low, high = (
        float(np.mean([rate_at(half, RATE, other_rows=others, tail=tail) for half in halves]))
        for tail in (None, 0.975, 0.025)
    )
    return value, low, high


def rate(halves: Sequence[Half]) -> Estimate:
    """The mean rate of true positives at 1 % false ones, inside an interval.

    Two errors are combined as in Zou & Donner (2008): of the share of members (Wilson 1927), and of the threshold,
    which is where it is because of a few non-members.
    """
    members = sum(len(half.members) for half in halves)
    value, low, high = rate_ends(halves)
    own = wilson(value * members, members)
    down, up = math.hypot(value - own.low, value - low), math.hypot(own.high - value, high - value)
    return Estimate(value, max(0.0, value - down), min(1.0, value + up))


def false_positives(halves: Sequence[Mapping[str, Half]], score: Callable[[int, int, int, int], float]) -> list[int]:
    """Members taken for members, members, non-members taken for members, non-members: with thresholds set elsewhere.

    Attack and threshold are those with the largest `score` of these four counts on the other half of the targets; the
    thresholds tried are those that 0 to 50 % of its non-members exceed.
    """
    total = [0, 0, 0, 0]
    for mine, other in ((halves[0], halves[1]), (halves[1], halves[0])):
        tried = [(name, cut) for name, half in other.items() for cut in _cuts(half.others)]
        name, cut = max(tried, key=lambda one: score(*_counts(other[one[0]], one[1])))
        total = [a + b for a, b in zip(total, _counts(mine[name], cut), strict=True)]
    return total


def odds(hits: int, members: int, alarms: int, others: int) -> float:
    """The empirical lower bound of epsilon, ``log(TPR / FPR)`` with each end of a 95 % interval against it; at least 0.

    Kairouz et al. (2015), Theorem 2.1, with delta 0: under epsilon-differential privacy no attack gets more.
    """
    least, most = clopper_pearson(hits, members).low, clopper_pearson(alarms, others).high
    return max(0.0, math.log(least / most)) if least > 0 else 0.0


def _counts(half: Half, cut: float) -> tuple[int, int, int, int]:
    return int((half.members > cut).sum()), len(half.members), int((half.others > cut).sum()), len(half.others)


def _cuts(others: np.ndarray) -> list[float]:
    falling = np.sort(others)[::-1]
    shares = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2, 0.3, 0.4, 0.5)
    return sorted({float(falling[min(int(share * len(falling)), len(falling) - 1)]) for share in shares})
