import numpy as np
import pyarrow as pa
import pytest

from synthwright.data.cells import Cells
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.evaluation._counts.encoding import PAIR_CELLS, pair_cells
from synthwright.evaluation.comparison import Comparison

NUMBER = Column(name="x", kind="float")
LABEL = Column(name="x", kind="categorical", categories=("a", "b"))


def table(column, values):
    return Table(Schema((column,)), pa.table({"x": values}))


def encoded(column, train, other):
    cells = Cells.of(table(column, train), "x", most=4_096)
    return cells, cells.encode(table(column, other)).tolist()


def pair_codes(codes):
    return np.concatenate([pair[0] for _, pair in codes.row_blocks([0])])


def test_missing_values_have_cell_zero_to_themselves():
    _, cells = encoded(NUMBER, [1.0, 2.0, None], [None, 1.0, 2.0, float("nan")])
    assert cells[0] == cells[3] == 0
    assert 0 not in cells[1:3]


def test_a_value_beside_a_point_mass_is_told_from_it():
    """Zeros of train are an atom: 0, the number just above and the number just below have three cells."""
    beside = [0.0, float(np.nextafter(0, 1)), float(np.nextafter(0, -1))]
    _, cells = encoded(NUMBER, [0.0] * 50 + [1.0, 2.0, 3.0], beside)
    assert len(set(cells)) == 3
    assert cells[2] < cells[0] < cells[1]


def test_heavy_values_stay_atoms_among_a_million_others():
    values = np.concatenate([np.zeros(5_000), np.random.default_rng(0).normal(size=20_000)])
    encoder, cells = encoded(NUMBER, values, [0.0, 1e-12, -1e-12])
    assert len(set(cells)) == 3
    assert len(encoder) <= 4_096 + 2
    share = np.bincount(encoder.encode(table(NUMBER, values)), minlength=len(encoder)) / len(values)
    assert np.sort(share)[-2] < 2 / 1024  # all cells but the atom are fine


def test_values_beyond_train_have_the_end_cells():
    encoder, cells = encoded(NUMBER, [1.0, 2.0, 3.0], [0.5, 3.5, 1.0, 3.0])
    assert cells[:2] == [1, len(encoder) - 1]
    assert 1 < cells[2] < cells[3] < len(encoder) - 1


def test_an_unseen_label_has_a_cell_of_its_own():
    encoder, cells = encoded(LABEL, ["a", "b", "b", None], ["b", "a", "new", None, "newer"])
    assert cells == [1, 2, encoder.unseen, 0, encoder.unseen]
    pair_of = pair_cells(encoder, 4)
    assert pair_of[encoder.unseen] not in pair_of[:-1]


def test_ten_thousand_labels_become_own_rare_and_unseen_cells():
    labels = [f"label {at}" for at in range(10_000)]
    encoder, cells = encoded(LABEL, [*labels, *labels[:3000]], [labels[0], labels[9_999], "new"])
    assert len(encoder) == 4_095 + 3
    assert cells == [1, 4_096, 4_097]
    assert encoder.label_counts.sum() == 10_000
    assert pair_cells(encoder, 13_000).max() + 1 == PAIR_CELLS


def test_rows_in_another_order_give_the_same_cells():
    values = [f"label {at % 37}" for at in range(500)]
    backwards = values[::-1]
    assert encoded(LABEL, values, values)[1] == encoded(LABEL, backwards, values)[1]


def test_labels_stored_as_other_types_are_compared_as_text():
    column = Column(name="x", kind="categorical", categories=(1, 2))
    assert encoded(column, pa.array([1, 2, 2]), pa.array(["2", "1", "x"]))[1] == [1, 2, 3]


def test_dictionary_columns_have_the_cells_of_their_values():
    plain = pa.array(["b", "a", None, "b"])
    assert encoded(LABEL, plain, plain.dictionary_encode())[1] == encoded(LABEL, plain, plain)[1]


@pytest.mark.parametrize("rows", [1, 30, 300, 5_000])
def test_pair_cells_fit_four_bits_and_shrink_with_the_rows(rows):
    values = np.random.default_rng(0).normal(size=rows)
    train = table(NUMBER, values)
    codes = Comparison(train, train).codes("train")
    assert 2 <= codes.pair_size(0) == codes.pair_width <= PAIR_CELLS
    if rows >= 300:
        mass = np.bincount(pair_codes(codes))[1:] / rows
        assert mass == pytest.approx(1 / len(mass), abs=0.02)
        assert rows / len(mass) ** 2 >= 5


def test_pair_cells_of_few_values_are_the_values():
    train, other = table(NUMBER, [1.0, 2.0, 3.0] * 100), table(NUMBER, [1.0, 2.0, 3.0, 2.5, -9.0, 9.0])
    assert pair_codes(Comparison(train, other).codes("synthetic")).tolist() == [1, 2, 3, 2, 1, 3]


def test_pair_codes_come_in_blocks_of_rows_as_small_integers(monkeypatch):
    monkeypatch.setattr("synthwright.evaluation._counts.encoding.ROWS_AT_A_TIME", 100)
    train = table(NUMBER, np.random.default_rng(0).normal(size=250))
    blocks = list(Comparison(train, train).codes("train").row_blocks([0]))
    assert [pair.shape for _, pair in blocks] == [(1, 100), (1, 100), (1, 50)]
    assert {pair.dtype for _, pair in blocks} == {np.dtype(np.uint8)}


def test_empty_and_constant_columns_have_cells():
    nothing, cells = encoded(NUMBER, pa.array([None, None], pa.float64()), [1.0, None])
    assert cells == [1, 0]
    assert len(nothing) == 2
    assert encoded(NUMBER, [7.0, 7.0], [7.0, 6.0, 8.0])[1] == [2, 1, 3]
    assert encoded(LABEL, pa.array([None], pa.string()), ["a", None])[1] == [1, 0]
