"""Rows with equal values in some columns, numbered, and queues of places that such rows fill."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from synthwright.data.table import Table

__all__ = ["Slots", "combinations", "matrix_of", "members"]


@dataclass(slots=True)
class Slots:
    """Places to be filled, one per wanted row, in queues by combination (numbered from 0 without gaps)."""

    wanted: np.ndarray
    order: np.ndarray = field(init=False)  # rows sorted by combination, then by position: slot s is row order[s]
    need: np.ndarray = field(init=False)
    start: np.ndarray = field(init=False)
    got: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        self.order = np.argsort(self.wanted, kind="stable")
        self.need = np.bincount(self.wanted)
        self.start = np.cumsum(self.need) - self.need
        self.got = np.zeros_like(self.need)

    def fill(self, fits: np.ndarray) -> np.ndarray:
        """The row that each candidate takes; -1 for those that fit nothing or come too late."""
        taken = np.full(len(fits), -1, dtype=np.int64)
        fitting = np.flatnonzero(fits >= 0)
        which = fits[fitting]
        place = self.got[which] + _ranks(which)
        useful = place < self.need[which]
        taken[fitting[useful]] = self.order[self.start[which[useful]] + place[useful]]
        self.got += np.bincount(which, minlength=len(self.got))
        return taken

    @property
    def full(self) -> bool:
        """True once every place is taken."""
        return bool(np.all(self.got >= self.need))

    @property
    def done(self) -> int:
        """Places taken so far."""
        return int(np.minimum(self.got, self.need).sum())

    @property
    def slowest(self) -> int:
        """Candidates found for the rarest combination that is still wanted."""
        return int(self.got[self.got < self.need].min())


def matrix_of(table: Table, names: tuple[str, ...]) -> np.ndarray:
    """Rows by `names` as float64 that can be compared for equality: missing is -inf."""
    values = table.select(names).model_values() if names else {}
    columns = [np.where(np.isnan(one), -np.inf, one) + 0.0 for one in (v.astype(np.float64) for v in values.values())]
    return np.column_stack(columns) if columns else np.zeros((len(table), 0))


def combinations(matrix: np.ndarray) -> np.ndarray:
    """The number of each row's combination of values, counted by first appearance."""
    if matrix.shape[1] == 0:
        return np.zeros(len(matrix), dtype=np.int64)
    _, first, inverse = np.unique(matrix, axis=0, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[inverse.reshape(-1)])


def members(groups: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Each group's number and the positions of its entries, in order."""
    order = np.argsort(groups, kind="stable")
    yield from enumerate(np.split(order, np.cumsum(np.bincount(groups))[:-1]))


def _ranks(codes: np.ndarray) -> np.ndarray:
    """How many equal entries come before each entry."""
    order = np.argsort(codes, kind="stable")
    arranged = codes[order]
    position = np.arange(len(codes))
    begins = np.concatenate([[True], arranged[1:] != arranged[:-1]])[: len(codes)]
    ranks = np.empty(len(codes), dtype=np.int64)
    ranks[order] = position - np.maximum.accumulate(np.where(begins, position, 0))
    return ranks
