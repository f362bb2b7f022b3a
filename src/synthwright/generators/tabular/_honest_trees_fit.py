"""Fitting one column on the columns before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.generators.tabular._honest_trees_cells import Cells, embedding
from synthwright.generators.tabular._honest_trees_column import Classes, ColumnModel, Counts, Forest, Score, features
from synthwright.learning.growing import boosted_classes, boosted_score, grown_tree
from synthwright.learning.trees import Trees
from synthwright.seeding import Streams

__all__ = ["Reference", "Sizes", "fit_column"]

_FEWEST = 100  # rows below which nothing is boosted: a half of them has no two leaves of 20
_ROUNDS = 120  # boosting rounds at most for a score; they stop early by the loss on the other half
_CLASS_ROUNDS = 200
_EDGES = 500  # steps of a score
_COPY_SHARE = 0.005  # a column is "the same as" another for this share of the rows at least: half a per cent
_COPIES = 8
_SHRINK = 10.0  # rows at the overall mean that each category is averaged with before categories are put in order


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is grown: `trees` per column, `leaf_rows` in a leaf, `predecessors` and boosted `classes` at most.

    Without `honest` all rows give structure and leaves: for the benchmark that shows what honesty is worth.
    """

    trees: int
    leaf_rows: int
    predecessors: int
    classes: int
    honest: bool = True


@dataclass(frozen=True, eq=False)
class Reference:
    """All columns of the table to learn from: model values, cells and codes, by name, and the name of the target."""

    values: Mapping[str, np.ndarray]
    cells: Mapping[str, Cells]
    drawn: Mapping[str, np.ndarray]
    codes: Mapping[str, np.ndarray]
    target: str | None


def fit_column(reference: Reference, sizes: Sizes, streams: Streams, item: tuple[str, tuple[str, ...]]) -> ColumnModel:
    """The model of column ``item[0]`` given the columns ``item[1]``, from the rows whose value may be emitted."""
    name, before = item
    cells = reference.cells[name]
    rng = streams.at(name).rng()
    drawn, copies = _copies(reference, name, before)
    rows = np.flatnonzero(drawn != cells.size + 1) if cells.grid is None else np.arange(len(drawn))
    drawn = drawn[rows]
    if len(rows) == 0:  # a column of which nothing may be said is missing throughout
        return ColumnModel((), {}, (), Counts(np.array([cells.size])))
    if not before or len(rows) < 4 * sizes.leaf_rows or drawn.min() == drawn.max():
        return ColumnModel((), {}, copies, Counts(np.sort(drawn)))
    outputs = embedding(cells, drawn, len(copies))
    codes = {one: reference.codes[one][rows] for one in before}
    before = _closest(before, codes, outputs, sizes.predecessors, copies)
    places = {
        one: _places(codes[one], reference.cells[one].size, outputs)
        for one in before
        if reference.cells[one].grid is None and reference.cells[one].size > 2
    }
    matrix = features(before, places, codes)
    found = np.unique(drawn)
    if name == reference.target and cells.grid is None and len(found) <= sizes.classes and len(rows) >= _FEWEST:
        held_out = rng.permutation(len(rows)) < len(rows) // 5
        label = np.searchsorted(found, drawn)
        return ColumnModel(
            before, places, (), Classes(boosted_classes(matrix, label, len(found), held_out, _CLASS_ROUNDS), found)
        )
    forest = _forest(matrix, drawn, outputs, _score_target(cells, drawn, outputs), sizes, rng)
    return ColumnModel(before, places, copies, forest)


def _forest(
    matrix: np.ndarray,
    drawn: np.ndarray,
    outputs: np.ndarray,
    wanted: np.ndarray,
    sizes: Sizes,
    rng: np.random.Generator,
) -> Forest:
    """Trees in pairs: the one's structure comes from a random half of the rows and its leaves from the other half.

    The score of a row always comes from boosted trees that have not seen it, in the structure as in the leaves.
    """
    n = len(matrix)
    score = None
    if n >= _FEWEST:
        score, seen = _score(matrix, wanted, rng)
        matrix = np.column_stack([matrix, seen])
    trees: list[Trees] = []
    counts: list[np.ndarray] = []
    entries: list[np.ndarray] = []
    structure = np.zeros(n, dtype=bool)
    for number in range(sizes.trees):
        structure = rng.permutation(n) < n // 2 if number % 2 == 0 else ~structure
        seed = int(rng.integers(2**31))
        shape, content = (structure, ~structure) if sizes.honest else (slice(None), slice(None))
        grown = grown_tree(matrix[shape], outputs[shape], sizes.leaf_rows, seed)
        tree, leaf = _merged(grown, grown.leaves(0, matrix[content]), sizes.leaf_rows)
        filled = drawn[content]
        arranged = np.lexsort((filled, leaf))
        trees.append(tree)
        counts.append(np.bincount(leaf, minlength=len(tree.left)))
        entries.append(filled[arranged])
    bounds = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return Forest(Trees.joined(trees), bounds, np.concatenate(entries), score)


def _score(matrix: np.ndarray, wanted: np.ndarray, rng: np.random.Generator) -> tuple[Score, np.ndarray]:
    half = rng.permutation(len(matrix)) % 2
    trees = tuple(boosted_score(matrix, wanted, half == number, _ROUNDS) for number in (0, 1))
    value = np.zeros(len(matrix))
    for number in (0, 1):  # trees `number` have not learnt from the rows of half `number`
        value[half == number] = trees[number].score(matrix[half == number])
    score = Score(trees, np.unique(np.quantile(value, np.linspace(0, 1, _EDGES))))
    return score, score.coded(value)


def _merged(tree: Trees, leaves: np.ndarray, fewest: int) -> tuple[Trees, np.ndarray]:
    """`tree` without the splits that leave fewer than `fewest` of the rows in `leaves` on a side, and their new leaves.

    Nodes are numbered anew, so nothing of a removed split is left.
    """
    size = len(tree.left)
    left, right = tree.left.astype(np.int64), tree.right.astype(np.int64)
    count = np.bincount(leaves, minlength=size)
    for node in range(size - 1, -1, -1):  # children come after their parents
        if left[node] != node:
            count[node] = count[left[node]] + count[right[node]]
            if min(count[left[node]], count[right[node]]) < fewest:
                left[node] = right[node] = node
    kept = np.zeros(size, dtype=bool)
    kept[0] = True
    into = np.arange(size)  # the node that takes the rows of a removed one
    for node in range(size):
        if kept[node]:
            kept[left[node]] = kept[right[node]] = True
        if left[node] == node:
            for child in (tree.left[node], tree.right[node]):
                into[child] = into[node]
    new = np.cumsum(kept) - 1
    merged = Trees(
        np.array([0, int(kept.sum())], dtype=np.int64),
        tree.feature[kept],
        tree.threshold[kept],
        new[left[kept]].astype(np.int32),
        new[right[kept]].astype(np.int32),
        tree.value[kept],
    )
    return merged, new[into[leaves]]


def _score_target(cells: Cells, drawn: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """What the score predicts: a number's rank, a category's place on the main axis of variation."""
    if cells.grid is not None:
        order = np.unique(drawn, return_inverse=True, return_counts=True)
        mass = np.cumsum(order[2])
        return np.asarray(((mass - order[2] / 2) / mass[-1])[order[1]])
    centred = outputs - outputs.mean(axis=0)
    return np.asarray(centred @ _main_axis(centred.T @ centred))


def _main_axis(scatter: np.ndarray) -> np.ndarray:
    """The eigenvector of the largest eigenvalue, its largest entry positive."""
    axis = np.linalg.eigh(scatter)[1][:, -1]
    return np.asarray(axis * np.sign(axis[np.argmax(np.abs(axis))]))


def _places(codes: np.ndarray, size: int, outputs: np.ndarray) -> np.ndarray:
    """Where each code of a categorical column stands when categories are ordered by what follows from them.

    For one output the best split of categories is a cut in the order of their means (Breiman et al. 1984, theorem
    4.5); for several, the order along the main axis of the category means stands in for it.
    """
    count = np.bincount(codes, minlength=size + 2).astype(np.float64)
    sums = np.stack([np.bincount(codes, weights=one, minlength=size + 2) for one in outputs.T], axis=1)
    mean = outputs.mean(axis=0)
    shrunk = (sums + _SHRINK * mean) / (count + _SHRINK)[:, None] - mean
    along = shrunk @ _main_axis((shrunk * count[:, None]).T @ shrunk)
    places = np.empty(size + 2, dtype=np.uint16)
    places[np.argsort(along, kind="stable")] = np.arange(size + 2)
    return places


def _closest(
    before: tuple[str, ...], codes: Mapping[str, np.ndarray], outputs: np.ndarray, most: int, needed: tuple[str, ...]
) -> tuple[str, ...]:
    """The `most` columns of `before` whose codes explain `outputs` best (by correlation ratio), in their order."""
    if len(before) <= most:
        return before
    some = np.arange(0, len(outputs), max(1, len(outputs) // 2_000))
    centred = outputs[some] - outputs[some].mean(axis=0)
    explained = []
    for name in before:
        _, code, count = np.unique(codes[name][some], return_inverse=True, return_counts=True)
        group = (
            np.argsort(np.argsort(code, kind="stable"), kind="stable") * 16 // len(some) if len(count) > 16 else code
        )
        size = np.bincount(group)
        sums = np.stack([np.bincount(group, weights=one) for one in centred.T])
        explained.append(float((sums**2 / np.maximum(size, 1)).sum()) if len(count) > 1 else -1.0)
    best = np.argsort(-np.array(explained), kind="stable")[:most]
    kept = {before[at] for at in best} | set(needed)
    return tuple(name for name in before if name in kept)


def _copies(reference: Reference, name: str, before: tuple[str, ...]) -> tuple[np.ndarray, tuple[str, ...]]:
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
