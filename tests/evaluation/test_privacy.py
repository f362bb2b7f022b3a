"""Planted copies are found, honest rows and coincidences are not called copies."""

import numpy as np
import pytest
from planted_learnable import binary, changed, column_by_column, joined, mixed, one, told

from synthwright.data.hashing import row_hashes
from synthwright.data.schema import Column, Schema
from synthwright.data.splitting import split
from synthwright.data.table import Table
from synthwright.evaluation._statistics.counted import detectable_excess, hit_rate, poisson, upper_tail
from synthwright.evaluation.measurement import Skipped
from synthwright.evaluation.privacy.dcr_share import DCRShare
from synthwright.evaluation.privacy.exact_copies import ExactCopies
from synthwright.evaluation.privacy.near_copies import NearCopies

TRAIN, HOLDOUT, FRESH = mixed(2_000, 11), mixed(2_000, 12), mixed(2_000, 13)
EVERY = [DCRShare(), NearCopies(), ExactCopies()]


def jittered(table, seed, share=1e-3):
    """Every number moved by about a thousandth of its spread."""
    rng = np.random.default_rng(seed)
    names = [column.name for column in table.schema if column.is_numeric]
    return changed(table, **{name: table.numbers(name) + share * rng.normal(size=len(table)) for name in names})


def test_garwood_limits_of_a_count():
    """Garwood (1936): none seen, at most 3.69; ten seen, 4.80 to 18.39."""
    assert poisson(0).high == pytest.approx(3.689, abs=1e-3)
    assert (poisson(10).low, poisson(10).high) == pytest.approx((4.795, 18.39), abs=1e-2)


def test_the_chance_of_nine_heads_in_ten():
    assert upper_tail(9, 10, 0.5) == pytest.approx(11 / 1024)
    assert upper_tail(0, 0, 0.5) == 1


def test_fresh_rows_raise_no_alarm():
    """Oracle 1."""
    share, near, exact = (one(metric, TRAIN, FRESH, HOLDOUT) for metric in EVERY)
    assert share.estimate.low < 0.5 < share.estimate.high
    assert near.excess.low <= 0 <= near.excess.high
    assert near.parts["p_value"].value > 0.01
    assert exact.excess.value == 0
    assert exact.excess.high < 0.003


def test_a_full_copy_fails_everything():
    """Oracle 2."""
    share, near, exact = (one(metric, TRAIN, TRAIN, HOLDOUT) for metric in EVERY)
    assert share.estimate.value > 0.99
    assert near.excess.low > 0.95
    assert exact.estimate.value == 1
    assert exact.excess.low > 0.95


def test_one_percent_of_copies_is_caught_although_the_share_looks_fine():
    """Oracle 3: 20 of 2,000."""
    leaky = joined(FRESH.take(np.arange(1_980)), TRAIN.take(np.arange(20)))
    share, near, exact = (one(metric, TRAIN, leaky, HOLDOUT) for metric in EVERY)
    assert share.estimate.low < 0.5 < share.estimate.high
    assert near.excess.low > 0.002
    assert near.parts["p_value"].value < 1e-3
    assert exact.estimate.value == pytest.approx(0.01)
    assert exact.excess.low > 0.005
    assert exact.parts["p_value"].value < 1e-5


def test_copies_moved_by_a_thousandth_are_near_copies():
    """Oracle 4: no cell is equal, and a hundredth of the rows is enough."""
    share, near, exact = (one(metric, TRAIN, jittered(TRAIN, 0), HOLDOUT) for metric in EVERY)
    assert exact.estimate.value == 0
    assert near.excess.low > 0.4
    assert share.estimate.value > 0.95
    few = joined(FRESH.take(np.arange(1_960)), jittered(TRAIN.take(np.arange(40)), 0))
    assert one(NearCopies(), TRAIN, few, HOLDOUT).excess.low > 0


def test_coincidences_of_small_tables_are_neutral():
    """Oracle 16: two labels, five columns; every row is in train, and none is a disclosure."""
    share, near, exact = (one(metric, binary(800, 1), binary(800, 2), binary(800, 3)) for metric in EVERY)
    assert share.estimate.value == pytest.approx(0.5, abs=0.01)
    assert share.parts["ties"].value > 0.98
    assert near.excess.low <= 0 <= near.excess.high
    assert exact.estimate.value > 0.98
    assert exact.excess.low <= 0 <= exact.excess.high
    assert exact.excess.high < 0.02


def test_a_copy_of_a_small_table_is_neutral_too():
    """Nobody is singled out where every row is shared by many."""
    train = binary(800, 1)
    exact = one(ExactCopies(), train, train, binary(800, 3))
    assert exact.estimate.value == 1
    assert exact.excess.high < 0.02


@pytest.mark.parametrize("rows", [500, 1_000, 4_000])
def test_sizes_of_train_and_holdout_do_not_matter(rows):
    """Oracle 15: train four times, twice and half as large as the holdout; uncorrected .8, .67 and .33."""
    share, near, exact = (one(metric, TRAIN, FRESH, mixed(rows, 4)) for metric in EVERY)
    assert share.estimate.value == pytest.approx(0.5, abs=0.04)
    assert near.excess.low <= 0 <= near.excess.high
    assert exact.excess.low <= 0 <= exact.excess.high
    assert share.n_real == min(rows, 2_000)


def test_one_absurd_row_in_either_part_moves_nothing():
    """Oracle 15: range scaling with one outlier turns this share into 0 or 1."""
    for spoilt in (
        (changed(TRAIN, x0=np.append(TRAIN.numbers("x0")[:-1], 1e12)), FRESH, HOLDOUT),
        (TRAIN, FRESH, changed(HOLDOUT, x0=np.append(HOLDOUT.numbers("x0")[:-1], 1e12))),
    ):
        plain = one(DCRShare(), TRAIN, FRESH, HOLDOUT).estimate.value
        assert one(DCRShare(), *spoilt).estimate.value == pytest.approx(plain, abs=0.01)


def test_the_holdout_itself_is_no_copy_of_train():
    """Negative excess, within bounds, whatever the sizes."""
    for holdout in (HOLDOUT, mixed(300, 4)):
        share, near, exact = (one(metric, TRAIN, holdout, holdout) for metric in EVERY)
        assert share.estimate.value < 0.01
        assert near.excess.high < 0
        assert -1 <= exact.excess.value <= 0


def test_duplicates_within_the_real_data_are_chance_not_copying():
    """A tenth of all real rows share one of 20 values; fresh rows hit those values as often."""
    common = mixed(20, 77)

    def with_common(seed):
        rows = mixed(900, seed)
        return joined(rows, common.take(np.random.default_rng(seed).integers(0, 20, 100)))

    found = one(ExactCopies(), with_common(1), with_common(2), with_common(3))
    assert found.estimate.value == pytest.approx(0.1, abs=0.02)
    assert found.holdout.value == pytest.approx(found.estimate.value, abs=0.005)
    assert found.excess.high < 0.01


def test_one_record_repeated_a_hundred_times_is_one_event():
    """Its interval says that it happened once."""
    often = joined(FRESH.take(np.arange(1_900)), TRAIN.take(np.zeros(100, int)))
    found = one(ExactCopies(), TRAIN, often, HOLDOUT)
    assert found.estimate.value == pytest.approx(0.05)
    assert found.excess.low < 0.01


def test_rows_without_skill_are_the_floor():
    share, near, exact = (one(metric, TRAIN, column_by_column(TRAIN), HOLDOUT) for metric in EVERY)
    assert share.baseline.value == pytest.approx(0.5, abs=0.06)
    assert exact.baseline.value == 0
    assert near.baseline.value < 0.01


def test_false_alarms_are_rare():
    """60 honest tables: 95 % intervals of share and near copies miss 7 times or more in 2 % of seeds."""
    misses = np.zeros(2, int)
    for seed in range(60):
        tables = [mixed(300, 3 * seed + at) for at in range(3)]
        share, near = (one(metric, *tables, seed=seed) for metric in EVERY[:2])
        misses += [not share.estimate.low <= 0.5 <= share.estimate.high, near.excess.low > 0]
    assert (misses < 7).all(), misses


@pytest.mark.parametrize("metric", EVERY[:2])
def test_too_few_rows_are_skipped_with_the_number(metric):
    (result,) = told(metric, TRAIN, mixed(19, 3), HOLDOUT).values()
    assert isinstance(result, Skipped)
    assert "19" in result.reason


def test_without_a_holdout_copies_are_held_against_how_often_train_rows_coincide():
    """No row of train has a twin, so nothing is chance."""
    found = one(ExactCopies(), TRAIN, TRAIN)
    assert found.estimate.value == 1
    assert found.holdout.value == 0
    assert found.excess.low > 0.9


def test_samples_are_told():
    found = one(DCRShare(queries=200, references=300), TRAIN, FRESH, HOLDOUT)
    assert (found.n_real, found.n_synthetic, found.sampled) == (300, 200, True)


def test_the_least_detectable_share_of_copies_by_hand():
    """Beside no chance hit at all 6 copies are seen (6 - sqrt((6 - 2.20)^2 + 3.69^2) > 0), 5 are not; and a Poisson
    count with mean 10.51 is at least 6 in 95 % of cases."""
    assert detectable_excess(hit_rate(np.zeros(9, int), 1 / 1_000), 1_000) == pytest.approx(10.513 / 1_000, abs=1e-6)
    assert detectable_excess(hit_rate(np.zeros(9, int), 1 / 5), 5) == 1  # five rows can't show it


@pytest.mark.parametrize("metric", EVERY[1:])
def test_what_is_detectable_does_not_depend_on_what_was_found(metric):
    """All rows copied: the interval is cut off at 1, the power is not."""
    fresh, copied = (one(metric, TRAIN, made, HOLDOUT).detectable for made in (FRESH, TRAIN))
    assert 0.004 < copied < 0.02
    assert copied == pytest.approx(fresh, rel=0.5)


def test_a_planted_share_at_the_limit_of_detection_is_found_nearly_always():
    """40 tables of 1,000 rows: of 95 % power 35 or fewer finds happen once in 30 runs."""
    found = 0
    for seed in range(40):
        train, holdout, fresh = (mixed(1_000, 3 * seed + at) for at in range(3))
        copies = np.random.default_rng(seed).poisson(0.011 * 1_000)
        leaky = joined(fresh.head(1_000 - copies), train.head(copies))
        found += one(ExactCopies(), train, leaky, holdout).excess.low > 0
    assert found > 35


def steps(rows, seed):
    """Four columns of nine steps each, related: nearly every row is unique, and another real row is a step away."""
    rng = np.random.default_rng(seed)
    at = rng.normal(size=(rows, 1)) + rng.normal(size=(rows, 4))
    columns = {f"s{k}": np.clip(np.round(1.6 * at[:, k]) + 4, 0, 8) for k in range(4)}
    return Table.of(Schema(tuple(Column(name=name, kind="integer") for name in columns)), columns)


def test_neighbouring_combinations_of_a_dense_discrete_region_are_no_copies():
    """Every synthetic row is new and one step beside a train row; many are combinations that the holdout has."""
    train, holdout = steps(2_000, 1), steps(2_000, 2)
    rng = np.random.default_rng(3)
    values = train.model_values()
    column = rng.integers(0, 4, 2_000)
    moved = {
        name: np.clip(cells + np.where(column == at, rng.choice([-1, 1], 2_000), 0), 0, 8)
        for at, (name, cells) in enumerate(values.items())
    }
    made = Table.of(train.schema, moved)
    made = made.take(np.flatnonzero(~np.isin(row_hashes(made), row_hashes(train))))
    assert len(made) > 800
    found = one(NearCopies(), train, made, holdout)
    assert found.excess.low <= 0
    assert found.estimate.value < 0.01


@pytest.mark.parametrize("holdout", [1_333, 4_000])
def test_one_percent_of_jittered_copies_is_caught_at_4000_rows(holdout):
    """A thousandth of a standard deviation, and also where train is three times as large as the holdout."""
    train = mixed(4_000, 21)
    leaky = joined(mixed(3_960, 23), jittered(train.take(np.arange(40)), 0))
    found = one(NearCopies(), train, leaky, mixed(holdout, 22))
    assert found.excess.low > 0.001
    assert found.excess.value == pytest.approx(0.01, abs=0.003)
    assert found.parts["p_value"].value < 0.001
    assert found.detectable < 0.01


@pytest.mark.parametrize("rows", [400, 700, 1_500])
def test_all_copies_are_seen_whatever_the_size_of_the_holdout(rows):
    """Train has 2,000 rows: searched in sets of the holdout's size, the last of which is filled up."""
    found = one(NearCopies(), TRAIN, joined(FRESH.head(1_000), TRAIN.head(1_000)), mixed(rows, 4))
    assert found.estimate.value == pytest.approx(0.5, abs=0.01)
    assert found.n_real == 2_000
    assert not found.sampled


def test_moved_copies_of_twins_single_nobody_out():
    train = joined(mixed(500, 1), mixed(500, 1))
    found = one(NearCopies(), train, jittered(train.head(500), 0), mixed(1_000, 2))
    assert found.excess.high < 0.02
    assert found.parts["p_value"].value > 0.01


@pytest.mark.parametrize("population", [mixed, steps])
@pytest.mark.parametrize("holdout", [100, 130, 210, 400])
def test_fresh_rows_are_as_near_to_the_holdout_as_to_train_at_any_sizes(holdout, population):
    """60 tables, 300 rows of train, among continuous values and among steps, where one row in ten equals a real one:
    the mean excess is 0 within 3 standard errors (one in 370), and 5 intervals or more miss 0 once in six."""
    found = []
    for seed in range(60):
        tables = (population(300, 3 * seed), population(300, 3 * seed + 2), population(holdout, 3 * seed + 1))
        found.append(one(NearCopies(), *tables, seed=seed).excess)
    values = np.array([excess.value for excess in found])
    assert abs(values.mean()) < 3 * values.std() / np.sqrt(60)
    assert sum(not excess.low <= 0 <= excess.high for excess in found) <= 4


def test_a_fifth_of_the_way_to_the_next_row_is_not_near():
    """Even where no holdout row comes nearer than halfway."""
    schema = Schema((Column(name="x", kind="float"),))
    tables = [Table.of(schema, {"x": np.arange(64.0) + beside}) for beside in (0.0, 0.2, 0.5)]
    found = one(NearCopies(), *tables)
    assert found.estimate.value == 0
    assert (
        one(NearCopies(), tables[0], Table.of(schema, {"x": np.arange(64.0) + 1 / 32}), tables[2]).estimate.value > 0.9
    )


def test_records_that_occur_often_are_no_copies_where_the_split_keeps_them_on_one_side():
    """Half of the real rows are one of 150 records; a split puts each of these on one side only.

    What was learnt from train meets train's frequent records, and never the holdout's. Searched among as many rows,
    train had more of them than the holdout, each of which looked like somebody: an excess of .31.
    """
    common = mixed(150, 99)
    often = np.random.default_rng(0).integers(0, 150, 1_000)
    train, holdout = split(joined(common.take(often), mixed(1_000, 1)), holdout=0.25, seed=0)
    seen = np.unique(row_hashes(train), return_counts=True)
    known = train.take(np.flatnonzero(np.isin(row_hashes(train), seen[0][seen[1] > 1])))
    made = joined(mixed(len(train) - len(known), 3), known.take(np.arange(len(known))))
    found = one(NearCopies(), train, made, holdout)
    assert found.excess.low <= 0
    assert found.estimate.value < 0.01
