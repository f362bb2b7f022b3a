"""Codes: fitted on train, reversible within a cell, missing and unseen apart."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.codes import Encoder
from synthwright.data.reading import read_table
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table

RNG = np.random.default_rng(1)


def table(**columns):
    return read_table(pa.table(columns))


def test_missing_is_0_and_unseen_is_last():
    train = table(c=["a"] * 6 + ["b"] * 5 + [None])
    codes = Encoder.of(train).encode(table(c=["b", "a", None, "z"] * 5))
    assert codes.sizes == (4,)
    assert codes.column("c")[:4].tolist() == [2, 1, 0, 3]


def test_few_numbers_have_a_cell_each_and_so_has_what_lies_between_and_beyond():
    train = table(v=[1.0, 2.0, 4.0] * 5)
    codes = Encoder.of(train).encode(table(v=[0.5, 1.0, 1.5, 2.0, 4.0, 9.0, None]))
    assert codes.column("v").tolist() == [1, 2, 3, 4, 6, 7, 0]
    assert codes.sizes == (8,)


def test_counts_are_those_of_train(adult):
    encoder = Encoder.of(adult, max_cells=50)
    codes = encoder.encode(adult)
    for at, cells in enumerate(encoder.cells):
        assert len(cells) <= 52
        assert np.array_equal(cells.counts, np.bincount(codes.matrix[:, at], minlength=len(cells)))


def test_every_number_comes_back_to_its_cell_also_beyond_and_between_those_of_train():
    schema = Schema((Column(name="v", kind="float"),))
    train, made = (
        Table(schema, pa.table({"v": RNG.normal(size=3_000).round(digits)}))
        for digits in (2, 3)  # many cells without train rows
    )
    made = Table(schema, pa.table({"v": [*made.numbers("v"), -9.0, 9.0, np.nan]}))
    encoder = Encoder.of(train, max_cells=300)
    codes = encoder.encode(made)
    assert {0, 1, codes.size("v") - 1} <= set(codes.column("v").tolist())
    again = encoder.encode(encoder.decode(codes, RNG.random(codes.matrix.shape)))
    assert np.array_equal(codes.matrix, again.matrix)


@pytest.mark.parametrize("whole", [True, False])
def test_many_numbers_fall_into_cells_of_equal_mass(whole):
    numbers = RNG.integers(0, 100_000, 20_000) if whole else RNG.normal(size=20_000)
    train = table(v=numbers)
    codes = Encoder.of(train, max_cells=64).encode(train)
    assert codes.matrix.dtype == np.uint8
    mass = np.bincount(codes.column("v"), minlength=36)
    assert mass[0] == mass[1] == mass[-1] == 0
    assert mass[-2] == np.count_nonzero(train.numbers("v") == train.numbers("v").max())  # its own cell
    assert mass[2:-2].min() >= 600
    assert mass[2:-2].max() <= 650
    assert len(mass) == 32 + 4


def test_the_distribution_function_is_exact_at_every_value_of_train():
    train, other = table(v=RNG.normal(size=300).round(1)), table(v=RNG.normal(size=300).round(1))
    encoder = Encoder.of(train)
    (cells,) = encoder.cells
    counts = np.bincount(encoder.encode(other).column("v"), minlength=len(cells))[1:]
    values = other.numbers("v")
    for below, edge in zip(np.cumsum(counts)[:-1], cells.edges, strict=True):
        assert below == np.count_nonzero(values < edge)


@pytest.mark.parametrize("name", ["adult", "shoppers", "beijing", "birdstrikes", "default_credit"])
@pytest.mark.parametrize("cells", [16, 256, 4096])
def test_decoding_comes_back_to_the_same_codes(name, cells, request):
    train = request.getfixturevalue(name)
    encoder = Encoder.of(train, max_cells=cells)
    codes = encoder.encode(train)
    back = encoder.decode(codes, RNG.random(codes.matrix.shape))
    again = encoder.encode(back)
    for at, column in enumerate(encoder.cells):
        same = codes.matrix[:, at] == again.matrix[:, at]
        if column.column.is_numeric:
            assert same.all(), column.column.name
        else:  # rare categories are never emitted: they come back as missing
            assert (same | (again.matrix[:, at] == 0)).all()


def test_rare_labels_beyond_the_limit_share_a_cell_apart_from_unseen_ones():
    train = table(c=["a"] * 50 + ["b"] * 30 + ["c"] * 9 + ["d"] * 8)
    codes = Encoder.of(train, max_cells=3).encode(table(c=["a", "b", "c", "d", "new"] * 9))
    assert codes.column("c")[:5].tolist() == [1, 2, 3, 3, 4]


def test_merging_gives_few_cells_of_even_mass():
    train = table(v=RNG.normal(size=5000), c=[f"v{n}" for n in RNG.geometric(0.1, 5000) % 40])
    encoder = Encoder.of(train)
    coarse = encoder.encode(train).merged([cells.coarse(14) for cells in encoder.cells])
    assert coarse.sizes == (15, 16)  # labels that train does not have get a cell more
    assert coarse.matrix.dtype == np.uint8
    assert coarse.matrix.flags.f_contiguous
    assert np.bincount(coarse.column("v"))[1:15].min() > 340
    fine = encoder.encode(train).column("c")
    assert np.array_equal(coarse.column("c")[fine < 13], fine[fine < 13])


def test_columns_without_values_and_dates_and_flags_are_coded():
    train = table(n=pa.nulls(12, pa.float64()), f=[True, False, None] * 4, d=pa.array(range(12), pa.timestamp("s")))
    codes = Encoder.of(train).encode(train)
    assert codes.column("n").tolist() == [0] * 12
    assert codes.size("n") == 2
    assert codes.column("f")[:3].tolist() in ([2, 1, 0], [1, 2, 0])
    assert codes.column("d").tolist() == list(range(2, 26, 2))


def test_identifiers_and_free_text_are_left_out(beijing):
    assert "No" not in Encoder.of(beijing).names


def test_infinite_numbers_lie_beyond_the_ends():
    train = Table(Schema((Column(name="v", kind="float"),)), pa.table({"v": [-np.inf, 1.0, 2.0, np.inf, np.inf]}))
    encoder = Encoder.of(train)
    assert encoder.encode(train).column("v").tolist() == [1, 2, 4, 5, 5]
    assert encoder.cells[0].counts.tolist() == [0, 1, 1, 0, 1, 2]
