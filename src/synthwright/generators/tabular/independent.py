"""Every column drawn on its own: the baseline to beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from synthwright.data.schema import Schema
from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.engines.context import Context
from synthwright.files import write_json
from synthwright.generators.margins import Margin
from synthwright.generators.protocol import GeneratorInfo, Given
from synthwright.generators.saved import read_state

__all__ = ["Independent"]


@dataclass(frozen=True)
class _Margins:
    """Value tables, not rows: nothing of a record survives the fit."""

    schema: Schema
    margins: Mapping[str, Margin]
    takes_gaps: ClassVar = True

    def conditions_on(self, names: frozenset[str]) -> bool:
        return True  # independence: the others do not change whatever is fixed

    def block(self, index: int, n: int, context: Context, given: Given | None = None) -> Table:
        at = context.streams.at("block", index)
        drawn = {name: margin.draw(n, at.at(name).rng()) for name, margin in self.margins.items()}
        if given is not None and given.fixed is not None:
            for name, values in given.fixed.model_values().items():
                drawn[name] = np.where(given.told(name), values, drawn[name])
        return Table.of(self.schema, drawn)

    def log_likelihood(self, table: Table) -> np.ndarray:
        values = table.model_values()
        total = np.zeros(len(table))
        for name, margin in self.margins.items():
            total += margin.log_likelihood(values[name])
        return total

    def save(self, folder: Path) -> None:
        margins = {name: margin.state() for name, margin in self.margins.items()}
        write_json(folder / "margins.json", {"schema": schema_to_json(self.schema), "margins": margins})

    @classmethod
    def load(cls, folder: Path) -> Self:
        state = read_state(folder / "margins.json", {"schema", "margins"})
        schema = schema_from_json(state["schema"])
        margins: Mapping[str, Any] = state["margins"]
        return cls(schema, {column.name: Margin.from_state(column, margins.get(column.name)) for column in schema})


@dataclass(frozen=True, kw_only=True)
class Independent:
    """Draw every column on its own, from its protected cells or category frequencies.

    All dependence between columns is lost: the floor that every other method has to beat.
    """

    info: ClassVar = GeneratorInfo(
        summary="Draw every column on its own.", source="original", conditions="exact", reproducible="portable"
    )
    sampler: ClassVar = _Margins

    def fit(self, reference: Table, context: Context) -> _Margins:
        """The marginal distribution of each column of `reference`."""
        return _Margins(reference.schema, {column.name: Margin.of(reference, column) for column in reference.schema})
