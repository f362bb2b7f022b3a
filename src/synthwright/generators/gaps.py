"""Where made-up columns are empty: a column of yes and no that the method learns beside the others, and never shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow as pa

from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.generators.protocol import GeneratorInfo

__all__ = ["Gaps", "with_columns", "with_gaps"]


@dataclass(frozen=True, slots=True)
class Gaps:
    """The learnt column that says of each made-up one in which rows it is missing (`of`); several may share one."""

    of: Mapping[str, str] = field(default_factory=dict)

    @property
    def hidden(self) -> tuple[str, ...]:
        """The learnt columns, each once."""
        return tuple(dict.fromkeys(self.of.values()))


def with_columns(schema: Schema, hidden: Iterable[str]) -> Schema:
    """`schema` with the `hidden` columns behind its own."""
    columns = (Column(name=name, kind="boolean", dtype="bool") for name in dict.fromkeys(hidden))
    return replace(schema, columns=(*schema.columns, *columns))


def with_gaps(reference: Table, made_up: Sequence[str], info: GeneratorInfo) -> tuple[Table, Gaps]:
    """`reference` with one more column for each way in which `made_up` ones are missing, and which speaks of which.

    Fewer than 5 missing or present cells are not learnt: they speak of single persons. Nor are they by methods that
    take numbers only, need no rows or draw whole entities.
    """
    if not info.needs_records or info.takes != "mixed" or info.unit != "row":
        return reference, Gaps()
    data, found = reference.data, dict[str, str]()
    known: dict[bytes, str] = {}
    for name in made_up:
        gone = reference.missing(name)
        if not MINIMUM_ROWS <= np.count_nonzero(gone) <= len(gone) - MINIMUM_ROWS:
            continue
        same = np.packbits(gone).tobytes()
        if same not in known:
            known[same] = _free(f"{name} is missing", data.column_names)
            data = data.append_column(known[same], pa.array(gone))
        found[name] = known[same]
    return replace(reference, schema=with_columns(reference.schema, known.values()), data=data), Gaps(found)


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name += "_"
    return name
