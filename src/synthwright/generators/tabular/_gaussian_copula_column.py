"""A column as latent Gaussian variables: gates for missing and for large labels, a line for all other values."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from synthwright.data.schema import Column
from synthwright.errors import BadInput, shorten
from synthwright.generators.margins import Margin
from synthwright.generators.tabular._gaussian_copula_families import Family

__all__ = ["Latents"]

_MISSING = -1


@dataclass(frozen=True, eq=False)
class Latents:
    """The variables behind one column.

    `gates` are cells (-1: missing) that come out where their variable is above a threshold, asked in turn; where no
    gate opens, the last variable's rank picks a value from the cells in `order`, or from `family` where the marginal
    is parametric. Later variables stay undefined where an earlier gate has opened.
    """

    column: Column
    margin: Margin
    gates: tuple[int, ...]
    order: np.ndarray
    family: Family | None = None

    @classmethod
    def of(cls, column: Column, margin: Margin, gates: tuple[int, ...], ranks: np.ndarray, family: Family | None) -> Self:
        """A gate for missing where rows are missing, then `gates`; the other cells by their `ranks`."""
        asked = ((_MISSING,) if margin.counts[0] else ()) + gates
        order = np.array([cell for cell in np.argsort(ranks, kind="stable") if cell not in gates], dtype=np.int64)
        return cls(column, margin, asked, order, family)

    def __len__(self) -> int:
        return len(self.gates) + 1

    @cached_property
    def thresholds(self) -> np.ndarray:
        """Where each gate opens: with its share of the rows that come to it."""
        from scipy.special import ndtri

        counts = self.margin.counts.astype(np.float64)
        taken = counts[[gate + 1 for gate in self.gates]]
        left = counts.sum() - np.concatenate([[0.0], np.cumsum(taken)[:-1]]) if len(taken) else taken
        return np.asarray(ndtri(1 - taken / np.maximum(left, 1)))

    @cached_property
    def _ends(self) -> np.ndarray:
        """Cumulated shares of the line's cells, (cells + 1); even where no row is on it."""
        mass = self.margin.counts[self.order + 1].astype(np.float64)
        mass = mass if mass.sum() else np.ones(len(mass))
        return np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])

    def boxes(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper ends (n, variables) of what model values say; open where they say nothing."""
        from scipy.special import ndtri

        codes = self.margin.encode(values)
        low, high = np.full((len(codes), len(self)), -np.inf), np.full((len(codes), len(self)), np.inf)
        still = codes < len(self.margin.counts) - 1
        for at, (gate, threshold) in enumerate(zip(self.gates, self.thresholds, strict=True)):
            opened = still & (codes == gate)
            low[opened, at] = threshold
            still = still & ~opened
            high[still, at] = threshold
        still &= codes >= 0
        ends = self._shares(values[still], codes[still]) if self.family is None else self.family.ends(values[still])
        low[still, -1], high[still, -1] = ndtri(ends)
        return low, high

    def values(self, latent: np.ndarray) -> np.ndarray:
        """Model values of latent rows (n, variables)."""
        from scipy.special import ndtr

        share = ndtr(latent[:, -1])
        at = np.clip(np.searchsorted(self._ends, share, side="right") - 1, 0, max(0, len(self.order) - 1))
        codes = self.order[at] if len(self.order) else np.full(len(latent), _MISSING)
        for number in reversed(range(len(self.gates))):
            codes = np.where(latent[:, number] > self.thresholds[number], self.gates[number], codes)
        if self.margin.grid is None:
            return codes.astype(np.int32)
        if self.family is not None:
            return np.where(codes < 0, np.nan, self.family.values(share))
        within = (share - self._ends[at]) / np.maximum(self._ends[at + 1] - self._ends[at], 1e-300)
        return self.margin.grid.decode(codes, np.clip(within, 0, 1 - 2.0**-53))

    def _shares(self, values: np.ndarray, codes: np.ndarray) -> np.ndarray:
        """Between which shares of the line each value lies (2, n); a point for values without a grid."""
        place = np.zeros(len(self.margin.counts), dtype=np.int64)
        place[self.order] = np.arange(len(self.order))
        at, grid = place[codes], self.margin.grid
        first, size = self._ends[at], self._ends[at + 1] - self._ends[at]
        if grid is None:
            return np.stack([first, first + size])
        offset, width = values - grid.low[codes], grid.high[codes] - grid.low[codes]
        if grid.step is not None:
            points = np.round(width / grid.step) + 1
            number = np.clip(np.round(offset / grid.step), 0, points - 1)
            ends = first + size * np.stack([number, number + 1]) / points
        else:
            inside = np.clip(offset / np.where(width > 0, width, 1.0), 0, 1)
            tiny = 1e-9  # a point at the very end of the line would lie at infinity
            point = np.clip(first + size * inside, tiny, 1 - tiny)
            ends = np.where(width > 0, point, np.stack([first, first + size]))
        return np.clip(ends, 0.0, 1.0)

    def state(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "margin": self.margin.state(),
            "gates": list(self.gates),
            "order": self.order.tolist(),
            "family": None if self.family is None else self.family.state(),
        }

    @classmethod
    def from_state(cls, column: Column, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the column."""
        margin = Margin.from_state(column, state["margin"])
        gates, order = tuple(state["gates"]), np.asarray(state["order"], dtype=np.int64)
        cells = [*(gate for gate in gates if gate != _MISSING), *order.tolist()]
        whole = sorted(cells) == list(range(len(margin.counts) - 1)) and len(set(gates)) == len(gates)
        if not whole or any(type(gate) is not int for gate in gates):
            raise BadInput(f"The saved variables of column {shorten(column.name)!r} do not fit it.")
        family = None if state["family"] is None else Family.from_state(column, state["family"])
        return cls(column, margin, gates, order, family)
