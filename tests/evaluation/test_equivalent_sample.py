"""A real sample of x % is worth x %, copies are worth more than any sample, rows without dependence next to nothing."""

from functools import partial

import numpy as np
import pytest
from planted_tables import measured_by, people, shuffled

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._counts.equivalence import Sizes
from synthwright.evaluation._counts.pairwise import expected_trend
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.equivalent_sample import EquivalentSample
from synthwright.evaluation.fidelity.pair_trends import PairTrends
from synthwright.evaluation.measurement import Estimate, Skipped

NAME = "fidelity.equivalent_sample"


def one(*tables, **more):
    return measured_by(EquivalentSample(), *tables, **more)[NAME]


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_fresh_sample_is_worth_its_size(share):
    """Median of nine tables: its standard error is about 6 % of the value."""
    found = [
        one(people(1_500, 3 * s), people(round(1_500 * share), 3 * s + 1), seed=s).estimate.value for s in range(9)
    ]
    assert np.median(found) == pytest.approx(share, rel=0.2)


def test_a_copy_is_worth_more_than_any_fresh_sample():
    train = people(1_000, 1)
    found = one(train, train.take(np.random.default_rng(0).permutation(1_000)), people(400, 2))
    assert found.estimate == Estimate(2.0, 2.0, 2.0)
    assert found.excess.low > 0


def test_rows_without_dependence_are_worth_little_and_near_the_floor():
    found = one(people(3_000, 1), shuffled(people(3_000, 2)), people(1_000, 3))
    assert found.estimate.high < 0.2
    assert found.estimate.value == pytest.approx(found.baseline.value, abs=0.1)  # the floor has no sampling noise
    assert found.excess.high < -0.7


def test_the_interval_is_that_of_the_error_turned_round():
    tables = people(800, 1), people(800, 2), people(300, 3)
    comparison = Comparison(*tables)
    error = PairTrends().measure(comparison, None)[0].estimate
    found = one(*tables).estimate
    sizes = Sizes(800, 2.0, partial(expected_trend, comparison))
    assert found.low == pytest.approx(sizes.share(error.high))
    assert found.high == pytest.approx(sizes.share(error.low))


def test_the_expected_error_falls_with_the_rows_and_is_the_mean_of_fresh_ones():
    train = people(600, 1)
    comparison = Comparison(train, people(10, 2))
    errors = [expected_trend(comparison, rows) for rows in (1, 10, 100, 1_000, 10_000)]
    assert errors == sorted(errors, reverse=True)
    drawn = [PairTrends().measure(Comparison(people(600, s), people(300, s + 100), seed=s), None)[0] for s in range(12)]
    mean = np.mean([measured.estimate.value for measured in drawn])
    assert expected_trend(comparison, 300) == pytest.approx(mean, rel=0.05)


def test_sizes_come_back_from_the_errors_they_have():
    """An error of sqrt(1/n + 1/m) with n = 100: at m = 50 it is sqrt(.03); below one row there is nothing."""
    sizes = Sizes(100, 2.0, lambda m: float(np.sqrt(1 / 100 + 1 / m)))
    for share in (0.02, 0.3, 0.5, 1.0, 1.9):
        assert sizes.share(np.sqrt(0.01 + 0.01 / share)) == pytest.approx(share, rel=1e-6)
    assert sizes.share(0.0) == 2.0
    assert sizes.share(5.0) == 0.01


def test_the_excess_is_nothing_where_the_synthetic_table_is_the_holdout():
    train, other = people(700, 1), people(700, 2)
    assert one(train, other, other).excess.value == pytest.approx(0, abs=0.02)


def test_where_nothing_varies_or_nothing_pairs_it_is_skipped():
    schema = Schema(tuple(Column(name=name, kind="integer") for name in "ab"))
    constant = Table.of(schema, {"a": np.ones(50), "b": np.ones(50)})
    for table in (constant, people(50, 1).select(["age"])):
        (found,) = EquivalentSample().measure(Comparison(table, table), None)
        assert isinstance(found, Skipped)
