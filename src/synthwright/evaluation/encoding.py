"""A part as codes: fine cells for one column, at most 16 for pairs, and the jackknife block of each row."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from synthwright.data.cells import Cells
from synthwright.data.codes import Codes

__all__ = ["PAIR_CELLS", "Coded", "pair_cells"]

PAIR_CELLS = 16  # per column, with missing, rarer and unseen: a pair's code fits 8 bits and with its block 16
ROWS_PER_PAIR_CELL = 5  # expected count below which cells of a pair measure noise


@dataclass(frozen=True, eq=False)
class Coded:
    """One table as codes of train's cells: `fine` ones, and `pair` ones, which join them for pairs of columns.

    `block` is the jackknife block of each row; block b has ``sizes[b]`` rows.
    """

    fine: Codes
    pair: Codes
    block: np.ndarray
    sizes: np.ndarray

    def __len__(self) -> int:
        return len(self.block)

    @property
    def blocks(self) -> int:
        """The number of jackknife blocks."""
        return len(self.sizes)


def pair_cells(cells: Cells, train_rows: int) -> np.ndarray:
    """The pair code of each fine one: at most 13 for values, fewer where pairs would hold under 5 train rows a cell.

    Labels beyond the most frequent share one more, and labels that train does not have the last.
    """
    budget = int(np.clip(np.sqrt(train_rows / ROWS_PER_PAIR_CELL), 3, PAIR_CELLS - 3))
    return cells.coarse(budget if cells.column.is_numeric else budget + 1)
