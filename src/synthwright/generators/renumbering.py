"""Made-up values of rows that continue another draw: no identifier of it is given out twice."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.table import BLOCK_ROWS, Table
from synthwright.generators.model import Model
from synthwright.seeding import Streams

__all__ = ["renumbered"]


def renumbered(model: Model, table: Table, first: int, seed: int) -> Table:
    """`table` with the identifiers and personal data of rows `first`, `first` + 1, … of the model's draw with `seed`.

    What makes these values differ is a row's place in the whole draw: rows drawn apart, under other conditions, take
    the places behind it. Cells that are missing stay so.
    """
    if not model.around.made_up or len(table) == 0:
        return table
    streams, data = Streams(seed).at("sample"), table.data
    last = first + len(table)
    blocks = range(first // BLOCK_ROWS, -(-last // BLOCK_ROWS))
    made = [
        model.around.invented(model.schema, block, min(BLOCK_ROWS, last - block * BLOCK_ROWS), streams)
        for block in blocks
    ]
    for name in model.around.made_up:
        every = pa.chunked_array([one[name] for one in made])
        cells = every.slice(first - blocks.start * BLOCK_ROWS, len(table)).combine_chunks()
        if data[name].null_count:
            cells = pc.if_else(data[name].is_null().combine_chunks(), pa.scalar(None, cells.type), cells)
        data = data.set_column(data.column_names.index(name), name, cells)
    return replace(table, data=data)
