"""How likely cells are where a row has got to: the probabilities behind the draws of a fitted column."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from synthwright.generators.tabular._honest_trees_column import Classes, Counts, Forest
from synthwright.generators.tabular._honest_trees_draws import Draws

__all__ = ["ClassShares", "LeafShares", "Reached", "Shares", "shares_of"]


class Reached(Protocol):
    """Rows that wait for their cell in one column."""

    def smooth(self, low: np.ndarray, high: np.ndarray, prior: float) -> tuple[np.ndarray, np.ndarray]:
        """The probability of a cell from `low` to `high` (n,), with `prior` rows of the whole column in every leaf.

        Beside it whether any row counted in the leaves has such a cell.
        """
        ...

    def plain(self, low: np.ndarray | int, high: np.ndarray | int) -> np.ndarray:
        """The probability (n,) with which the column's own draw gives a cell or state from `low` to `high`."""
        ...

    def between(self, low: np.ndarray, high: np.ndarray, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The probability (n,) of a cell or state from `low` to `high`, and one of them drawn so (n,)."""
        ...

    def restricted(self, fraction: np.ndarray, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The probability (n,) of the cells, each counted by its `fraction`, and one of them drawn so (n,)."""
        ...


class Shares(Protocol):
    """A column's law, made ready for questions about probabilities; its cells and states are 0 .. `width` - 1."""

    @property
    def width(self) -> int: ...

    def reached(self, codes: np.ndarray, draws: Draws) -> Reached:
        """Rows with these codes of the columns before."""
        ...

    def within(self, low: np.ndarray, high: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """The share of each cell among those from `low` to `high`, in the whole column."""
        ...


def shares_of(law: Counts | Forest | Classes, width: int) -> Shares:
    """The shares behind `law`, whose cells and states are 0 .. `width` - 1."""
    return ClassShares(law, width) if isinstance(law, Classes) else LeafShares(law, width)


@dataclass(frozen=True, eq=False)
class LeafShares:
    """Rows counted in leaves; a column that depends on nothing is one leaf."""

    law: Counts | Forest
    width: int

    @cached_property
    def bounds(self) -> np.ndarray:
        """Where each leaf begins among the entries."""
        return self.law.bounds if isinstance(self.law, Forest) else np.array([0, len(self.law.entries)])

    @cached_property
    def keys(self) -> np.ndarray:
        """Leaf and cell of every entry in one ascending number."""
        leaf = np.repeat(np.arange(len(self.bounds) - 1), np.diff(self.bounds))
        return np.asarray(leaf * self.width + self.law.entries)

    @cached_property
    def below(self) -> np.ndarray:
        """The share of all entries in cells before each cell, (width + 1,), none of the cells empty."""
        counts = np.bincount(self.law.entries, minlength=self.width) + 1e-3
        return np.concatenate([[0.0], np.cumsum(counts) / counts.sum()])

    def within(self, low: np.ndarray, high: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """See `Shares.within`."""
        return np.asarray((self.below[cells + 1] - self.below[cells]) / (self.below[high + 1] - self.below[low]))

    def reached(self, codes: np.ndarray, draws: Draws) -> LeavesReached:
        """The leaf of every tree that each row falls into."""
        if isinstance(self.law, Counts):
            return LeavesReached(self, np.zeros((1, len(draws)), dtype=np.int64))
        if self.law.score is not None:
            codes = np.column_stack([codes, self.law.score.codes(codes, draws.fold(len(self.law.score.folds)))])
        trees = self.law.trees
        return LeavesReached(self, np.stack([trees.start[at] + trees.leaves(at, codes) for at in range(len(trees))]))


@dataclass(frozen=True, eq=False)
class LeavesReached:
    """`nodes` (trees, n): a leaf per tree and row; a draw picks one of the trees evenly."""

    shares: LeafShares
    nodes: np.ndarray

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        return self.shares.bounds.take(self.nodes), self.shares.bounds.take(self.nodes + 1)

    def _count(self, low: np.ndarray | int, high: np.ndarray | int) -> np.ndarray:
        first = np.searchsorted(self.shares.keys, self.nodes * self.shares.width + low)
        return np.asarray(
            np.searchsorted(self.shares.keys, self.nodes * self.shares.width + high, side="right") - first
        )

    def smooth(self, low: np.ndarray, high: np.ndarray, prior: float) -> tuple[np.ndarray, np.ndarray]:
        """See `Reached.smooth`."""
        size = self._ends[1] - self._ends[0]
        overall = self.shares.below[high + 1] - self.shares.below[low]
        count = self._count(low, high)
        return ((count + prior * overall) / (size + prior)).mean(axis=0), np.asarray(count.any(axis=0))

    def plain(self, low: np.ndarray | int, high: np.ndarray | int) -> np.ndarray:
        """See `Reached.plain`."""
        return np.asarray((self._count(low, high) / (self._ends[1] - self._ends[0])).mean(axis=0))

    def between(self, low: np.ndarray, high: np.ndarray, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Reached.between`."""
        count = np.maximum(self._count(low, high), 0)
        mass = count / (self._ends[1] - self._ends[0])
        ladder = np.cumsum(mass, axis=0)
        tree = np.minimum((ladder <= uniforms[:, 0] * ladder[-1]).sum(axis=0), len(mass) - 1)
        rows = np.arange(mass.shape[1])
        first = np.searchsorted(self.shares.keys, self.nodes[tree, rows] * self.shares.width + low)
        at = first + (uniforms[:, 1] * count[tree, rows]).astype(np.int64)
        return mass.mean(axis=0), self.shares.law.entries[np.minimum(at, len(self.shares.law.entries) - 1)]

    def restricted(self, fraction: np.ndarray, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Reached.restricted`: a tree in proportion to what it allows, then one of its leaf's allowed rows."""
        entries = self.shares.law.entries
        steps = np.concatenate([[0.0], np.cumsum(fraction[entries])])
        first, stop = self._ends
        mass = (steps[stop] - steps[first]) / (stop - first)
        ladder = np.cumsum(mass, axis=0)
        tree = np.minimum((ladder <= uniforms[:, 0] * ladder[-1]).sum(axis=0), len(mass) - 1)
        rows = np.arange(mass.shape[1])
        low, high = steps[first[tree, rows]], steps[stop[tree, rows]]
        target = np.minimum(low + uniforms[:, 1] * (high - low), np.nextafter(high, -np.inf))
        at = np.clip(np.searchsorted(steps, target, side="right") - 1, 0, len(entries) - 1)
        return mass.mean(axis=0), entries[at]


@dataclass(frozen=True, eq=False)
class ClassShares:
    """Boosted class probabilities."""

    law: Classes
    width: int

    def within(self, low: np.ndarray, high: np.ndarray, cells: np.ndarray) -> np.ndarray:
        """See `Shares.within`: a class is a code of its own."""
        return np.ones(len(cells))

    def reached(self, codes: np.ndarray, draws: Draws) -> ClassesReached:
        """The probabilities of each row."""
        return ClassesReached(self, self.law.probabilities(codes))


@dataclass(frozen=True, eq=False)
class ClassesReached:
    """`chances` (n, K) of the law's cells."""

    shares: ClassShares
    chances: np.ndarray

    def smooth(self, low: np.ndarray, high: np.ndarray, prior: float) -> tuple[np.ndarray, np.ndarray]:
        """See `Reached.smooth`."""
        cells = self.shares.law.cells
        inside = (cells >= low[:, None]) & (cells <= high[:, None])
        chance = (self.chances * inside).sum(axis=1)
        return chance + 1e-9, chance > 0

    def plain(self, low: np.ndarray | int, high: np.ndarray | int) -> np.ndarray:
        """See `Reached.plain`."""
        cells = self.shares.law.cells
        inside = (cells >= np.reshape(low, (-1, 1))) & (cells <= np.reshape(high, (-1, 1)))
        return np.asarray((self.chances * inside).sum(axis=1))

    def between(self, low: np.ndarray, high: np.ndarray, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Reached.between`: classes have no states beside them."""
        return np.zeros(len(self.chances)), np.zeros(len(self.chances), dtype=np.int64)

    def restricted(self, fraction: np.ndarray, uniforms: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """See `Reached.restricted`."""
        cells = self.shares.law.cells
        ladder = np.cumsum(self.chances * fraction[cells], axis=1)
        at = (ladder <= uniforms[:, :1] * ladder[:, -1:]).sum(axis=1)
        return ladder[:, -1], cells[np.minimum(at, len(cells) - 1)]
