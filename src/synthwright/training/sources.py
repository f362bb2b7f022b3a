"""Which rows are synthetic: read off a column of words, yes and no, or a whole table with such a column."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa

from synthwright.data.sources import from_frame
from synthwright.data.table import Table
from synthwright.errors import BadInput, UnknownName, shorten

__all__ = ["REAL", "is_synthetic", "named_source", "tells_depth"]

REAL = "real"  # the word of `private/mixed.parquet` for rows that nobody made
# As `private/mixed.parquet` names the column, which steps aside for columns that real rows have; and a habit of others.
NAMES = ("synthwright_source_", "synthwright_source", "source", "is_synthetic")
_DEPTHS = ("synthwright_depth_", "synthwright_depth", "depth")


def is_synthetic(source: Any, *, column: str | None = None) -> np.ndarray:
    """True for each row that was made, as a boolean array (n,).

    `source` is one value per row, in a list, an array or a series: words (``"real"``, anything else is the name of what
    made the row), booleans, or 0 and 1. Or it is a table with such a column, called `column`, or ``source`` (or
    ``synthwright_source``, where real rows have a ``source``) as in `private/mixed.parquet`, or ``is_synthetic``.

    Raises
    ------
    BadInput
        A row without a source, no row at all, or values that don't tell real from synthetic.
    UnknownName
        The table has no such column.
    """
    if isinstance(source, Table):
        return _told(_column(source.data, column))
    if isinstance(source, pa.Table) or hasattr(source, "columns"):
        return _told(_column(from_frame(source)[0], column))
    if isinstance(source, str | bytes) or not (hasattr(source, "__len__") or hasattr(source, "__array__")):
        raise BadInput(
            f"{type(source).__name__} does not say which rows are synthetic.",
            remedy="Give one value per row, such as the column `source` of private/mixed.parquet.",
        )
    # Python's own lists stay objects: NumPy would turn ["real", 1] into two words.
    return _told(np.array(source, dtype=object) if isinstance(source, list | tuple) else np.asarray(source))


def named_source(names: list[str]) -> str | None:
    """The column among `names` that says where rows come from, by its name; ``None`` if there is none."""
    return next((name for name in NAMES if name in names), None)


def tells_depth(name: str, values: np.ndarray, synthetic: np.ndarray) -> bool:
    """Whether a column is the lineage depth of `private/mixed.parquet`: 0 in real rows, and in these alone.

    A model must not see it: it is the source in other words.
    """
    return name in _DEPTHS and np.array_equal(values != 0, synthetic)


def _column(data: pa.Table, name: str | None) -> np.ndarray:
    found = named_source(data.column_names) if name is None else name
    if found is None:
        raise BadInput(
            "No column says which rows are synthetic.",
            evidence=f"There is none called {', '.join(NAMES)}.",
            remedy="Name it: column=...",
        )
    if found not in data.column_names:
        raise UnknownName.among("column", found, data.column_names)
    return np.asarray(data[found].to_numpy(zero_copy_only=False))


def _told(values: np.ndarray) -> np.ndarray:
    if values.ndim != 1 or len(values) == 0:
        raise BadInput(
            "The sources are not one value for each row of a table.",
            evidence=f"Their shape is {values.shape}.",
            remedy='Give a list such as ["real", "tabular.honest_trees", ...].',
        )
    if values.dtype == object:
        values = _of_objects(values)
    if values.dtype.kind in "iuf":
        if not np.isin(values, (0, 1)).all():
            odd = values[~np.isin(values, (0, 1))][0]
            raise BadInput(
                "Numbers that say which rows are synthetic are 0 and 1.",
                evidence=f"There is a {odd}.",
                remedy='Give words ("real" for real rows), booleans, or 0 and 1.',
            )
        return np.asarray(values == 1)
    if values.dtype.kind in "UT":
        return _of_words(values)
    if values.dtype != bool:
        raise BadInput(f"Values of type {values.dtype} do not say which rows are synthetic.")
    return values.astype(bool)


def _of_objects(values: np.ndarray) -> np.ndarray:
    """The plain array behind Python objects of one type."""
    gaps = np.array([value is None or value != value for value in values])  # noqa: PLR0124 - NaN is what differs from itself
    if gaps.any():
        raise BadInput(
            "Rows do not say whether they are synthetic.",
            evidence=f"{int(gaps.sum()):,} of {len(values):,} have no source; the first is row {int(gaps.argmax())}.",
            remedy='Real rows say "real".',
        )
    plain = np.asarray(values.tolist())
    words = all(isinstance(value, str) for value in values)
    if plain.dtype == object or plain.ndim != 1 or (plain.dtype.kind == "U" and not words):
        raise BadInput("The sources mix words, numbers and other things.", remedy="Give one type.")
    return plain


def _of_words(values: np.ndarray) -> np.ndarray:
    real = values == REAL
    found = [str(word) for word in np.unique(values)[:6]]
    alike = [word for word in found if word != REAL and word.strip().casefold() == REAL]
    if alike or not real.any():
        raise BadInput(
            f'Real rows are those whose source is "{REAL}", and ' + ("others look like it." if alike else "none is."),
            evidence="There are " + ", ".join(repr(shorten(word)) for word in alike or found) + ".",
            remedy="Write it so, or give booleans: source != ...",
        )
    return np.asarray(~real)
