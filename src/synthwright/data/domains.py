"""What values a column may take: bounds, grid, categories, calendar unit; none of it the value of fewer than 5 rows."""

from __future__ import annotations

import math
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.calendar import NANOSECONDS, NUMPY_UNITS
from synthwright.data.columns import numbers_of
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column, Scalar, Unit

__all__ = ["bounds_of", "categories_of_values", "decimals_of", "outward", "unit_of"]

_MOST_DECIMALS = 9  # a float64 has 15 to 17 digits: nine behind the point leave six in front
_TICKS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}


def decimals_of(values: pa.ChunkedArray) -> int | None:
    """The fewest decimal places (at most 9) that write every value exactly; ``None`` if there is no such number."""
    if pa.types.is_decimal(values.type):
        return max(0, int(values.type.scale))
    present = values.drop_null()
    stored = np.float32 if values.type == pa.float32() else np.float64
    numbers = np.asarray(present.cast(pa.float64()).to_numpy(), dtype=np.float64)
    for decimals in range(_MOST_DECIMALS + 1):
        if all(
            np.array_equal(np.round(part, decimals).astype(stored), part.astype(stored))
            for part in (numbers[:1000], numbers)
        ):
            return decimals
    return None


def unit_of(values: pa.ChunkedArray) -> Unit:
    """The coarsest calendar unit that every instant is a whole number of."""
    if pa.types.is_date(values.type):
        return "day"
    nanoseconds = _TICKS[values.type.unit]
    ticks = np.asarray(values.drop_null().cast(pa.int64()).to_numpy(), dtype=np.int64)
    for unit, size in NANOSECONDS.items():
        if size < nanoseconds or size == nanoseconds or not np.any(ticks % (size // nanoseconds)):
            return unit
    return "nanosecond"


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
    width = high - low or abs(low) or 1.0
    exponent = math.floor(math.log10(width)) - 1
    step = Decimal(1).scaleb(max(exponent, 0) if whole else exponent)
    down = math.floor(Decimal(low) / step)
    up = math.ceil(Decimal(high) / step)
    first, last = float(down * step), float(up * step)
    if first >= low:
        first = float((down - 1) * step)
    if last <= high:
        last = float((up + 1) * step)
    return (max(first, 0.0) if low >= 0 else first, min(last, 0.0) if high <= 0 else last)


def _calendar(low: float, high: float, unit: Unit) -> tuple[float, float]:
    """The calendar units (years for ranges over two years, then months, days, hours) around `low` and `high`."""
    code = NUMPY_UNITS[unit]
    size = NANOSECONDS[unit] / 1e9
    seconds = (high - low) * size
    for coarse, length in (("Y", 366 * 86_400), ("M", 31 * 86_400), ("D", 86_400), ("h", 3_600), ("m", 60), ("s", 1)):
        if seconds > 2 * length or coarse == "s":
            break
    if coarse in {"h", "m", "s"} and size >= {"h": 3_600, "m": 60, "s": 1}[coarse]:
        return low - 1.0, high + 1.0
    if coarse == "D" and unit == "day":
        return low - 1.0, high + 1.0
    start = np.datetime64(int(low), code).astype(f"datetime64[{coarse}]")
    stop = np.datetime64(int(high), code).astype(f"datetime64[{coarse}]")
    if stop.astype(f"datetime64[{code}]") < np.datetime64(int(high), code):
        stop = stop + np.timedelta64(1, coarse)
    return tuple(float(end.astype(f"datetime64[{code}]").astype(np.int64)) for end in (start, stop))  # type: ignore[return-value]  # two ends


def categories_of_values(values: pa.ChunkedArray, *, ordered: bool = False) -> tuple[tuple[Scalar, ...], int, int]:
    """The values that at least 5 rows have, most frequent first (in their own order if `ordered`).

    Also how many values there are in all, and how many rows have a listed one.
    """
    plain = values.cast(values.type.value_type) if pa.types.is_dictionary(values.type) else values
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
