"""Neighbours of the rows of a class, with a warning and its figure where they mean little."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from synthwright.errors import BadInput
from synthwright.generators.class_rows import ClassRows
from synthwright.matching.euclidean import Vectors, nearest_vectors
from synthwright.seeding import Streams

__all__ = ["DEFAULT_K", "neighbours_among", "neighbours_inside", "others_around", "require_at_least", "require_partner"]

DEFAULT_K = 5  # Chawla et al. (2002); as imbalanced-learn
_FAR = 0.8  # of the distance between two rows picked at random; 20 independent normal columns give about .7
_FEWEST = 50  # rows below which the figure says more of the class's size than of its columns


def require_at_least(settings: Any, **least: float) -> None:
    """Every setting named is at least as large as said, or ``None``; raises `BadInput` otherwise."""
    for name, low in least.items():
        value = getattr(settings, name)
        if value is not None and not value >= low:
            raise BadInput(f"{name} has to be at least {low:g}.", evidence=f"Found {value}.")


def require_partner(rows: ClassRows, label: int) -> None:
    """The class has two rows or more; raises `BadInput` otherwise."""
    if len(rows.of_class(label)) < 2:
        raise BadInput(
            f"{rows.called(label)} has one row: there is no neighbour to interpolate with.",
            remedy="Use tabular.random_oversample or tabular.noise, or leave this class out of sampling_strategy.",
        )


def neighbours_inside(rows: ClassRows, members: np.ndarray, label: int, k: int | None, base: np.ndarray) -> np.ndarray:
    """Positions of the `k` nearest of the rows `members` of each row `base`, itself left out: (len(base), k).

    `base` are positions too, all of them among `members`. Without `k` it is 5, or as many as there are, with a warning.

    Raises
    ------
    BadInput
        There is one row only, or fewer than `k` others.
    """
    wanted = _checked(rows, label, len(members), k)
    points = rows.points(members)
    own = np.searchsorted(members, base)
    found = nearest_vectors(points.take(own), points, k=wanted, itself=own)
    _warn_if_far(rows.called(label), points, found.distance[:, -1], wanted)
    return np.asarray(members[found.index])


def others_around(rows: ClassRows, label: int, k: int, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Positions of a class's rows, and how many of the `k` nearest rows of each are of other classes.

    Raises
    ------
    BadInput
        The class has one row, or the table too few for `k`, which is the setting `name`.
    """
    require_partner(rows, label)
    members, n = rows.of_class(label), len(rows.classes)
    if k > n - 1:
        raise BadInput(
            f"{name} = {k} is more than the {n - 1:,} other rows of the table.",
            remedy=f"Set {name} to {n - 1} or less.",
        )
    points = rows.points(slice(None))
    found = nearest_vectors(points.take(members), points, k=k, itself=members)
    return members, np.asarray((rows.classes[found.index] != label).sum(axis=1))


def neighbours_among(rows: ClassRows, k: int, base: np.ndarray) -> np.ndarray:
    """Positions of the `k` nearest of all rows of each row `base`, itself left out; raises `BadInput` for too few."""
    if k > len(rows.classes) - 1:
        raise BadInput(f"{k} neighbours are more than the {len(rows.classes) - 1:,} other rows of the table.")
    points = rows.points(slice(None))
    return nearest_vectors(points.take(base), points, k=k, itself=base).index


def _checked(rows: ClassRows, label: int, size: int, k: int | None) -> int:
    require_partner(rows, label)
    if k is None:
        if size <= DEFAULT_K:
            warnings.warn(
                f"{rows.called(label)} has {size} rows: {size - 1} neighbours are used instead of {DEFAULT_K}.",
                stacklevel=2,
            )
        return min(DEFAULT_K, size - 1)
    if k > size - 1:
        raise BadInput(
            f"{k} neighbours are more than the class has: k is larger than the class.",
            evidence=f"{rows.called(label)} has {size:,} rows, so a row has {size - 1:,} neighbours.",
            remedy=f"Set k to {size - 1} or less, or leave this class out of sampling_strategy.",
        )
    return k


def _warn_if_far(called: str, points: Vectors, apart: np.ndarray, k: int) -> None:
    """Where the k-th neighbour is hardly nearer than any other row, neighbours mean little (Beyer et al. 1999)."""
    if len(points) < _FEWEST:
        return
    first, second = Streams(0).at("pairs").rng().integers(len(points), size=(2, 500))
    kept = first != second
    one, other = points.take(first[kept]), points.take(second[kept])
    squares = ((one.numbers - other.numbers) ** 2).sum(axis=1)
    squares += points.weight * (one.codes != other.codes).sum(axis=0)
    typical, near = _middle(squares) ** 0.5, _middle(apart)
    if near > _FAR * typical > 0:
        warnings.warn(
            f"{called}: distances concentrate. In {points.numbers.shape[1] + len(points.codes)} columns the neighbour "
            f"number {k} lies at {near / typical:.0%} of the distance between any two rows, so neighbours mean little; "
            "fewer columns, or scale='std' where their units differ, may help.",
            stacklevel=2,
        )


def _middle(values: np.ndarray) -> float:
    """The upper median: of a few hundred numbers a tenth of what `numpy.median` takes."""
    return float(np.sort(values)[len(values) // 2])
