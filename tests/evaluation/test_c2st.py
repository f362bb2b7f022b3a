"""A classifier tells apart what differs, and nothing else."""

import numpy as np
import pytest
from planted_learnable import binary, changed, column_by_column, mixed, one, told

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._learners.propensity import folds_of
from synthwright.evaluation.fidelity.c2st import C2ST
from synthwright.evaluation.measurement import Skipped
from synthwright.learning import boosting
from synthwright.seeding import Streams


def test_shuffled_columns_are_told_apart_and_fresh_rows_are_not():
    train, holdout = mixed(1_500, 1), mixed(1_500, 2)
    broken, fresh = (one(C2ST(), train, other, holdout) for other in (column_by_column(train), mixed(1_500, 3)))
    assert broken.excess.low > 0.02
    assert broken.estimate.value == pytest.approx(broken.baseline.value, abs=0.1)
    assert fresh.excess.low < 0 < fresh.excess.high
    assert fresh.estimate.low < 0.5 < fresh.estimate.high
    assert fresh.holdout.low < 0.5 < fresh.holdout.high


def test_exclusive_or_is_seen_although_every_pair_of_columns_is_right():
    """Oracle 12: three columns, the third of which is the exclusive or of the others; synthetic, a coin."""
    schema = Schema(tuple(Column(name=name, kind="categorical", categories=("0", "1")) for name in "abc"))

    def table(seed, linked):
        a, b, coin = np.random.default_rng(seed).integers(0, 2, (3, 1_000)).astype(np.int32)
        return Table.of(schema, {"a": a, "b": b, "c": a ^ b if linked else coin})

    found = one(C2ST(), table(1, True), table(2, False), table(3, True))
    assert found.estimate.value == pytest.approx(0.75, abs=0.05)  # half of the coins are wrong, and those are seen
    assert found.excess.low > 0.15


def test_missingness_alone_tells_rows_apart():
    train, holdout = mixed(1_000, 1), mixed(1_000, 2)
    x2 = mixed(1_000, 3).numbers("x2")
    filled = changed(mixed(1_000, 3), x2=np.where(np.isnan(x2), np.nanmean(x2), x2))
    assert one(C2ST(), train, filled, holdout).excess.low > 0.01


def test_a_copy_of_train_is_at_the_ceiling():
    train, holdout = mixed(1_000, 1), mixed(1_000, 2)
    found = one(C2ST(), train, train.take(np.random.default_rng(0).permutation(1_000)), holdout)
    assert found.excess.low <= 0 <= found.excess.high


def test_one_absurd_row_moves_nothing():
    train, holdout, fresh = mixed(1_000, 1), mixed(1_000, 2), mixed(1_000, 3)
    values = fresh.numbers("x0")
    absurd = changed(fresh, x0=np.append(values[:-1], 1e12))
    gap = one(C2ST(), train, absurd, holdout).estimate.value - one(C2ST(), train, fresh, holdout).estimate.value
    assert abs(gap) < 0.02


def test_equal_rows_share_a_fold_unless_they_are_the_distribution():
    streams = Streams(0)
    X = np.concatenate([np.arange(300.0), np.arange(100.0)])[:, None]
    fold = folds_of(X, np.repeat([0, 1], 200), 5, streams)
    assert np.array_equal(fold[:100], fold[300:])
    # A hundred different rows, four times each: held together, no fold would know the values of another.
    spread = folds_of(np.repeat(np.arange(100.0), 4)[:, None], np.tile([0, 1], 200), 5, streams).reshape(100, 4)
    assert (spread.max(axis=1) != spread.min(axis=1)).sum() > 80
    few = folds_of(np.zeros((400, 1)), np.repeat([0, 1], 200), 5, streams)
    assert np.bincount(few, minlength=5).min() == 80


def test_folds_hold_equal_numbers_of_both_kinds():
    y = np.repeat([0, 1], 250)
    fold = folds_of(np.random.default_rng(0).normal(size=(500, 2)), y, 5, Streams(1))
    assert np.array_equal(np.bincount(2 * fold + y), np.full(10, 50))


def test_binary_tables_are_compared_on_what_they_are():
    """32 different rows: nothing is recognised, and a changed share is seen."""
    train, holdout = binary(1_000, 1), binary(1_000, 2)
    other = changed(binary(1_000, 3), b0=np.ones(1_000, np.int32))
    assert one(C2ST(), train, other, holdout).estimate.value == pytest.approx(0.85, abs=0.03)  # (1 + .7) / 2
    fresh = one(C2ST(), train, binary(1_000, 4), holdout)
    assert fresh.estimate.low < 0.5 < fresh.estimate.high


def test_sizes_are_equal_and_told():
    found = one(C2ST(rows=300), mixed(900, 1), mixed(500, 2), mixed(400, 3))
    assert (found.n_real, found.n_synthetic, found.sampled) == (300, 300, True)


def test_without_a_holdout_there_is_no_ceiling():
    found = one(C2ST(), mixed(300, 1), mixed(300, 2))
    assert found.holdout is None
    assert found.excess is None


def test_too_few_rows_are_said_to_be_too_few():
    (result,) = told(C2ST(), mixed(300, 1), mixed(49, 2), mixed(300, 3)).values()
    assert isinstance(result, Skipped)
    assert "49" in result.reason


def test_it_works_without_lightgbm(monkeypatch):
    monkeypatch.setattr(boosting, "_lightgbm", lambda: None)
    train = mixed(200, 1)
    assert one(C2ST(), train, changed(train, x0=train.numbers("x0") + 3), mixed(200, 2)).estimate.value > 0.95


def test_the_interval_holds_a_half_for_fresh_rows():
    """20 tables of 200 rows: with 95 % coverage more than 3 miss in 1.6 % of such runs, with 75 % in 77 %."""
    misses = 0
    for seed in range(20):
        found = one(C2ST(), mixed(200, 3 * seed), mixed(200, 3 * seed + 1), mixed(200, 3 * seed + 2), seed=seed)
        misses += not found.estimate.low <= 0.5 <= found.estimate.high
    assert misses <= 3


@pytest.mark.parametrize("rows", [60, 99, 400])
@pytest.mark.parametrize("twins", [0, 10])
def test_a_copy_in_a_small_table_is_not_recognised_under_the_other_label(rows, twins):
    """Without a holdout train stands for the real rows, and a copy scores the same as its original: exactly a half."""
    train = mixed(rows, 1).take(np.r_[0 : rows - twins, 0:twins])
    found = one(C2ST(), train, train)
    assert found.estimate.value == pytest.approx(0.5, abs=1e-9)
    assert (found.better, found.target) == ("target", 0.5)
