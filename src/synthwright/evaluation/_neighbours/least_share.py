"""The smallest ratio of a cell's share to train's, and how it scatters.

The smallest of many ratios moves less than any one of them, and which of them it is changes with the rows, so there is
no slope to go by. Tables are drawn instead: from shares that scatter as much less than those observed as is noise
(empirical Bayes; Louis 1984), and from those observed. The wider of both is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from synthwright.evaluation._counts.contingency import share_of_noise
from synthwright.evaluation._neighbours.modes import ROWS_PER_CELL, Shares
from synthwright.evaluation._statistics.resampling import around
from synthwright.evaluation.measurement import Measurement
from synthwright.seeding import Streams

__all__ = ["LeastShare", "with_least_shares"]

_DRAWS = 1_000  # leaves a spread 2 % of noise


@dataclass(frozen=True, eq=False)
class LeastShare:
    """The least share(other) / share(train) of any cell with 40 train rows, and that of drawn tables, given train."""

    value: float
    drawn: np.ndarray

    @classmethod
    def of(cls, train: Shares, other: Shares, streams: Streams) -> Self:
        """From the shares of as many rows of both; rows that belong together count as so many fewer."""
        known = train.share >= min(ROWS_PER_CELL / train.rows, float(train.share.max()))
        p, q = train.share[known], other.share[known]
        rows = max(1, round(other.rows / _design(other)))
        ratio = q / p
        middle = float(q.sum() / p.sum())
        noise = max(middle, 1 / rows) / (rows * p)
        apart = max(0.0, float(ratio.var(ddof=1) - noise.mean())) if len(ratio) > 1 else 0.0
        nearer = middle + np.sqrt(apart / (apart + noise)) * (ratio - middle)
        rng = streams.at("least share", str(other.part)).rng()
        drawn = [_least(p, p * those, rows, rng) for those in (nearer, ratio)]
        return cls(float(ratio.min()), max(drawn, key=lambda one: float(one.std())))


def _least(p: np.ndarray, shares: np.ndarray, rows: int, rng: np.random.Generator) -> np.ndarray:
    """The least ratio to `p` in tables of `rows` rows drawn from `shares`; the rest of the rows lies in other cells."""
    rest = max(0.0, 1 - float(shares.sum()))
    counts = rng.multinomial(rows, np.append(shares, rest) / (shares.sum() + rest), size=_DRAWS)[:, :-1]
    return np.asarray((counts / rows / p).min(axis=1))


def with_least_shares(one: Measurement, synthetic: LeastShare, holdout: LeastShare | None) -> Measurement:
    """`one` with these figures and their intervals."""
    made = replace(one, estimate=around(synthetic.value, synthetic.drawn, low=0.0))
    if holdout is None:
        return made
    return replace(
        made,
        holdout=around(holdout.value, holdout.drawn, low=0.0),
        excess=around(synthetic.value - holdout.value, synthetic.drawn - holdout.drawn),
    )


def _design(shares: Shares) -> float:
    if shares.part is None or not shares.comparison.schema.having("group"):
        return 1.0
    codes = shares.comparison.codes(shares.part)
    joint = codes.block[shares.positions].astype(np.int64) * shares.cells + shares.member
    return share_of_noise(np.bincount(joint, minlength=codes.blocks * shares.cells).reshape(codes.blocks, -1))
