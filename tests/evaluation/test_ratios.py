"""Fieller's interval of a ratio."""

from __future__ import annotations

import numpy as np
import pytest

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.ratios import ratio

BLOCKS = 20


def mean_of(rows, part):
    """The mean of `rows` as a figure of blocks."""
    blocks = rows.reshape(BLOCKS, -1).mean(axis=1)
    return Figure(float(rows.mean()), {part: (blocks - blocks.mean()) / BLOCKS})


def test_the_interval_holds_the_ratio_of_means_95_times_in_100():
    """1,000 ratios of unsure means: at 95 % fewer than 925 or more than 975 hits come once in 2,000 runs."""
    rng, hits, low, high = np.random.default_rng(0), 0, 0, 0
    for _ in range(1_000):
        found = ratio(mean_of(rng.normal(1, 4, 200), "a"), mean_of(rng.normal(1, 3, 200), "b"))
        hits += found is not None and found.low <= 1 <= found.high
        low += found is not None and found.high < 1
        high += found is not None and found.low > 1
    assert 925 <= hits <= 975
    assert max(low, high) < 3 * min(low, high)


def test_shared_rows_are_accounted_for():
    """A figure over itself is 1, and twice itself 2, without doubt."""
    one = mean_of(np.random.default_rng(1).normal(1, 1, 400), "a")
    assert ratio(one, one) == pytest.approx(ratio(one.times(0.5), one.times(0.5)))
    twice = ratio(one.times(2), one)
    assert (twice.value, twice.low, twice.high) == pytest.approx((2, 2, 2))


def test_nothing_is_said_of_a_ratio_to_what_may_be_nothing():
    rng = np.random.default_rng(2)
    assert ratio(mean_of(rng.normal(1, 1, 400), "a"), mean_of(rng.normal(0, 1, 400), "b")) is None
    sure = ratio(Figure.sure(3.0), Figure.sure(2.0))
    assert (sure.value, sure.low, sure.high) == (1.5, 1.5, 1.5)
