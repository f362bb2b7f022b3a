"""The unit of distances is train's interquartile range, and how uncertain that is belongs to every distance."""

import numpy as np
import pytest

from synthwright.evaluation._counts.line import Line
from synthwright.evaluation._statistics.figure import Figure

CELLS = 200
EDGES = np.linspace(0.0, 1.0, CELLS - 1)


def counted(values, blocks=40):
    """Counts per block of values in cells 1 to 200; cell 0 is for missing ones."""
    cells = 1 + np.minimum((values * CELLS).astype(int), CELLS - 1)
    return np.stack([np.bincount(part, minlength=CELLS + 1) for part in np.array_split(cells, blocks)])


def test_a_distance_of_one_unit_is_as_uncertain_as_the_unit():
    """Of n uniform values the quartiles have variances 3 / (16 n) and covariance 1 / (16 n), so their difference of 1/2
    has the variance 1 / (4 n): a relative error of 1 / sqrt(n). The mean of 40 such errors is known to 2 %."""
    rng, errors = np.random.default_rng(0), []
    for _ in range(40):
        train = counted(rng.random(4_000))
        errors.append(Line.of(EDGES, train.sum(axis=0)).scaled(Figure.sure(1.0), train).error)
    assert np.mean(errors) == pytest.approx(1 / np.sqrt(4_000), rel=0.06)


def test_a_larger_unit_makes_distances_smaller():
    """The block of train's outer values widens the range: what it contributes to the distance is below 0."""
    values = np.sort(np.random.default_rng(1).random(4_000))
    middle = values[1_200:2_800]
    train = counted(np.concatenate([middle, values[:1_200], values[2_800:]]), blocks=10)
    moves = Line.of(EDGES, train.sum(axis=0)).scaled(Figure.sure(1.0), train).moves["train"]
    assert moves[0] > 0 > moves[9]


def test_a_range_between_point_masses_is_sure():
    """Four in ten values at either end: no quartile moves."""
    train = counted(np.tile(np.repeat([0.0, 0.5, 0.99], [4, 2, 4]), 100))
    assert Line.of(EDGES, train.sum(axis=0)).scaled(Figure.sure(1.0), train).error == 0
