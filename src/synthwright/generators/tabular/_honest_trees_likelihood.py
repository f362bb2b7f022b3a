"""How likely whole rows are under a fitted chain."""

from __future__ import annotations

import numpy as np

from synthwright.data.table import Table
from synthwright.generators.densities import log_volume
from synthwright.generators.tabular._honest_trees_distant import Distant
from synthwright.generators.tabular._honest_trees_draws import Draws
from synthwright.generators.tabular._honest_trees_shares import Reached
from synthwright.generators.tabular._honest_trees_weighting import Weigher

__all__ = ["log_likelihood"]

_CHUNK = 16_384  # rows at a time: a forest keeps a leaf per tree and row
# Rows with the shares of the whole column beside those counted in each leaf: what a leaf of a few rows lacks is
# unlikely there, not impossible. On 5,000 unseen rows of Adult (10,000 to learn from) .1, .3, 1 and 3 such rows give
# -30.7, -30.1, -29.5 and -29.0 nats per row; with more, it would be the likelihood of another model than the one drawn.
_PRIOR = 1.0


def log_likelihood(weigher: Weigher, table: Table) -> np.ndarray:
    """The logarithm (nats) of the probability of each row's cells; densities for numbers without a grid.

    The sum over columns, in the chain's order, of the code's probability given the columns before it, the cell's among
    the cells of its code, and one over the values (or the width) of the cell. In every leaf one row with the
    shares of the whole column counts, too. Where a score was learnt in folds, the first stands for all.
    """
    table = table.select(weigher.schema.names).with_schema(weigher.schema)
    parts = [_of_rows(weigher, block) for block in table.blocks(_CHUNK)]
    return np.concatenate(parts) if parts else np.zeros(0)


def _of_rows(weigher: Weigher, table: Table) -> np.ndarray:
    values, n = table.model_values(), len(table)
    drawn = {name: cells.encode(values[name]) for name, cells in weigher.cells.items()}
    codes = {name: cells.codes(drawn[name]) for name, cells in weigher.cells.items()}
    total = np.zeros(n)
    for name, model in weigher.columns.items():
        cells, cell = weigher.cells[name], drawn[name]
        shares = weigher.shares(name)
        reached = shares.reached(model.known(codes, n), Draws(np.zeros((n, 4)), systematic=False))
        still = np.minimum(cell, cells.size)
        low, high = (ends[still] for ends in weigher.code_ends(name))
        chance = reached.smooth(low, high, _PRIOR)[0] * shares.within(low, high, still)
        chance = np.where(cell > cells.size, 0.0, chance)
        if cells.grid is not None:
            chance = chance * np.exp(-log_volume(cells.grid, values[name]))
        for number, source in enumerate(model.copies):
            chance = chance + np.where(values[source] == values[name], _repeats(reached, cells.size + 1 + number), 0.0)
        distant = Distant.of(cells, model)
        if distant is not None:
            chance = chance + distant.density(reached, values[distant.base], values[name])
        with np.errstate(divide="ignore"):
            total += np.log(chance)
    return total


def _repeats(reached: Reached, state: int) -> np.ndarray:
    """The probability of "the same as in that column"."""
    return reached.plain(state, state)
