"""Columns whose values go together are learnt as one categorical column, so only combinations that exist are drawn."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import arrow_type, decoded, stored_list
from synthwright.data.constraints import Rule, evaluate_rule, parse_rule
from synthwright.data.grid import MINIMUM_ROWS
from synthwright.data.rule_tree import Combined
from synthwright.data.rule_writing import column_text
from synthwright.data.schema import Column, Role, Schema
from synthwright.data.table import Table
from synthwright.errors import BadInput, shorten
from synthwright.generators._constraints.steps import column_from_state, column_state, fresh_name, swapped

__all__ = ["Joint"]


@dataclass(frozen=True)
class Joint:
    """`columns` are drawn together, as one of the combinations that at least 5 rows have and that obey `rule`.

    A combination is the JSON text of its values, null where one is missing: so the list of combinations is the list of
    categories of `joint`, protected as any other. Combinations that the rule itself lists may be rarer.
    """

    columns: tuple[Column, ...]
    rule: Rule
    joint: Column | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(column.name for column in self.columns)

    @property
    def takes(self) -> tuple[str, ...]:
        return self.names

    @property
    def gives(self) -> tuple[Column, ...]:
        return () if self.joint is None else (self.joint,)

    @property
    def inputs(self) -> frozenset[str]:
        """It depends on no other column."""
        return frozenset()

    def learnt(self, table: Table, schema: Schema) -> Self:
        """The same step with the combinations of `table`; `schema` has the names in use.

        Raises
        ------
        BadInput
            No combination may be drawn.
        """
        labels = self._labels(table)
        counted = pc.value_counts(labels).to_pylist()
        counts = {one["values"]: one["counts"] for one in counted}
        frequent = sorted((label for label in counts if counts[label] >= MINIMUM_ROWS), key=lambda one: -counts[one])
        obeying = [label for label, fits in zip(frequent, self._obeys(frequent), strict=True) if fits]
        if not obeying:
            most = max(counts.values(), default=0)
            raise BadInput(
                f"Rule {shorten(self.rule.text, 120)!r}: no combination may be drawn.",
                evidence=f"{len(counts):,} combinations occur; the most frequent has {most:,} rows, 5 are needed.",
                remedy="List the combinations in the rule: `combinations(a, b) in (('x', 1), ('y', 2))`, or remove it.",
            )
        role: Role = "target" if any(column.role == "target" for column in self.columns) else "feature"
        name = fresh_name(" with ".join(self.names), table.schema, schema)
        return replace(
            self, joint=Column(name=name, kind="categorical", role=role, categories=tuple(obeying), dtype="string")
        )

    def encode(self, table: Table) -> Table:
        if self.joint is None or not all(name in table.schema for name in self.names):
            return table
        return swapped(table, self.names, {self.joint: self._labels(table)})

    def known(self, names: frozenset[str]) -> frozenset[str] | None:
        together = names & set(self.names)
        if not together or self.joint is None:
            return names
        return (names - together) | {self.joint.name} if len(together) == len(self.names) else None

    def decode(self, table: Table, schema: Schema) -> tuple[Table, np.ndarray]:
        if self.joint is None:
            raise BadInput("A constraint has learnt nothing yet.")
        labels = table.data[self.joint.name]
        plain = decoded(labels)
        coded = plain.combine_chunks().dictionary_encode()
        rows = self._values(coded.dictionary.to_pylist())
        put = {schema[one.name]: rows.data[one.name].combine_chunks().take(coded.indices) for one in self.columns}
        fits = ~np.asarray(coded.is_null().to_numpy(zero_copy_only=False), dtype=bool)
        for name in self.names:
            if not schema[name].missing:
                gone = rows.missing(name)
                fits &= ~_picked(gone, coded.indices)
        return swapped(table, (self.joint.name,), put), fits

    def allows(self, table: Table) -> np.ndarray:
        """True for each row that has one of the combinations, or lacks one of the cells."""
        listed = () if self.joint is None else self.joint.categories or ()
        gaps = np.logical_or.reduce([table.missing(name) for name in self.names])
        found = pc.is_in(self._labels(table), value_set=pa.array(listed, pa.string()))
        return np.asarray(found.to_numpy(zero_copy_only=False) | gaps)

    def _labels(self, table: Table) -> pa.Array:
        """The combination of each row as text."""
        together = np.zeros(len(table), dtype=np.int64)
        codes: list[np.ndarray] = []
        values: list[list[Any]] = []
        for name in self.names:
            cells = table.data[name]
            plain = decoded(cells)
            coded = plain.combine_chunks().dictionary_encode()
            listed = coded.dictionary.to_pylist()
            gaps = pc.fill_null(coded.indices, len(listed))
            codes.append(np.asarray(gaps.to_numpy(zero_copy_only=False), dtype=np.int64))
            values.append([*listed, None])
            # Small again after every column, so that the products never overflow.
            together = np.unique(together * (len(listed) + 1) + codes[-1], return_inverse=True)[1]
        first = np.unique(together, return_index=True)[1]
        texts = [
            json.dumps([each[code[row]] for each, code in zip(values, codes, strict=True)], ensure_ascii=False)
            for row in first
        ]
        return pa.array(texts, pa.string()).take(pa.array(together))

    def _values(self, labels: Sequence[str]) -> Table:
        """The cells that the texts of combinations stand for, one row each.

        Raises
        ------
        BadInput
            A text is no combination of values of these columns.
        """
        try:
            rows = [json.loads(label) for label in labels]
            by_column = list(zip(*rows, strict=True)) if rows else [() for _ in self.columns]
            pairs = zip(self.columns, by_column, strict=True)
            arrays = [stored_list(list(values), arrow_type(column)) for column, values in pairs]
        except (ValueError, TypeError, RecursionError, pa.ArrowException) as error:
            raise BadInput("A combination of a saved constraint can't be read.", evidence=str(error)[:160]) from error
        return Table(Schema(self.columns), pa.Table.from_arrays(arrays, names=list(self.names)))

    def _obeys(self, labels: Sequence[str]) -> np.ndarray:
        if isinstance(self.rule.tree, Combined) and not self.rule.tree.values:
            return np.ones(len(labels), dtype=bool)
        return evaluate_rule(self._values(labels), self.rule)

    def state(self) -> dict[str, Any]:
        return {
            "step": "joint",
            "columns": list(self.names),
            "rule": self.rule.text,
            "joint": column_state(self.joint),
        }

    @classmethod
    def from_state(cls, state: Any, schema: Schema) -> Self:
        """Read back `state` for columns of `schema`; raises `BadInput` or `LookupError` unless it fits them."""
        joint = column_from_state(state["joint"])
        found = cls(tuple(schema[name] for name in state["columns"]), parse_rule(state["rule"], schema), joint)
        if joint is None or not joint.categories or set(found.rule.columns) != set(found.names):
            raise BadInput("A saved constraint lists no combinations.")
        found._values([str(label) for label in joint.categories])  # what is drawn later is read now
        return found

    def words(self) -> tuple[str, str]:
        size = 0 if self.joint is None or self.joint.categories is None else len(self.joint.categories)
        told = ", ".join(column_text(name) for name in self.names)
        return "encode", f"{told} as one column of {size:,} combinations"


def _picked(mask: np.ndarray, indices: pa.Array) -> np.ndarray:
    at = np.asarray(pc.fill_null(indices, 0).to_numpy(zero_copy_only=False), dtype=np.int64)
    return np.asarray(mask[at] if len(mask) else np.zeros(len(at), dtype=bool))
