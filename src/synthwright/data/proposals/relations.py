"""Exact linear relations among columns of numbers, with coefficients that a person would write.

Column after column is projected on the ones before. What is left of a column that depends on them is rounding; its
coefficients are then either short numbers or chance, and relations are shortened by adding them to one another.
"""

from __future__ import annotations

import numpy as np

__all__ = ["Relation", "relations"]

Relation = dict[int, float]
"""Column to coefficient, in a sum that is 0 in every row; column -1 is the constant 1."""

_LEFT = 1e-9  # of a column's size: beyond it a difference is no rounding of float64
_NOTHING = 1e-7  # of the largest term: a smaller one is rounding
_DIGITS = 4  # significant ones at most: 1.8 * celsius + 32, 0.4536, not 0.31830988618
_LONGEST = 16  # columns in a relation: a year's months and its total, with some to spare


def relations(cells: np.ndarray, *, constant: bool = True) -> list[Relation]:
    """The relations that hold in all rows of `cells` (rows, columns), without missing values.

    At most a third as many columns as rows are free, since more would fit any further one. Without `constant` no
    number stands alone.
    """
    rows, columns = cells.shape
    if not rows or not columns:
        return []
    size = np.abs(cells).max(axis=0)
    basis = np.zeros((rows, 0))
    free: list[int] = []
    found: list[Relation] = []
    for at in range(-1 if constant else 0, columns):
        vector = np.ones(rows) if at < 0 else cells[:, at] / max(size[at], 1e-300)
        rest = vector - basis @ (basis.T @ vector)
        rest -= basis @ (basis.T @ rest)
        norm = float(np.linalg.norm(rest))
        if norm > _LEFT * max(float(np.linalg.norm(vector)), 1e-300):
            if len(free) < rows // 3:
                basis = np.column_stack([basis, rest / norm])
                free.append(at)
        elif at >= 0 and size[at] > 0:
            found.append(_solved(cells, free, at, size))
    short = [_short(one) for one in _shortened([one for one in found if one])]
    return [one for one in short if one is not None]


def _solved(cells: np.ndarray, free: list[int], at: int, size: np.ndarray) -> Relation:
    """Column `at` in terms of the free ones."""
    sizes = np.array([1.0 if one < 0 else size[one] for one in free])
    sides = np.column_stack([np.ones(len(cells)) if one < 0 else cells[:, one] for one in free]) / sizes
    factors = np.linalg.lstsq(sides, cells[:, at] / size[at], rcond=None)[0]
    told = {one: float(-factor * size[at] / own) for one, factor, own in zip(free, factors, sizes, strict=True)}
    kept = {one: told[one] for one, factor in zip(free, factors, strict=True) if abs(factor) > _NOTHING}
    return {at: 1.0, **kept} if len(kept) <= 4 * _LONGEST else {}


def _shortened(found: list[Relation]) -> list[Relation]:
    """The relations with as few columns as adding them up gives: grand == total + fee, not net + tax + fee."""
    better = True
    while better:
        better = False
        for one in range(len(found)):
            for two in range(len(found)):
                shorter = _sum(found[one], found[two]) if one != two else None
                if shorter is not None and len(shorter) < len(found[one]):
                    found[one], better = shorter, True
    return found


def _sum(one: Relation, two: Relation) -> Relation | None:
    """`one` with as much of `two` taken away as makes it shortest; None if they share no column."""
    best: Relation | None = None
    for column in one.keys() & two.keys():
        factor = one[column] / two[column]
        made = {key: one.get(key, 0.0) - factor * two.get(key, 0.0) for key in {**one, **two}}
        largest = max(abs(value) for value in one.values())
        made = {key: value for key, value in made.items() if abs(value) > _NOTHING * largest}
        if made and (best is None or len(made) < len(best)):
            best = made
    return best


def _short(one: Relation) -> Relation | None:
    """The relation with coefficients of few digits; None if it has others."""
    named = sorted(column for column in one if column >= 0)
    if not 1 < len(named) <= _LONGEST:
        return None
    told = [_rounded({column: value / one[unit] for column, value in one.items()}) for unit in named]
    whole = [each for each in told if each is not None]
    return min(whole, key=lambda each: sum(len(f"{value:g}") for value in each.values()), default=None)


def _rounded(one: Relation) -> Relation | None:
    """The relation with its coefficients as short numbers, in the order of the columns; None if they are none."""
    rounded = {column: float(f"{value:.{_DIGITS}g}") for column, value in one.items()}
    if any(abs(rounded[key] - one[key]) > _NOTHING * max(1.0, abs(one[key])) for key in one):
        return None
    return dict(sorted(rounded.items()))
