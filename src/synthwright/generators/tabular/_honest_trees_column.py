"""One column's fitted model: how a value is drawn once the columns before it are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from synthwright.generators.tabular._honest_trees_cells import Cells
from synthwright.generators.tabular._honest_trees_draws import Draws
from synthwright.generators.tabular._honest_trees_offset import Offset
from synthwright.learning.trees import Trees

__all__ = ["Classes", "ColumnModel", "Counts", "Forest", "Score", "features"]

_ODDS = 4.0  # bins per unit of log odds: rows of one bin are drawn as one group


@dataclass(frozen=True, eq=False)
class Counts:
    """Cells in ascending order, one entry per row counted: the draw of a column that depends on nothing."""

    entries: np.ndarray

    def draw(self, codes: np.ndarray, draws: Draws) -> np.ndarray:
        """A cell for each row of `draws`."""
        # A group for each row: a step of its own, so that a column of classes right after this one is not in step.
        return np.asarray(self.entries.take((draws.entry(np.arange(len(draws))) * len(self.entries)).astype(np.int64)))


@dataclass(frozen=True, eq=False)
class Score:
    """A boosted mean of the column, learnt without each fold of the rows; `edges` make it a code for splitting."""

    folds: tuple[Trees, ...]
    edges: np.ndarray

    def codes(self, codes: np.ndarray, fold: np.ndarray) -> np.ndarray:
        """The score's code where row i asks the trees that were learnt without fold ``fold[i]``."""
        value = np.zeros(len(codes))
        for number, trees in enumerate(self.folds):
            rows = np.flatnonzero(fold == number)
            value[rows] = trees.score(codes[rows])
        return self.coded(value)

    def coded(self, value: np.ndarray) -> np.ndarray:
        """The code of each score."""
        return np.searchsorted(self.edges, value).astype(np.uint16)


@dataclass(frozen=True, eq=False)
class Forest:
    """Honest trees: leaf l of all trees has the cells ``entries[bounds[l]:bounds[l + 1]]``, one per row counted."""

    trees: Trees
    bounds: np.ndarray
    entries: np.ndarray
    score: Score | None

    def draw(self, codes: np.ndarray, draws: Draws) -> np.ndarray:
        """A cell for each row: one tree at random, then one of the rows counted in its leaf."""
        if self.score is not None:
            codes = np.column_stack([codes, self.score.codes(codes, draws.fold(len(self.score.folds)))])
        which = draws.tree(len(self.trees))
        node = np.zeros(len(codes), dtype=np.int64)
        for tree in range(len(self.trees)):
            rows = np.flatnonzero(which == tree)
            node[rows] = self.trees.start[tree] + self.trees.leaves(tree, codes[rows])
        first, stop = self.bounds.take(node), self.bounds.take(node + 1)
        return np.asarray(self.entries.take(first + (draws.entry(node) * (stop - first)).astype(np.int64)))


@dataclass(frozen=True, eq=False)
class Classes:
    """Boosted class probabilities over a few cells, `cells`."""

    trees: Trees
    cells: np.ndarray

    def draw(self, codes: np.ndarray, draws: Draws) -> np.ndarray:
        """A cell for each row, by its own probabilities."""
        chances = self.probabilities(codes)
        cumulated = np.cumsum(chances, axis=1)
        number = (cumulated < draws.entry(self._group(codes, chances))[:, None] * cumulated[:, -1:]).sum(axis=1)
        return np.asarray(self.cells.take(np.minimum(number, len(self.cells) - 1)))

    def _group(self, codes: np.ndarray, chances: np.ndarray) -> np.ndarray:
        """Rows of one number are alike: one leaf of the first tree, one likeliest class, nearly the same odds of it."""
        count = len(self.cells)
        likeliest = chances.argmax(axis=1)
        most = chances.max(axis=1)
        odds = np.round(_ODDS * np.log(most / np.maximum(1 - most, 1e-9)))
        top = round(_ODDS * np.log(1e9)) + 1
        place = self.trees.leaves(0, codes).astype(np.int64) * count + likeliest
        return np.asarray(place * top + odds.astype(np.int64))

    def probabilities(self, codes: np.ndarray) -> np.ndarray:
        """Class probabilities (n, K) for each row."""
        count = len(self.cells)
        if count == 2:
            odds = np.exp(-np.clip(self.trees.score(codes), -50, 50))
            return np.stack([odds / (1 + odds), 1 / (1 + odds)], axis=1)
        score = np.stack([self.trees.score(codes, range(k, len(self.trees), count)) for k in range(count)], axis=1)
        odds = np.exp(score - score.max(axis=1, keepdims=True))
        return np.asarray(odds / odds.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class ColumnModel:
    """`before` are the columns that `law` looks at; `places` reorders the codes of categories for this column.

    A cell above the column's own cells stands for "the same value as in the column `copies[i]`", one above those for a
    distance from another column (see `Offset`).
    """

    before: tuple[str, ...]
    places: Mapping[str, np.ndarray]
    copies: tuple[str, ...]
    law: Counts | Forest | Classes
    offset: Offset | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns whose values this one's may be made of."""
        return self.copies if self.offset is None else (*self.copies, self.offset.base)

    def values(
        self, cells: Cells, drawn: np.ndarray, known: Mapping[str, np.ndarray], within: np.ndarray
    ) -> np.ndarray:
        """The values that the drawn cells stand for, where the columns before have the values `known`."""
        made = cells.decode(drawn, within)
        for number, source in enumerate(self.copies):
            made = np.where(drawn == cells.size + 1 + number, known[source], made)
        if self.offset is not None and cells.grid is not None:
            moved = drawn - (cells.size + 1 + len(self.copies))
            distant = self.offset.values(cells.grid, known[self.offset.base], np.maximum(moved, 0), within)
            made = np.where(moved >= 0, distant, made)
        return made

    def known(self, codes: Mapping[str, np.ndarray], n: int) -> np.ndarray:
        """What `law` is to see of `n` rows with these codes."""
        return features(self.before, self.places, codes) if self.before else np.empty((n, 0), dtype=np.uint16)


def features(before: tuple[str, ...], places: Mapping[str, np.ndarray], codes: Mapping[str, np.ndarray]) -> np.ndarray:
    """The codes of the columns `before` as a uint16 matrix (n, d), categories in the order of `places`."""
    columns = [places[name].take(codes[name]) if name in places else codes[name] for name in before]
    return np.ascontiguousarray(np.stack(columns, axis=1), dtype=np.uint16)
