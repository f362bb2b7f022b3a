"""Where each drawn record came from, beside the rows and cheap enough to always be there."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

__all__ = ["ORIGIN", "origin_of"]

ORIGIN = pa.schema(
    {
        "record_id": pa.int64(),  # position in the whole draw
        "method": pa.dictionary(pa.int8(), pa.string()),
        "block": pa.int32(),
        "parents": pa.list_(pa.int64()),  # rows of the training table that this record was made from, if any
        "request": pa.string(),  # the journalled request that brought it, for language models
        "depth": pa.int8(),  # 1: made by a model of real records; 2: by a model of those; and so on
    }
)


def origin_of(made: pa.Table | None, n: int, *, method: str, block: int, start: int, depth: int) -> pa.Table:
    """Provenance of `n` records that begin at position `start` of a draw.

    What the sampler itself said (`made`: parents, request) is kept.
    """
    told = {} if made is None else {name: made[name] for name in made.column_names}
    columns = {
        "record_id": pa.array(np.arange(start, start + n, dtype=np.int64)),
        "method": pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, dtype=np.int8)), pa.array([method])),
        "block": pa.array(np.full(n, block, dtype=np.int32)),
        "parents": told.get("parents", pa.nulls(n, ORIGIN.field("parents").type)),
        "request": told.get("request", pa.nulls(n, pa.string())),
        "depth": pa.array(np.full(n, depth, dtype=np.int8)),
    }
    return pa.table(columns, schema=ORIGIN)
