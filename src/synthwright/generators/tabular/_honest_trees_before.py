"""What a column is drawn from: which columns before it, in which order of their categories, and which it repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.generators.tabular._honest_trees_cells import Cells

__all__ = ["Reference", "closest", "copied", "main_axis", "part_of_rows", "places_of"]

_COPY_SHARE = 0.005  # a column is "the same as" another for this share of the rows at least: half a per cent
_COPIES = 8
_GROUPS = 16  # by which columns are compared when there are too many of them
_SHRINK = 10.0  # rows at the overall mean that each category is averaged with before categories are put in order


@dataclass(frozen=True, eq=False)
class Reference:
    """All columns of the table to learn from: model values, cells and codes, by name, and the name of the target."""

    values: Mapping[str, np.ndarray]
    cells: Mapping[str, Cells]
    drawn: Mapping[str, np.ndarray]
    codes: Mapping[str, np.ndarray]
    target: str | None


def main_axis(scatter: np.ndarray) -> np.ndarray:
    """The eigenvector of the largest eigenvalue, its largest entry positive."""
    axis = np.linalg.eigh(scatter)[1][:, -1]
    return np.asarray(axis * np.sign(axis[np.argmax(np.abs(axis))]))


def places_of(codes: np.ndarray, size: int, outputs: np.ndarray) -> np.ndarray:
    """Where each code of a categorical column stands when categories are ordered by what follows from them.

    For one output the best split of categories is a cut in the order of their means (Breiman et al. 1984, theorem
    4.5); for several, the order along the main axis of the category means stands in for it.
    """
    count = np.bincount(codes, minlength=size + 2).astype(np.float64)
    sums = np.stack([np.bincount(codes, weights=one, minlength=size + 2) for one in outputs.T], axis=1)
    mean = outputs.mean(axis=0)
    shrunk = (sums + _SHRINK * mean) / (count + _SHRINK)[:, None] - mean
    along = shrunk @ main_axis((shrunk * count[:, None]).T @ shrunk)
    places = np.empty(size + 2, dtype=np.uint16)
    places[np.argsort(along, kind="stable")] = np.arange(size + 2)
    return places


def closest(
    before: tuple[str, ...], codes: Mapping[str, np.ndarray], outputs: np.ndarray, most: int, needed: tuple[str, ...]
) -> tuple[str, ...]:
    """The `most` columns of `before` whose codes explain `outputs` best (by correlation ratio), in their order."""
    if len(before) <= most:
        return before
    some = np.arange(0, len(outputs), max(1, len(outputs) // 2_000))
    centred = outputs[some] - outputs[some].mean(axis=0)
    explained = []
    for name in before:
        group = part_of_rows(codes[name][some], _GROUPS)
        size = np.bincount(group)
        held = size > 0
        sums = np.stack([np.bincount(group, weights=one) for one in centred.T], axis=1)[held]
        explained.append(float((sums**2 / size[held, None]).sum()) if np.count_nonzero(held) > 1 else -1.0)
    best = np.argsort(-np.array(explained), kind="stable")[:most]
    kept = {before[at] for at in best} | set(needed)
    return tuple(name for name in before if name in kept)


def part_of_rows(codes: np.ndarray, parts: int) -> np.ndarray:
    """`codes` themselves if there are few, else which of `parts` equal parts of the rows each is in; ties together."""
    group = codes.astype(np.int64)
    size = np.bincount(group)
    if np.count_nonzero(size) <= parts:
        return group
    return np.asarray(((np.cumsum(size) - size) * parts // len(group))[group])


def copied(reference: Reference, name: str, before: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
    """The cells of column `name`, with states of their own where it equals an earlier number off its atoms.

    On default_credit a payment equals the bill before it in 12 % of the rows; the value drawn is then the one that was
    drawn for that bill, and the model keeps nothing but the share.
    """
    cells, drawn = reference.cells[name], reference.drawn[name].copy()
    if cells.grid is None:
        return drawn, ()
    own = reference.values[name]
    left = (drawn < cells.size) & ~np.append(cells.atoms, True)[np.minimum(drawn, cells.size)]
    least = max(_COPY_SHARE * len(own), 20)
    alike = [
        one
        for one in before
        if (reference.cells[one].column.kind == "datetime") == (cells.column.kind == "datetime")
        and reference.cells[one].column.unit == cells.column.unit
        and reference.cells[one].grid is not None
    ]
    equal = {one: left & (reference.values[one] == own) for one in alike}
    equal = {one: same for one, same in equal.items() if same.sum() >= least}
    copies: list[str] = []
    while equal and len(copies) < _COPIES:
        best = max(equal, key=lambda one: int((equal[one] & left).sum()))
        same = equal.pop(best) & left
        if same.sum() < least:
            break
        drawn[same] = cells.size + 1 + len(copies)
        copies.append(best)
        left &= ~same
    return drawn, tuple(copies)
