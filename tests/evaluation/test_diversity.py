"""Planted collapses are seen, honest samples are not accused."""

from dataclasses import replace

import numpy as np
import pytest
from planted_learnable import binary, changed, column_by_column, joined, mixed, one, said, told

from synthwright.evaluation._neighbours.least_share import LeastShare
from synthwright.evaluation._neighbours.modes import Shares, effective, modes
from synthwright.evaluation._neighbours.neighbourhoods import coverage_of_equals
from synthwright.evaluation._statistics.resampling import around
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.diversity.coverage import Coverage
from synthwright.evaluation.diversity.density import Density
from synthwright.evaluation.diversity.duplicates import Duplicates
from synthwright.evaluation.diversity.mode_collapse import ModeCollapse
from synthwright.evaluation.measurement import Skipped
from synthwright.seeding import Streams

TRAIN, HOLDOUT = mixed(1_000, 1), mixed(1_000, 2)


def few(rows, seed, kinds=20):
    """Rows of which at most `kinds` are different."""
    return mixed(kinds, 99).take(np.random.default_rng(seed).integers(0, kinds, rows))


def test_coverage_of_equals_by_hand():
    """One neighbour, 3 real and 2 other rows: 1 - 2/4; k=5 and equal sizes: 31/32 in the limit."""
    assert coverage_of_equals(3, 2, 1) == pytest.approx(0.5)
    assert coverage_of_equals(10**6, 10**6, 5) == pytest.approx(31 / 32, abs=1e-5)


@pytest.mark.parametrize("draw", [mixed, binary])
def test_equal_distributions_reach_the_closed_form(draw):
    """40 fresh tables of 300 rows, mixed or with nothing but ties: means lie within 4 standard errors."""
    covered, density = [], []
    for seed in range(40):
        tables = [draw(300, 3 * seed + at) for at in range(3)]
        covered.append(one(Coverage(), *tables, seed=seed).estimate.value)
        density.append(one(Density(), *tables, seed=seed).estimate.value)
    for found, expected in ((covered, coverage_of_equals(300, 300, 5)), (density, 1.0)):
        assert np.mean(found) == pytest.approx(expected, abs=4 * np.std(found) / np.sqrt(40) + 1e-9)


def test_intervals_of_honest_tables_hold_their_truth():
    """40 tables: 6 or more misses of 95 % intervals happen in 1.4 % of seeds."""
    misses = np.zeros(4, int)
    for seed in range(40):
        tables = [mixed(300, 3 * seed + at) for at in range(3)]
        covered, density = one(Coverage(), *tables, seed=seed), one(Density(), *tables, seed=seed)
        modes = said(ModeCollapse(), *tables, seed=seed)["diversity.mode_collapse"]
        null = coverage_of_equals(300, 300, 5)
        held = [(covered.estimate, null), (density.estimate, 1.0), (density.excess, 0.0), (modes.excess, 0.0)]
        misses += [not estimate.low <= truth <= estimate.high for estimate, truth in held]
    assert (misses < 6).all(), misses


def test_half_of_the_modes_missing_is_seen():
    """Oracle 6: rows of two labels of four cover about half."""
    half = mixed(4_000, 3)
    half = half.take(np.flatnonzero(half.levels("c0") < 2)[:1_000])
    covered = one(Coverage(), TRAIN, half, HOLDOUT)
    modes = said(ModeCollapse(), TRAIN, half, HOLDOUT)
    assert covered.excess.high < -0.3
    assert modes["diversity.mode_collapse"].excess.high < -0.2
    assert modes["diversity.smallest_mode"].estimate.value < 0.1
    lost = modes["diversity.lost_categories"]
    assert (lost.estimate.value, lost.holdout.value, lost.excess.value) == (2, 0, 2)
    assert sorted(lost.parts) == ["c0=c", "c0=d"]


def test_ninety_nine_in_a_hundred_rows_in_one_mode_are_seen():
    """Recall would pass this table: every mode is there, once."""
    crowd = mixed(4_000, 3)
    crowd = joined(crowd.take(np.flatnonzero(crowd.levels("c0") == 0)[:990]), mixed(10, 5))
    assert one(Coverage(), TRAIN, crowd, HOLDOUT).excess.high < -0.4
    assert said(ModeCollapse(), TRAIN, crowd, HOLDOUT)["diversity.mode_collapse"].excess.high < -0.4


def test_a_few_repeated_rows_are_collapse_and_duplicates():
    repeated = few(1_000, 0)
    assert one(Coverage(), TRAIN, repeated, HOLDOUT).excess.high < -0.5
    found = one(Duplicates(), TRAIN, repeated, HOLDOUT)
    assert found.estimate.value == pytest.approx(0.98)
    assert found.excess.low > 0.9


def test_density_falls_where_no_real_row_lies_and_rises_in_the_crowd():
    x = {name: TRAIN.numbers(name) for name in ("x0", "x1")}
    away = changed(TRAIN, **{name: values + 6 for name, values in x.items()})
    narrow = changed(TRAIN, **{name: 0.2 * values for name, values in x.items()})
    assert one(Density(), TRAIN, away, HOLDOUT).estimate.high < 0.5
    assert one(Density(), TRAIN, narrow, HOLDOUT).estimate.low > 1.1
    assert one(Coverage(), TRAIN, away, HOLDOUT).estimate.high < 0.5


def test_shuffled_columns_are_at_the_floor():
    """Oracle 7, where columns depend on one another: four copies of one number."""
    copies = {name: TRAIN.numbers("x0") for name in ("x1", "x2")}
    train = changed(TRAIN, **copies)
    holdout = changed(HOLDOUT, **{name: HOLDOUT.numbers("x0") for name in copies})
    found = one(Coverage(), train, column_by_column(train), holdout)
    assert found.excess.high < -0.1
    assert found.estimate.value == pytest.approx(found.baseline.value, abs=0.1)


def test_one_absurd_row_moves_no_figure():
    """Oracle 9: by less than 1 %, in train as in the synthetic rows."""
    absurd = changed(TRAIN, x0=np.append(TRAIN.numbers("x0")[:-1], 1e15))
    fresh = mixed(1_000, 3)
    for metric in (Coverage(), Density()):
        plain = one(metric, TRAIN, fresh, HOLDOUT).estimate.value
        assert one(metric, absurd, fresh, HOLDOUT).estimate.value == pytest.approx(plain, abs=0.01)
        spoilt = changed(fresh, x0=np.append(fresh.numbers("x0")[:-1], -1e15))
        assert one(metric, TRAIN, spoilt, HOLDOUT).estimate.value == pytest.approx(plain, abs=0.01)


def test_duplicates_by_hand():
    """Rows a a a b c: 5 rows, 3 different, 2 repeats."""
    table = mixed(3, 0).take(np.array([0, 0, 0, 1, 2]))
    found = one(Duplicates(), mixed(5, 1), table)
    assert found.estimate.value == pytest.approx(0.4)
    assert found.holdout.value == 0


def test_repetition_that_real_rows_show_is_no_excess():
    """Oracle 16: 32 different rows in a thousand."""
    found = one(Duplicates(), binary(1_000, 1), binary(1_000, 2), binary(1_000, 3))
    assert found.estimate.value > 0.96
    assert found.excess.low <= 0 <= found.excess.high


def test_no_repeat_seen_is_not_no_repeat_ever():
    found = one(Duplicates(), TRAIN, mixed(1_000, 3))
    assert found.estimate.value == 0
    assert 1 / 1_000 < found.estimate.high < 5 / 1_000


def test_a_rare_category_that_chance_explains_is_not_lost():
    """A label of 1 % is absent from 100 fresh rows a third of the time."""
    common = np.zeros(1_000, np.int32)
    common[:20] = 1
    train = changed(TRAIN, c0=common)
    short = changed(mixed(100, 3), c0=np.zeros(100, np.int32))
    long = changed(mixed(1_000, 3), c0=np.zeros(1_000, np.int32))
    assert told(ModeCollapse(), train, short, HOLDOUT)["diversity.lost_categories"].estimate.value == 0
    assert said(ModeCollapse(), train, long, HOLDOUT)["diversity.lost_categories"].estimate.value == 1


@pytest.mark.parametrize("metric", [Coverage(), Density(), Duplicates(), ModeCollapse()])
def test_one_synthetic_row_is_skipped_with_the_number(metric):
    results = told(metric, TRAIN, mixed(1, 3), HOLDOUT)
    skipped = [result for name, result in results.items() if name != "diversity.lost_categories"]
    assert skipped
    assert all(isinstance(result, Skipped) for result in skipped)


def test_without_a_holdout_train_is_covered_and_nothing_is_the_ceiling():
    found = one(Coverage(), TRAIN, mixed(1_000, 3))
    assert found.holdout is None
    assert found.excess is None
    assert found.parts["of_null"].value == pytest.approx(1.0, abs=0.03)


def spread_over(counts):
    """So many rows in each cell; of no table, so that no groups are asked for."""
    member = np.repeat(np.arange(len(counts)), counts)
    return Shares(None, None, np.arange(len(member)), member, len(counts))


@pytest.mark.parametrize("shares", [[1] * 8, [1, 1, 1, 1, 1, 1, 1, 0.5], [0.8, 0.9, 1, 1, 1.1, 1.2, 1, 1]])
def test_intervals_of_the_smallest_mode_hold_the_mean_of_smallest_ratios(shares):
    """400 tables of 400 rows over eight cells: 40 misses where 20 are expected are chance once in 30,000 runs."""
    rng, train = np.random.default_rng(0), spread_over([50] * 8)
    counts = rng.multinomial(400, np.array(shares) / sum(shares), size=400)
    found = [LeastShare.of(train, spread_over(one), Streams(at)) for at, one in enumerate(counts)]
    truth = np.mean([one.value for one in found])
    ends = [around(one.value, one.drawn) for one in found]
    held = [one.low <= truth <= one.high for one in ends]
    assert np.mean(held) > 0.90


def test_equally_full_modes_are_not_sure_to_be_so():
    """The slope of the entropy is 0 there; what is left is its second order, (K - 1) / 2n^2."""
    shares = modes(Comparison(TRAIN, mixed(1_000, 3), HOLDOUT)).shares
    n = shares["synthetic"].rows
    even = replace(shares["synthetic"], member=np.arange(n) % 8, cells=8)
    again = replace(shares["train"], member=np.arange(n) % 8, cells=8)
    found = effective(again, even)
    assert found.value == pytest.approx(1)
    assert found.variance == pytest.approx(2 * 7 / (2 * n**2), rel=1e-6)
