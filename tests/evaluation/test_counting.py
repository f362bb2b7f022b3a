from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest
from planted_tables import PEOPLE, measured_by, people, with_column

from synthwright import registry
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.engine import Processes
from synthwright.evaluation._counts.counting import BLOCKS, jackknife_blocks
from synthwright.evaluation.comparison import Comparison
from synthwright.seeding import Streams

ONES = pa.table({"a": np.ones(70_000, dtype=np.int64), "b": np.ones(70_000, dtype=np.int64)})
TRAIN, OTHER = people(1_003, 0), people(2_000, 1)


def test_counts_of_all_blocks_add_up_to_the_table():
    """Against a count by hand, for one column and for a pair."""
    comparison = Comparison(TRAIN, OTHER)
    one, two = comparison.counts("synthetic", "member"), comparison.counts("synthetic", "member", "grade")
    assert one.shape[0] == two.shape[0] == BLOCKS
    yes = OTHER.data["member"].to_numpy()
    labels = comparison.cells("member").levels.to_pylist()
    assert one.sum(axis=0)[1 + labels.index(True)] == yes.sum()
    grades = comparison.cells("grade").levels.to_pylist()
    high = OTHER.data["grade"].to_numpy(zero_copy_only=False) == "high"
    assert two.sum(axis=0)[1 + labels.index(True), 1 + grades.index("high")] == (yes & high).sum()
    assert two.sum() == len(OTHER)


def test_three_columns_are_counted_together():
    counts = Comparison(TRAIN, OTHER).counts("train", "member", "grade", "city")
    assert counts.shape == (BLOCKS, 16, 16, 16)
    assert np.array_equal(counts.sum(axis=3), Comparison(TRAIN, OTHER).counts("train", "member", "grade"))


def test_all_pairs_counted_at_once_are_each_pair_counted_alone():
    alone, together = Comparison(TRAIN, OTHER), Comparison(TRAIN, OTHER)
    every = together.pair_counts("synthetic")
    assert len(every.pairs) == 15  # of 6 columns
    for first, second in every.pairs:
        counts = alone.counts("synthetic", first, second)
        assert np.array_equal(together.counts("synthetic", first, second), counts)
        assert np.array_equal(together.counts("synthetic", second, first), counts.transpose(0, 2, 1))
    assert every.of("member", "nowhere") is None


@pytest.mark.parametrize("rows_at_a_time", [1, 37, 100_000])
def test_counts_add_up_over_blocks_of_rows(monkeypatch, rows_at_a_time):
    comparison = Comparison(TRAIN.head(203), OTHER)
    whole = comparison.pair_counts("train"), comparison.counts("train", "member", "grade", "city")
    monkeypatch.setattr("synthwright.evaluation._counts.encoding.ROWS_AT_A_TIME", rows_at_a_time)
    again = Comparison(TRAIN.head(203), OTHER)
    assert np.array_equal(again.pair_counts("train").table, whole[0].table)
    assert np.array_equal(again.counts("train", "member", "grade", "city"), whole[1])


def test_rows_are_grouped_by_jackknife_block_within_each_block_of_rows(monkeypatch):
    monkeypatch.setattr("synthwright.evaluation._counts.encoding.ROWS_AT_A_TIME", 300)
    codes = Comparison(TRAIN, OTHER).codes("train")
    seen = []
    for rows, ends in codes.grouped_rows():
        assert len(ends) == codes.blocks + 1
        for block in range(codes.blocks):
            assert set(codes.block[rows[ends[block] : ends[block + 1]]]) <= {block}
        seen += rows.tolist()
    assert sorted(seen) == list(range(1_003))
    assert max(np.diff(seen[:300])) < 300  # the first 300 rows come first


@pytest.mark.parametrize("name", ["fidelity.correlations", "fidelity.tail_dependence", "fidelity.pair_trends"])
def test_figures_do_not_depend_on_how_many_rows_are_looked_at_at_a_time(monkeypatch, name):
    """Counts are equal; sums of ranks are added in another order and may differ in their last bits."""
    whole = measured_by(registry.find("metric", name)(), TRAIN, OTHER)
    monkeypatch.setattr("synthwright.evaluation._counts.encoding.ROWS_AT_A_TIME", 97)
    for metric, one in measured_by(registry.find("metric", name)(), TRAIN, OTHER).items():
        assert one.estimate.value == pytest.approx(whole[metric].estimate.value, abs=1e-12)
        assert one.estimate.high == pytest.approx(whole[metric].estimate.high, abs=1e-9)


def test_two_workers_count_what_one_counts(monkeypatch):
    """With the limit below which processes are not started set to nothing, and three pairs for each item of work."""
    monkeypatch.setattr("synthwright.evaluation._counts.pair_counts._WORTH", 0)
    monkeypatch.setattr("synthwright.evaluation._counts.pair_counts._ITEM", 3)
    used = []

    class Watched(Processes):
        def map(self, task, items):
            used.append(len(items))
            return super().map(task, items)

    one, two = Comparison(TRAIN, OTHER), Comparison(TRAIN, OTHER, engine=Watched(2))
    assert np.array_equal(one.pair_counts("train").table, two.pair_counts("train").table)
    assert used == [5]


def test_blocks_of_more_rows_than_16_bits_hold_are_counted(monkeypatch):
    """All 70,000 rows of one block are in one cell."""
    table = Table(Schema((Column(name="a", kind="integer"), Column(name="b", kind="integer"))), ONES)
    monkeypatch.setattr(
        "synthwright.evaluation.comparison.jackknife_blocks", lambda table, _: np.zeros(len(table), "u1")
    )
    assert Comparison(table, table).pair_counts("train").table.max() == 70_000


def test_blocks_are_of_equal_size_up_to_one_row():
    sizes = Comparison(TRAIN, OTHER).codes("train").sizes
    assert sizes.sum() == 1_003
    assert sizes.max() - sizes.min() == 1


def test_blocks_depend_on_the_seed_alone():
    first, again = (jackknife_blocks(TRAIN, Streams(3)) for _ in range(2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, jackknife_blocks(TRAIN, Streams(4)))


def test_few_rows_have_a_block_each():
    assert np.bincount(jackknife_blocks(TRAIN.head(7), Streams(0))).tolist() == [1] * 7


def test_groups_stay_whole_and_blocks_even():
    schema = PEOPLE.replacing(replace(PEOPLE["city"], role="group"))
    grouped = Table(schema, people(4_000, 2).data)
    block = jackknife_blocks(grouped, Streams(0))
    city = grouped.data["city"].to_numpy(zero_copy_only=False)
    assert all(len(set(block[city == name])) == 1 for name in set(city))
    assert block.max() + 1 == len(set(city))


def test_many_groups_of_unlike_size_are_dealt_evenly():
    rng = np.random.default_rng(0)
    patient = np.repeat(np.arange(300), np.minimum(rng.zipf(1.7, 300), 200))
    schema = Schema((Column(name="patient", kind="id", role="group"), Column(name="x", kind="float")))
    table = Table(schema, pa.table({"patient": patient, "x": rng.normal(size=len(patient))}))
    block = jackknife_blocks(table, Streams(0))
    assert len({(one, other) for one, other in zip(patient, block, strict=True)}) == len(set(patient))
    rows = np.bincount(block, minlength=BLOCKS)
    assert rows.min() > 0.5 * len(patient) / BLOCKS
    assert rows.max() <= max(np.bincount(patient).max(), 1.5 * len(patient) / BLOCKS)


def test_groups_of_like_size_are_dealt_back_and_forth():
    """130 groups of 3 rows over 40 blocks: three or four of them each, and no other block."""
    patient = np.repeat(np.arange(130), 3)
    schema = Schema((Column(name="patient", kind="id", role="group"), Column(name="x", kind="float")))
    block = jackknife_blocks(Table(schema, pa.table({"patient": patient, "x": patient * 1.0})), Streams(0))
    rows = np.bincount(block)
    assert len({(one, other) for one, other in zip(patient, block, strict=True)}) == 130
    assert (len(rows), rows.min(), rows.max()) == (BLOCKS, 9, 12)


def test_rows_without_a_group_are_groups_of_their_own():
    schema = PEOPLE.replacing(replace(PEOPLE["city"], role="group"))
    rows = people(1_000, 0)
    half = [city if at % 2 else None for at, city in enumerate(rows.data["city"].to_pylist())]
    block = jackknife_blocks(Table(schema, with_column(rows, "city", pa.array(half)).data), Streams(0))
    assert len(set(block[::2])) > 20
    assert all(len(set(block[np.array(half) == city])) == 1 for city in set(half) - {None})
