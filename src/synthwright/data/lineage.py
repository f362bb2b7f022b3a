"""How far rows are from real ones: what tables and files carry of the generators behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from synthwright.data.intake import LINEAGE_KEYS, SYNTHETIC_MARK
from synthwright.data.table import Table

__all__ = ["DEEPEST", "REAL", "Lineage", "lineage_of", "marked", "unmarked"]

DEEPEST = 127  # what provenance can count to, in one byte
_DEPTH, _SHARE = LINEAGE_KEYS


@dataclass(frozen=True, slots=True)
class Lineage:
    """Of some rows: the most generators that lie between one of them and real rows, and how many are synthetic.

    `depth` 0 and `share` 0: real rows, as far as their file says. 1: made by a model of real rows; 2: by a model of
    those. A mark without a depth means 1: what is synthetic can't be less.
    """

    depth: int
    share: float

    @classmethod
    def of_metadata(cls, metadata: Mapping[bytes, bytes] | None) -> Self:
        """What the metadata of a file or an Arrow table say; they may come from anyone."""
        told = metadata or {}
        if SYNTHETIC_MARK not in told:
            return cls(0, 0.0)
        depth, share = _number(told.get(_DEPTH), 1.0), _number(told.get(_SHARE), 1.0)
        return cls(int(min(max(depth, 1), DEEPEST)), min(max(share, 0.0), 1.0))

    def metadata(self, mark: str = "synthetic") -> dict[bytes, bytes] | None:
        """The same as metadata, with the `mark`; none for real rows."""
        if self.depth == 0:
            return None
        told = {SYNTHETIC_MARK: mark.encode()}
        if self.depth > 1:
            told[_DEPTH] = str(self.depth).encode()
        if self.share < 1:
            told[_SHARE] = repr(self.share).encode()
        return told


REAL = Lineage(0, 0.0)


def lineage_of(table: Table) -> Lineage:
    """The lineage of `table`: by its provenance, else by the mark of the file it came from."""
    if table.origin is not None and "depth" in table.origin.column_names and len(table):
        return Lineage(int(np.max(table.origin["depth"].to_numpy())), 1.0)
    told = Lineage.of_metadata(table.data.schema.metadata)
    return Lineage(1, 1.0) if table.origin is not None and told.depth == 0 else told


def marked(data: pa.Table, lineage: Lineage, mark: str = "synthetic") -> pa.Table:
    """`data` that carries `lineage`, and no other metadata."""
    return data.replace_schema_metadata(lineage.metadata(mark))


def unmarked(table: Table) -> Table:
    """The same rows as if they were real: without provenance and mark."""
    return Table(table.schema, table.data.replace_schema_metadata(None), frame=table.frame)


def _number(text: bytes | None, otherwise: float) -> float:
    try:
        value = float(text) if text is not None else otherwise
    except ValueError:
        return otherwise
    return value if np.isfinite(value) else otherwise
