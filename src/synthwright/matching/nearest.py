"""The nearest rows of a reference, exactly, in flat memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from synthwright.matching.ruler import Points

__all__ = ["Neighbours", "distance_blocks", "nearest"]

_CELLS = 65_536  # distances per block: 256 kB of float32 stay in a core's cache, which makes the loop 3 times faster


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each query its k nearest reference rows, nearest first: `distance` float32 (n, k), `index` int64 (n, k)."""

    distance: np.ndarray
    index: np.ndarray


def distance_blocks(queries: Points, reference: Points) -> Iterator[tuple[slice, np.ndarray]]:
    """Blocks of queries and their distances to every reference row, float32 (block, len(reference)).

    The array is overwritten by the next block. Each distance is summed in column order, so equal pairs of rows give
    equal bits wherever they are computed.
    """
    rows = max(1, _CELLS // max(len(reference), 1))
    shape = (min(rows, max(len(queries), 1)), len(reference))
    total, part = np.empty(shape, np.float32), np.empty(shape, np.float32)
    wide = np.uint8 if len(queries.levels) < 2**8 else np.uint16
    differing, differs = np.empty(shape, wide), np.empty(shape, bool)
    for start in range(0, len(queries), rows):
        block = slice(start, min(start + rows, len(queries)))
        n = block.stop - start
        total[:n] = 0.0
        for mine, theirs in zip(queries.numbers, reference.numbers, strict=True):
            np.subtract(mine[block, None], theirs, out=part[:n])
            np.abs(part[:n], out=part[:n])
            np.add(total[:n], part[:n], out=total[:n])
        if len(queries.levels):
            differing[:n] = 0
            for mine, theirs in zip(queries.levels, reference.levels, strict=True):
                np.not_equal(mine[block, None], theirs, out=differs[:n])
                np.add(differing[:n], differs[:n], out=differing[:n])
            np.add(total[:n], differing[:n], out=total[:n])
        yield block, total[:n]


def nearest(queries: Points, reference: Points, *, k: int = 1, itself: np.ndarray | None = None) -> Neighbours:
    """The `k` nearest reference rows of every query; of equally near ones the first.

    `itself` holds, for queries that are rows of the reference, their positions there: a row is not its own neighbour.

    Raises
    ------
    ValueError
        The reference has fewer than `k` rows to choose from.
    """
    if len(reference) - (itself is not None) < k:
        raise ValueError(f"{k} neighbours asked of {len(reference)} rows")
    distance = np.empty((len(queries), k), np.float32)
    index = np.empty((len(queries), k), np.int64)
    for block, apart in distance_blocks(queries, reference):
        if itself is not None:
            apart[np.arange(len(apart)), itself[block]] = np.inf
        rows = np.arange(len(apart))
        for rank in range(k):  # k passes beat a partition, which costs ten of them and leaves ties open
            index[block, rank] = apart.argmin(axis=1)
            distance[block, rank] = apart[rows, index[block, rank]]
            apart[rows, index[block, rank]] = np.inf
    return Neighbours(distance, index)
