"""One column of a network: its codes, and how often each comes with each code of its parent."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from synthwright.data.cells import coarser
from synthwright.data.schema import Column
from synthwright.errors import BadInput, shorten
from synthwright.generators.margins import Margin

__all__ = ["Bins", "Node"]

_LABELS = 100  # labels with a code of their own; the others share one, and are drawn by their frequency within it


@dataclass(frozen=True, eq=False)
class Bins:
    """Cells of a column joined to `size` codes: 0 is missing, and `size` itself says nothing (labels never emitted)."""

    column: Column
    margin: Margin
    codes: np.ndarray

    @classmethod
    def of(cls, column: Column, margin: Margin, most: int) -> Self:
        """Numbers: neighbouring cells joined to about `most` codes of equal mass. Labels: the rare ones joined."""
        if margin.grid is not None:
            return cls(column, margin, coarser(margin.counts, most, ordered=True).astype(np.int64))
        place = np.arange(len(margin.counts) - 1)
        if len(place) > _LABELS:
            place = np.argsort(np.argsort(-margin.counts[1:], kind="stable"), kind="stable")
        return cls(column, margin, np.append(0, np.minimum(place, _LABELS) + 1))

    @property
    def size(self) -> int:
        """How many codes there are."""
        return int(self.codes.max()) + 1

    @cached_property
    def shares(self) -> np.ndarray:
        """The share of each code among all rows."""
        counts = np.bincount(self.codes, weights=self.margin.counts, minlength=self.size)
        return np.asarray(counts / counts.sum() if counts.sum() else np.eye(1, self.size)[0])

    def encode(self, values: np.ndarray) -> np.ndarray:
        """The code of each model value."""
        return np.asarray(np.append(self.codes, self.size)[self.margin.encode(values) + 1])

    def decode(self, codes: np.ndarray, uniforms: np.ndarray) -> np.ndarray:
        """Model values in the codes: a cell by its count from one uniform, a place in it from the other (n, 2)."""
        order, ends, first = self._cells
        size = ends[first[codes + 1]] - ends[first[codes]]
        at = np.searchsorted(ends, ends[first[codes]] + np.floor(uniforms[:, 0] * size), side="right") - 1
        cells = order[np.minimum(at, len(order) - 1)] - 1
        return cells.astype(np.int32) if self.margin.grid is None else self.margin.grid.decode(cells, uniforms[:, 1])

    def log_density(self, values: np.ndarray) -> np.ndarray:
        """The logarithm of a value's density (probability, on a grid) within its code."""
        cells = self.margin.encode(values) + 1
        counts = np.append(self.margin.counts, 0).astype(np.float64)[cells]
        whole = np.append(np.bincount(self.codes, weights=self.margin.counts, minlength=self.size), 1)
        with np.errstate(divide="ignore"):
            told = np.log(counts / np.maximum(whole[self.encode(values)], 1))
        grid = self.margin.grid
        if grid is None:
            return np.asarray(told)
        width = grid.high - grid.low
        places = np.where(width > 0, width, 1.0) if grid.step is None else np.round(width / grid.step) + 1
        low, high = np.append(-np.inf, grid.low)[cells], np.append(np.inf, grid.high)[cells]
        told = np.where(
            (values < low) | (values > high), -np.inf, told
        )  # between cells and beyond them nothing is drawn
        return np.asarray(told - np.append(0.0, np.log(places))[cells])

    @cached_property
    def _cells(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Cells by code, their cumulated counts from 0, and where each code begins among them."""
        order = np.argsort(self.codes, kind="stable")
        ends = np.concatenate([[0.0], np.cumsum(self.margin.counts[order])])
        return order, ends, np.searchsorted(self.codes[order], np.arange(self.size + 1))


@dataclass(frozen=True, eq=False)
class Node:
    """`counts[p, c]` rows have code c here and code p in the column `parent`; one row of counts without a parent.

    Thin rows of the table are drawn towards the column's shares: ``(counts + weight * shares) / (sum + weight)``, a
    Dirichlet prior around the margin with `weight` rows, which is chosen by leaving one out.
    """

    bins: Bins
    parent: str | None
    counts: np.ndarray
    weight: float

    @cached_property
    def table(self) -> np.ndarray:
        """The probability of each code here (columns) given the parent's (rows)."""
        counts = self.counts.astype(np.float64)
        return np.asarray((counts + self.weight * self.bins.shares) / (counts.sum(axis=1, keepdims=True) + self.weight))

    @cached_property
    def ladder(self) -> np.ndarray:
        """The table's cumulated rows end to end, each one higher than the row before it."""
        steps = np.cumsum(self.table, axis=1)
        steps /= steps[:, -1:]
        return np.asarray((steps + np.arange(len(steps))[:, None]).ravel())

    def state(self) -> dict[str, Any]:
        """Everything as JSON types."""
        told = {"parent": self.parent, "counts": self.counts.tolist(), "weight": self.weight}
        return told | {"margin": self.bins.margin.state(), "codes": self.bins.codes.tolist()}

    @classmethod
    def from_state(cls, column: Column, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the column."""
        margin = Margin.from_state(column, state["margin"])
        codes, counts = np.asarray(state["codes"]), np.asarray(state["counts"])
        weight, whole = float(state["weight"]), codes.dtype.kind == "i" and codes.shape == margin.counts.shape
        whole = whole and codes[0] == 0 and codes.min() >= 0 and np.unique(codes[1:]).tolist() == _upwards(codes)
        whole = whole and counts.dtype.kind == "i" and counts.ndim == 2 and counts.shape[1] == int(codes.max()) + 1
        if not whole or len(counts) == 0 or counts.min() < 0 or counts.max() >= 2**53 or not 0 < weight < np.inf:
            raise BadInput(f"The saved table of column {shorten(column.name)!r} does not fit it.")
        return cls(Bins(column, margin, codes.astype(np.int64)), state["parent"], counts.astype(np.int64), weight)


def _upwards(codes: np.ndarray) -> list[int]:
    return list(range(1, int(codes.max()) + 1))
