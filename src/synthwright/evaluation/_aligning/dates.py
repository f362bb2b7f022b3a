"""Dates of another table in train's type: from other notations, and from numbers since some day."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.text_cells import is_text, parse_dates
from synthwright.data.written_dates import date_forms, read_dates
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
_COMPACT = "%Y%m%d"
_SHARE = 0.5  # of the dates that have to fall among train's (widened by its span) for a clock to be believed


def fit_dates(values: pa.ChunkedArray, train: pa.ChunkedArray, usual: str | None = None) -> Fitted | None:
    """Dates in train's type; ``None`` if they are none, or if it is not certain which dates they are.

    `usual`: how train's are written in text (`Column.format`).
    """
    told: tuple[str, ...] = ()
    if is_text(values.type):
        read = _from_text(values, train, usual)
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


def _from_text(cells: pa.ChunkedArray, train: pa.ChunkedArray, usual: str | None) -> Fitted | None:
    cells = blanks_missing(cells)
    marks = [mark for mark in pc.unique(cells.drop_null()).to_pylist() if is_marker(mark, missing=True)]
    cells = pc.if_else(pc.is_in(cells, value_set=pa.array(marks, cells.type)), pa.scalar(None, cells.type), cells)
    if cells.null_count == len(cells):
        return Fitted(pa.chunked_array([pa.nulls(len(cells), train.type)]))
    parsed = parse_dates(cells)
    if parsed is not None:
        return Fitted(parsed.values, (parsed.note,) if parsed.note else ())
    found = _readings(cells, usual)
    form, dates = next(iter(found.items()), ("", cells))
    if not found or not all(other.equals(dates) for other in found.values()):  # 03/04/2024: which is the month?
        return None
    return Fitted(dates, (f"dates are read as {form}",))


def _readings(cells: pa.ChunkedArray, usual: str | None) -> dict[str, pa.ChunkedArray]:
    """The dates by form: train's `usual` one if it fits, otherwise every form that fits all cells."""
    present = cells.drop_null()
    forms = date_forms(present, 1.0)
    if usual is not None and usual.replace("%-", "%") in {form.replace("%-", "%") for form in forms}:
        forms = [usual]
    if not forms and pc.all(pc.match_substring_regex(present, r"^\d{8}$")).as_py():
        forms = [_COMPACT]
    readings = {form: read_dates(cells, form) for form in forms}
    return {form: dates for form, dates in readings.items() if dates.null_count == cells.null_count}


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
