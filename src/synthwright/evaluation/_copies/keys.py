"""Rows as sums of column hashes: numbers rounded as coarsely as one likes, any column left out by a subtraction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from synthwright.data.hashing import coded_hashes, mix
from synthwright.data.table import Table
from synthwright.evaluation._neighbours.drawing import drawn_rows
from synthwright.evaluation.comparison import Comparison

__all__ = ["LEVELS", "Keys", "Scale", "scale_of"]

LEVELS = 5  # of rounding: cells of 1/2, 1/8, 1/32, 1/128 and 1/512 of a spread, each within one of the level before
_FINEST = 512.0  # cells per spread
# Cells begin beside the values that data prefer (0, whole numbers), by .37 to .6 of a cell at every level.
_BESIDE = 25.5
_FARTHEST = 32_000  # cells from the middle: more than 1e26 spreads away; codes fit 16 bits
_SCALED_ROWS = 100_000  # where the middle and the spread of a column are known by then


@dataclass(frozen=True, slots=True)
class Scale:
    """The middle of a column of numbers and its spread, by which it is rounded.

    Cells have a fixed width around the middle and grow with the distance from it (inverse hyperbolic sine): far out,
    values are rounded to a share of themselves. Two numbers are all that cells owe to train, so that train's rows fall
    into them as unseen ones do.
    """

    middle: float
    spread: float

    @classmethod
    def of(cls, values: np.ndarray) -> Self:
        """The median, and the interquartile range as a standard deviation; of mostly one value, what lies beside it."""
        present = values[np.isfinite(values)]
        if len(present) == 0:
            return cls(0.0, 1.0)
        low, middle, high = (float(one) for one in np.quantile(present, [0.25, 0.5, 0.75], method="lower"))
        spread = high / 1.349 - low / 1.349
        if not spread > 0:
            beside = present[present != middle]
            spread = float(np.median(np.abs(beside / 2 - middle / 2))) * 2 if len(beside) else 1.0
        return cls(middle, spread if 0 < spread < np.inf else 1.0)

    def cells(self, values: np.ndarray) -> np.ndarray:
        """The finest cell of each value as int64; NaN in the middle one."""
        with np.errstate(over="ignore"):  # a value 1e300 spreads away lies in the last cell
            at = np.arcsinh((values - self.middle) / self.spread) * _FINEST
        return np.clip(np.floor(np.nan_to_num(at) + _BESIDE), -_FARTHEST, _FARTHEST).astype(np.int64)


def scale_of(comparison: Comparison, name: str) -> Scale:
    """The scale of a column of numbers, by train."""
    return comparison.keep(("scale", name), lambda: Scale.of(_sampled(comparison).numbers(name)))


def _sampled(comparison: Comparison) -> Table:
    rows = drawn_rows(comparison, "train", _SCALED_ROWS, "rounding")
    return comparison.keep("rows to round by", lambda: comparison.train.take(rows))


@dataclass(frozen=True, eq=False)
class Keys:
    """The rows of several tables, one below the other, as small codes: a code of column c has the hash ``known[c]``.

    The key of a row is the sum of its columns' hashes (modulo 2**64): it can be had without a column for one
    subtraction. `rounded` says which columns are numbers; their codes are the finest cells.
    """

    names: tuple[str, ...]
    ends: tuple[int, ...]
    codes: tuple[np.ndarray, ...]
    known: tuple[np.ndarray, ...]
    rounded: tuple[bool, ...]

    @classmethod
    def of(cls, comparison: Comparison, tables: Sequence[Table], names: Sequence[str]) -> Self:
        """The keys of `tables` over the columns `names`, which all of them have."""
        codes, known = [], []
        numeric = tuple(comparison.schema[name].is_numeric for name in names)
        for name, is_number in zip(names, numeric, strict=True):
            made = _numbers(scale_of(comparison, name), tables, name) if is_number else _labels(tables, name)
            codes.append(made[0])
            known.append(made[1])
        ends = np.cumsum([len(table) for table in tables])
        return cls(tuple(names), tuple(int(end) for end in ends), tuple(codes), tuple(known), numeric)

    def rows(self, table: int) -> slice:
        """Where the rows of the table given as number `table` are."""
        return slice(self.ends[table - 1] if table else 0, self.ends[table])

    def whole(self, level: int, rows: slice) -> np.ndarray:
        """One uint64 per row: equal where rows agree in every column after rounding to `level`."""
        total = np.zeros(rows.stop - rows.start, dtype=np.uint64)
        for column in range(len(self.names)):
            total += self.column(column, level, rows)
        return total

    def without(self, columns: Sequence[int], level: int, rows: slice, whole: np.ndarray) -> np.ndarray:
        """The key of each row without these columns; `whole` is that with all."""
        left = whole.copy()
        for column in columns:
            left -= self.column(column, level, rows)
        return left

    def column(self, column: int, level: int, rows: slice) -> np.ndarray:
        """The hash of each row's cell in one column."""
        table = self.known[column]
        if self.rounded[column]:
            cells = table.view(np.int64)[1:] >> (2 * (LEVELS - 1 - level))  # nested: four cells of one level are one
            table = np.append(table[:1], mix(cells.view(np.uint64)))
        salted = mix(table ^ mix(np.full(1, column + 1, dtype=np.uint64)))  # equal cells of two columns differ
        return np.asarray(salted[self.codes[column][rows]])


def _numbers(scale: Scale, tables: Sequence[Table], name: str) -> tuple[np.ndarray, np.ndarray]:
    """Codes from 1 for the cells in use, 0 for missing; `known` holds the cells' numbers from place 1 on."""
    values = np.concatenate([table.numbers(name) for table in tables])
    cells, missing = scale.cells(values), np.isnan(values)
    first, last = int(cells.min(initial=0)), int(cells.max(initial=0))
    codes = np.where(missing, 0, cells - first + 1).astype(np.uint16)
    return codes, np.append(0, np.arange(first, last + 1)).view(np.uint64)


def _labels(tables: Sequence[Table], name: str) -> tuple[np.ndarray, np.ndarray]:
    codes, known, start = [], [], 0
    for table in tables:
        code, hashes = coded_hashes(table.data[name])
        codes.append(code.astype(np.int64) + start)
        known.append(hashes)
        start += len(hashes)
    joined = np.concatenate(codes)
    return joined.astype(np.uint16 if start <= 65_536 else np.uint32), np.concatenate(known)
