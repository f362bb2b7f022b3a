"""A column of another table in train's storage, with what was done to it that a reader must know."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.text_cells import is_text

__all__ = ["Fitted", "blanks_missing"]


@dataclass(frozen=True, slots=True)
class Fitted:
    """`values` as train stores them; `told` are clauses such as "the decimal sign is a comma"."""

    values: pa.ChunkedArray
    told: tuple[str, ...] = ()


def blanks_missing(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Text without white space around it, in which empty cells are missing."""
    if not is_text(cells.type):
        return cells
    trimmed = pc.utf8_trim_whitespace(cells)
    return pc.if_else(pc.equal(trimmed, ""), pa.scalar(None, trimmed.type), trimmed)
