"""Which rows break a rule of the schema, and which hold a value that train never shows."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from synthwright.data.arrow_types import decoded
from synthwright.data.constraints import evaluate_rule, rules_of
from synthwright.data.schema import Column
from synthwright.data.table import Table
from synthwright.errors import shorten
from synthwright.evaluation.comparison import Comparison, Part

__all__ = ["broken_rules", "unseen_values"]

_LONGEST = 120  # characters of a rule in the name of a part


def broken_rules(table: Table, train: Table) -> dict[str, np.ndarray]:
    """For every hard rule of the schema the rows that break it, by a name such as ``"age: range"``.

    Bounds, lists of labels and "never missing" are hard only where a person declared them: what was inferred from a
    sample does not bind a fresh one. The schema's constraints are hard; a row whose missing cells leave one open obeys,
    and combinations without a list are those of `train`.
    """
    rules: dict[str, np.ndarray] = {}
    for column in table.schema:
        declared = column.source == "declared"
        if column.kind == "integer" and not pa.types.is_integer(_stored(table, column.name)):
            values = table.numbers(column.name)
            rules[f"{column.name}: whole number"] = np.isfinite(values) & (np.mod(values, 1) != 0)
        if declared and column.is_numeric and column.bounds is not None:
            values = table.numbers(column.name)
            rules[f"{column.name}: range"] = (values < column.bounds[0]) | (values > column.bounds[1])
        if declared and column.is_discrete and column.categories is not None:
            rules[f"{column.name}: category"] = table.levels(column.name) == len(column.categories)
        if declared and not column.missing:
            rules[f"{column.name}: missing"] = table.missing(column.name)
        if column.role == "key":
            rules[f"{column.name}: unique"] = _repeated(table, column)
    for rule in rules_of(table.schema):
        rules[f"rule: {shorten(rule.text, _LONGEST)}"] = ~evaluate_rule(table, rule, train)
    return rules


def unseen_values(comparison: Comparison, part: Part) -> dict[str, np.ndarray]:
    """For every compared column the rows of `part` with a value that train never shows."""
    codes = comparison.codes(part)
    found: dict[str, np.ndarray] = {}
    for name in comparison.columns:
        last, cells = codes.fine.size(name) - 1, codes.fine.column(name)
        discrete = comparison.schema[name].is_discrete
        outside = cells == last if discrete else (cells == 1) | (cells == last)
        found[name] = outside if comparison.train.data[name].null_count else outside | (cells == 0)
    return found


def _stored(table: Table, name: str) -> pa.DataType:
    kind = table.data[name].type
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def _repeated(table: Table, column: Column) -> np.ndarray:
    """True for missing keys and for every key that an earlier row has."""
    values = decoded(table.data[column.name])
    if len(values) == 0:
        return np.zeros(0, dtype=bool)
    coded = values.combine_chunks().dictionary_encode()
    codes = np.asarray(pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False), dtype=np.int64)
    later = np.ones(len(codes), dtype=bool)
    later[np.unique(codes, return_index=True)[1]] = False
    return later | (codes < 0)
