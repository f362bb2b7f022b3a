"""Where made-up columns are empty: a column of yes and no that the method learns beside the others, and never shows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.generators.protocol import GeneratorInfo

__all__ = ["with_gaps"]


def with_gaps(
    reference: Table, learnt: Sequence[str], made_up: Sequence[str], info: GeneratorInfo
) -> tuple[Table, dict[str, str]]:
    """The `learnt` columns with one more for each way in which `made_up` ones are missing, and which speaks of which.

    Columns that are missing in the same rows share one. Fewer than 5 missing or present cells are not learnt: they
    speak of single persons. Nor are they by methods that take numbers only, need no rows or draw whole entities.
    """
    table = reference.select(learnt)
    if not info.needs_records or info.takes != "mixed" or info.unit != "row":
        return table, {}
    columns, data, gaps = list(table.schema), table.data, dict[str, str]()
    known: dict[bytes, str] = {}
    for name in made_up:
        gone = reference.missing(name)
        if not MINIMUM_ROWS <= np.count_nonzero(gone) <= len(gone) - MINIMUM_ROWS:
            continue
        same = np.packbits(gone).tobytes()
        if same not in known:
            known[same] = _free(f"{name} is missing", reference.schema)
            columns.append(Column(name=known[same], kind="boolean", dtype="bool"))
            data = data.append_column(known[same], pa.array(gone))
        gaps[name] = known[same]
    return (Table(Schema(tuple(columns), table.schema.constraints), data, table.origin), gaps) if gaps else (table, {})


def _free(name: str, schema: Schema) -> str:
    while name in schema:
        name += "_"
    return name
