"""What a probability of a cell says of one value in it."""

from __future__ import annotations

import numpy as np

from synthwright.data.grid import Grid

__all__ = ["log_volume"]


def log_volume(grid: Grid, values: np.ndarray) -> np.ndarray:
    """The logarithm of how many values share each value's cell, or of the cell's width where there is no grid.

    A point mass has volume 1, and so has missing. Intervals reach half-way to their neighbours, so that no value
    between two of them is impossible. Beside a point mass and beyond the outermost cells the volume is infinite:
    nothing is drawn there.
    """
    cells = grid.encode(values)
    at = np.maximum(cells, 0)
    low, high, wide = grid.low, grid.high, grid.high > grid.low
    middle = np.concatenate([low[:1], (high[:-1] + low[1:]) / 2, high[-1:]])
    if grid.step is None:
        volume = np.where(wide, middle[1:] - middle[:-1], 1.0)
    else:
        after = np.floor((middle[1:] - high) / grid.step + 1e-6)
        before = np.maximum(np.ceil((low - middle[:-1]) / grid.step - 1e-6) - 1, 0)
        volume = np.where(wide, np.round((high - low) / grid.step) + 1.0 + after + before, 1.0)
    with np.errstate(invalid="ignore"):
        beyond = (values < low[0]) | (values > high[-1]) | (~wide[at] & (values != low[at]))
    return np.where(cells < 0, 0.0, np.where(beyond, np.inf, np.log(volume[at])))
