"""What scikit-learn hands around as X and y, as a table, and the rows made of it back in the same form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pyarrow as pa

from synthwright.data.arrow_types import type_name
from synthwright.data.domains import unit_of
from synthwright.data.inference import described, infer_schema
from synthwright.data.intake import admit
from synthwright.data.schema import Column, Kind, Schema
from synthwright.data.sources import from_frame
from synthwright.data.table import Table
from synthwright.errors import BadInput, UsageError, shorten

__all__ = ["Features", "appended"]


@dataclass(frozen=True, eq=False)
class Features:
    """The columns of X as a table; `listed` says that X was a list of lists, `plain` is X where it was an array."""

    table: Table
    listed: bool
    plain: np.ndarray | None = None

    @classmethod
    def of(cls, X: Any, categorical: Sequence[Any] | None, *, inferred: bool) -> Self:
        """X (a frame of any kind, a 2-D array, a list of rows) with kinds by dtype, or by a look at its values.

        `categorical` names the columns (by name or position) whose values are labels, whatever their dtype.

        Raises
        ------
        BadInput
            X is no table, or one of its columns mixes types.
        UsageError
            `categorical` names a column that is not there.
        """
        listed = isinstance(X, list)
        data, origin = from_frame(_array(X) if listed else X)
        data = admit(data, where="X")
        names = _categorical(categorical, data.column_names)
        if inferred:
            schema = infer_schema(data)
            labels = [described(replace(schema[name], kind="categorical", bounds=None), data[name]) for name in names]
            schema = schema.replacing(*labels)
        else:
            schema = Schema(tuple(_column(name, data[name], labels=name in names) for name in data.column_names))
        plain = X if type(X) is np.ndarray and X.ndim == 2 and X.dtype.names is None else None
        return cls(Table(schema, data, frame=origin), listed, plain)

    def with_classes(self, codes: np.ndarray, n_classes: int) -> Table:
        """The table with the class of each row as its target, a column whose name no feature has."""
        name = "target"
        while name in self.table.schema:
            name += "_"
        target = Column(
            name=name, kind="categorical", role="target", categories=tuple(range(n_classes)), dtype="int64",
            source="declared",
        )  # fmt: skip
        data = self.table.data.append_column(name, pa.array(codes.astype(np.int64)))
        return Table(Schema((*self.table.schema.columns, target)), data, frame=self.table.frame)

    def native(self, made: Table) -> Any:
        """The features of `made`, which begins with the rows of X, in the form that X had."""
        rows = replace(made.select(self.table.names), frame=self.table.frame, origin=None)
        if self.plain is not None:  # an array has its rows already, side by side
            return np.concatenate([self.plain, replace(rows, data=rows.data.slice(len(self.table))).to_native()])
        found = rows.to_native()
        return found.tolist() if self.listed else found


def appended(y: Any, rows: np.ndarray) -> Any:
    """`y` (any one-dimensional thing) with the entries at the positions `rows` behind its own."""
    both = np.concatenate([np.arange(len(y)), rows])
    if hasattr(y, "iloc"):
        return y.iloc[both].reset_index(drop=True)
    if isinstance(y, list | tuple):
        return [y[position] for position in both]
    if isinstance(y, pa.Array | pa.ChunkedArray):
        return y.take(pa.array(both))
    return y[both]


def _array(rows: list[Any]) -> np.ndarray:
    try:
        return np.asarray(rows)
    except ValueError as error:
        raise BadInput("The rows of X are not all of one length.", evidence=str(error)[:160]) from error


def _categorical(wanted: Sequence[Any] | None, names: list[str]) -> set[str]:
    if wanted is None:
        return set()
    array = np.asarray(wanted)
    if array.dtype == bool and array.shape == (len(names),):
        return {name for name, chosen in zip(names, array, strict=True) if chosen}
    found = set()
    for one in array.reshape(-1).tolist():
        known = one if one in names else names[one] if isinstance(one, int) and 0 <= one < len(names) else None
        if known is None:
            raise UsageError(
                f"categorical_features names no column of X: {shorten(repr(one))}.",
                remedy=f"Give names or positions, such as {shorten(repr(names[0]))} or 0, or one true or false each.",
            )
        found.add(known)
    return found


def _column(name: str, values: pa.ChunkedArray, *, labels: bool) -> Column:
    """The kind that the stored type says; nothing is looked up in the values."""
    kind = _kind(values.type, labels)
    unit = unit_of(values) if kind == "datetime" else None
    return Column(name=name, kind=kind, missing=values.null_count > 0, unit=unit, dtype=type_name(values.type))


def _kind(stored: pa.DataType, labels: bool) -> Kind:
    if pa.types.is_boolean(stored):
        return "boolean"
    if labels or pa.types.is_dictionary(stored):
        return "categorical"
    if pa.types.is_temporal(stored):
        return "datetime"
    if pa.types.is_integer(stored):
        return "integer"
    return "float" if pa.types.is_floating(stored) or pa.types.is_decimal(stored) else "categorical"
