"""Nearest rows, against all pairs written out."""

import numpy as np
import pytest

from synthwright.matching.nearest import distance_blocks, nearest
from synthwright.matching.ruler import Points


def points(rows, seed, p=3, q=2):
    rng = np.random.default_rng(seed)
    numbers = np.round(rng.random((p, rows)) * 2**16) / 2**16
    return Points(numbers.astype(np.float32), rng.integers(0, 3, (q, rows)).astype(np.uint8))


def all_pairs(one, other):
    numbers = np.abs(one.numbers[:, :, None].astype(float) - other.numbers[:, None, :]).sum(axis=0)
    return numbers + (one.levels[:, :, None] != other.levels[:, None, :]).sum(axis=0)


def test_neighbours_are_those_of_all_pairs():
    queries, reference = points(70, 1), points(3_000, 2)
    found, apart = nearest(queries, reference, k=4), all_pairs(queries, reference)
    assert np.array_equal(found.index, np.argsort(apart, axis=1, kind="stable")[:, :4])
    assert np.array_equal(found.distance, np.sort(apart, axis=1)[:, :4])  # to the last bit


def test_of_equally_near_rows_the_first_comes_first():
    same = Points(np.zeros((1, 5), np.float32), np.zeros((1, 5), np.uint8))
    assert nearest(same, same, k=3).index.tolist() == [[0, 1, 2]] * 5
    assert nearest(same, same, k=2, itself=np.arange(5)).index.tolist() == [[1, 2], [0, 2], [0, 1], [0, 1], [0, 1]]


def test_a_row_is_not_its_own_neighbour():
    rows = points(200, 3)
    picked = np.array([5, 17, 100])
    found = nearest(rows.take(picked), rows, itself=picked)
    assert (found.index[:, 0] != picked).all()
    assert (found.distance > 0).all()


def test_blocks_cover_all_queries_once():
    """70,000 reference rows leave one query per block."""
    reference = Points(np.zeros((1, 70_000), np.float32), np.zeros((0, 70_000), np.uint8))
    blocks = [(block, apart.shape) for block, apart in distance_blocks(reference.take(slice(0, 3)), reference)]
    assert blocks == [(slice(at, at + 1), (1, 70_000)) for at in range(3)]


def test_three_hundred_differing_levels_are_three_hundred_apart():
    one, other = (Points(np.zeros((0, 1), np.float32), np.full((300, 1), code, np.uint8)) for code in (0, 1))
    assert nearest(one, other).distance.tolist() == [[300.0]]


def test_more_neighbours_than_rows_are_refused():
    rows = points(4, 0)
    with pytest.raises(ValueError, match="4 neighbours asked of 4 rows"):
        nearest(rows, rows, k=4, itself=np.arange(4))


@pytest.mark.parametrize("size", [1, 2, 7, 64])
def test_a_reference_searched_in_pieces_has_the_same_neighbours(monkeypatch, size):
    """Few different rows, so that most neighbours are ties: the first in the whole reference come first."""
    rng = np.random.default_rng(4)
    rows = Points(rng.integers(0, 4, (2, 64)).astype(np.float32), rng.integers(0, 3, (1, 64)).astype(np.uint8))
    whole = [nearest(rows, rows, k=3), nearest(rows, rows, k=3, itself=np.arange(64))]
    monkeypatch.setattr("synthwright.matching.nearest._REFERENCES", size)
    pieces = [nearest(rows, rows, k=3), nearest(rows, rows, k=3, itself=np.arange(64))]
    for one, other in zip(whole, pieces, strict=True):
        assert np.array_equal(one.index, other.index)
        assert np.array_equal(one.distance, other.distance)


def test_long_searches_tell_how_far_they_are(monkeypatch):
    rows = Points(np.arange(200, dtype=np.float32)[None], np.zeros((0, 200), np.uint8))
    told = []
    nearest(rows, rows, tell=lambda done, total: told.append((done, total)))
    assert told == []
    monkeypatch.setattr("synthwright.matching.nearest._WORTH_TELLING", 200 * 200)
    monkeypatch.setattr("synthwright.matching.nearest._CELLS", 200)
    nearest(rows, rows, tell=lambda done, total: told.append((done, total)))
    assert [done for done, _ in told] == list(range(2, 201, 2))
    assert {total for _, total in told} == {200}
