"""Shifts of ordered columns, by pencil and on planted tables."""

from __future__ import annotations

import numpy as np
import pytest

from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.evaluation.comparison import Comparison
from synthwright.evaluation.fidelity.shifts import Shifts
from synthwright.evaluation.measurement import Skipped
from synthwright.gates.presets import load_gates
from synthwright.seeding import Streams

GRADES = ("low", "middle", "high")
SCHEMA = Schema(
    (
        Column(name="x", kind="float", missing=True),
        Column(name="grade", kind="ordinal", categories=GRADES),
        Column(name="name", kind="categorical", categories=("a", "b")),
    )
)
GATE = next(gate for gate in load_gates("default").gates if gate.gate == "columns in place")


def table(x, grade=0, name=0):
    n = len(x)
    codes = [np.broadcast_to(np.asarray(one, dtype=np.int32), n) for one in (grade, name)]
    return Table.of(SCHEMA, {"x": np.asarray(x, dtype=float), "grade": codes[0], "name": codes[1]})


def drawn(rows, seed, shift=0.0):
    rng = np.random.default_rng(seed)
    return table(rng.normal(shift, 1, rows), rng.integers(0, 3, rows), rng.integers(0, 2, rows))


def measured(train, synthetic, holdout=None):
    comparison = Comparison(train, synthetic, holdout, seed=0)
    return Shifts().measure(comparison, Context(streams=Streams(0)))


def test_a_shift_is_the_chance_of_more_less_that_of_less():
    mean, worst = measured(table([1.0] * 20 + [2.0] * 20), table([1.0] * 30 + [2.0] * 10))
    assert worst.parts["x"].value == pytest.approx(-0.25)
    assert worst.estimate.value == pytest.approx(0.25)
    assert mean.estimate.value == pytest.approx(0.125)  # of the number and the grade, which did not move


def test_ordinal_labels_have_their_declared_order_however_frequent_they_are():
    train = table(np.zeros(60), [2] * 30 + [0] * 20 + [1] * 10)
    made = table(np.zeros(60), [1] * 60)
    _, worst = measured(train, made)
    assert worst.parts["grade"].value == pytest.approx(20 / 60 - 30 / 60)
    assert set(worst.parts) == {"x", "grade"}


def test_missing_cells_are_left_out():
    gaps = np.array([1.0, 2.0] * 20 + [np.nan] * 40)
    _, worst = measured(table([1.0, 2.0] * 20), table(gaps))
    assert worst.parts["x"].value == pytest.approx(0)


def test_a_normal_column_that_moved_by_half_a_deviation_has_a_shift_of_28_hundredths():
    _, worst = measured(drawn(4_000, 0), drawn(4_000, 1, shift=0.5), drawn(4_000, 2))
    assert worst.parts["x"].value == pytest.approx(0.276, abs=0.03)
    assert worst.excess.low > 0.2


def test_half_a_deviation_fails_with_1000_rows_and_fresh_rows_pass():
    """The error is .026: .12 is 6 of them away from either."""
    for seed in range(5):
        train, holdout = drawn(1_000, 10 * seed), drawn(1_000, 10 * seed + 2)
        assert GATE.judge(measured(train, drawn(1_000, 10 * seed + 1, 0.5), holdout)[1]).verdict == "FAIL"
        assert GATE.judge(measured(train, drawn(1_000, 10 * seed + 1), holdout)[1]).verdict == "PASS"


def test_without_a_holdout_the_gate_still_speaks():
    assert GATE.judge(measured(drawn(1_000, 0), drawn(1_000, 1, 0.5))[1]).verdict == "FAIL"


def test_a_change_of_unit_changes_nothing():
    one = measured(drawn(300, 0), drawn(300, 1))[1]
    other = measured(
        *(table(np.exp(drawn(300, seed).numbers("x")), drawn(300, seed).levels("grade")) for seed in (0, 1))
    )
    assert other[1].parts["x"].value == pytest.approx(one.parts["x"].value)


def test_one_absurd_value_moves_it_by_its_row():
    made = drawn(1_000, 1)
    far = made.numbers("x").copy()
    far[0] = 1e12
    before, after = (measured(drawn(1_000, 0), one)[1].parts["x"].value for one in (made, table(far)))
    assert abs(after - before) <= 2 / 1_000


@pytest.mark.parametrize("rows", [1, 19])
def test_too_few_values_are_skipped_with_the_number(rows):
    told = measured(drawn(100, 0), drawn(rows, 1))
    assert all(isinstance(one, Skipped) and "20 values" in one.reason for one in told)
