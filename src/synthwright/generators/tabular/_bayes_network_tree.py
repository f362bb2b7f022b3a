"""Which column hangs on which: the tree of the largest mutual information, corrected for noise, and its tables."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from synthwright.generators.tabular._bayes_network_node import Bins, Node

__all__ = ["grow", "information"]

_WEIGHTS = (
    0.5,
    1.0,
    2.0,
    5.0,
    10.0,
    20.0,
    50.0,
    100.0,
    1_000.0,
)  # rows behind the prior, from hardly any to nearly all


def information(counts: np.ndarray) -> float:
    """Mutual information in nats of a table of counts, less what independent columns would show on average.

    Miller (1955): the plug-in estimate is too large by (cells - rows - columns + 1) / 2n over the occupied ones.
    """
    n = counts.sum()
    if n == 0:
        return 0.0
    first, second = counts.sum(axis=1), counts.sum(axis=0)
    row, column = np.nonzero(counts)
    found = counts[row, column].astype(np.float64)
    raw = float((found * (np.log(found) + np.log(n) - np.log(first[row]) - np.log(second[column]))).sum() / n)
    freedom = len(found) - np.count_nonzero(first) - np.count_nonzero(second) + 1
    return float(raw - freedom / (2 * n))


def grow(bins: Mapping[str, Bins], codes: Mapping[str, np.ndarray], picked: np.ndarray) -> dict[str, Node]:
    """Nodes, parents before children: a maximum spanning forest of `information` on the `picked` rows.

    Chow & Liu (1968, 10.1109/TIT.1968.1054142): of all distributions in which every column hangs on one other at most,
    this has the largest likelihood. No link is made where the corrected information is not positive. Tables are counted
    on all rows.
    """
    names = list(bins)
    some = {name: codes[name][picked] for name in names}
    linked = np.zeros((len(names), len(names)))
    for at, one in enumerate(names):
        for other in range(at):
            found = information(_crossed(some[one], some[names[other]], bins[one].size, bins[names[other]].size))
            linked[at, other] = linked[other, at] = max(0.0, found)
    parents = _spanning(linked)
    nodes: dict[str, Node] = {}
    for at, up in parents.items():
        name = names[at]
        own, size = codes[name], bins[name].size
        if up is None:
            counts = _crossed(np.zeros(len(own), dtype=np.int64), own, 1, size)
        else:
            counts = _crossed(codes[names[up]], own, bins[names[up]].size, size)
        parent = None if up is None else names[up]
        nodes[name] = Node(bins[name], parent, counts, _weight(counts, bins[name].shares))
    return nodes


def _crossed(first: np.ndarray, second: np.ndarray, height: int, width: int) -> np.ndarray:
    """How many rows have each pair of codes; rows without a code in either are left out."""
    counts = np.bincount(first * (width + 1) + second, minlength=(height + 1) * (width + 1))
    return counts.reshape(height + 1, width + 1)[:height, :width]


def _spanning(linked: np.ndarray) -> dict[int, int | None]:
    """The parent of each column in the order they join (Prim 1957), from the column with the strongest links."""
    size = len(linked)
    parents: dict[int, int | None] = {}
    best, link = np.zeros(size), np.full(size, -1)
    left = np.ones(size, dtype=bool)
    totals = linked.sum(axis=1)
    for _ in range(size):
        strongest = int(np.argmax(np.where(left, best, -1.0)))
        joins = best[strongest] > 0
        at = strongest if joins else int(np.argmax(np.where(left, totals, -1.0)))
        parents[at] = int(link[at]) if joins else None
        left[at] = False
        nearer = left & (linked[at] > best)
        best, link = np.where(nearer, linked[at], best), np.where(nearer, at, link)
    return parents


def _weight(counts: np.ndarray, shares: np.ndarray) -> float:
    """The weight of the prior under which each row is best foretold by all others."""
    totals = np.broadcast_to(counts.sum(axis=1, keepdims=True), counts.shape)
    seen = counts > 0
    here, all_, prior = counts[seen], totals[seen], np.broadcast_to(shares, counts.shape)[seen]
    scores = [float((here * np.log((here - 1 + weight * prior) / (all_ - 1 + weight))).sum()) for weight in _WEIGHTS]
    return _WEIGHTS[int(np.argmax(scores))]
