"""Rules about several cells at once: patterns of text, one of several columns, combinations, rows that are unique."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.rule_tree import Combined
from synthwright.data.table import Table

__all__ = [
    "LONGEST_PATTERN",
    "combination_codes",
    "flags_of",
    "known_together",
    "listed_together",
    "matching",
    "pattern_problem",
    "repeated",
]

LONGEST_PATTERN = 200  # characters; RE2 bounds the memory of what fits into them


def pattern_problem(pattern: str) -> str:
    """Why `pattern` is no pattern that can be matched in linear time; nothing if it is one."""
    if len(pattern) > LONGEST_PATTERN:
        return f"It has {len(pattern):,} characters; {LONGEST_PATTERN} are the most."
    try:
        pc.match_substring_regex(pa.array([""]), _whole(pattern))
    except (pa.ArrowInvalid, UnicodeEncodeError) as error:
        return str(error)[:160]
    return ""


def matching(values: pa.ChunkedArray, pattern: str) -> np.ndarray:
    """True for each text that `pattern` describes as a whole; False for missing ones. RE2: linear in the text."""
    plain = decoded(values)
    coded = plain.cast(pa.string()).combine_chunks().dictionary_encode()
    if len(coded.dictionary) == 0:
        return np.zeros(len(values), dtype=bool)
    fits = np.asarray(pc.match_substring_regex(coded.dictionary, _whole(pattern)).to_numpy(zero_copy_only=False), bool)
    codes = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
    return np.asarray((codes >= 0) & fits[codes])


def flags_of(table: Table, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Where a column of booleans or of zeros and ones is set, and where it is known and neither of both."""
    values = decoded(table.data[name])
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        lower = pc.utf8_lower(values)
        numbers = pc.if_else(pc.is_in(lower, value_set=pa.array(["true", "1"])), 1.0, 0.0)
    else:
        numbers = values.cast(pa.float64(), safe=False)
    plain = np.asarray(pc.fill_null(numbers, 0.0).to_numpy(), dtype=np.float64)
    return plain == 1, (plain != 1) & (plain != 0)


def listed_together(table: Table, node: Combined) -> np.ndarray:
    """True for each row whose known cells agree with one of the combinations that the rule lists."""
    found = np.zeros(len(table), dtype=bool)
    for values in node.values:
        row = np.ones(len(table), dtype=bool)
        for named, value in zip(node.columns, values, strict=True):
            row &= _texts_equal(table, named.column, value.value) | table.missing(named.column)
        found |= row
    return found


def known_together(table: Table, names: Sequence[str], reference: Table) -> np.ndarray:
    """True for each row whose combination of `names` occurs in `reference`, or which lacks one of these cells."""
    together = [_texts(one, name) for name in names for one in (table, reference)]
    parts = [
        pa.chunked_array([*mine.chunks, *theirs.chunks], type=pa.string())
        for mine, theirs in zip(together[::2], together[1::2], strict=True)
    ]
    codes, gaps = combination_codes(parts)
    known = np.isin(codes[: len(table)], codes[len(table) :][~gaps[len(table) :]])
    return np.asarray(known | gaps[: len(table)])


def repeated(table: Table, names: Sequence[str]) -> np.ndarray:
    """True for each row that equals an earlier one in all of `names`; a row that lacks one of them repeats nothing."""
    codes, gaps = combination_codes([_texts(table, name) for name in names])
    later = np.ones(len(codes), dtype=bool)
    later[np.unique(codes, return_index=True)[1]] = False
    return np.asarray(later & ~gaps)


def combination_codes(columns: Sequence[pa.ChunkedArray]) -> tuple[np.ndarray, np.ndarray]:
    """A number for each row's combination of values (equal where they are equal), and where one of them is missing."""
    together: np.ndarray | None = None
    gaps = np.zeros(len(columns[0]), dtype=bool)
    for values in columns:
        coded = values.combine_chunks().dictionary_encode()
        codes = np.asarray(pc.fill_null(coded.indices, len(coded.dictionary)).to_numpy(zero_copy_only=False), np.int64)
        gaps |= codes == len(coded.dictionary)
        both = codes if together is None else together * (len(coded.dictionary) + 1) + codes
        together = np.unique(both, return_inverse=True)[1]  # small again, so that products never overflow
    assert together is not None  # noqa: S101  # rules have a column at least
    return together, gaps


def _texts(table: Table, name: str) -> pa.ChunkedArray:
    """A column as texts that are equal where its values are; numbers in the form of their 64-bit floats."""
    values = decoded(table.data[name])
    if pa.types.is_floating(values.type):
        values = pc.add(values.cast(pa.float64()), 0.0)  # -0.0 is 0.0
    return values.cast(pa.string())


def _texts_equal(table: Table, name: str, value: str | float | bool) -> np.ndarray:
    texts = _texts(table, name)
    wanted = {str(value).lower()} if isinstance(value, bool) else {str(value)}
    if isinstance(value, float) and value.is_integer():
        wanted |= {str(int(value)), f"{value:.1f}"}
    same = pc.is_in(texts, value_set=pa.array(sorted(wanted)))
    return np.asarray(pc.fill_null(same, False).to_numpy(), dtype=bool)


def _whole(pattern: str) -> str:
    return rf"\A(?:{pattern})\z"
