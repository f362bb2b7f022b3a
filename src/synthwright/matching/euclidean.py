"""The nearest rows by Euclidean distance, exactly: fast sums find the candidates, exact ones choose among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from synthwright.matching.nearest import Neighbours

__all__ = ["Vectors", "nearest_vectors"]

_QUERIES, _TILE = 512, 2_048  # 4 MB of float32 at a time; four times as much measured half as fast
_FIRST = 512  # reference rows that set the first bounds: the fewer, the less to search and the more to keep
_SPREAD_LEVELS = 32  # columns with more levels are compared code by code: 1 ns a pair, a column of ones each .03 ns
_FEW = 4_096  # pairs that are compared one by one sooner than a search is set up
_PENDING = 200_000  # candidates of one block held at once; five times what rows without repeats give
_PILOT = 16  # queries that tell whether float32 is fine enough for these numbers


@dataclass(frozen=True, eq=False)
class Vectors:
    """Rows as points: `numbers` float64 (n, d) and `codes` int32 (c, n), of which a differing one adds `weight`.

    The squared distance is the sum of squared differences of numbers plus `weight` for each code that differs.
    """

    numbers: np.ndarray
    codes: np.ndarray
    weight: float = 1.0

    @classmethod
    def of(cls, numbers: np.ndarray) -> Vectors:
        """Points of numbers alone."""
        return cls(numbers, np.zeros((0, len(numbers)), np.int32))

    def __len__(self) -> int:
        return len(self.numbers)

    def take(self, rows: np.ndarray | slice) -> Vectors:
        """The points at these positions."""
        return Vectors(self.numbers[rows], self.codes[:, rows], self.weight)


def nearest_vectors(queries: Vectors, reference: Vectors, *, k: int, itself: np.ndarray | None = None) -> Neighbours:
    """The `k` nearest reference rows of every query, nearest first; of equally near ones the first.

    `itself` holds, for queries that are rows of the reference, their positions there: a row is not its own neighbour.
    Distances are sums in float64 in column order, so the neighbours are the same on any machine; float32 products
    only discard what lies farther than their rounding errors can explain.

    Raises
    ------
    ValueError
        The reference has fewer than `k` rows to choose from.
    """
    if len(reference) - (itself is not None) < k:
        raise ValueError(f"{k} neighbours asked of {len(reference)} rows")
    distance = np.empty((len(queries), k))
    index = np.empty((len(queries), k), np.int64)
    if len(queries) * len(reference) <= _FEW:
        return _all_compared(queries, reference, k, itself)
    search = _Search.of(reference, queries, np.float32)
    if len(queries) and not search.is_fine(queries.take(slice(0, _PILOT)), k):
        search = _Search.of(reference, queries, np.float64)
    for start in range(0, len(queries), _QUERIES):
        block = slice(start, min(start + _QUERIES, len(queries)))
        own = None if itself is None else itself[block]
        distance[block], index[block] = search.found(queries.take(block), k, own)
    return Neighbours(distance.astype(np.float32), index)


def _all_compared(queries: Vectors, reference: Vectors, k: int, itself: np.ndarray | None) -> Neighbours:
    total = np.zeros((len(queries), len(reference)))
    for mine, theirs in zip(queries.numbers.T, reference.numbers.T, strict=True):
        total += (mine[:, None] - theirs) ** 2
    for mine, theirs in zip(queries.codes, reference.codes, strict=True):
        total += reference.weight * (mine[:, None] != theirs)
    if itself is not None:
        total[np.arange(len(queries)), itself] = np.inf
    index = np.argsort(total, axis=1, kind="stable")[:, :k]
    return Neighbours(np.sqrt(np.take_along_axis(total, index, axis=1)).astype(np.float32), index)


@dataclass(frozen=True, eq=False)
class _Search:
    """The reference as factors of a product: ``left(queries) @ right.T`` is the squared distance less the query's."""

    reference: Vectors
    columns: np.ndarray  # the reference's numbers, one column after another
    centre: np.ndarray
    scale: float
    right: np.ndarray
    levels: tuple[int, ...]  # ones per code column; 0 where codes are compared instead
    longest: float
    dtype: Any

    @classmethod
    def of(cls, reference: Vectors, queries: Vectors, dtype: Any) -> _Search:
        centre = reference.numbers.mean(axis=0)
        largest = max(_largest(reference.numbers - centre), _largest(queries.numbers - centre), reference.weight**0.5)
        scale = 2.0 ** -np.ceil(np.log2(largest)) if largest > 0 else 1.0  # a power of two: no rounding
        levels = tuple(
            size if (size := 1 + int(max(mine.max(initial=0), theirs.max(initial=0)))) <= _SPREAD_LEVELS else 0
            for mine, theirs in zip(reference.codes, queries.codes, strict=True)
        )
        spread = _spread(reference, centre, scale, levels)
        length = (spread**2).sum(axis=1)
        right = np.column_stack([spread, length]).astype(dtype)
        columns = np.ascontiguousarray(reference.numbers.T)
        return cls(reference, columns, centre, scale, right, levels, float(length.max(initial=0)) ** 0.5, dtype)

    def margins(self, spread: np.ndarray) -> np.ndarray:
        """How far a product can be off, per query: casts and sums of d + 1 products (Higham 2002, 3.1), doubled."""
        unit = float(np.finfo(self.dtype).eps)
        lengths = np.sqrt((spread**2).sum(axis=1))
        compared = self.reference.weight * self.scale**2 * self.levels.count(0)
        return np.asarray((spread.shape[1] + 8) * unit * ((lengths + self.longest) ** 2 + compared))

    def is_fine(self, queries: Vectors, k: int) -> bool:
        """True if the errors are small beside the distances that have to be told apart."""
        some = self.reference.take(slice(0, _FIRST))
        mine, theirs = (_spread(points, self.centre, self.scale, self.levels) for points in (queries, some))
        squares = (mine**2).sum(axis=1)[:, None] + (theirs**2).sum(axis=1) - 2.0 * mine @ theirs.T
        self._compare(queries, slice(0, _FIRST), squares)
        rank = min(k, len(some) - 1)
        near = np.sort(np.partition(squares, rank, axis=1)[:, rank])[len(queries) // 2]
        return bool(np.sort(self.margins(mine))[len(queries) // 2] <= 0.05 * max(float(near), 1e-30))

    def found(self, queries: Vectors, k: int, itself: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Distances and positions, (len(queries), k) each."""
        spread = _spread(queries, self.centre, self.scale, self.levels)
        left = np.column_stack([-2.0 * spread, np.ones(len(queries))]).astype(self.dtype)
        pool = _Pool(self, queries, k, itself, 2.0 * self.margins(spread))
        out = np.empty((len(queries), _TILE), self.dtype)
        tighten = 1
        for number, start in enumerate(range(0, len(self.reference), _TILE)):
            piece = slice(start, min(start + _TILE, len(self.reference)))
            product = out[:, : piece.stop - start]
            np.matmul(left, self.right[piece].T, out=product)
            self._compare(queries, piece, product)
            pool.add(product, start)
            if number + 1 >= tighten:  # after 1, 2, 4, ... tiles: each time about k more candidates have come
                pool.tighten()
                tighten *= 2
        return pool.best()

    def _compare(self, queries: Vectors, piece: slice, product: np.ndarray) -> None:
        weight = np.asarray(self.reference.weight * self.scale**2, self.dtype)
        for mine, theirs, size in zip(queries.codes, self.reference.codes, self.levels, strict=True):
            if size == 0:
                product += (mine[:, None] != theirs[piece]) * weight


class _Pool:
    """Candidates of a block of queries: whatever may be among the k nearest, as far as is known."""

    def __init__(self, search: _Search, queries: Vectors, k: int, itself: np.ndarray | None, slack: np.ndarray) -> None:
        self.search, self.queries, self.k, self.itself, self.slack = search, queries, k, itself, slack
        self.columns = np.ascontiguousarray(queries.numbers.T)
        self.bound: np.ndarray | None = None
        self.rows, self.index = np.zeros(0, np.int64), np.zeros(0, np.int64)
        self.value = np.zeros(0, search.dtype)

    def add(self, product: np.ndarray, start: int) -> None:
        """Keep what lies within the bounds; the first rows of the first tile set them."""
        if self.bound is None:
            rank, some = self.k - (self.itself is None), product[:, : max(_FIRST, 2 * self.k)]
            enough = some.shape[1] > rank
            first = np.partition(some, rank, axis=1)[:, rank] if enough else np.full(len(product), np.inf)
            self.bound = self._rounded_up(first + self.slack)
        rows, columns = _where(product <= self.bound[:, None])
        index = columns + start
        if self.itself is not None:
            other = index != self.itself[rows]
            rows, columns, index = rows[other], columns[other], index[other]
        self.rows, self.index = np.concatenate([self.rows, rows]), np.concatenate([self.index, index])
        self.value = np.concatenate([self.value, product[rows, columns]])
        if len(self.rows) > _PENDING:  # many equal distances: exact sums and positions settle them at once
            self._settle()

    def tighten(self) -> None:
        """Bounds at the k-th smallest of the products so far; candidates beyond them are dropped."""
        counts = np.bincount(self.rows, minlength=len(self.queries))
        full = counts >= self.k
        if self.bound is None or not full.any():
            return
        kth = self._in_order()[(np.cumsum(counts) - counts)[full] + self.k - 1]
        self.bound[full] = np.minimum(self.bound[full], self._rounded_up(kth + self.slack[full]))
        near = (self.value <= self.bound[self.rows]) | np.isneginf(self.bound[self.rows])  # settled ones stay
        self.rows, self.index, self.value = self.rows[near], self.index[near], self.value[near]

    def _in_order(self) -> np.ndarray:
        """The products of the first query in ascending order, then those of the second, and so on."""
        if self.value.dtype != np.float32:
            return np.asarray(self.value[np.lexsort((self.value, self.rows))])
        # One sort of plain integers, a fifth of the time: the query in the upper half, below it the product's bits,
        # turned so that they ascend with the number.
        bits = (self.value + np.float32(0.0)).view(np.int32)  # -0.0 becomes 0.0
        ascending = bits ^ ((bits >> 31) & 0x7FFFFFFF)
        keys = np.sort((self.rows << 32) + ascending)
        lower = keys.astype(np.int32)
        return (lower ^ ((lower >> 31) & 0x7FFFFFFF)).view(np.float32)

    def best(self) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest of each query by exact distance, then position."""
        self.tighten()
        apart = self._keep_best()
        shape = (len(self.queries), self.k)
        return np.sqrt(apart).reshape(shape), self.index.reshape(shape)

    def _settle(self) -> None:
        apart = self._keep_best()
        counts = np.bincount(self.rows, minlength=len(self.queries))
        equal = np.bincount(self.rows[apart == 0.0], minlength=len(self.queries))
        if self.bound is not None:  # k rows that equal the query: none can be nearer, and later ones come later
            self.bound[(counts >= self.k) & (equal >= self.k)] = -np.inf

    def _keep_best(self) -> np.ndarray:
        apart = self._exact()
        order = np.argsort(self.rows.astype(np.int16), kind="stable")  # candidates of a query stand in index order
        rows = self.rows[order]
        counts = np.bincount(rows, minlength=len(self.queries))
        place = np.arange(len(rows)) - (np.cumsum(counts) - counts)[rows]
        widest = int(counts.max(initial=0))
        if len(counts) * widest <= 4 * len(rows):
            side = np.full((len(counts), widest), np.inf)
            side[rows, place] = apart[order]
            nearest = np.argsort(side, axis=1, kind="stable")[:, : self.k]
            kept = order[((np.cumsum(counts) - counts)[:, None] + nearest)[nearest < counts[:, None]]]
        else:
            order = np.lexsort((self.index, apart, self.rows))
            kept = order[place < self.k]
        self.rows, self.index, self.value = self.rows[kept], self.index[kept], self.value[kept]
        return np.asarray(apart[kept])

    def _exact(self) -> np.ndarray:
        total = np.zeros(len(self.rows))
        for mine, theirs in zip(self.columns, self.search.columns, strict=True):
            total += (mine[self.rows] - theirs[self.index]) ** 2
        for mine, theirs in zip(self.queries.codes, self.search.reference.codes, strict=True):
            total += self.search.reference.weight * (mine[self.rows] != theirs[self.index])
        return total

    def _rounded_up(self, bound: np.ndarray) -> np.ndarray:
        return np.asarray(np.nextafter(bound.astype(self.search.dtype), np.asarray(np.inf, self.search.dtype)))


def _where(mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the few true cells, eight cells looked at together where that is possible."""
    if mask.shape[1] % 8 or not mask.flags.c_contiguous:
        rows, columns = np.nonzero(mask)
        return rows, columns
    flat = mask.reshape(-1)
    words = np.flatnonzero(flat.view(np.uint64) != 0)  # of booleans it takes a third of the time
    places = (words[:, None] * 8 + np.arange(8)).reshape(-1)
    places = places[flat[places]]
    return places // mask.shape[1], places % mask.shape[1]


def _spread(points: Vectors, centre: np.ndarray, scale: float, levels: tuple[int, ...]) -> np.ndarray:
    """Numbers about their centre, then ones for codes: sqrt(weight / 2) each, so two levels are `weight` apart."""
    parts = [(points.numbers - centre) * scale]
    for codes, size in zip(points.codes, levels, strict=True):
        parts.append((codes[:, None] == np.arange(size)) * (np.sqrt(points.weight / 2) * scale))
    return np.concatenate(parts, axis=1)


def _largest(values: np.ndarray) -> float:
    return float(np.abs(values).max(initial=0.0))
