"""Counts of all compared pairs of columns, made once: integers per jackknife block that add up over blocks of rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import combinations

import numpy as np

from synthwright.engines.engine import Engine, Serial
from synthwright.evaluation._counts.encoding import PAIR_CELLS, Coded
from synthwright.seeding import Streams

__all__ = ["MAX_PAIRS", "PairCounts", "chosen_pairs", "count_pairs"]

MAX_PAIRS = 2_000  # all pairs of 63 columns; of wider tables as many are drawn, which takes seconds instead of hours
_ITEM = 128  # pairs that a worker counts at a time: 2.6 MB of counts to send back
_WORTH = 1e9  # pairs times rows, counted in 1.5 s: below, starting processes costs more than it saves


@dataclass(frozen=True, eq=False)
class PairCounts:
    """Counts of the pair cells of many pairs of columns in one part.

    `table` is (pairs, blocks, k, k) in the narrowest unsigned type, row-aligned with `pairs`; k is the most pair cells
    that any column has. Its size does not grow with the rows.
    """

    pairs: tuple[tuple[str, str], ...]
    table: np.ndarray

    def of(self, first: str, second: str) -> np.ndarray | None:
        """The counts of one pair, (blocks, 16, 16) int64; ``None`` if it was not counted."""
        swapped = (first, second) not in self._at
        at = self._at.get((second, first) if swapped else (first, second))
        if at is None:
            return None
        table = self.table[at].transpose(0, 2, 1) if swapped else self.table[at]
        full = np.zeros((len(table), PAIR_CELLS, PAIR_CELLS), dtype=np.int64)
        full[:, : table.shape[1], : table.shape[2]] = table
        return full

    @cached_property
    def _at(self) -> dict[tuple[str, str], int]:
        return {pair: at for at, pair in enumerate(self.pairs)}


def chosen_pairs(names: Sequence[str], seed: int) -> tuple[tuple[tuple[str, str], ...], bool]:
    """The pairs of columns that are compared, and whether they are a seeded sample of all pairs."""
    every = tuple(combinations(names, 2))
    if len(every) <= MAX_PAIRS:
        return every, False
    drawn = Streams(seed).at("pairs").rng().choice(len(every), MAX_PAIRS, replace=False)
    return tuple(every[at] for at in np.sort(drawn)), True


def count_pairs(codes: Coded, pairs: tuple[tuple[str, str], ...], engine: Engine | None = None) -> PairCounts:
    """The counts of `pairs`; with an `engine`, workers share the pairs of a large table. They are integers: equal."""
    at = {name: position for position, name in enumerate(codes.fine.names)}
    places = [(at[first], at[second]) for first, second in pairs]
    items = [places[start : start + _ITEM] for start in range(0, len(places), _ITEM)]
    worth = engine is not None and len(pairs) * len(codes) >= _WORTH
    tables = (engine if worth and engine is not None else Serial()).map(partial(_count, codes), items)
    width = codes.pair_width
    return PairCounts(pairs, np.concatenate(tables) if tables else np.zeros((0, codes.blocks, width, width), np.uint16))


def _count(codes: Coded, places: list[tuple[int, int]]) -> np.ndarray:
    """Counts of the pairs of columns at `places`, (pairs, blocks, k, k), one block of rows after another."""
    width, columns = codes.pair_width, sorted({at for pair in places for at in pair})
    row_of = {at: row for row, at in enumerate(columns)}
    cells = codes.blocks * width * width
    wide = np.dtype(np.uint16 if cells <= 2**16 else np.uint32)
    # A block holds a 40th of the rows, so its cells fit 16 bits up to 2.6 million rows.
    total = np.zeros((len(places), cells), dtype=np.uint16 if codes.sizes.max(initial=0) < 2**16 else np.uint32)
    for block, pair in codes.row_blocks(columns):
        base, seconds = block.astype(wide) * width**2, pair.astype(wide)
        firsts = seconds * width
        for counts, (first, second) in zip(total, places, strict=True):
            joint = base + firsts[row_of[first]]
            joint += seconds[row_of[second]]
            np.add(counts, np.bincount(joint, minlength=cells), out=counts, casting="unsafe")
    return total.reshape(len(places), codes.blocks, width, width)
