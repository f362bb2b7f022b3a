"""Columns whose values no two rows share: numbers given out by the row's place in the whole draw."""

from __future__ import annotations

from typing import Any

import numpy as np

from synthwright.data.code_patterns import CodePattern
from synthwright.data.distributions import Distribution
from synthwright.data.permutation import permuted
from synthwright.data.schema import Column
from synthwright.data.table import BLOCK_ROWS
from synthwright.errors import BadInput
from synthwright.generators.rules._numbers import domain_of
from synthwright.generators.rules._texts import require_kept, sequence
from synthwright.seeding import Streams

__all__ = ["is_key", "unique_values"]


def is_key(one: Distribution) -> bool:
    """True where the family gives every row a value of its own."""
    return one.family == "sequence" or (one.family in {"pattern", "uniform"} and bool(one.get("unique")))


def unique_values(column: Column, one: Distribution, index: int, streams: Streams, rows: np.ndarray) -> Any:
    """Values of `rows` of block `index`; `streams` are the block's, of which only the part above the block counts.

    Raises
    ------
    BadInput
        There are fewer values than rows, or rows are being drawn and rejected, which would give values out twice.
    """
    require_kept(streams)
    numbers = (rows + index * BLOCK_ROWS).astype(np.uint64)
    # One permutation for all blocks: the path up to the block's number.
    above = Streams(streams.seed, streams.path[: streams.path.index("block")])
    key = int(above.at("unique", column.name).rng().integers(0, 2**63))
    if one.family == "sequence":
        if column.is_numeric:
            counted = one.number("start", 1) + (rows + index * BLOCK_ROWS) * one.number("step", 1)
            return _within(column, counted)
        return sequence(one, index, int(rows[-1]) + 1 if len(rows) else 0).take(rows)
    if one.family == "pattern":
        return CodePattern.of(one).unique(numbers, key)
    low, high = domain_of(column, one)
    step = column.step
    if step is None:
        raise BadInput("Unique numbers need a grid.", remedy="Give the column `decimals:`, or the kind integer.")
    first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
    size = max(0, int(min(last - first + 1, 2.0**62)))
    if len(numbers) and int(numbers[-1]) >= size:
        raise BadInput(
            f"There are {size:,} values from {low:g} to {high:g}, too few for more than {size:,} unique rows.",
            remedy="Widen `bounds`, draw fewer rows, or leave out `unique`.",
        )
    return (first + permuted(numbers, size, key).astype(np.float64)) * step if len(numbers) else np.zeros(0)


def _within(column: Column, values: np.ndarray) -> np.ndarray:
    if column.bounds is not None and len(values):
        low, high = column.bounds
        if values.min() < low or values.max() > high:
            raise BadInput(
                f"The sequence leaves the bounds {low:g} to {high:g}.",
                evidence=f"It reaches {values[-1]:g}.",
                remedy="Widen `bounds`, or draw fewer rows.",
            )
    return values
