"""Cells of one column for the eye: round edges, shared values, or the common categories."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal, Self

import numpy as np

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import shorten

__all__ = ["Cells"]

MOST_CELLS = 40
MOST_VALUES = 24  # numbers with at most this many common values are shown value by value
SHARED = 0.98  # ... if these values make up this share of the rows
MOST_CATEGORIES = 9  # bars that fit into a small multiple; the rest is folded into one
REST = "all others"
TAIL = 0.005  # share of train rows beyond either end: they count into the outermost cells
SPIKE = 0.3  # a value that more than this share of the rows have gets a cell that begins at it
PEAK = 0.5  # one cell with more of the rows than this hides the rest: cells of equal mass instead


@dataclass(frozen=True, eq=False)
class Cells:
    """Cells of a column, fitted on train; `encode` puts the rows of any part into them.

    Numeric cells lie between `cuts` (open at both ends); discrete cells are `places`: level code to cell. `axis` is
    ``"line"`` where cells have an order worth a line, ``"list"`` otherwise. `ticks` are (position in cells, text).
    """

    axis: Literal["line", "list"]
    labels: tuple[str, ...]
    ticks: tuple[tuple[float, str], ...]
    scale: str
    cuts: np.ndarray = field(default_factory=lambda: np.empty(0))
    places: np.ndarray | None = None

    @classmethod
    def of(cls, train: Table, column: Column, *others: Table) -> Self:
        """Cells for `column`, of which no end or name belongs to fewer than 5 rows; they hold rows of `others` too."""
        return cls._numeric(train, column) if column.is_numeric else cls._discrete(train, column, *others)

    def __len__(self) -> int:
        return len(self.labels)

    def encode(self, table: Table, name: str) -> np.ndarray:
        """The cell of each row; -1 for missing."""
        if self.places is not None:
            levels = table.levels(name)
            return np.where(levels < 0, -1, self.places[np.minimum(levels, len(self.places) - 1)])
        values = table.numbers(name)
        cells = np.searchsorted(self.cuts, values, side="right")
        return np.where(np.isfinite(values), cells, -1)

    @classmethod
    def _discrete(cls, train: Table, column: Column, *others: Table) -> Self:
        levels = train.levels(column.name)
        names = column.categories if column.categories is not None else (False, True)
        counts = np.bincount(levels[levels >= 0], minlength=len(names) + 1)[: len(names)]
        common = np.flatnonzero(counts >= MINIMUM_ROWS)
        most = MOST_VALUES if column.kind == "ordinal" else MOST_CATEGORIES
        kept = common[np.argsort(-counts[common], kind="stable")][:most]
        if column.kind == "ordinal":
            kept = np.sort(kept)
        places = np.full(len(names) + 1, len(kept), dtype=np.int64)
        places[kept] = np.arange(len(kept))
        labels = [shorten(str(names[at]), 40) for at in kept]
        unlisted = any(np.any(table.levels(column.name) == len(names)) for table in (train, *others))
        if len(kept) < len(names) or unlisted:
            labels.append(REST)
        return cls("list", tuple(labels) or (REST,), (), "categories", places=places)

    @classmethod
    def _numeric(cls, train: Table, column: Column) -> Self:
        values = train.numbers(column.name)
        present = values[np.isfinite(values)]
        if len(present) < 2 * MINIMUM_ROWS:
            return cls("line", ("any value",), (), "one cell: too few rows", cuts=np.empty(0))
        distinct, counts = np.unique(present, return_counts=True)
        shared = distinct[counts >= MINIMUM_ROWS]
        if 0 < len(shared) <= MOST_VALUES and counts[counts >= MINIMUM_ROWS].sum() >= SHARED * len(present):
            labels = tuple(_texts(column, shared))
            every = max(1, math.ceil(len(shared) / (2 if column.kind == "datetime" else 6)))
            ticks = tuple((at + 0.5, label) for at, label in enumerate(labels) if at % every == 0)
            return cls("line", labels, ticks, "values", cuts=(shared[1:] + shared[:-1]) / 2)
        most = int(np.clip(len(present) // (4 * MINIMUM_ROWS), 4, MOST_CELLS))
        edges, scale = _edges(column, present, most)
        texts = _texts(column, edges)
        last = len(edges) - 1
        labels = tuple(_named(at, last, texts) for at in range(last))
        parts = 2 if column.kind == "datetime" else 4  # dates are long
        ticks = tuple(
            (float(at), texts[at]) for at in sorted({round(last * part / parts) for part in range(parts + 1)})
        )
        return cls("line", labels, ticks, scale, cuts=edges[1:-1])


def _named(at: int, cells: int, texts: list[str]) -> str:
    if cells == 1:
        return "any value"
    if at == 0:
        return f"below {texts[1]}"
    return f"{texts[at]} and above" if at == cells - 1 else f"{texts[at]} to {texts[at + 1]}"


def _edges(column: Column, present: np.ndarray, most: int) -> tuple[np.ndarray, str]:
    low, high = np.quantile(present, [TAIL, 1 - TAIL])
    even = _round_edges(float(low), float(high), most, column.step)
    counts = np.bincount(np.searchsorted(even[1:-1], present, side="right"), minlength=len(even) - 1)
    if counts.max() <= PEAK * len(present):
        return even, "cells of equal width"
    # A spike or a long tail: the other values get cells of about equal mass, at numbers of two digits.
    distinct, often = np.unique(present, return_counts=True)
    spike = distinct[often > SPIKE * len(present)]
    rest = present[~np.isin(present, spike)]
    inner = present if len(rest) < 4 * MINIMUM_ROWS else rest
    cells = max(4, min(most, len(inner) // (4 * MINIMUM_ROWS)))
    cuts = _two_digits(np.quantile(inner, np.linspace(0, 1, cells + 1)[1:-1]))
    edges = np.unique(np.concatenate([cuts, even[[0, -1]], spike]))
    return edges, "cells of unequal width"


def _round_edges(low: float, high: float, most: int, step: float | None) -> np.ndarray:
    """Multiples of 1, 2 or 5 times a power of ten that cover low .. high in at most `most` cells."""
    span = high - low
    if span <= 0:
        span = step or abs(low) or 1.0
    power = math.floor(math.log10(span / most))
    width = next(
        width
        for width in (digit * 10.0**exponent for exponent in range(power, power + 4) for digit in (1, 2, 5))
        if math.ceil(high / width) - math.floor(low / width) <= most and width >= (step or 0.0) * 0.999
    )
    first, last = math.floor(low / width), math.ceil(high / width)
    return np.arange(first, max(last, first + 1) + 1) * width


def _two_digits(values: np.ndarray) -> np.ndarray:
    sizes = np.where(values == 0, 1.0, np.abs(values))
    scale = 10.0 ** (np.floor(np.log10(sizes)) - 1)
    return np.asarray(np.round(values / scale) * scale)


def _texts(column: Column, values: np.ndarray) -> list[str]:
    if column.kind != "datetime":
        return [
            f"{value:.6g}" if abs(value) < 1e6 or abs(value) >= 1e15 else f"{value:,.0f}" for value in values.tolist()
        ]
    unit = {"day": "D", "hour": "h", "minute": "m", "second": "s", "millisecond": "ms", "microsecond": "us"}
    moments = values.astype(np.int64).astype(f"datetime64[{unit.get(column.unit or 'second', 'ns')}]")
    whole_days = len(values) > 1 and np.diff(moments).min() >= np.timedelta64(1, "D")
    return [str(np.datetime_as_string(moment, unit="D" if whole_days else "m")) for moment in moments]
