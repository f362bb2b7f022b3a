"""Fitting one column on the columns before it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.generators.tabular._honest_trees_before import Reference, closest, copied, main_axis, places_of
from synthwright.generators.tabular._honest_trees_cells import Cells, distances, embedding
from synthwright.generators.tabular._honest_trees_column import Classes, ColumnModel, Counts, Forest, Score, features
from synthwright.generators.tabular._honest_trees_offset import offset_from
from synthwright.generators.tabular._honest_trees_pruned import pruned
from synthwright.learning.growing import boosted_classes, boosted_score, grown_tree
from synthwright.learning.trees import Trees
from synthwright.seeding import Streams

__all__ = ["Sizes", "fit_column", "score_target"]

_FEWEST = 100  # rows below which nothing is boosted: a half of them has no two leaves of 20
_CLASS_ROUNDS = 200
_FEATURES = 24  # columns that one split looks at
_ROWS_EACH = 25  # rows behind every column that is looked at: with fewer, the strongest are found by chance
# Codes of a score: with 500 in place of 100, C2ST (inner split, two seeds) was .005 higher on beijing_pm25 and
# default_credit, .003 on online_shoppers, .009 lower on birdstrikes (where two seeds are .02 apart), equal on Adult.
_EDGES = 100
# How many times what chance explains a split has to explain on the rows in the leaves (see `pruned`). With 0, 1 and 2
# (13 tables, inner split, one seed) the log-likelihood of unseen rows is -105.1, -104.3, -103.4 a row, the DCR share
# 55.0, 53.7, 52.8, near copies beyond those of unseen rows .0011, .0002, .0001, but C2ST .627, .629, .639.
_CHANCE = 1.0
# A leaf of a few rows can't tell which of 160 schools are likelier there: it only tells its rows. With many outputs
# chance hardly varies, so little more than 1 is enough: with 1, 1.25 and 2 for such labels near copies on math_achieve
# (three seeds) are .0013, .0004, .0001, membership AUC .556, .545, .544, C2ST .550, .527, .542, and C2ST on birdstrikes
# .616, .618, .624; without any pruning near copies are .0062, membership AUC .569, C2ST .535.
_CHANCE_OF_LABELS = 1.25
# Nor can it tell a target that is mostly noise. On math_achieve (two seeds) near copies are .0028 with 1, none with 2;
# on diabetes the gap in R2 is .154 and .136. On beijing_pm25, whose target is told well, it is .102 and .106.
_CHANCE_OF_NOISE = 2.0
_MANY = 16  # labels that are equally common have as much variety (1 / the sum of squared shares)
_MOSTLY = 0.5  # of the variation of a target in numbers is noise to boosted trees


@dataclass(frozen=True, slots=True)
class _Effort:
    """How a score is learnt: without each of `folds` parts in turn, until the loss on that part stops falling."""

    folds: int
    rounds: int
    leaves: int
    rate: float


# Half as many trees at twice the rate: C2ST (default_credit's bills, inner split, two seeds) .578 in place of .580.
_USUAL = _Effort(2, 60, 31, 0.2)
# A target in numbers is what the table is used to predict. With beijing_pm25's drawn anew for the real rows (inner
# split, two seeds), the TSTR gap in R2 is .054 in place of .104; 4 CPU-s in place of 1. For the other columns more
# rounds changed C2ST by less than the noise.
_THOROUGH = _Effort(5, 400, 63, 0.1)


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


def fit_column(reference: Reference, sizes: Sizes, streams: Streams, item: tuple[str, tuple[str, ...]]) -> ColumnModel:
    """The model of column ``item[0]`` given the columns ``item[1]``, from the rows whose value may be emitted."""
    name, before = item
    cells = reference.cells[name]
    rng = streams.at(name).rng()
    drawn, copies = copied(reference, name, before)
    drawn, offset = offset_from(reference, name, before, drawn, len(copies))
    rows = np.flatnonzero(drawn != cells.size + 1) if cells.grid is None else np.arange(len(drawn))
    drawn = drawn[rows]
    if len(rows) == 0:  # a column of which nothing may be said is missing throughout
        return ColumnModel((), {}, (), Counts(np.array([cells.size])))
    if not before or len(rows) < 4 * sizes.leaf_rows or drawn.min() == drawn.max():
        return ColumnModel((), {}, copies, Counts(np.sort(drawn)), offset)
    whole = drawn  # near an earlier number or not, a value has a place among all values
    if offset is not None:
        whole = np.where(drawn > cells.size + len(copies), reference.drawn[name][rows], drawn)
    outputs = embedding(cells, whole, len(copies))
    if offset is not None:
        outputs = np.column_stack([outputs, distances(drawn - (cells.size + 1 + len(copies)))])
    codes = {one: reference.codes[one][rows] for one in before}
    most = min(sizes.predecessors, max(8, len(rows) // _ROWS_EACH))
    before = closest(before, codes, outputs, most, copies if offset is None else (*copies, offset.base))
    places = {
        one: places_of(codes[one], reference.cells[one].size, outputs)
        for one in before
        if reference.cells[one].grid is None and reference.cells[one].size > 2
    }
    matrix = features(before, places, codes)
    found = np.unique(drawn)
    if name == reference.target and cells.grid is None and len(found) <= sizes.classes and len(rows) >= _FEWEST:
        held_out = rng.permutation(len(rows)) < len(rows) // 5
        label = np.searchsorted(found, drawn)
        boosted = boosted_classes(matrix, label, len(found), held_out, _CLASS_ROUNDS)
        return ColumnModel(before, places, (), Classes(boosted, found))
    score, told = None, 0.0
    if len(rows) >= _FEWEST:
        effort = _THOROUGH if name == reference.target else _USUAL
        score, seen, told = _score(matrix, score_target(cells, whole, outputs), effort, rng)
        matrix = np.column_stack([matrix, seen])
    noisy = name == reference.target and told < _MOSTLY
    chance = _chance(cells, drawn, noisy=noisy) if sizes.honest else 0.0
    return ColumnModel(before, places, copies, _forest(matrix, drawn, outputs, score, sizes, chance, rng), offset)


def _forest(
    matrix: np.ndarray,
    drawn: np.ndarray,
    outputs: np.ndarray,
    score: Score | None,
    sizes: Sizes,
    chance: float,
    rng: np.random.Generator,
) -> Forest:
    """Trees in pairs: the one's structure comes from a random half of the rows and its leaves from the other half.

    The other half prunes the structure, too (see `pruned`). The score of a row, the last column of `matrix`, always
    comes from boosted trees that have not seen it, in the structure as in the leaves.
    """
    n = len(matrix)
    trees: list[Trees] = []
    counts: list[np.ndarray] = []
    entries: list[np.ndarray] = []
    structure = np.zeros(n, dtype=bool)
    for number in range(sizes.trees):
        structure = rng.permutation(n) < n // 2 if number % 2 == 0 else ~structure
        seed = int(rng.integers(2**31))
        shape, content = (structure, ~structure) if sizes.honest else (slice(None), slice(None))
        grown = grown_tree(matrix[shape], outputs[shape], sizes.leaf_rows, seed, features=_FEATURES)
        tree, leaf = pruned(grown, grown.leaves(0, matrix[content]), outputs[content], sizes.leaf_rows, chance)
        filled = drawn[content]
        arranged = np.lexsort((filled, leaf))
        trees.append(tree)
        counts.append(np.bincount(leaf, minlength=len(tree.left)))
        entries.append(filled[arranged])
    bounds = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    return Forest(Trees.joined(trees), bounds, np.concatenate(entries), score)


def _score(
    matrix: np.ndarray, wanted: np.ndarray, effort: _Effort, rng: np.random.Generator
) -> tuple[Score, np.ndarray, float]:
    """The score, its code for each row, and which share of the variation of `wanted` it tells of unseen rows."""
    fold = rng.permutation(len(matrix)) % effort.folds
    trees = tuple(
        boosted_score(matrix, wanted, fold == number, effort.rounds, effort.leaves, effort.rate)
        for number in range(effort.folds)
    )
    value = np.zeros(len(matrix))
    for number, one in enumerate(trees):
        value[fold == number] = one.score(matrix[fold == number])
    score = Score(trees, np.unique(np.quantile(value, np.linspace(0, 1, _EDGES))))
    told = 1.0 - float(np.mean((wanted - value) ** 2)) / max(float(np.var(wanted)), 1e-300)
    return score, score.coded(value), told


def _chance(cells: Cells, drawn: np.ndarray, *, noisy: bool) -> float:
    """How many times what chance explains a split of this column has to explain, see `pruned`."""
    if cells.grid is not None:
        return _CHANCE_OF_NOISE if noisy else _CHANCE
    share = np.bincount(drawn) / len(drawn)
    return _CHANCE_OF_LABELS if _MANY * float(share @ share) < 1.0 else _CHANCE


def score_target(cells: Cells, drawn: np.ndarray, outputs: np.ndarray) -> np.ndarray:
    """What the score predicts: a number's rank, a category's place on the main axis of variation."""
    if cells.grid is not None:
        order = np.unique(drawn, return_inverse=True, return_counts=True)
        mass = np.cumsum(order[2])
        return np.asarray(((mass - order[2] / 2) / mass[-1])[order[1]])
    centred = outputs - outputs.mean(axis=0)
    return np.asarray(centred @ main_axis(centred.T @ centred))
