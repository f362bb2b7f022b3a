"""Columns that no method learns: those settled at one value, identifiers made up by pattern, personal data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import arrow_type, stored
from synthwright.data.columns import to_arrow
from synthwright.data.identifiers import Pattern, draw, pattern_from_text, pattern_to_text
from synthwright.data.schema import Column, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.generators.margins import Margin
from synthwright.generators.personal import made_up
from synthwright.generators.personal_pattern import PersonalPattern
from synthwright.generators.protocol import Empty, Given
from synthwright.seeding import Streams

__all__ = ["Around", "stored_texts", "with_known"]


@dataclass(frozen=True, eq=False)
class Around:
    """What is put beside the learnt columns of each block."""

    settled: Mapping[str, Margin] = field(default_factory=dict)
    identifiers: Mapping[str, Pattern] = field(default_factory=dict)
    personal: Mapping[str, PersonalPattern] = field(default_factory=dict)
    gaps: Mapping[str, str] = field(
        default_factory=dict
    )  # made-up column to the learnt one that says where it is empty

    @property
    def names(self) -> frozenset[str]:
        """The columns this is about."""
        return frozenset({*self.settled, *self.identifiers, *self.personal})

    @property
    def made_up(self) -> tuple[str, ...]:
        """The columns whose values come from no method."""
        return (*self.identifiers, *self.personal)

    def state(self) -> dict[str, Any]:
        """All of it as JSON types."""
        return {
            "settled": {name: margin.state() for name, margin in self.settled.items()},
            "identifiers": {name: pattern_to_text(pattern) for name, pattern in self.identifiers.items()},
            "personal": {name: pattern.state() for name, pattern in self.personal.items()},
            "gaps": dict(self.gaps),
        }

    @classmethod
    def from_state(cls, schema: Schema, state: Any) -> Self:
        """Read back `state`; raises `BadInput` unless it fits the schema."""
        known = {"settled", "identifiers", "personal", "gaps"}
        if not isinstance(state, dict) or not {"settled", "identifiers"} <= set(state) <= known:
            raise BadInput("What the model puts beside its learnt columns can't be read.")
        personal, gaps = state.get("personal", {}), state.get("gaps", {})
        if not all(isinstance(one, str) and one not in schema for one in gaps.values()):
            raise BadInput("What the model learnt of missing cells does not fit its columns.")
        settled = {name: Margin.from_state(schema[name], margin) for name, margin in state["settled"].items()}
        identifiers = {name: pattern_from_text(text) for name, text in state["identifiers"].items()}
        found = {name: PersonalPattern.from_state(one) for name, one in personal.items()}
        return cls(settled, identifiers, found, {str(name): str(one) for name, one in gaps.items()})

    def answered(self, given: Given, schema: Schema) -> Given:
        """`given` without the predicates about settled columns, which hold for all rows or for none.

        Where such a column is fixed, `checked_given` has seen that the fixed rows satisfy them.

        Raises
        ------
        BadInput
            A settled column has another value throughout.
        """
        fixed = () if given.fixed is None else given.fixed.names
        for predicate in given.where:
            name = predicate.column
            if name not in self.names or name in fixed:
                continue
            value = self.settled[name].draw(1, np.random.default_rng(0))
            one = Table.of(schema.select([name]), {name: value})
            if not predicate.holds(one).all():
                shown = "missing" if one.missing(name).all() else shorten(str(one.data[name][0].as_py()))
                raise BadInput(
                    f"The condition on {shorten(name)!r} can't be met: 0 rows have it.",
                    evidence=f"The column is {shown} throughout.",
                    remedy="Leave the condition out.",
                )
        return replace(given, where=tuple(one for one in given.where if one.column not in self.names))

    def completed(self, schema: Schema, learnt: Table, index: int, streams: Streams) -> Table:
        """`learnt` with the other columns of `schema` beside it, in its order."""
        n = len(learnt)
        made: dict[str, pa.Array] = {}
        for name, margin in self.settled.items():
            made[name] = to_arrow(schema[name], margin.draw(n, streams.at("settled", index, name).rng()))
        made |= self.invented(schema, index, n, streams)
        for name, gap in self.gaps.items():
            made[name] = pc.if_else(learnt.data[gap].combine_chunks(), pa.scalar(None, made[name].type), made[name])
        arrays = [made[name] if name in made else learnt.data[name] for name in schema.names]
        return Table(schema, pa.Table.from_arrays(arrays, names=list(schema.names)), learnt.origin)

    def invented(self, schema: Schema, index: int, n: int, streams: Streams) -> dict[str, pa.Array]:
        """The first `n` identifiers and personal data of block `index`."""
        made: dict[str, pa.Array] = {}
        for name, pattern in self.identifiers.items():
            # One stream for all blocks: what makes identifiers unique is the row's place in the whole draw.
            made[name] = stored_texts(schema[name], draw(pattern, index, n, streams.at("identifiers", name)))
        for name, text in made_up(self.personal, index, n, streams.at("personal")).items():
            made[name] = stored_texts(schema[name], text)
        return made


def stored_texts(column: Column, texts: pa.Array) -> pa.Array:
    """`texts` in the type of the column; raises `BadInput` where they don't fit it."""
    wanted = arrow_type(column)
    try:
        return stored(texts, wanted)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise BadInput(
            f"New values for column {shorten(column.name)!r} don't fit its type.",
            evidence=f"{wanted}: {str(error)[:120]}",
            remedy="Store the column as text, or remove it.",
        ) from error


def with_known(made: pa.Table, fixed: Table, *, empty: Empty = "missing") -> pa.Table:
    """`made` with the cells of `fixed`, of the same types, in their places; ``"unknown"``: empty ones say nothing."""
    for name in fixed.names:
        cells = fixed.data[name]
        if empty == "unknown" and cells.null_count:
            at = np.arange(len(fixed)) + np.where(fixed.missing(name), 0, len(fixed))
            both = pa.chunked_array([*made[name].chunks, *cells.chunks], made[name].type)
            cells = both.unify_dictionaries().take(pa.array(at)) if len(fixed) else cells
        made = made.set_column(made.column_names.index(name), name, cells)
    return made
