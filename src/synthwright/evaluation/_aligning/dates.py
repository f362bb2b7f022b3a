"""Dates of another table in train's type: from other notations, and from numbers since some day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.text_cells import is_text, parse_dates
from synthwright.evaluation._aligning.fitted import Fitted, blanks_missing
from synthwright.evaluation._aligning.spelling import is_marker

__all__ = ["fit_dates"]

_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
# Seconds per step, and the steps at 1970-01-01.
_CLOCKS: dict[str, tuple[float, float]] = {
    "nanoseconds since 1970": (1e-9, 0),
    "microseconds since 1970": (1e-6, 0),
    "milliseconds since 1970": (1e-3, 0),
    "seconds since 1970": (1, 0),
    "days since 1970": (_DAY, 0),
    "days since 1900 as in Excel": (_DAY, 25_569),
    "days since year 1 as in Python": (_DAY, _EPOCH),
}
_NOTATIONS = (
    "%Y/%m/%d",
    "%Y%m%d",
    "%d.%m.%Y",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%d %B %Y",
)
_TIMES = ("", " %H:%M", " %H:%M:%S", "T%H:%M:%S")
_SHARE = 0.5  # of the dates that have to fall among train's (widened by its span) for a clock to be believed


def fit_dates(values: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted | None:
    """Dates in train's type; ``None`` if they are none, or if it is not certain which dates they are."""
    told: tuple[str, ...] = ()
    if is_text(values.type):
        read = _from_text(values, train)
    elif pa.types.is_integer(values.type) or pa.types.is_floating(values.type):
        read = _from_numbers(values, train)
    else:
        read = Fitted(values)
    if read is None:
        return None
    values, told = read.values, read.told
    if not (pa.types.is_timestamp(values.type) or pa.types.is_date(values.type)):
        return None
    if pa.types.is_date(values.type) and pa.types.is_timestamp(train.type):
        values = values.cast(pa.timestamp("s"))
    return Fitted(values.cast(train.type, safe=False), told)


def _from_text(cells: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted | None:
    cells = blanks_missing(cells)
    marks = [mark for mark in pc.unique(cells.drop_null()).to_pylist() if is_marker(mark, missing=True)]
    cells = pc.if_else(pc.is_in(cells, value_set=pa.array(marks, cells.type)), pa.scalar(None, cells.type), cells)
    if cells.null_count == len(cells):
        return Fitted(pa.chunked_array([pa.nulls(len(cells), train.type)]))
    parsed = parse_dates(cells)
    if parsed is not None:
        return Fitted(parsed.values, (parsed.note,) if parsed.note else ())
    found = [(form, read) for form in _forms(cells) if (read := _strptime(cells, form)) is not None]
    if len(found) > 1:  # 03/04/2024: the order of day and month is certain only if one of them gives other dates
        found = [pair for pair in found if pair[1].equals(found[0][1])] if _same(found) else []
    if found:
        return Fitted(found[0][1], (f"dates are read as {found[0][0]}",))
    return None


def _forms(cells: pa.ChunkedArray) -> list[str]:
    """The notations that the first cell has."""
    first = cells.drop_null().slice(0, 1)
    forms = [notation + time for notation in _NOTATIONS for time in _TIMES]
    return [form for form in forms if _strptime(first, form) is not None]


def _strptime(cells: pa.ChunkedArray, form: str) -> pa.ChunkedArray | None:
    try:
        return pc.strptime(cells, format=form, unit="s")
    except pa.ArrowInvalid:
        return None


def _same(found: list[tuple[str, pa.ChunkedArray]]) -> bool:
    return all(read.equals(found[0][1]) for _, read in found)


def _from_numbers(values: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted | None:
    """The only clock that puts them among train's dates; numbers alone don't say what they count."""
    real = _seconds(train)
    numbers = values.cast(pa.float64(), safe=False).to_numpy()
    present = numbers[np.isfinite(numbers)]
    if len(real) == 0 or len(present) == 0:
        return None
    low, high = real.min(), real.max()
    room = max(high - low, _DAY)
    inside = {
        name: np.mean((seconds := (present - zero) * step) >= low - room) * np.mean(seconds <= high + room)
        for name, (step, zero) in _CLOCKS.items()
    }
    believed = [name for name, share in inside.items() if share >= _SHARE]
    if len(believed) != 1:
        return None
    step, zero = _CLOCKS[believed[0]]
    missing = ~np.isfinite(numbers)
    ticks = np.round((np.where(missing, zero, numbers) - zero) * step * 1e6).astype(np.int64)
    return Fitted(
        pa.chunked_array([pa.array(ticks, mask=missing).cast(pa.timestamp("us"))]),
        (f"numbers are read as {believed[0]}",),
    )


def _seconds(dates: pa.ChunkedArray) -> np.ndarray:
    present = dates.drop_null()
    if pa.types.is_date(present.type):
        present = present.cast(pa.timestamp("s"))
    return np.asarray(present.cast(pa.timestamp("s"), safe=False).cast(pa.int64()).to_numpy(), dtype=np.float64)
