"""Row hashes of each part, over the compared columns, computed once; who shares one with whom."""

from __future__ import annotations

from functools import partial

import numpy as np

from synthwright.data.hashing import drawn_hashes, row_hashes
from synthwright.evaluation.comparison import Comparison, Part

__all__ = [
    "among",
    "distinct_rows",
    "equal_pairs",
    "floor_hashes",
    "hashes_of",
    "in_pairs",
    "is_single",
    "real_hashes",
    "single_hits",
    "single_records",
    "twin_share",
]

_MOST_BITS = 26  # 64 MB for the first look; of a million keys among a million one in 65 is looked at twice


def hashes_of(comparison: Comparison, part: Part) -> np.ndarray:
    """One uint64 per row of `part`, equal where rows agree in every compared column."""
    return comparison.keep(("hashes", part), lambda: row_hashes(comparison.part(part), comparison.columns))


def floor_hashes(comparison: Comparison, rows: int) -> np.ndarray:
    """One uint64 per row of ``comparison.floor(rows)``, a table of which only these are made."""
    positions = partial(comparison.floor_positions, rows=rows)
    return drawn_hashes(comparison.train, comparison.columns, positions, rows)


def real_hashes(comparison: Comparison) -> np.ndarray:
    """The hashes of train's rows, then of the holdout's."""
    return np.concatenate([hashes_of(comparison, part) for part in comparison.parts if part != "synthetic"])


def distinct_rows(comparison: Comparison, part: Part) -> np.ndarray:
    """Positions in `part` (train or holdout), ascending: of records that this part alone has, the first row only.

    A split that keeps equal rows on one side makes records that occur often dense there and absent on the other side.
    Records that both sides have, as where rows were drawn one by one, are kept as often as they occur.
    """
    mine = hashes_of(comparison, part)
    other = hashes_of(comparison, "holdout" if part == "train" else "train")
    first = np.zeros(len(mine), dtype=bool)
    first[np.unique(mine, return_index=True)[1]] = True
    return np.flatnonzero(first | among(mine, other))


def single_records(comparison: Comparison) -> np.ndarray:
    """Hashes, ascending, of the records that occur once in train and holdout together: who copies one copies somebody.

    Before any copying they are in train or in the holdout by chance, whatever the split did with equal rows.
    """

    def count() -> np.ndarray:
        real = real_hashes(comparison)
        return np.sort(real[is_single(real)])

    return comparison.keep("single records", count)


def among(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """True for each of `keys` that is one of `known` (uint64)."""
    found = np.zeros(len(keys), dtype=bool)
    maybe = _perhaps(keys, known)
    if len(maybe):
        ordered = np.sort(known)
        at = np.minimum(np.searchsorted(ordered, keys[maybe]), len(ordered) - 1)
        found[maybe] = ordered[at] == keys[maybe]
    return found


def is_single(keys: np.ndarray) -> np.ndarray:
    """True for each of `keys` that no other one equals."""
    ordered = np.sort(keys)
    return ~among(keys, ordered[1:][ordered[1:] == ordered[:-1]])


def twin_share(keys: np.ndarray) -> float:
    """The share of `keys` that another one equals."""
    return 1.0 - float(is_single(keys).mean())


def in_pairs(keys: np.ndarray) -> np.ndarray:
    """True for each of `keys` that exactly one other one equals."""
    known, counts = np.unique(keys, return_counts=True)
    return among(keys, known[counts == 2])


def equal_pairs(keys: np.ndarray) -> int:
    """How many pairs of `keys` are equal: three equal ones are three pairs."""
    _, counts = np.unique(keys, return_counts=True)
    return int((counts * (counts - 1) // 2).sum())


def single_hits(asked: np.ndarray, records: np.ndarray) -> np.ndarray:
    """For each key of `asked` the position in `records` of the only one that equals it; -1 where none or several do."""
    hit = np.full(len(asked), -1, dtype=np.int64)
    asking = _perhaps(asked, records)
    meant = _perhaps(records, asked[asking])
    if len(meant):
        known, first, counts = np.unique(records[meant], return_index=True, return_counts=True)
        at = np.minimum(np.searchsorted(known, asked[asking]), len(known) - 1)
        right = (known[at] == asked[asking]) & (counts[at] == 1)
        hit[asking[right]] = meant[first[at[right]]]
    return hit


def _perhaps(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Positions of `keys` that may be among `known`: all that are, and few others.

    One look into a table of their first bits; sorting a million keys into a million others takes 30 times as long.
    """
    bits = np.uint64(min(_MOST_BITS, max(10, int(16 * len(known)).bit_length())))
    table = np.zeros(1 << int(bits), dtype=bool)
    table[known >> (np.uint64(64) - bits)] = True
    return np.flatnonzero(table[keys >> (np.uint64(64) - bits)])
