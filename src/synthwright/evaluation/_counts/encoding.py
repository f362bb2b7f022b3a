"""A part as codes: fine cells for one column, at most 16 for pairs, and the jackknife block of each row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from synthwright.data.cells import Cells
from synthwright.data.codes import Codes

__all__ = ["PAIR_CELLS", "Coded", "pair_cells"]

PAIR_CELLS = 16  # per column, with missing, rarer and unseen: a pair's code fits 8 bits and with its block 16
ROWS_PER_PAIR_CELL = 5  # expected count below which cells of a pair measure noise
ROWS_AT_A_TIME = 65_536  # 64 kB a column: the codes of a block of rows stay in the cache while all pairs are counted


@dataclass(frozen=True, eq=False)
class Coded:
    """One table as codes of train's cells: `fine` ones, held, and pair codes, made of them for a block of rows.

    ``joins[column]`` is the pair code of each fine one. `block` is the jackknife block of each row; block b has
    ``sizes[b]`` rows.
    """

    fine: Codes
    joins: tuple[np.ndarray, ...]
    block: np.ndarray
    sizes: np.ndarray

    def __len__(self) -> int:
        return len(self.block)

    @property
    def blocks(self) -> int:
        """The number of jackknife blocks."""
        return len(self.sizes)

    @property
    def pair_width(self) -> int:
        """The most pair cells that any column has; at most 16."""
        return max((self.pair_size(at) for at in range(len(self.joins))), default=1)

    def pair_size(self, column: int) -> int:
        """How many pair cells the column at this position has."""
        return int(self.joins[column].max()) + 1

    def row_blocks(self, columns: Sequence[int]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Blocks of rows, one after another: their jackknife blocks (n,), and pair codes (columns, n) as uint8."""
        for start in range(0, len(self), ROWS_AT_A_TIME):
            rows = slice(start, start + ROWS_AT_A_TIME)
            block = self.block[rows]
            pair = np.empty((len(columns), len(block)), dtype=np.uint8)
            for row, at in enumerate(columns):
                np.take(self.joins[at], self.fine.matrix[rows, at], out=pair[row])
            yield block, pair

    def grouped_rows(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Blocks of rows, one after another: their positions by jackknife block, and where each begins and ends.

        Of the positions (n,), those from ``ends[b]`` to ``ends[b + 1]`` are in jackknife block b.
        """
        for start in range(0, len(self), ROWS_AT_A_TIME):
            block = self.block[start : start + ROWS_AT_A_TIME]
            ends = np.concatenate([[0], np.cumsum(np.bincount(block, minlength=self.blocks))])
            yield start + np.argsort(block, kind="stable"), ends


def pair_cells(cells: Cells, train_rows: int) -> np.ndarray:
    """The pair code of each fine one: at most 13 for values, fewer where pairs would hold under 5 train rows a cell.

    Labels beyond the most frequent share one more, and labels that train does not have the last.
    """
    budget = int(np.clip(np.sqrt(train_rows / ROWS_PER_PAIR_CELL), 3, PAIR_CELLS - 3))
    return cells.coarse(budget if cells.column.is_numeric else budget + 1).astype(np.uint8)
