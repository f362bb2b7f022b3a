"""The nearest rows of a reference, exactly, in flat memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from synthwright.matching.ruler import Points

__all__ = ["Neighbours", "Tell", "distance_blocks", "nearest"]

_CELLS = 65_536  # distances per block: 256 kB of float32 stay in a core's cache, which makes the loop 3 times faster
_REFERENCES = 65_536  # searched at a time: a query's distances to all of them stay in the cache, too
_WORTH_TELLING = 2e9  # distances: a quarter of a minute

Tell = Callable[[int, int], None]  # how many of how many queries are done


@dataclass(frozen=True, eq=False)
class Neighbours:
    """For each query its k nearest reference rows, nearest first: `distance` float32 (n, k), `index` int64 (n, k)."""

    distance: np.ndarray
    index: np.ndarray


def distance_blocks(
    queries: Points, reference: Points, *, tell: Tell | None = None
) -> Iterator[tuple[slice, np.ndarray]]:
    """Blocks of queries and their distances to every reference row, float32 (block, len(reference)).

    The array is overwritten by the next block. Each distance is summed in column order, so equal pairs of rows give
    equal bits wherever they are computed. `tell` hears, where there are many, about every hundredth of the queries.
    """
    if tell is not None and len(queries) * len(reference) < _WORTH_TELLING:
        tell = None
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
        if tell is not None and block.stop * 100 // len(queries) > block.start * 100 // len(queries):
            tell(block.stop, len(queries))


def nearest(
    queries: Points, reference: Points, *, k: int = 1, itself: np.ndarray | None = None, tell: Tell | None = None
) -> Neighbours:
    """The `k` nearest reference rows of every query; of equally near ones the first.

    `itself` holds, for queries that are rows of the reference, their positions there: a row is not its own neighbour.

    Raises
    ------
    ValueError
        The reference has fewer than `k` rows to choose from.
    """
    if len(reference) - (itself is not None) < k:
        raise ValueError(f"{k} neighbours asked of {len(reference)} rows")
    pieces = range(0, len(reference), _REFERENCES)
    if len(pieces) < 2:
        return _nearest(queries, reference, k, itself, tell)
    best = Neighbours(np.full((len(queries), k), np.inf, np.float32), np.zeros((len(queries), k), np.int64))
    for start in pieces:
        found = _nearest(queries, reference.take(slice(start, start + _REFERENCES)), k, _within(itself, start), tell)
        distance = np.concatenate([best.distance, found.distance], axis=1)
        # Stable: of equally near rows those of earlier pieces come first.
        order = np.argsort(distance, axis=1, kind="stable")[:, :k]
        index = np.concatenate([best.index, found.index + start], axis=1)
        best = Neighbours(np.take_along_axis(distance, order, 1), np.take_along_axis(index, order, 1))
    return best


def _within(itself: np.ndarray | None, start: int) -> np.ndarray | None:
    """Positions in the piece of the reference from `start`; -1 for queries that are not in it."""
    if itself is None:
        return None
    return np.where((itself >= start) & (itself < start + _REFERENCES), itself - start, -1)


def _nearest(queries: Points, reference: Points, k: int, itself: np.ndarray | None, tell: Tell | None) -> Neighbours:
    """`nearest` of one piece; where it has fewer than `k` rows, the last neighbours are infinitely far."""
    distance = np.full((len(queries), k), np.inf, np.float32)
    index = np.zeros((len(queries), k), np.int64)
    for block, apart in distance_blocks(queries, reference, tell=tell):
        rows = np.arange(len(apart))
        if itself is not None:
            mine = itself[block]
            apart[rows[mine >= 0], mine[mine >= 0]] = np.inf
        for rank in range(min(k, len(reference))):  # k passes beat a partition, which costs ten and leaves ties open
            index[block, rank] = apart.argmin(axis=1)
            distance[block, rank] = apart[rows, index[block, rank]]
            apart[rows, index[block, rank]] = np.inf
    return Neighbours(distance, index)
