"""Honest trees cut back to the splits that rows beside those they were grown on bear out."""

from __future__ import annotations

import numpy as np

from synthwright.learning.trees import Trees

__all__ = ["pruned"]

_ROUNDING = 1e-9  # a gain this small is the rounding of one that is none


def pruned(
    tree: Trees, leaves: np.ndarray, outputs: np.ndarray, fewest: int, chance: float
) -> tuple[Trees, np.ndarray]:
    """`tree` cut back by the rows in `leaves`, which it was not grown on, and the leaf of each of them then.

    A split stays if `fewest` of these rows at least are on either side, and if all splits from here down explain more
    of their `outputs` than `chance` times what splits without any effect explain on average: for one split, the sum of
    squares within the node over the rows less one. Splits are judged from the leaves up, so that a split that is worth
    nothing stays for the sake of those below it. Nodes are numbered anew, so nothing of a removed split is left.
    """
    own = np.arange(len(tree.left))
    left, right = tree.left.astype(np.int64), tree.right.astype(np.int64)
    count = np.bincount(leaves, minlength=len(own)).astype(np.float64)
    sums = np.stack([np.bincount(leaves, weights=one, minlength=len(own)) for one in outputs.T], axis=1)
    squares = np.bincount(leaves, weights=(outputs**2).sum(axis=1), minlength=len(own))
    gain = np.zeros(len(own))
    levels = _levels(left, right)
    for at in reversed(levels):
        one, other = left[at], right[at]
        for added in (count, sums, squares):
            added[at] = added[one] + added[other]
        whole = _explained(sums[at], count[at])
        noise = (squares[at] - whole) / np.maximum(count[at] - 1, 1)
        between = _explained(sums[one], count[one]) + _explained(sums[other], count[other]) - whole
        worth = between - chance * noise + gain[one] + gain[other]
        stays = (np.minimum(count[one], count[other]) >= fewest) & ((worth > _ROUNDING) | (chance == 0))
        gain[at] = np.where(stays, worth, 0.0)
        left[at[~stays]] = right[at[~stays]] = at[~stays]
    kept = np.zeros(len(own), dtype=bool)
    kept[0] = True
    into = own.copy()  # the node that takes the rows of a removed one
    for at in levels:
        split = at[kept[at] & (left[at] != at)]
        kept[left[split]] = kept[right[split]] = True
        ends = at[left[at] == at]
        into[tree.left[ends]] = into[tree.right[ends]] = into[ends]
    new = np.cumsum(kept) - 1
    cut = Trees(
        np.array([0, int(kept.sum())], dtype=np.int64),
        tree.feature[kept],
        tree.threshold[kept],
        new[left[kept]].astype(np.int32),
        new[right[kept]].astype(np.int32),
        tree.value[kept],
    )
    return cut, new[into[leaves]]


def _levels(left: np.ndarray, right: np.ndarray) -> list[np.ndarray]:
    """The inner nodes of each depth, the root's first."""
    levels, at = [], np.zeros(1, dtype=np.int64)
    while len(at := at[left[at] != at]):
        levels.append(at)
        at = np.concatenate([left[at], right[at]])
    return levels


def _explained(sums: np.ndarray, count: np.ndarray) -> np.ndarray:
    """The sum of squares that the mean of a group explains, from the `sums` of its outputs; 0 for no rows."""
    return np.asarray((sums**2).sum(axis=1) / np.maximum(count, 1))
