"""Counts are whole, exact and as even as they can be; choices by weight have the chances that they claim."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from synthwright.pipeline.mixing.quotas import in_proportion, levelled
from synthwright.pipeline.mixing.selecting import chosen, effective

COUNTS = st.lists(st.integers(0, 500), min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("total", "weights", "shares"),
    [
        (10, [1, 1], [5, 5]),
        (3, [1, 1], [2, 1]),  # the first of equal remainders
        (10, [6, 3, 1], [6, 3, 1]),
        (7, [6, 3, 1], [4, 2, 1]),  # 4.2, 2.1, 0.7
        (3, [1, 1, 1], [1, 1, 1]),
        (5, [0, 0], [0, 0]),
        (0, [2, 1], [0, 0]),
    ],
)
def test_rows_are_shared_out_by_largest_remainders(total, weights, shares):
    assert in_proportion(total, np.array(weights)).tolist() == shares


@pytest.mark.parametrize(
    ("total", "counts", "added"),
    [
        (10, [1, 5, 9], [7, 3, 0]),  # 4 bring the first to 5, 6 more both to 8
        (4, [1, 5, 9], [4, 0, 0]),
        (12, [1, 5, 9], [8, 4, 0]),
        (15, [1, 5, 9], [9, 5, 1]),
        (1, [3, 3], [1, 0]),
        (0, [3, 1], [0, 0]),
        (6, [9, 1, 5], [0, 5, 1]),
    ],
)
def test_the_smallest_are_filled_first(total, counts, added):
    assert levelled(total, np.array(counts)).tolist() == added


@settings(max_examples=40, deadline=None)
@given(total=st.integers(0, 3_000), counts=COUNTS)
def test_levels_are_exact_and_nobody_is_passed(total, counts):
    have = np.array(counts)
    added = levelled(total, have)
    assert added.sum() == total
    assert (added >= 0).all()
    after = have + added
    if (added > 0).any():
        assert np.ptp(after[added > 0]) <= 1
        assert (after[added == 0] >= after[added > 0].max() - 1).all()


@settings(max_examples=40, deadline=None)
@given(total=st.integers(0, 3_000), weights=COUNTS)
def test_shares_are_exact_and_within_one_row_of_what_is_due(total, weights):
    due = np.array(weights, dtype=float)
    got = in_proportion(total, due)
    if due.sum() > 0:
        assert got.sum() == total
        assert np.abs(got - total * due / due.sum()).max() < 1


def rng(seed):
    return np.random.Generator(np.random.Philox(seed))


def test_every_stratum_gives_what_is_wanted_and_rows_of_none_are_never_taken():
    stratum = np.array([0, 1, -1, 0, 1, 1, 0, -1])
    taken = chosen(stratum, np.array([2, 9]), None, rng(0))
    assert np.bincount(stratum[taken]).tolist() == [2, 3]
    assert (np.diff(taken) > 0).all()
    assert len(chosen(stratum, np.zeros(0, dtype=int), None, rng(0))) == 0


def test_a_row_that_is_taken_stays_when_more_are_wanted():
    stratum = np.zeros(50, dtype=int)
    few, many = (set(chosen(stratum, np.array([n]), None, rng(3)).tolist()) for n in (10, 30))
    assert few < many


def test_a_row_of_twice_the_weight_is_taken_first_two_times_in_three():
    """4,000 choices of one in two: 2/3 within 3.3 standard errors (one false alarm in 1,000)."""
    stratum, weights = np.repeat(np.arange(4_000), 2), np.tile([2.0, 1.0], 4_000)
    first = chosen(stratum, np.ones(4_000, dtype=int), weights, rng(0)) % 2 == 0
    assert first.mean() == pytest.approx(2 / 3, abs=3.3 * np.sqrt(2 / 9 / 4_000))


def test_effective_numbers_are_kishs():
    assert effective(np.ones(7)) == pytest.approx(7)
    assert effective(np.array([3.0, 1.0])) == pytest.approx(16 / 10)
