"""Euclidean neighbours are exact: what float64 sums say, with ties by position, whatever the units."""

import numpy as np
import pytest

from synthwright.matching.euclidean import Vectors, nearest_vectors


def by_brute_force(queries, reference, k, itself=None):
    total = np.zeros((len(queries), len(reference)))
    for mine, theirs in zip(queries.numbers.T, reference.numbers.T, strict=True):
        total += (mine[:, None] - theirs) ** 2
    for mine, theirs in zip(queries.codes, reference.codes, strict=True):
        total += reference.weight * (mine[:, None] != theirs)
    if itself is not None:
        total[np.arange(len(total)), itself] = np.inf
    return np.argsort(total, axis=1, kind="stable")[:, :k]


def points(n, d, levels, *, unit=1.0, decimals=None, seed=1):
    rng = np.random.default_rng(seed)
    numbers = rng.normal(size=(n, d)) * unit * 10.0 ** np.arange(d)
    numbers = numbers if decimals is None else np.round(numbers, decimals)
    codes = [rng.integers(0, size, n) for size in levels]
    stacked = np.stack(codes).astype(np.int32) if codes else np.zeros((0, n), np.int32)
    return Vectors(numbers, stacked, 0.7 * unit**2)


@pytest.mark.parametrize(
    "reference",
    [
        points(300, 3, ()),
        points(4_500, 6, (3, 40), decimals=1),  # many equal distances, over several tiles
        points(3_000, 5, (3, 40, 7), unit=1e9),
        points(4_097, 4, (3,), unit=1e-9),
        points(500, 0, (3, 40, 7)),  # labels alone: nearly all distances are ties
        Vectors.of(np.ones((2_500, 2))),
        Vectors.of(np.vstack([points(2_100, 2, ()).numbers, [[1e12, -1e12]]])),  # one row that ruins float32
    ],
)
def test_neighbours_are_those_of_exact_sums(reference):
    own = np.random.default_rng(2).permutation(len(reference))[:150]
    queries = reference.take(own)
    for itself in (own, None):
        found = nearest_vectors(queries, reference, k=5, itself=itself)
        assert (found.index == by_brute_force(queries, reference, 5, itself)).all()


def test_distances_are_euclidean_and_a_label_adds_its_weight():
    """(0, 0) a and (3, 4) b: 5 without labels, sqrt(25 + 11) = 6 with a weight of 11."""
    numbers = np.array([[0.0, 0.0], [3.0, 4.0]])
    both = Vectors(numbers, np.array([[0, 1]], np.int32), 11.0)
    assert nearest_vectors(both, both, k=1, itself=np.arange(2)).distance.ravel().tolist() == [6.0, 6.0]
    plain = Vectors.of(numbers)
    assert nearest_vectors(plain, plain, k=1, itself=np.arange(2)).distance.ravel().tolist() == [5.0, 5.0]


def test_more_neighbours_than_rows_are_refused():
    few = Vectors.of(np.zeros((3, 1)))
    with pytest.raises(ValueError, match="3 neighbours asked of 3 rows"):
        nearest_vectors(few, few, k=3, itself=np.arange(3))
