import numpy as np
import pytest

from synthwright.evaluation._statistics.figure import Figure, mean
from synthwright.evaluation._statistics.intervals import (
    clopper_pearson,
    difference_of_shares,
    jackknife_moves,
    linear_moves,
    wilson,
)


def test_wilson_interval_of_eight_in_ten():
    """Wilson (1927) by hand: 8 of 10 at 95 % is 0.490 to 0.943."""
    estimate = wilson(8, 10)
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((0.4902, 0.8, 0.9433), abs=1e-4)


def test_wilson_interval_of_nothing_is_everything():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)


def test_a_figure_times_a_number_has_its_error_multiplied_too():
    twice = Figure(0.3, {"train": np.array([0.1, -0.1])}).times(2.0)
    assert twice.value == pytest.approx(0.6)
    assert twice.error == pytest.approx(2 * Figure(0.3, {"train": np.array([0.1, -0.1])}).error) == pytest.approx(0.4)


def test_clopper_pearson_interval_of_eight_in_ten():
    """Tabulated: 8 of 10 at 95 % is 0.4439 to 0.9748."""
    estimate = clopper_pearson(8, 10)
    assert (estimate.low, estimate.high) == pytest.approx((0.4439, 0.9748), abs=1e-4)


@pytest.mark.parametrize("trials", [1, 10, 5000])
def test_clopper_pearson_of_no_success_ends_where_two_and_a_half_percent_see_none(trials):
    """By hand: (1 - p)^n = 0.025."""
    estimate = clopper_pearson(0, trials)
    assert estimate.low == 0
    assert estimate.high == pytest.approx(1 - 0.025 ** (1 / trials))
    assert clopper_pearson(trials, trials).low == pytest.approx(0.025 ** (1 / trials))


def test_newcombes_interval_for_a_difference_of_shares():
    """Newcombe (1998), table II, method 10: 56/70 - 48/80 is 0.0524 to 0.3339."""
    estimate = difference_of_shares(56, 70, 48, 80)
    assert (estimate.low, estimate.value, estimate.high) == pytest.approx((0.0524, 0.2, 0.3339), abs=1e-4)


def test_the_jackknife_of_a_share_has_the_binomial_standard_error():
    """Blocks of one row: the jackknife variance of a mean is s^2 / n with n - 1 in s^2, exactly."""
    hits = np.array([1] * 30 + [0] * 70)
    counts = np.stack([hits, 1 - hits], axis=1)
    figure = Figure(0.3, {"train": linear_moves(counts, np.array([1.0, 0.0]))})
    assert figure.variance == pytest.approx(0.3 * 0.7 / 99)


def test_leaving_blocks_out_and_slopes_agree_on_a_ratio():
    """For blocks of equal size both jackknives give the same moves for a linear statistic."""
    counts = np.random.default_rng(0).multinomial(50, [0.2, 0.3, 0.5], size=40)
    slopes = linear_moves(counts, np.array([0.0, 1.0, 2.0]))
    left = jackknife_moves(lambda tables: tables @ np.array([0.0, 1.0, 2.0]) / tables.sum(axis=1), counts)
    assert left == pytest.approx(slopes, abs=1e-12)


def test_differences_of_figures_are_paired_where_they_share_rows():
    """Two equal figures of one part differ by exactly 0; of different parts the variances add."""
    moves = np.random.default_rng(1).normal(size=40)
    a, b = Figure(1.0, {"train": moves}), Figure(3.0, {"holdout": moves})
    assert (a - a).variance == 0
    assert (a - b).variance == pytest.approx(a.variance + b.variance)
    assert mean([a, a]).variance == pytest.approx(a.variance)


def test_an_estimate_stays_in_its_range_and_holds_its_value():
    figure = Figure(0.001, {"train": np.full(40, 0.01) * np.resize([1, -1], 40)})
    estimate = figure.estimate(low=0.0, high=1.0)
    assert estimate.low == 0
    assert estimate.low <= estimate.value < estimate.high < 0.2


@pytest.mark.parametrize(
    ("moves", "degrees"),
    [
        (np.tile([1.0, -1.0], 10), 19),  # as a coin: the spread is sure, and 20 rows have 19
        (np.repeat([1.0, 0.0], [1, 49]), 2),  # one row of 50: 2 / (1 - 1 / 50)
        (np.repeat([1.0, -1.0, 0.0], [2, 2, 96]), 8),  # four rows of 100: 2 * 16 / (4 - 16 / 100)
        (np.zeros(30), 0),
    ],
)
def test_a_spread_that_hangs_on_few_rows_has_as_few_degrees_of_freedom(moves, degrees):
    assert Figure(0.0, {"a": moves}).degrees == degrees


def test_the_spread_of_two_parts_is_no_surer_than_that_of_the_smaller_one():
    many, few = np.tile([1.0, -1.0], 50), np.tile([1.0, -1.0], 5)
    assert Figure(0.0, {"a": many, "b": few}).degrees == 9
    # Variances 101 and 111 with 99 and 2 / (1 - 1 / 10) degrees: 212^2 / (101^2 / 99 + 111^2 / 2.2) is 7.9.
    assert Figure(0.0, {"a": many, "b": np.repeat([10.0, 0.0], [1, 9])}).degrees == 7
