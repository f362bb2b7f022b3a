"""A split keeps what belongs together on one side, whatever the order of the rows."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from synthwright.data.hashing import row_hashes
from synthwright.data.reading import read_table
from synthwright.data.schema import Schema
from synthwright.data.splitting import split


def table(**columns):
    return read_table(pa.table(columns))


def numbered(adult):
    return adult.take(np.arange(1000))


@pytest.mark.parametrize("share", [0.1, 0.25, 0.5, 0.9])
def test_the_holdout_has_its_share(adult, share):
    train, holdout = split(adult, holdout=share, seed=3)
    assert len(holdout) == pytest.approx(1000 * share, abs=2)
    assert len(train) + len(holdout) == 1000


def test_both_sides_keep_the_order_of_the_rows(beijing):
    for part in split(beijing, seed=1):
        assert np.all(np.diff(part.data["No"].to_numpy()) > 0)


def test_one_seed_gives_one_split_and_another_another(adult):
    assert split(adult, seed=5)[1].digest() == split(adult, seed=5)[1].digest()
    assert split(adult, seed=5)[1].digest() != split(adult, seed=6)[1].digest()


def test_the_order_of_the_rows_does_not_matter(adult):
    backwards = adult.take(np.arange(999, -1, -1))
    first, second = split(adult)[1], split(backwards)[1]
    assert sorted(row_hashes(first)) == sorted(row_hashes(second))


@settings(max_examples=60, deadline=None, derandomize=True, phases=[Phase.generate])
@given(
    rows=st.lists(st.tuples(st.integers(0, 3), st.sampled_from("ab")), min_size=2, max_size=40), seed=st.integers(0, 99)
)
def test_equal_rows_never_straddle(rows, seed):
    if len(set(rows)) < 2:
        return
    both = table(n=[n for n, _ in rows], c=[c for _, c in rows])
    train, holdout = split(both, seed=seed)
    sides = [set(map(tuple, (row.values() for row in part.data.to_pylist()))) for part in (train, holdout)]
    assert not sides[0] & sides[1]
    assert len(train) > 0
    assert len(holdout) > 0


def test_a_point_mass_is_dealt_out_and_copies_stay_together():
    """100 of 1,000 rows equal are a common combination; 30 equal rows could be one record copied."""
    values = [0.5] * 100 + [7.5] * 30 + [n + 0.25 for n in range(870)]
    _, holdout = split(table(v=values), seed=4)
    assert holdout.data["v"].to_pylist().count(0.5) == 25
    assert holdout.data["v"].to_pylist().count(7.5) in {0, 30}
    assert len(holdout) == 250


def test_a_table_of_few_combinations_can_be_split():
    answers = table(a=["y", "n"] * 500, b=["y", "y", "n", "n"] * 250)
    train, holdout = split(answers)
    assert len(holdout) == 4 * round(250 / 4)
    assert len(train) == 1000 - len(holdout)


@pytest.mark.parametrize("share", [1e-6, 1 - 1e-6])
def test_neither_side_is_ever_empty(share):
    for values in (["y", "n"] * 500, range(10), ["a"] * 60 + ["b"]):
        assert all(len(part) > 0 for part in split(table(v=values), holdout=share))


def test_identifiers_do_not_make_equal_rows_different():
    copies = table(id=np.arange(60), a=np.arange(60) // 2 * 1.5)
    assert copies.schema["id"].kind == "id"
    train, holdout = split(copies)
    assert not set(train.data["a"].to_pylist()) & set(holdout.data["a"].to_pylist())


def test_groups_stay_whole():
    visits = table(patient=[f"p{n // 4}" for n in range(200)], value=np.arange(200) * 0.5)
    train, holdout = split(visits, group="patient", seed=2)
    assert not set(train.data["patient"].to_pylist()) & set(holdout.data["patient"].to_pylist())
    assert len(holdout) == 48  # 12 of 50 patients: 12.5 would be a quarter


def test_a_column_with_the_role_group_is_used():
    visits = table(patient=[f"p{n // 4}" for n in range(200)], value=np.arange(200) * 0.5)
    from dataclasses import replace

    marked = visits.with_schema(Schema((replace(visits.schema["patient"], role="group"), visits.schema["value"])))
    assert split(marked, seed=2)[1].digest() == split(visits, group="patient", seed=2)[1].digest()


def test_the_latest_rows_are_the_holdout_of_a_split_by_time(beijing):
    train, holdout = split(beijing, time="datetime")
    assert len(holdout) == 250
    assert max(train.data["datetime"].to_pylist()) < min(holdout.data["datetime"].to_pylist())


def test_equal_times_stay_together_and_missing_ones_are_train():
    days = [dt.date(2024, 1, 1 + n // 10) for n in range(40)] + [None] * 4
    train, holdout = split(table(day=days, n=range(44)), time="day")
    assert holdout.data["n"].to_pylist() == list(range(30, 40))
    assert train.data["day"].null_count == 4


def test_about_a_quarter_of_each_value_is_held_out_over_seeds(adult):
    """Each of 1,000 rows falls into the holdout with probability 1/4: the count over 60 seeds is within 6 sd."""
    counts = np.zeros(1000)
    for seed in range(60):
        held = set(row_hashes(split(adult, seed=seed)[1]).tolist())
        counts += np.array([value in held for value in row_hashes(adult).tolist()])
    assert np.all(np.abs(counts - 15) < 6 * np.sqrt(60 * 0.25 * 0.75))


def coarse(rows, seed=0):
    rng = np.random.default_rng(seed)
    return read_table({name: rng.integers(0, levels, rows) for name, levels in (("a", 12), ("b", 9), ("c", 20))})


def test_rows_that_coincide_are_dealt_out_one_by_one():
    """2,160 combinations, 8,000 rows: on one side only, no holdout row would be like any of train."""
    train, kept = split(coarse(8_000))
    assert len(kept) == 2_000
    assert np.isin(row_hashes(kept), row_hashes(train)).mean() > 0.9


def test_records_entered_twice_stay_together_in_a_wide_table():
    rng = np.random.default_rng(0)
    numbers = {f"x{at}": np.tile(rng.normal(size=500).round(3), 2) for at in range(6)}
    train, kept = split(read_table(numbers))
    assert len(kept) == 250
    assert not np.isin(row_hashes(kept), row_hashes(train)).any()


def test_the_order_of_coinciding_rows_does_not_matter():
    table = coarse(3_000)
    turned = table.take(np.arange(2_999, -1, -1))
    assert sorted(row_hashes(split(table)[1])) == sorted(row_hashes(split(turned)[1]))
