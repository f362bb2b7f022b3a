"""A column as latent Gaussian variables: one for its value, and one before it for whether the cell is missing."""

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


_MISSING = -1  # the code of cells without a value


@dataclass(frozen=True, eq=False)
class Latents:
    """The variables behind one column.

    Where rows are missing, the first variable is a gate: above `threshold` the cell is missing, and its value stays
    undefined. The last variable's rank picks a value: from the cells in `order`, or from `family` where the marginal is
    parametric.

    The marginal is that of the cells that are there. Where gate and value are correlated (`tilt`), the values behind
    closed gates are no standard normal sample; ranks are taken in their distribution, so the marginal is kept.
    """

    column: Column
    margin: Margin
    order: np.ndarray
    family: Family | None = None
    tilt: float = 0.0

    def __len__(self) -> int:
        return 2 if self.gated else 1

    @property
    def gated(self) -> bool:
        """True if cells are missing."""
        return bool(self.margin.counts[0])

    @cached_property
    def threshold(self) -> float:
        """Above it a cell is missing."""
        from scipy.special import ndtri

        return float(ndtri(1 - self.margin.counts[0] / max(1, self.margin.counts.sum())))

    @cached_property
    def _closed(self) -> tuple[np.ndarray, np.ndarray]:
        """The distribution function of the value where the gate is closed: points and shares.

        Its density is ``phi(v) Phi((threshold - tilt v) / sqrt(1 - tilt**2)) / Phi(threshold)`` (Azzalini 1985).
        """
        from scipy.special import ndtr

        points = np.linspace(-9, 9, 4_001)
        open_to = ndtr((self.threshold - self.tilt * points) / np.sqrt(1 - self.tilt**2))
        density = np.exp(-(points**2) / 2) * open_to + 1e-30
        shares = np.concatenate([[0.0], np.cumsum((density[1:] + density[:-1]) / 2)])
        return points, shares / shares[-1]

    def _rank(self, value: np.ndarray) -> np.ndarray:
        from scipy.special import ndtr

        if not self.gated or self.tilt == 0:
            return np.asarray(ndtr(value))
        return np.asarray(np.interp(value, *self._closed))

    def _quantile(self, rank: np.ndarray) -> np.ndarray:
        from scipy.special import ndtri

        if not self.gated or self.tilt == 0:
            return np.asarray(ndtri(rank))
        points, shares = self._closed
        inside = np.interp(rank, shares, points)
        return np.where(rank <= 0, -np.inf, np.where(rank >= 1, np.inf, inside))

    @cached_property
    def _ends(self) -> np.ndarray:
        """Cumulated shares of the line's cells, (cells + 1); even where no row is on it."""
        mass = self.margin.counts[self.order + 1].astype(np.float64)
        mass = mass if mass.sum() else np.ones(len(mass))
        return np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])

    def edges(self) -> list[np.ndarray]:
        """Where the intervals of each variable meet, from minus to plus infinity, gate and value independent."""
        from scipy.special import ndtri

        gate = [np.array([-np.inf, self.threshold, np.inf])] if self.gated else []
        return [*gate, ndtri(np.clip(self._ends, 0.0, 1.0))]

    def intervals(self, codes: np.ndarray) -> list[np.ndarray]:
        """In which interval of `edges` each cell code lies, for each variable; -1 where it says nothing."""
        known = (codes >= 0) & (codes < len(self.order))
        place = np.empty(len(self.order), dtype=np.int64)
        place[self.order] = np.arange(len(self.order))
        value = np.where(known, place[np.where(known, codes, 0)], -1) if len(place) else np.full(len(codes), -1)
        return [np.where(codes < 0, 1, np.where(known, 0, -1)), value] if self.gated else [value]

    def boxes(self, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Lower and upper ends (n, variables) of what model values say; open where they say nothing."""
        codes = self.margin.encode(values)
        low, high = np.full((len(codes), len(self)), -np.inf), np.full((len(codes), len(self)), np.inf)
        still = (codes >= 0) & (codes < len(self.margin.counts) - 1)
        if self.gated:
            low[codes < 0, 0] = self.threshold
            high[still, 0] = self.threshold
        ends = self._shares(values[still], codes[still]) if self.family is None else self.family.ends(values[still])
        low[still, -1], high[still, -1] = self._quantile(ends)
        return low, high

    def values(self, latent: np.ndarray) -> np.ndarray:
        """Model values of latent rows (n, variables)."""
        share = self._rank(latent[:, -1])
        at = np.clip(np.searchsorted(self._ends, share, side="right") - 1, 0, max(0, len(self.order) - 1))
        codes = self.order[at] if len(self.order) else np.full(len(latent), _MISSING)
        if self.gated:
            codes = np.where(latent[:, 0] > self.threshold, _MISSING, codes)
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
        return np.asarray(np.clip(ends, 0.0, 1.0))

    def state(self) -> dict[str, Any]:
        """Everything as JSON types."""
        return {
            "margin": self.margin.state(),
            "order": self.order.tolist(),
            "family": None if self.family is None else self.family.state(),
            "tilt": self.tilt,
        }

    @classmethod
    def from_state(cls, column: Column, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the column."""
        margin, order = Margin.from_state(column, state["margin"]), state["order"]
        tilt = float(state["tilt"])
        if (
            not -1 < tilt < 1
            or sorted(order) != list(range(len(margin.counts) - 1))
            or any(type(cell) is not int for cell in order)
        ):
            raise BadInput(f"The saved variables of column {shorten(column.name)!r} do not fit it.")
        family = None if state["family"] is None else Family.from_state(column, state["family"])
        return cls(column, margin, np.asarray(order, dtype=np.int64), family, tilt)
