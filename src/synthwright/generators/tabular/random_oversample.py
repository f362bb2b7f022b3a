"""Real rows drawn again: the oldest way to balance classes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Self

import numpy as np
import pyarrow as pa

from synthwright.data.schema import Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.errors import BadInput, shorten
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo, Given, NoMatch
from synthwright.generators.saved import read_state
from synthwright.generators.saved_rows import read_rows, write_rows
from synthwright.generators.slots import combinations, matrix_of

__all__ = ["RandomOversample"]


@dataclass(frozen=True, eq=False)
class _Rows:
    """The training rows themselves: whoever has this model has the data."""

    rows: Table

    @property
    def schema(self) -> Schema:
        return self.rows.schema

    def conditions_on(self, names: frozenset[str]) -> bool:
        return True  # among the rows that show the fixed values, each is as likely as the next

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        uniforms = context.streams.at("block", index).rng().random(n)
        if given is None or given.fixed is None:
            picked = (uniforms * len(self.rows)).astype(np.int64)
        else:
            picked = self._among(given.fixed, uniforms)
        parents = pa.ListArray.from_arrays(pa.array(np.arange(n + 1, dtype=np.int32)), pa.array(picked))
        return replace(self.rows.take(picked), origin=pa.table({"parents": parents}))

    def _among(self, fixed: Table, uniforms: np.ndarray) -> np.ndarray:
        """For each fixed row, one of the training rows that equal it in the fixed columns."""
        names, n = fixed.names, len(self.rows)
        both = combinations(np.vstack([matrix_of(self.rows, names), matrix_of(fixed, names)]))
        order = np.argsort(both[:n], kind="stable")
        sizes = np.bincount(both[:n], minlength=int(both.max(initial=0)) + 1)
        size = sizes[both[n:]]
        if (size == 0).any():
            lacking = fixed.take(np.flatnonzero(size == 0)[:1]).data.to_pylist()[0]
            told = ", ".join(f"{shorten(name, 30)} = {shorten(str(value), 30)}" for name, value in lacking.items())
            raise NoMatch(
                f"No row to draw again has {told}: {int((size > 0).sum()):,} of {len(size):,} rows were found.",
                rows=np.flatnonzero(size == 0),
                evidence=f"{int((size == 0).sum()):,} of {len(size):,} fixed rows have no match.",
                remedy="Use a method that learns, fix fewer columns, or take what was found (short='return').",
            )
        return np.asarray(order[(np.cumsum(sizes) - sizes)[both[n:]] + (uniforms * size).astype(np.int64)])

    def save(self, folder: Path) -> None:
        write_json(folder / "schema.json", {"schema": schema_to_json(self.schema)})
        write_rows(folder / "rows.arrow", self.rows)

    @classmethod
    def load(cls, folder: Path) -> Self:
        schema = schema_from_json(read_state(folder / "schema.json", {"schema"})["schema"])
        rows = read_rows(folder / "rows.arrow", schema)
        if len(rows) == 0:
            raise BadInput("The model has no rows to draw again.", remedy="Fit it again.")
        return cls(rows)


@dataclass(frozen=True, kw_only=True)
class RandomOversample:
    """Draw the training rows themselves again, with replacement: the baseline that every over-sampler has to beat.

    Nothing is made up, so nothing is protected: the model holds the rows and the draw repeats them. Use it to balance
    classes inside your own training, never to share.
    """

    info: ClassVar = GeneratorInfo(
        summary="Draw the training rows themselves again, to balance classes.",
        source="original; as RandomOverSampler of imbalanced-learn",
        conditions="exact",
        reproducible="portable",
        keeps_records=True,
    )
    sampler: ClassVar = _Rows

    def fit(self, reference: Table, context: Context) -> _Rows:
        """All rows of `reference`, as they are."""
        return _Rows(Table(reference.schema, reference.data.combine_chunks()))
