"""Columns that no method learns: those settled at one value, and identifiers made up by pattern."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

import pyarrow as pa

from synthwright.data.columns import to_arrow
from synthwright.data.schema import Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput
from synthwright.generators.margins import Margin
from synthwright.seeding import Streams

__all__ = ["Around"]


@dataclass(frozen=True, eq=False)
class Around:
    """What is put beside the learnt columns of each block."""

    settled: Mapping[str, Margin] = field(default_factory=dict)

    @property
    def names(self) -> frozenset[str]:
        """The columns this is about."""
        return frozenset(self.settled)

    def state(self) -> dict[str, Any]:
        """All of it as JSON types."""
        return {"settled": {name: margin.state() for name, margin in self.settled.items()}}

    @classmethod
    def from_state(cls, schema: Schema, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the schema."""
        if not isinstance(state, dict) or set(state) != {"settled"} or not isinstance(state["settled"], dict):
            raise BadInput("What the model puts beside its learnt columns can't be read.")
        return cls({name: Margin.from_state(schema[name], margin) for name, margin in state["settled"].items()})

    def completed(self, schema: Schema, learnt: Table, index: int, streams: Streams) -> Table:
        """`learnt` with the other columns of `schema` beside it, in its order."""
        made = {
            name: to_arrow(schema[name], margin.draw(len(learnt), streams.at("settled", index, name).rng()))
            for name, margin in self.settled.items()
        }
        arrays = [made.get(name, learnt.data[name] if name in learnt.schema else None) for name in schema.names]
        return Table(schema, pa.Table.from_arrays(arrays, names=list(schema.names)), learnt.origin)
