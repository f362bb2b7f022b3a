"""Numbers of another table in train's type: from text, booleans, floats, and numbers with other signs."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.text_cells import is_text, parse_numbers
from synthwright.evaluation._aligning.fitted import Fitted, blanks_missing
from synthwright.evaluation._aligning.spelling import is_marker, truth_of

__all__ = ["fit_numbers"]

_GROUPED = r"^-?\d{1,3}(,\d{3})+(\.\d+)?$"
_PLAIN = r"^-?\d+(\.\d+)?$"


def fit_numbers(values: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted | None:
    """Numbers in train's type if every value survives, otherwise float64; ``None`` if they are no numbers."""
    told: tuple[str, ...] = ()
    if is_text(values.type):
        parsed = _from_text(blanks_missing(values), train)
        if parsed is None:
            return None
        values, told = parsed.values, parsed.told
    elif pa.types.is_boolean(values.type):
        values = values.cast(pa.int8())
    kind = values.type
    if not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        return None
    try:
        return Fitted(values.cast(train.type), told)  # checked: fractions into integers and overflows are refused
    except pa.ArrowInvalid:
        return Fitted(values.cast(pa.float64(), safe=False), told)


def _from_text(cells: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted | None:
    if cells.null_count == len(cells):
        return Fitted(pa.chunked_array([pa.nulls(len(cells), train.type)]))
    parsed = parse_numbers(cells, padded=True)
    if parsed is not None:
        finite = pc.all(pc.is_finite(parsed.values)).as_py() is not False
        return Fitted(parsed.values, (parsed.note,) if parsed.note else ()) if finite else None
    return _with_commas(cells) or _from_words(cells, train)


def _with_commas(cells: pa.ChunkedArray) -> Fitted | None:
    """Commas between thousands, or as the decimal sign; ``None`` where 1,234 could be either."""
    grouped = pc.match_substring_regex(cells, _GROUPED)
    if pc.all(pc.or_(grouped, pc.match_substring_regex(cells, _PLAIN))).as_py():
        if not pc.any(pc.match_substring_regex(cells, r",.*[,.]|^[^,]*\.")).as_py():
            return None  # no cell with two commas, or with a comma and a point
        parsed = parse_numbers(pc.replace_substring(cells, ",", ""), padded=True)
        return None if parsed is None else Fitted(parsed.values, ("commas between thousands are left out",))
    parsed = parse_numbers(cells, comma=True, padded=True)
    return None if parsed is None else Fitted(parsed.values, (parsed.note,) if parsed.note else ())


def _from_words(cells: pa.ChunkedArray, train: pa.ChunkedArray) -> Fitted | None:
    """Yes and no where train has only 1 and 0."""
    codes = pc.unique(train.drop_null()).to_pylist()
    words = pc.unique(cells.drop_null()).to_pylist()
    marks = [word for word in words if truth_of(word) is None]
    if not set(codes) <= {0, 1} or len(words) > 8 or not all(is_marker(word, missing=True) for word in marks):
        return None
    yes = pa.array([word for word in words if truth_of(word)], cells.type)
    left = pc.if_else(pc.is_in(cells, value_set=pa.array(marks, cells.type)), pa.scalar(None, cells.type), cells)
    ones = pc.if_else(pc.is_null(left), pa.scalar(None, pa.bool_()), pc.is_in(left, value_set=yes))
    return Fitted(ones.cast(pa.int8()), (f"{', '.join(repr(word) for word in words[:4])} read as 1 and 0",))
