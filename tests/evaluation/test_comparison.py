"""What a comparison computes for all metrics: cells of train, codes of every part, and the floor."""

import numpy as np
from planted_tables import measured_by, people, with_column

from synthwright.data.codes import Encoder
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.diversity.duplicates import Duplicates

TRAIN, MADE = people(1_000, 0), people(400, 1)


def test_the_floor_keeps_columns_and_loses_what_ties_them():
    floor = Comparison(TRAIN, MADE).floor(20_000)
    assert floor.schema == TRAIN.schema
    assert len(floor) == 20_000
    for name in ("age", "joined"):
        assert abs(floor.numbers(name).mean() - TRAIN.numbers(name).mean()) < 0.03 * TRAIN.numbers(name).std()
        assert set(floor.numbers(name)) <= set(TRAIN.numbers(name))
    together = [np.corrcoef(table.numbers("age"), table.numbers("joined"))[0, 1] for table in (TRAIN, floor)]
    assert together[0] > 0.3
    assert abs(together[1]) < 0.03


def test_the_floor_is_as_long_as_the_synthetic_table_and_longer_ones_begin_with_it():
    comparison = Comparison(TRAIN, MADE)
    floor = comparison.floor()
    assert len(floor) == 400
    assert floor.digest() == comparison.floor(1_000).head(400).digest()
    assert floor.digest() != Comparison(TRAIN, MADE, seed=1).floor().digest()


def test_metrics_draw_their_floor_from_it():
    """A column of few values repeats as often in the floor as the metric says."""
    few = with_column(TRAIN, "age", TRAIN.data["age"].slice(0, 1_000)).select(["age", "city"])
    made = MADE.select(["age", "city"])
    floor = Comparison(few, made).floor()
    distinct = len({*zip(*(floor.data[name].to_pylist() for name in floor.names), strict=True)})
    assert measured_by(Duplicates(), few, made)["diversity.duplicates"].baseline.value == 1 - distinct / 400


def test_codes_are_those_of_the_one_encoder_and_come_back_to_values():
    comparison = Comparison(TRAIN, MADE)
    codes = comparison.codes("synthetic").fine
    assert np.array_equal(codes.matrix, Encoder.of(TRAIN).encode(MADE).matrix)
    again = comparison.encoder.decode(codes, np.full(codes.matrix.shape, 0.5))
    assert np.array_equal(again.levels("city"), MADE.levels("city"))
    within = np.isin(MADE.numbers("age"), TRAIN.numbers("age"))
    assert np.array_equal(again.numbers("age")[within], MADE.numbers("age")[within])
