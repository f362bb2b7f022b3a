from dataclasses import replace

import numpy as np
import pyarrow as pa
from planted_tables import PEOPLE, people, with_column

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.counting import BLOCKS, jackknife_blocks
from synthwright.seeding import Streams

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


def test_rows_without_a_group_are_groups_of_their_own():
    schema = PEOPLE.replacing(replace(PEOPLE["city"], role="group"))
    rows = people(1_000, 0)
    half = [city if at % 2 else None for at, city in enumerate(rows.data["city"].to_pylist())]
    block = jackknife_blocks(Table(schema, with_column(rows, "city", pa.array(half)).data), Streams(0))
    assert len(set(block[::2])) > 20
    assert all(len(set(block[np.array(half) == city])) == 1 for city in set(half) - {None})
