"""Several rows per unit: patients with their visits, and accounts' payments made for given accounts."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pyarrow as pa

from synthwright.data.schema_file import schema_from_json, schema_to_json
from synthwright.data.table import Table
from synthwright.files import write_json
from synthwright.generators.protocol import GeneratorInfo
from synthwright.generators.saved import read_state


@dataclass(frozen=True)
class _Histories:
    schema: Any
    key: str
    mean_rows: float
    fixes: tuple[str, ...]  # columns of the parent that may be given

    def conditions_on(self, names):
        return names <= set(self.fixes)

    def block(self, index, n, context, given=None):
        at = context.streams.at("block", index)
        sizes = 1 + at.at("sizes").rng().poisson(self.mean_rows - 1, n)
        unit = np.repeat(np.arange(n), sizes)
        nth = np.arange(len(unit)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        # One stream per unit would be slow and one per block would break the prefix: uniforms by (unit, place) instead.
        values = at.at("values").rng().random((n, 64))[unit, nth % 64]
        made = {}
        for column in self.schema:
            if given is not None and given.fixed is not None and column.name in given.fixed.schema:
                made[column.name] = given.fixed.data[column.name].take(pa.array(unit)).combine_chunks()
            elif column.name == self.key:
                made[column.name] = pa.array([f"unit-{index}-{i}" for i in unit], pa.string())
            elif column.is_discrete:
                made[column.name] = pa.array([column.categories[0]] * len(unit), pa.string())
            else:
                made[column.name] = pa.array(np.round(10 * values, 2) if column.kind == "float" else nth)
        origin = pa.table({"parents": pa.array([[int(i)] for i in unit], pa.list_(pa.int64()))})
        return Table(self.schema, pa.table(made), origin)

    def save(self, folder):
        state = {"schema": schema_to_json(self.schema), "key": self.key, "rows": self.mean_rows, "fixes": self.fixes}
        write_json(folder / "histories.json", state)

    @classmethod
    def load(cls, folder):
        state = read_state(folder / "histories.json", {"schema", "key", "rows", "fixes"})
        return cls(schema_from_json(state["schema"]), state["key"], float(state["rows"]), tuple(state["fixes"]))


@dataclass(frozen=True, kw_only=True)
class Entities:
    """Draw patients, each with all visits."""

    info: ClassVar[Any] = GeneratorInfo(summary="Draw whole patients.", source="double", unit="entity")
    sampler: ClassVar[Any] = _Histories

    def fit(self, reference, context):
        (key,) = (column.name for column in reference.schema if column.role in {"group", "key"})
        units = len(set(reference.data[key].to_pylist()))
        return _Histories(reference.schema, key, len(reference) / units, ())


@dataclass(frozen=True, kw_only=True)
class Children:
    """Draw payments for given accounts: `given.fixed` holds one row per account."""

    parent_columns: tuple[str, ...] = ("account", "tier")
    info: ClassVar[Any] = GeneratorInfo(
        summary="Draw child rows for given parents.", source="double", unit="entity", conditions="exact"
    )
    sampler: ClassVar[Any] = _Histories

    def fit(self, reference, context):
        (key,) = (column.name for column in reference.schema if column.role in {"group", "key"})
        units = len(set(reference.data[key].to_pylist()))
        return _Histories(reference.schema, key, len(reference) / units, self.parent_columns)
