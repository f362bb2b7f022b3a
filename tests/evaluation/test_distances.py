import math

import numpy as np
import pytest
from planted_tables import people

from synthwright.evaluation._counts.association import cramers_v, rank_correlations
from synthwright.evaluation._counts.distances import (
    absolute,
    kolmogorov_smirnov,
    noise_ratio,
    total_variation,
    total_variation_ratio,
    wasserstein,
)
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.intervals import jackknife_moves
from synthwright.evaluation.comparison import Comparison


def blocks(*counts):
    """One block of these counts."""
    return np.array([counts])


def drawn(shares, rows, rng, many=40):
    """Counts of `many` blocks of a multinomial sample."""
    return rng.multinomial(rows // many, shares, size=many)


def test_total_variation_by_hand():
    """(.5, .3, .2) against (.2, .3, .5): .3. Disjoint: 1."""
    assert total_variation(blocks(5, 3, 2), blocks(2, 3, 5), "synthetic").value == pytest.approx(0.3)
    assert total_variation(blocks(5, 5, 0, 0), blocks(0, 0, 7, 3), "synthetic").value == 1


def test_kolmogorov_smirnov_by_hand():
    """Distribution functions 0, .5, .8, 1 and 0, .2, .5, 1: the largest gap is .3."""
    assert kolmogorov_smirnov(blocks(0, 5, 3, 2), blocks(0, 2, 3, 5), "synthetic").value == pytest.approx(0.3)


def test_missing_values_count_as_a_point_below_all_numbers():
    assert kolmogorov_smirnov(blocks(0, 5, 5), blocks(4, 3, 3), "synthetic").value == pytest.approx(0.4)


def test_wasserstein_by_hand():
    """Half of the mass moves from 0 to 3, a quarter from 1 to 0: areas .25 x 1 + .5 x 2 = 1.25, missing left out."""
    figure = wasserstein(blocks(9, 2, 2, 0), blocks(3, 1, 1, 2), "synthetic", np.array([0.0, 1.0, 3.0]))
    assert figure.value == pytest.approx(0.25 * 1 + 0.5 * 2)


@pytest.mark.parametrize(("n", "m"), [(200, 200), (1_000, 300), (300, 5_000), (300, 40_000)])
def test_expected_distances_of_equals_follow_the_formula(n, m):
    """The ratio of two expected L1 distances, against 4,000 multinomial pairs each; noise of the mean about 0.3 %."""
    rng = np.random.default_rng(0)
    shares = np.array([0.4, 0.3, 0.2, *[0.1 / 60] * 60])  # 60 cells too sparse for the normal formula

    def simulated(rows):
        first, second = rng.multinomial(n, shares, 4_000) / n, rng.multinomial(rows, shares, 4_000) / rows
        return np.abs(first - second).sum(axis=1).mean()

    real, holdout = shares * n, shares * m  # pooled shares are the true ones
    expected = simulated(2_000) / simulated(m)
    assert total_variation_ratio(blocks(*real), blocks(*holdout), 2_000) == pytest.approx(expected, rel=0.015)


def test_mass_of_unseen_labels_does_not_shrink_with_more_rows():
    """All of the distance lies in a cell that train can't fill: the ratio is 1."""
    ratio = total_variation_ratio(blocks(0, 100, 0), blocks(0, 0, 50), 10_000, np.array([False, False, True]))
    assert ratio > 0.8
    assert total_variation_ratio(blocks(0, 100, 0), blocks(0, 0, 50), 10_000) < 0.8


def test_noise_shrinks_with_both_sizes():
    """By hand: sqrt((1/100 + 1/300) / (1/100 + 1/100)) = sqrt(2/3)."""
    assert noise_ratio(100, 100, 300) == pytest.approx((2 / 3) ** 0.5)


@pytest.mark.parametrize("shift", [0.0, 0.02, 0.3])
def test_standard_errors_hold_for_equal_close_and_distant_tables(shift):
    """1,000 rows, 300 samples: the error of either distance is within 25 % of its spread.

    The rounded slopes are good to 15 %, the spread of 300 values to 4 %.
    """
    rng = np.random.default_rng(0)
    p = np.full(10, 0.1)
    q = p + shift * 0.1 * np.array([1, 1, 1, 1, 1, -1, -1, -1, -1, -1])
    for distance in (total_variation, kolmogorov_smirnov):
        figures = [distance(drawn(p, 1_000, rng), drawn(q, 1_000, rng), "synthetic") for _ in range(300)]
        spread = np.std([figure.value for figure in figures])
        assert np.mean([figure.error for figure in figures]) == pytest.approx(spread, rel=0.25), distance.__name__


def test_equal_tables_have_distance_zero_without_error():
    counts = drawn([0.5, 0.5], 400, np.random.default_rng(0))
    for distance in (total_variation, kolmogorov_smirnov):
        figure = distance(counts, counts, "synthetic")
        assert (figure.value, figure.error) == (0, 0)


@pytest.mark.parametrize("drift", [0, 0.5, 1, 1.5, 2, 2.5, 3, 5])
def test_intervals_of_an_absolute_value_hold_what_is_expected_at_any_drift(drift):
    """E|Z + m| by hand; 95 % of 4,000 draws with standard error .35 %, of which four below 95 % are chance once in
    30,000 runs."""
    mean = np.sqrt(2 / np.pi) * np.exp(-(drift**2) / 2) + drift * math.erf(drift / np.sqrt(2))
    ends = [lone(value) for value in np.random.default_rng(0).normal(drift, size=4_000)]
    assert np.mean([low <= mean <= high for low, high in ends]) > 0.936


def lone(value: float) -> tuple[float, float]:
    """The interval of the size of a number whose standard error is 1, by 40 blocks."""
    moves = np.tile([1.0, -1.0], 20) * np.sqrt(39) / 40
    told = absolute(Figure(float(value), {"train": moves})).estimate(low=0.0)
    return told.low, told.high


def test_far_from_zero_an_absolute_value_errs_as_the_number_does():
    assert absolute(Figure(-8.0, {"train": np.array([0.5, -0.5])})).error == pytest.approx(1)


def test_cramers_v_knows_its_ends():
    """Determined: 1. Independent: 0 after Bergsma's correction. Constant: 0."""
    assert cramers_v(np.diag([50, 50, 50])[None], "train").value == pytest.approx(1)
    assert cramers_v(np.full((1, 4, 4), 10), "train").value == 0
    assert cramers_v(np.array([[[30, 70]]]), "train").value == 0


def test_cramers_v_by_hand():
    """2 x 2 of 30, 10, 10, 30: phi2 = .25, minus 1/79, over 2 - 1/79 - 1."""
    value = cramers_v(np.array([[[30, 10], [10, 30]]]), "train").value
    assert value == pytest.approx(((0.25 - 1 / 79) / (1 - 1 / 79)) ** 0.5)


@pytest.mark.parametrize("names", [("age", "income"), ("income", "age")])
def test_rank_correlations_are_spearmans_over_rows_that_have_both(names):
    """On train itself, against scipy's Spearman on the complete rows, with 10 % of incomes missing."""
    from scipy.stats import rankdata

    train = people(800, 0)
    figure = rank_correlations(Comparison(train, train), "train", names)[names]
    age, income = rankdata(train.numbers("age")), train.numbers("income")
    ranks = np.where(np.isnan(income), np.nan, rankdata(income, nan_policy="omit"))
    both = ~np.isnan(ranks)
    assert figure.value == pytest.approx(np.corrcoef(age[both], ranks[both])[0, 1], abs=1e-9)


def test_slopes_of_cramers_v_are_those_of_leaving_blocks_out():
    """Blocks of 100 of 4,000 rows: the two jackknives differ by their curvature, a few percent."""
    margin, other = np.array([0.6, 0.3, 0.1]), np.array([0.2, 0.3, 0.4, 0.1])
    shares = 0.8 * np.outer(margin, other) + 0.2 * np.outer([0, 0, 1], [1, 0, 0, 0])
    counts = drawn(shares.ravel(), 4_000, np.random.default_rng(0)).reshape(40, 3, 4)
    left = jackknife_moves(lambda tables: np.array([cramers_v(one[None], "train").value for one in tables]), counts)
    assert cramers_v(counts, "train").moves["train"] == pytest.approx(left, abs=0.05 * np.abs(left).max())


@pytest.mark.parametrize("strength", [0.0, 0.3])
def test_standard_errors_of_cramers_v_hold_with_and_without_association(strength):
    rng = np.random.default_rng(0)
    margin = np.array([0.6, 0.2, 0.15, 0.05])
    shares = (1 - strength) * np.outer(margin, margin) + strength * np.diag(margin)
    figures = [cramers_v(drawn(shares.ravel(), 2_000, rng).reshape(40, 4, 4), "train") for _ in range(300)]
    spread = np.std([figure.value for figure in figures])
    assert np.mean([figure.error for figure in figures]) == pytest.approx(spread, rel=0.25)
