"""The mean of a figure over seeds: what test rows explain counts once, and few seeds learn from all arms."""

import numpy as np
import pytest

from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation._statistics.repeats import Luck, Repeated, lucks
from synthwright.evaluation._statistics.tables import over_tables


def test_what_seeds_differ_by_beyond_their_rows_is_divided_by_their_number():
    """4 of rows; seeds differ by 9, of which rows explain 1: 4 + (9 - 1) / 2 = 8 by hand."""
    told = Repeated(0.5, rows=4.0, between=9.0, shared=1.0, freedom=1e9, seeds=2)
    assert told.within()[1] == pytest.approx(8**0.5)
    assert told.within(Luck(1.0, 5.0))[1] == pytest.approx(2.0)
    assert told.within(Luck(0.2, 5.0))[1] == pytest.approx(2.0)  # luck is never negative


def test_figures_of_seeds_give_the_variances_of_the_analysis_by_hand():
    """Moves 1 and -1 in one seed, 3 and -3 in the other: their mean moves by 2, either differs from it by 1."""
    told = Repeated.of([Figure(1.0, {"a": np.array([1.0, -1.0])}), Figure(4.0, {"a": np.array([3.0, -3.0])})])
    assert (told.value, told.rows, told.between) == (2.5, 2 * 8.0, 4.5)
    assert told.shared == pytest.approx(2 * (2.0 + 2.0))
    assert told.luck == Luck(4.5 / 8.0, 1)


def test_seeds_that_say_the_same_have_the_interval_of_the_rows():
    moves = np.array([1.0, -1.0] * 50) / 100
    same = Figure(0.3, {"holdout": moves})
    assert Repeated.of([same, same]).luck is None
    assert Repeated.of([same, same]).within()[0] == Repeated.of([same]).within()[0]
    assert Repeated.of([same]).within()[0].high == pytest.approx(same.estimate().high, rel=1e-6)


def test_an_arm_is_drawn_towards_all_others_by_degrees_of_freedom():
    def cells(ratio):
        return [Repeated(0.0, rows=1.0, between=ratio, shared=1.0, freedom=99, seeds=2)]

    assert lucks({"one": cells(3.0)}) == {"one": Luck(3.0, 1.0)}
    assert lucks({"one": cells(1.0), "two": cells(9.0)})["one"] == Luck(5.0, 2.0)
    many = lucks({"one": cells(1.0)} | {f"other {k}": cells(9.0) for k in range(6)})
    assert many["one"] == Luck((1.0 + 4 * 9.0) / 5, 5.0)
    still = [Repeated(0.0, rows=1.0, between=0.0, shared=0.0, freedom=99, seeds=2)]
    assert lucks({"one": cells(1.0), "never moves": still}) == {"one": Luck(1.0, 1.0)}


def test_a_variance_that_few_rows_make_has_few_degrees_of_freedom():
    """Of 40 rows that move it by the same, in 2,000: 2 / (1 / 40 - 1 / 2000) by hand."""
    few = np.zeros(2_000)
    few[:40] = np.tile([1.0, -1.0], 20)
    assert Repeated.of([Figure(0.0, {"a": few})]).freedom == pytest.approx(2 / (1 / 40 - 1 / 2_000))
    normal = np.random.default_rng(0).normal(size=100_000)
    assert Repeated.of([Figure(0.0, {"a": normal})]).freedom == pytest.approx(99_999, rel=0.03)
    assert Repeated.of([Figure(0.0, {"a": np.ones(9)})]).freedom == 8


def draws(rng, arms=5, seeds=2, rows=100):
    """Arms whose truth is 0: rows that all seeds share, rows that each seed gets right by itself, and luck of seeds."""
    found = {}
    for arm in range(arms):
        shared, apart = rng.normal(size=rows), 1.5 * rng.normal(size=(seeds, rows))
        luck = 0.15 * rng.normal(size=seeds)
        values = shared + apart
        middles = values.mean(axis=1)
        moves = (values - middles[:, None]) / rows
        found[f"arm {arm}"] = [
            Figure(float(middle + one), {"holdout": move})
            for middle, one, move in zip(middles, luck, moves, strict=True)
        ]
    return found


def test_intervals_of_two_seeds_cover_the_truth_and_are_half_as_wide():
    """1,500 experiments of 5 arms: 95 % within 3 errors of the share (arms of one experiment count as one)."""
    rng = np.random.default_rng(7)
    inside, widths, wide = [], [], []
    for _ in range(1_500):
        arms = draws(rng)
        told = {name: [Repeated.of(figures)] for name, figures in arms.items()}
        luck = lucks(told)
        within = {name: one.within(luck[name])[0] for name, (one,) in told.items()}
        inside.append(np.mean([one.low <= 0 <= one.high for one in within.values()]))
        widths.append(np.mean([one.high - one.low for one in within.values()]))
        wide.append(np.mean([two.high - two.low for two, _ in map(over_tables, arms.values())]))
    error = np.std(inside) / len(inside) ** 0.5
    assert 0.94 - 3 * error < np.mean(inside) < 0.975
    assert np.mean(widths) < 0.6 * np.mean(wide)
