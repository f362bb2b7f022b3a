"""What values a column may take: bounds, grid, categories, calendar unit; none of it the value of fewer than 5 rows."""

from __future__ import annotations

import math
import sys
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.calendar import NANOSECONDS, instant
from synthwright.data.columns import numbers_of
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column, Scalar, Unit

__all__ = ["bounds_of", "categories_of_values", "decimals_of", "outward", "unit_of"]

_MOST_DECIMALS = 9  # a float64 has 15 to 17 digits: nine behind the point leave six in front
_COARSE = (("Y", 366 * 86_400), ("M", 31 * 86_400), ("D", 86_400), ("h", 3_600), ("m", 60), ("s", 1), ("s", 0))
_FIRST, _LAST = (
    -62_135_596_800,
    253_402_300_799,
)  # seconds since 1970: years 1 and 9999, beyond which Python has no dates
_TICKS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}


def decimals_of(values: pa.ChunkedArray) -> int | None:
    """The fewest decimal places (at most 9) that write every value exactly; ``None`` if there is no such number."""
    if pa.types.is_decimal(values.type):
        return max(0, int(values.type.scale))
    present = values.drop_null()
    stored = np.float32 if values.type == pa.float32() else np.float64
    numbers = np.asarray(present.cast(pa.float64()).to_numpy(), dtype=np.float64)
    with np.errstate(over="ignore", invalid="ignore"):  # the largest floats overflow on the way: then they don't fit
        for decimals in range(_MOST_DECIMALS + 1):
            if all(
                np.array_equal(np.round(part, decimals).astype(stored), part.astype(stored))
                for part in (numbers[:1000], numbers)
            ):
                return decimals
    return None


def unit_of(values: pa.ChunkedArray) -> Unit:
    """The coarsest calendar unit that every instant is a whole number of; microseconds at the finest.

    float64, in which methods see time, holds no nanoseconds of this century.
    """
    if pa.types.is_date(values.type):
        return "day"
    nanoseconds = _TICKS[values.type.unit]
    ticks = np.asarray(values.drop_null().cast(pa.int64()).to_numpy(), dtype=np.int64)
    for unit, size in NANOSECONDS.items():
        if unit == "microsecond" or size <= nanoseconds or not np.any(ticks % (size // nanoseconds)):
            return unit
    return "microsecond"


def bounds_of(column: Column, values: pa.ChunkedArray) -> tuple[float, float] | None:
    """Ends that hold all values, in the units of `Table.numbers`; ``None`` without values.

    An extreme that at least 5 rows share stands as it is; any other is moved outward (see `outward`), dates to the
    start of a year, month, day or hour by the length of the range.
    """
    numbers = numbers_of(column, values)
    numbers = numbers[np.isfinite(numbers)]
    if len(numbers) == 0:
        return None
    low, high = float(numbers.min()), float(numbers.max())
    shared = [int(np.count_nonzero(numbers == end)) >= MINIMUM_ROWS for end in (low, high)]
    if column.kind == "datetime":
        rounded = _calendar(low, high, column.unit or "second")
    else:
        rounded = outward(low, high, whole=column.kind == "integer")
    return (low if shared[0] else rounded[0], high if shared[1] else rounded[1])


def outward(low: float, high: float, *, whole: bool) -> tuple[float, float]:
    """`low` and `high` moved apart to two significant digits of their distance, never onto themselves or past zero.

    >>> outward(12_285, 1_490_400, whole=True)
    (0.0, 1500000.0)
    """
    width = min(high - low, sys.float_info.max) or abs(low) or 1.0
    exponent = math.floor(math.log10(width)) - 1
    step = Decimal(1).scaleb(max(exponent, 0) if whole else exponent)
    down = math.floor(Decimal(low) / step)
    up = math.ceil(Decimal(high) / step)
    down -= down * step >= Decimal(low)
    up += up * step <= Decimal(high)
    first, last = float(down * step), float(up * step)
    first, last = max(first, -sys.float_info.max), min(last, sys.float_info.max)
    return (max(first, 0.0) if low >= 0 else first, min(last, 0.0) if high <= 0 else last)


def _calendar(low: float, high: float, unit: Unit) -> tuple[float, float]:
    """The calendar units around `low` and `high`: years for ranges over two years, then months, days, hours, …"""
    own = NANOSECONDS[unit] / 1e9
    for coarse, length in _COARSE:
        if own >= length:  # the column knows nothing finer: one unit outward
            start, stop = low - 1.0, high + 1.0
            break
        if (high - low) * own > 2 * length:
            ends = [instant(end, unit).astype(f"datetime64[{coarse}]") for end in (low, high)]
            ends[1] += int(ends[1].astype(instant(high, unit).dtype) < instant(high, unit))
            start, stop = (float(end.astype("datetime64[s]").astype(np.int64)) / own for end in ends)
            break
    return (
        max(start, math.ceil(_FIRST / own)) if low * own >= _FIRST else start,
        min(stop, math.floor(_LAST / own)) if high * own <= _LAST else stop,
    )


def categories_of_values(values: pa.ChunkedArray, *, ordered: bool = False) -> tuple[tuple[Scalar, ...], int, int]:
    """The values that at least 5 rows have, most frequent first (in their own order if `ordered`).

    Also how many values there are in all, and how many rows have a listed one.
    """
    plain = decoded(values)
    counts = pc.value_counts(plain.drop_null())
    names, sizes = counts.field("values"), np.asarray(counts.field("counts").to_numpy(), dtype=np.int64)
    often = np.flatnonzero(sizes >= MINIMUM_ROWS)
    frequent = list(zip(names.take(pa.array(often)).to_pylist(), sizes[often].tolist(), strict=True))
    if ordered and pa.types.is_dictionary(values.type) and values.num_chunks:
        position = {name: at for at, name in enumerate(values.chunk(0).dictionary.to_pylist())}
        frequent.sort(key=lambda pair: position[pair[0]])
    else:
        frequent.sort(key=lambda pair: (-pair[1], pair[0]))
    return tuple(name for name, _ in frequent), len(names), int(sizes[often].sum())
