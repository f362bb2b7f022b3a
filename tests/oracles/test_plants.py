"""The plants are what they say: counted by hand on the tables themselves, without a metric."""

from __future__ import annotations

import numpy as np
import planting
import plants_on_copies
import plants_on_looks
import pytest
from populations import MODES, population

from synthwright.data.hashing import row_hashes

ROWS = 1_000
MIXED, NUMERIC, LABELS = (population(name) for name in ("mixed", "numeric", "labels"))


def copies(case):
    return int(np.isin(row_hashes(case.synthetic), row_hashes(case.train)).sum())


def test_copies_are_as_many_as_said():
    assert copies(planting.fresh(MIXED, ROWS, 0)) == 0
    assert copies(plants_on_copies.copied(MIXED, ROWS, 0)) == ROWS
    assert copies(plants_on_copies.one_in_a_hundred_copied(MIXED, ROWS, 0)) == 10
    assert copies(plants_on_copies.outliers_copied(MIXED, ROWS, 0)) == 5
    assert copies(plants_on_copies.copied_with_jitter(NUMERIC, ROWS, 0)) == 0


def test_one_column_differs_in_copies_but_for_one_column():
    case = plants_on_copies.copied_but_for_one_column(MIXED, ROWS, 0)
    others = [name for name in MIXED.schema.names if name != MIXED.schema.names[1]]
    assert np.isin(row_hashes(case.synthetic, others), row_hashes(case.train, others)).all()
    assert copies(case) < ROWS // 20


def test_the_rarest_mode_has_a_label_of_its_own_which_vanishes_with_it():
    table = MIXED.draw(20_000, 0)
    assert (table.levels("city") == 8).mean() == pytest.approx(MODES[3], abs=0.004)
    assert (plants_on_looks.rare_mode_dropped(MIXED, ROWS, 0).synthetic.levels("city") != 8).all()


def test_shuffling_keeps_columns_and_loses_pairs():
    case = plants_on_looks.columns_shuffled(NUMERIC, 4_000, 0)
    for name in ("x0", "x1"):
        assert abs(case.synthetic.numbers(name).mean() - case.train.numbers(name).mean()) < 0.25
    assert abs(np.corrcoef(case.train.numbers("x0"), case.train.numbers("x1"))[0, 1]) > 0.3
    assert abs(np.corrcoef(case.synthetic.numbers("x0"), case.synthetic.numbers("x1"))[0, 1]) < 0.05


def test_shifts_are_in_deviations_of_train():
    for plant, size in ((plants_on_looks.shifted_a_little, 0.5), (plants_on_looks.shifted_far, 100.0)):
        case = plant(NUMERIC, 4_000, 0)
        moved = case.synthetic.numbers("x0").mean() - case.train.numbers("x0").mean()
        assert moved / case.train.numbers("x0").std() == pytest.approx(size, abs=0.1)


@pytest.mark.parametrize("people", [MIXED, NUMERIC], ids=["labels", "numbers"])
def test_any_two_coins_are_independent_and_all_three_are_not(people):
    def signs(table):
        names = ["coin a", "coin b", "coin c"]
        known = [table.levels(name) if table.schema[name].is_discrete else table.numbers(name) > 0 for name in names]
        return [2.0 * np.asarray(values) - 1 for values in known]

    case = plants_on_looks.exclusive_or(people, 4_000, 0)
    for table, kept in ((case.train, True), (case.holdout, True), (case.synthetic, False)):
        a, b, c = signs(table)
        assert max(abs((a * b).mean()), abs((a * c).mean()), abs((b * c).mean())) < 0.06
        assert bool(abs((a * b * c).mean()) == 1) is kept


def test_a_reversed_target_keeps_its_column():
    case, before = plants_on_looks.target_flipped(MIXED, ROWS, 0), planting.fresh(MIXED, ROWS, 0)
    assert (case.synthetic.levels("target") == 1).sum() == (before.synthetic.levels("target") == 1).sum()
    assert (case.synthetic.levels("target") != before.synthetic.levels("target")).mean() > 0.9
    values = [
        np.sort(one.synthetic.numbers("target"))
        for one in (plants_on_looks.target_flipped(NUMERIC, ROWS, 0), planting.fresh(NUMERIC, ROWS, 0))
    ]
    assert np.array_equal(*values)


def test_every_fifth_of_the_minority_is_kept():
    case = plants_on_looks.minority_thinned(MIXED, 10_000, 0)
    real, made = (float((table.levels("group") == 1).mean()) for table in (case.train, case.synthetic))
    assert made / (1 - made) == pytest.approx(real / (1 - real) / 5, rel=0.15)


def test_addresses_are_those_of_train_and_no_row_is():
    case = plants_on_copies.addresses_kept(MIXED, ROWS, 0)
    assert case.synthetic.data["email"].equals(case.train.data["email"])
    assert not set(case.holdout.data["email"].to_pylist()) & set(case.train.data["email"].to_pylist())
    assert copies(case) == 0


def test_missing_cells_are_as_many_and_elsewhere():
    case = plants_on_looks.missing_in_the_wrong_rows(MIXED, ROWS, 0)
    name, by = MIXED.schema.names[2], MIXED.schema.names[0]
    lost = [table.missing(name) for table in (case.train, case.synthetic)]
    assert [int(one.sum()) for one in lost] == [200, 200]
    ages = [table.numbers(by)[gone].mean() for table, gone in zip((case.train, case.synthetic), lost, strict=True)]
    assert ages[1] > ages[0] + 10


def test_references_have_no_fault():
    assert copies(plants_on_copies.negative_secret(MIXED, ROWS, 0)) == 0
    kept = plants_on_looks.exclusive_or_kept(MIXED, ROWS, 0).synthetic
    assert ((kept.levels("coin a") ^ kept.levels("coin b")) == kept.levels("coin c")).all()
    addresses = plants_on_copies.new_addresses(MIXED, ROWS, 0)
    assert not set(addresses.synthetic.data["email"].to_pylist()) & set(addresses.train.data["email"].to_pylist())
