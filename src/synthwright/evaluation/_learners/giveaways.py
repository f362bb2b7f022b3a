"""Regions of a table where two kinds of rows differ: found on half of the rows, judged on the other half."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.evaluation._counts.encoding import PAIR_CELLS
from synthwright.evaluation._counts.placing import pair_codes
from synthwright.evaluation._neighbours.drawing import features_of, row_moves
from synthwright.evaluation._statistics.figure import Figure
from synthwright.evaluation.comparison import Comparison, Part
from synthwright.learning.boosting import Boosting
from synthwright.learning.growing import grown_tree
from synthwright.learning.learner import fit_classes
from synthwright.learning.trees import Trees
from synthwright.seeding import Streams

__all__ = ["Region", "found_regions"]

_SMALLEST = 20  # rows of a region in the first half: a normal interval on the second needs about as many
_APART = 2.0  # standard errors: a cut that makes less difference only lengthens names
_LEAST = 0.002  # of those rows: smaller regions are no news and would make the tree slow


@dataclass(frozen=True, eq=False)
class Region:
    """Some pair cells of some columns: the rows whose cell is ``allowed[column]`` in each of them.

    `gap` is the share of the one kind of rows that lie in it minus the share of the `real` ones, on rows that had no
    say in where its borders are; `seen` is the same on the rows that had, and `error` its standard error.
    """

    allowed: Mapping[str, np.ndarray]
    gap: Figure
    real_share: float
    seen: float
    error: float

    def sure(self, sign: float) -> float:
        """How large the gap in the direction of `sign` is at least, by the rows that found the region.

        Of many regions one is large by luck: two standard errors are taken off before they are ranked.
        """
        return sign * self.seen - 2 * self.error


def found_regions(
    comparison: Comparison, real: Part, part: Part, rows: Mapping[Part, np.ndarray], *, leaves: int, learner: Boosting
) -> list[Region]:
    """At most `leaves` regions that cover every row once.

    Even jackknife blocks (groups stay whole) find them: boosted trees tell both kinds apart, each half of them judged
    by trees fitted on the other, and one small tree describes where scores are high, low and far from a half. The last
    is what shows combinations: among wives half of the rows may be synthetic, all of them men. Odd blocks judge.
    """
    block = {one: comparison.codes(one).block[rows[one]] for one in (real, part)}
    finding = {one: rows[one][block[one] % 2 == 0] for one in block}
    judging = {one: rows[one][block[one] % 2 == 1] for one in block}
    score = _scores(comparison, real, part, finding, learner)
    orders = _orders(comparison, real, part, finding, score)
    matrix = np.concatenate([_ordered(comparison, one, finding[one], orders) for one in (real, part)])
    seed = Streams(comparison.seed).at("evaluation", "regions", "tree").integer()
    smallest = max(_SMALLEST, int(_LEAST * len(matrix)))
    tree = grown_tree(matrix, np.stack([score, np.abs(score)], axis=1), smallest, seed, most_leaves=leaves)
    seen = np.split(tree.leaves(0, matrix), [len(finding[real])])
    end = _ends(tree, np.stack([np.bincount(one, minlength=len(tree.left)) for one in seen]))
    seen = [end[one] for one in seen]
    where = {one: end[tree.leaves(0, _ordered(comparison, one, judging[one], orders))] for one in (real, part)}
    made = []
    for leaf, allowed in _paths(tree, orders, end).items():
        inside = {one: where[one] == leaf for one in where}
        shares = {one: float(inside[one].mean()) for one in inside}
        moves: dict[str, np.ndarray] = {
            one: row_moves(comparison, one, judging[one], sign * (inside[one] - shares[one]) / len(inside[one]))
            for one, sign in ((real, -1.0), (part, 1.0))
        }
        gap = Figure(shares[part] - shares[real], moves)
        before = [float((one == leaf).mean()) for one in seen]
        error = sum(share * (1 - share) / len(one) for share, one in zip(before, seen, strict=True)) ** 0.5
        made.append(Region(allowed, gap, shares[real], before[1] - before[0], error))
    return made


def _scores(
    comparison: Comparison, real: Part, part: Part, rows: Mapping[Part, np.ndarray], learner: Boosting
) -> np.ndarray:
    """Out-of-fold scores of `real`, then `part`, minus a half; two folds, of whole groups."""
    features, streams = features_of(comparison), Streams(comparison.seed).at("evaluation", "regions")
    X = np.concatenate([features.codes(comparison.part(one).take(rows[one])) for one in (real, part)])
    y = np.repeat([0, 1], [len(rows[real]), len(rows[part])])
    fold = np.concatenate([comparison.codes(one).block[rows[one]] // 2 % 2 for one in (real, part)])
    score = np.empty(len(y))
    for at in (0, 1):
        learnt = fold != at
        seed = streams.at("fold", at).integer()
        predict = fit_classes(learner, X[learnt], y[learnt], 2, categorical=features.categorical, seed=seed)
        score[~learnt] = predict(X[~learnt])[:, 1] - 0.5
    return score


def _orders(
    comparison: Comparison, real: Part, part: Part, rows: Mapping[Part, np.ndarray], score: np.ndarray
) -> list[tuple[str, np.ndarray]]:
    """What a tree may cut: a column's name and the rank of each of its pair cells.

    Numbers keep their order. Labels are put in order twice, by mean score and by mean distance from a half: the best
    cut in two of so many labels is among the cuts of an ordered list (Breiman et al. 1984, theorem 4.5).
    """
    orders: list[tuple[str, np.ndarray]] = []
    for name in comparison.columns:
        if comparison.schema[name].is_numeric:
            orders.append((name, np.arange(PAIR_CELLS)))
            continue
        codes = np.concatenate([pair_codes(comparison, one, name, rows[one]) for one in (real, part)])
        counts = np.bincount(codes, minlength=PAIR_CELLS)
        for values in (score, np.abs(score)):
            mean = np.bincount(codes, weights=values, minlength=PAIR_CELLS) / np.maximum(counts, 1)
            rank = np.empty(PAIR_CELLS, dtype=np.int64)
            rank[np.argsort(mean, kind="stable")] = np.arange(PAIR_CELLS)
            orders.append((name, rank))
    return orders


def _ordered(comparison: Comparison, part: Part, rows: np.ndarray, orders: list[tuple[str, np.ndarray]]) -> np.ndarray:
    """The ranks of the cells of these rows, (rows, orders) uint16."""
    codes = {name: pair_codes(comparison, part, name, rows) for name, _ in orders}
    return np.stack([rank.astype(np.uint16)[codes[name]] for name, rank in orders], axis=1)


def _ends(tree: Trees, counts: np.ndarray) -> np.ndarray:
    """For each node the one where its rows end, once cuts that made no difference are taken back, from the leaves up.

    `counts` is (2, nodes): rows of either kind that reach each leaf. A cut stays if the shares of the one kind on its
    two sides are two standard errors apart, if a cut below it stays, or if it is the first.
    """
    counts, end = counts.astype(np.float64), np.arange(len(tree.left))
    whole = tree.is_leaf.copy()
    for node in range(len(tree.left) - 1, -1, -1):
        if tree.is_leaf[node]:
            continue
        sides = counts[:, [tree.left[node], tree.right[node]]]
        counts[:, node] = sides.sum(axis=1)
        share = counts[1, node] / counts[:, node].sum()
        apart = np.diff(sides[1] / sides.sum(axis=0))[0]
        error = np.sqrt(share * (1 - share) * (1 / sides.sum(axis=0)).sum())
        below = whole[[tree.left[node], tree.right[node]]].all()
        whole[node] = node > 0 and below and abs(apart) < _APART * error
    for node in range(len(tree.left)):
        if whole[end[node]] and not tree.is_leaf[node]:
            end[[tree.left[node], tree.right[node]]] = end[node]
    return end


def _paths(tree: Trees, orders: list[tuple[str, np.ndarray]], end: np.ndarray) -> dict[int, dict[str, np.ndarray]]:
    """For each node where rows end the pair cells that lead to it, of the columns that matter."""
    found: dict[int, dict[str, np.ndarray]] = {}
    waiting: list[tuple[int, dict[str, np.ndarray]]] = [(0, {})]
    while waiting:
        node, allowed = waiting.pop()
        if tree.left[node] == node or end[tree.left[node]] == node:
            found[node] = allowed
            continue
        name, rank = orders[int(tree.feature[node])]
        low = rank <= tree.threshold[node]
        every = np.ones(PAIR_CELLS, dtype=bool)
        for child, side in ((tree.left[node], low), (tree.right[node], ~low)):
            waiting.append((int(child), {**allowed, name: allowed.get(name, every) & side}))
    return found
