"""Cells of clumps that anyone can see."""

import numpy as np

from synthwright.matching.cells import Cells


def clumps():
    rng = np.random.default_rng(0)
    middle = np.repeat([[0.0, 0.0], [5.0, 0.0], [0.0, 9.0]], [300, 20, 80], axis=0)
    return (middle + 0.1 * rng.normal(size=middle.shape)).astype(np.float32)


def test_separate_clumps_become_cells():
    member = Cells.of(clumps(), 3, np.random.default_rng(1)).of_rows(clumps())
    assert sorted(np.bincount(member).tolist()) == [20, 80, 300]
    assert all(len(set(member[part])) == 1 for part in (slice(0, 300), slice(300, 320), slice(320, 400)))


def test_there_are_never_more_cells_than_different_rows():
    rows = np.repeat(np.eye(2, dtype=np.float32), 10, axis=0)
    assert len(Cells.of(rows, 50, np.random.default_rng(0))) == 2


def test_one_stream_gives_one_set_of_cells():
    one, other = (Cells.of(clumps(), 5, np.random.default_rng(7)).centres for _ in range(2))
    assert np.array_equal(one, other)


def test_first_centres_are_spread_over_far_clumps():
    """Twelve clumps on a line: rows drawn evenly would leave several without a centre, which Lloyd never mends."""
    rng = np.random.default_rng(3)
    rows = (100.0 * np.repeat(np.arange(12), 50)[:, None] + rng.normal(size=(600, 1))).astype(np.float32)
    member = Cells.of(rows, 12, np.random.default_rng(5)).of_rows(rows)
    assert np.bincount(member).tolist() == [50] * 12
