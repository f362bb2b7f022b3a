"""A column as the model sees it: protected cells to be drawn, codes to split on, and an embedding to grow trees for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from synthwright.data.columns import categories_of
from synthwright.data.grid import Grid
from synthwright.data.schema import Column
from synthwright.errors import BadInput, shorten

__all__ = ["Cells", "distances", "embedding"]

CELLS = 2_048  # intervals per number: in 32,561 rows of 5 and more each; far finer than any discriminator's bins
# Codes of a number, beside 0 for missing. Fewer thresholds to choose from fit less noise: C2ST (inner split, two seeds)
# with 1,024, 254, 120 and 48 codes is .691, .663, .652, .660 on default_credit; 120 in place of 254 lowers it on
# online_shoppers (.607, .584), beijing_pm25 (.612, .606) and Adult (.549, .546) too; birdstrikes rises by .002.
BINS = 120
FEW = 16  # cells up to which a number is as good as a category
DATES = 1_000  # codes of a date: year, month and weekday follow from fine ones
LARGEST_CODE = 65_534  # codes are uint16
_WAVES = 6  # cosines of the rank: enough to see location, spread, shape; 12 changed no table by more than noise
_HEAVY = 0.02  # a point mass above this share of the rows gets an output of its own
_CLASSES = 48  # categories with an output of their own; rarer ones still have their cells in the leaves


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells 0 .. `size` - 1 hold values, cell `size` is missing; `bins` gives each cell its code for splitting.

    A number's code is its bin (1 and up, 0 missing), so the model knows nothing of a value beyond its cell.
    """

    column: Column
    grid: Grid | None
    bins: np.ndarray

    @classmethod
    def of(cls, column: Column, values: np.ndarray) -> Self:
        """The cells of `values` (see `Table.model_values`)."""
        if column.is_discrete:
            size = len(categories_of(column))
            if size > LARGEST_CODE - 2:
                raise BadInput(
                    f"Column {shorten(column.name)!r} has {size:,} categories.",
                    remedy="Give it the kind text or id, or list fewer categories in the schema.",
                )
            return cls(column, None, np.append(np.arange(1, size + 1), 0).astype(np.uint16))
        grid = Grid.of(column, values, cells=CELLS)
        counts = np.bincount(grid.encode(values) + 1, minlength=len(grid) + 1)[1:]
        return cls(
            column, grid, np.append(_bins(counts, DATES if column.kind == "datetime" else BINS), 0).astype(np.uint16)
        )

    @property
    def size(self) -> int:
        """Cells with values."""
        return len(self.bins) - 1

    @property
    def is_fine(self) -> bool:
        """True for a number of many values."""
        return self.grid is not None and self.size > FEW

    @property
    def atoms(self) -> np.ndarray:
        """True for cells that hold one single value."""
        if self.grid is None:
            return np.ones(self.size, dtype=bool)
        return np.asarray(self.grid.low == self.grid.high)

    def encode(self, values: np.ndarray) -> np.ndarray:
        """The cell of each value; `size` for missing, `size` + 1 for a category that may not be emitted."""
        if self.grid is not None:
            cells = self.grid.encode(values).astype(np.int64)
            return np.where(cells < 0, self.size, cells)
        levels = values.astype(np.int64)
        return np.where(levels < 0, self.size, np.where(levels >= self.size, self.size + 1, levels))

    def decode(self, cells: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """A value in each cell, as `Table.of` takes them."""
        codes = np.where(cells >= self.size, -1, cells)
        return codes.astype(np.int32) if self.grid is None else self.grid.decode(codes, uniforms)

    def codes(self, cells: np.ndarray) -> np.ndarray:
        """The code for splitting of each cell; categories that may not be emitted share the largest one."""
        return np.append(self.bins, self.size + 1).astype(np.uint16).take(cells)

    def state(self) -> dict[str, Any]:
        """The cells as JSON types."""
        return {"grid": None if self.grid is None else self.grid.state(), "bins": self.bins.tolist()}

    @classmethod
    def from_state(cls, column: Column, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the column."""
        grid = None if state["grid"] is None else Grid.from_state(state["grid"])
        bins = np.asarray(state["bins"])
        size = len(categories_of(column)) if grid is None else len(grid)
        sound = bins.shape == (size + 1,) and bins.dtype.kind == "i" and bins.min() >= 0 and bins.max() <= LARGEST_CODE
        if (grid is None) != column.is_discrete or not sound:
            raise BadInput(f"The saved cells of column {shorten(column.name)!r} do not fit its schema.")
        return cls(column, grid, bins.astype(np.uint16))


def _bins(counts: np.ndarray, most: int) -> np.ndarray:
    """Ascending codes 1 .. `most` for cells: heavy cells alone, the rest in bins of equal mass.

    Plain quantiles would put all of a rare tail into one bin behind a heavy atom: that cost Adult's capital-gain, and
    with it .006 of TSTR AUC.
    """
    if len(counts) <= most:
        return np.arange(1, len(counts) + 1)
    heavy = counts >= counts.sum() / most
    mass = counts[~heavy].sum() / max(1, most - 2 * int(heavy.sum())) if 2 * heavy.sum() < most else counts.sum()
    codes, code, filled = np.empty(len(counts), dtype=np.int64), 1, 0.0
    for at, count in enumerate(counts):
        full = at > 0 and (heavy[at] or heavy[at - 1] or filled + count > mass)
        if full and code < most:
            code, filled = code + 1, 0.0
        codes[at] = code
        filled += float(count)
    return codes


def embedding(cells: Cells, drawn: np.ndarray, states: int) -> np.ndarray:
    """Outputs (n, q) whose squared distance between two groups of rows tells how their distributions differ.

    Numbers: cosines of the mid-rank (so far the Cramer-von Mises distance), and an indicator for each heavy atom, for
    missing and for each state above (`states` of them, see `copies`). Categories: an indicator each.
    """
    n, counts = len(drawn), np.bincount(drawn, minlength=cells.size + 1 + states)
    order = np.argsort(-counts, kind="stable")
    if cells.grid is None:
        shown = [int(one) for one in order[:_CLASSES] if counts[one]]
        return np.stack([drawn == one for one in shown], axis=1).astype(np.float64)
    value = drawn < cells.size
    mass = np.cumsum(counts[: cells.size])
    rank = (mass - counts[: cells.size] / 2) / max(1, mass[-1])
    ranks = np.where(value, rank[np.minimum(drawn, cells.size - 1)], 0.5)
    outputs = [np.where(value, np.cos(np.pi * wave * ranks), 0.0) / np.sqrt(wave) for wave in range(1, _WAVES + 1)]
    alone = np.append(cells.atoms, np.ones(1 + states, dtype=bool))
    heavy = [
        int(one) for one in order if alone[one] and (counts[one] > _HEAVY * n or (one >= cells.size and counts[one]))
    ]
    return np.stack(outputs + [(drawn == one).astype(np.float64) for one in heavy[:8]], axis=1)


def distances(cells: np.ndarray) -> np.ndarray:
    """Outputs (n, 4) for cells of a distance, negative for none: whether there is one, and cosines of its rank."""
    near = cells >= 0
    few = int(near.sum())
    ranks = np.empty(len(cells))
    ranks[np.argsort(cells, kind="stable")] = (np.arange(len(cells)) - len(cells) + few + 0.5) / max(1, few)
    waves = [np.where(near, np.cos(np.pi * wave * ranks), 0.0) / wave**0.5 for wave in (1, 2, 3)]
    return np.stack([near.astype(np.float64), *waves], axis=1)
