"""Which columns to leave out when looking for rows that were copied in part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from synthwright.evaluation._copies.hashes import twin_share
from synthwright.evaluation._copies.keys import Keys
from synthwright.seeding import Streams

__all__ = ["Left", "chosen_subsets", "column_subsets"]

Left = tuple[int, ...]  # places of the columns that are left out

_MOST_SINGLES = 100  # columns left out one at a time; in wider tables a random subset misses a changed column as well
_RANDOM = 8  # subsets; each of them misses one changed column with a chance of .3, two with .09
_KEPT = (0.6, 0.8)  # of the columns, in a random subset
_FEWEST = 5  # columns; of fewer, 60 to 80 % are all but one
_BUDGET = 0.003  # of the real rows, in all subsets together: beside so much chance 1 % of 1,000 rows is still seen


def column_subsets(columns: int, streams: Streams) -> list[Left]:
    """The columns to leave out, for every subset that is looked at: none, each alone, and random 20 to 40 %."""
    rng = streams.at("subsets").rng()
    alone = range(columns) if columns <= _MOST_SINGLES else np.sort(rng.choice(columns, _MOST_SINGLES, replace=False))
    subsets: list[Left] = [(), *((int(column),) for column in alone)] if columns > 1 else [()]
    for _ in range(_RANDOM if columns >= _FEWEST else 0):
        left = columns - round(columns * rng.uniform(*_KEPT))
        subsets.append(tuple(sorted(int(column) for column in rng.choice(columns, max(1, left), replace=False))))
    return list(dict.fromkeys(subsets))


def chosen_subsets(keys: Keys, level: int, real: slice, subsets: Sequence[Left]) -> list[Left]:
    """Those of `subsets` on which real rows (the first ones of `keys`) hardly ever coincide, rarest coincidence first.

    Without some columns many real rows look alike, and what synthetic rows hit there is chance. Subsets are taken up as
    long as the shares of real rows with a twin, beyond the share that has one in all columns, add up to 3 in 1,000 at
    most; in any case the first one. Only real rows decide, train's and the holdout's alike.
    """
    whole = keys.whole(level, real)
    together = twin_share(whole)
    shares = [max(0.0, twin_share(keys.without(left, level, real, whole)) - together) for left in subsets]
    order = sorted(range(len(subsets)), key=lambda at: (shares[at], at))
    affordable = int(np.searchsorted(np.cumsum([shares[at] for at in order]), _BUDGET, side="right"))
    return [subsets[at] for at in order[: max(1, affordable)]]
